"""The command that looks at sources now."""

from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal, Remedy, RemedyKind, escaped
from monitor.base.remedies import remedy_words
from monitor.cli import output
from monitor.cli.looking import looking
from monitor.cli.params import TEXT
from monitor.cli.session import Command, Session
from storage.model import SourceState

if TYPE_CHECKING:
    from monitor.pipeline.poll import PollResult


@click.command("poll", cls=Command)
@click.argument("sources", metavar="[SOURCE]...", nargs=-1, type=TEXT)
@click.option("--all", "every", is_flag=True, help="All sources that are not paused, due or not.")
@click.pass_context
def poll(ctx: click.Context, sources: tuple[str, ...], every: bool) -> None:
    """Look at sources now and take in what they list; without SOURCE, at those that are due.

    Alerts that this raises are sent by the daemon, or by: monitor run --once
    Ends with 1 when a poll failed, and when --all finds no source to look at; nothing that is
    due is no failure.

    \b
    Example:
        monitor poll "BBC News"
        monitor poll --all
    """
    from monitor.services.sources.sources import to_be_polled
    from monitor.views.sources.poll import poll_shape

    session = ctx.ensure_object(Session)
    if sources and every:
        raise Refusal("give sources, or --all")
    with session.app() as app, app.storage.hold_owner(app.owner):
        with app.storage.reading() as tx:
            wanted = to_be_polled(tx, sources, every=every, now=session.now())
            is_any = bool(wanted) or bool(tx.sources.all())
        if not wanted and not session.json:
            output.warn(_nothing(session, is_any=is_any, every=every))
        failed = every and not wanted
        for source in wanted:
            with looking(session) as tell:
                tell(source.name)  # a site that has many new pages keeps one waiting
                results = list(app.looking.poller.poll([source.id]))
            for result in results:
                failed = failed or result.error is not None
                resume = Remedy(RemedyKind.RESUME_SOURCE, source.name)
                session.show(
                    poll_shape(result),
                    _sentence(result, remedy_words(resume)),
                )
    if failed:
        ctx.exit(1)


def _nothing(session: Session, *, is_any: bool, every: bool) -> str:
    """Return why no source is looked at."""
    if not is_any:
        command = session.config.command_name
        return f"No source is followed. Add one: {command} add-source URL_OR_FOLDER"
    return "All sources are paused or gone." if every else "No source is due."


def _sentence(result: "PollResult", to_resume: str) -> str:
    """Return what came of a poll; one that is not polled by itself says so."""
    name = escaped(result.source.name)
    if result.source.state is not SourceState.ACTIVE:
        name += f" (is {result.source.state.value}{to_resume})"
    if result.error:
        return f"{name}: {escaped(result.error)}"
    articles = output.counted(result.new_articles, "new article")
    alerts = output.counted(result.alerts, "alert")
    notices = (f"  - {escaped(notice)}" for notice in result.notices)
    return "\n".join((f"{name}: {articles}, {alerts}", *notices))
