"""The command that serves the page alone, beside a daemon elsewhere."""

import click

from monitor.base.errors import Refusal
from monitor.cli import output
from monitor.cli.session import Command, Session


@click.command("web", cls=Command)
@click.option("--listen", metavar="HOST:PORT", help="Serve it there; web_listen unless said.")
@click.pass_context
def web(ctx: click.Context, listen: str | None) -> None:
    """Serve the page and the API, until Ctrl-C; polls and delivers nothing.

    `run` serves them, too. This is for a daemon on another machine with the same database, or
    for a look at an archive.

    \b
    Example:
        monitor web
        monitor web --listen 127.0.0.1:8421
    """
    from monitor.config.settings import BY_NAME
    from monitor.daemon.logs import start_logging
    from monitor.web.listening import Listening
    from monitor.web.serve import serve

    session = ctx.ensure_object(Session)
    config = session.config
    try:
        where = str(BY_NAME["web_listen"].parse(listen)) if listen else config.web_listen
    except ValueError as error:
        raise Refusal(f"--listen: {error}") from None
    if not where:
        raise Refusal("web_listen is none: nothing is served; say where with --listen")
    start_logging(level=config.log_level, form=config.log_format)
    place = Listening.of(where)
    with session.app() as app:
        serve(app, place, tell=lambda: output.say(f"The page is at {place.url} until Ctrl-C."))
