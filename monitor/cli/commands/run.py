"""The command that runs the daemon."""

import click

from monitor.cli import output
from monitor.cli.session import Command, Session


@click.command("run", cls=Command)
@click.option("--once", is_flag=True, help="Poll and deliver what is due once, and end (for cron).")
@click.option("--no-starter", is_flag=True, help="Add no starter rule to an empty data folder.")
@click.pass_context
def run(ctx: click.Context, once: bool, no_starter: bool) -> None:
    """Poll the sources, raise alerts and deliver them, until it is stopped.

    The seed folder comes first. An empty data folder is given one starter rule and the
    console channel, so that there is something to see. SIGTERM and Ctrl-C end it cleanly.
    Alerts of the console channel are printed on standard output, log lines on standard error;
    with --json all of it on standard error, and at the end what `monitor status` says.

    \b
    Example:
        monitor run
        monitor run --once --no-starter
    """
    from monitor.config.home import close_to_others, prepare, warnings_about
    from monitor.daemon.home_lock import ANOTHER_DAEMON, HomeTaken, home_lock
    from monitor.daemon.logs import start_logging

    session = ctx.ensure_object(Session)
    config = session.config
    start_logging(level=config.log_level, form=config.log_format)
    prepare(config.home)
    close_to_others(config.home)
    try:
        with home_lock(config.home), session.app(daemon=True) as app:
            from monitor.daemon import start

            for warning in (*config.warnings, *warnings_about(config.home)):
                output.warn(f"Warning: {warning}")
            with session.own_output():
                code = start.run(app, once=once, starter_wanted=not no_starter)
            if session.json:
                from monitor.services.health import status_of
                from monitor.views.service import status_shape

                output.emit(status_shape(status_of(config, app.storage, now=session.now())))
    except HomeTaken as taken:
        output.warn(f"Error: {taken}")
        ctx.exit(ANOTHER_DAEMON)
    ctx.exit(code)
