"""The command that runs the daemon."""

from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal, Remedy, RemedyKind
from monitor.cli import output
from monitor.cli.session import Command, Session

if TYPE_CHECKING:
    from monitor.app import App


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
    from monitor.config.home_lock import ANOTHER_DAEMON, HomeTaken, daemon_lock
    from monitor.config.load import sqlite_file
    from monitor.daemon.logs import start_logging
    from monitor.daemon.signals import told_to_stop

    stop = None if once else told_to_stop()
    session = ctx.ensure_object(Session)
    config = session.config
    start_logging(level=config.log_level, form=config.log_format)
    prepare(config.home)
    close_to_others(config.home)
    try:
        database = sqlite_file(config.database_url)
        with daemon_lock(config.home, database), session.app(daemon=True) as app:
            from monitor.daemon import start

            for warning in (*config.warnings, *warnings_about(config.home)):
                output.warn(f"Warning: {warning}")
            with session.own_output():
                code = start.run(app, once=once, starter_wanted=not no_starter, stop=stop)
            if session.json:
                _print_status(session, app)
    except HomeTaken as taken:
        output.warn(f"Error: {taken}")
        ctx.exit(ANOTHER_DAEMON)
    ctx.exit(code)


@click.command("worker", cls=Command)
@click.pass_context
def worker(ctx: click.Context) -> None:
    """Poll and deliver beside a daemon and other workers, until it is stopped.

    For PostgreSQL: as many as you like, on as many machines as you like, share the work, and
    what one had taken when it died another does. A worker serves no page, follows no seed
    folder and changes no tables: `run` does, and polls folders of documents, which lie on its
    machine. Workers may use one data folder; on another machine its secrets folder is needed.
    SIGTERM and Ctrl-C end it cleanly.

    \b
    Example:
        monitor worker
        MONITOR_DATABASE_URL=postgresql://monitor@db/monitor monitor worker
    """
    from dataclasses import replace
    from datetime import timedelta

    from monitor.config.home import prepare
    from monitor.config.load import sqlite_file
    from monitor.daemon.logs import start_logging
    from monitor.daemon.signals import told_to_stop

    stop = told_to_stop()
    session = ctx.ensure_object(Session)
    # The page, the canary and pruning are the daemon's, of which there is one.
    session.config = config = replace(
        session.config,
        web_listen="",
        canary_every=timedelta(0),
        keep_articles=None,
        keep_size=None,
    )
    if sqlite_file(config.database_url) is not None:
        text = "worker shares the work on a PostgreSQL database, and this one is SQLite"
        raise Refusal(text, remedy=Remedy(RemedyKind.RUN_ALONE))
    start_logging(level=config.log_level, form=config.log_format)
    prepare(config.home)
    with session.app() as app:
        from monitor.daemon import start

        with session.own_output():
            code = start.work(app, stop=stop)
        if session.json:
            _print_status(session, app)
    ctx.exit(code)


def _print_status(session: Session, app: "App") -> None:
    from monitor.services.health import status_of
    from monitor.views.service import status_shape

    output.emit(status_shape(status_of(session.config, app.storage, now=session.now())))
