"""The command that looks at sources now."""

import click

from monitor.base.errors import Refusal, escaped
from monitor.cli import output
from monitor.cli.params import TEXT
from monitor.cli.session import Command, Session
from storage.model import Source, SourceState


@click.command("poll", cls=Command)
@click.argument("sources", metavar="[SOURCE]...", nargs=-1, type=TEXT)
@click.option("--all", "every", is_flag=True, help="All sources that are not paused, due or not.")
@click.pass_context
def poll(ctx: click.Context, sources: tuple[str, ...], every: bool) -> None:
    """Look at sources now and take in what they list; without SOURCE, at those that are due.

    Alerts that this raises are sent by the daemon, or by: monitor run --once

    \b
    Example:
        monitor poll "BBC News"
        monitor poll --all
    """
    from monitor.services.sources import source_named

    session = ctx.ensure_object(Session)
    if sources and every:
        raise Refusal("give sources, or --all")
    failed = 0
    with session.app() as app, app.storage.hold_owner(app.owner):
        with app.storage.reading() as tx:
            chosen = (
                [source_named(tx, source) for source in sources]
                if sources
                else [source for source in tx.sources.all() if every or _is_due(source, session)]
            )
        wanted = [each for each in chosen if sources or each.state is SourceState.ACTIVE]
        if not wanted and not session.json:
            output.warn("No source is due." if not every else "No source is followed.")
        for source in wanted:
            for result in app.poller.poll([source.id]):
                failed += result.error is not None
                shape = {
                    "source": result.source.name,
                    "new_articles": result.new_articles,
                    "alerts": result.alerts,
                    "error": result.error,
                    "notices": list(result.notices),
                }
                session.show(shape, _sentence(shape))
    if failed:
        ctx.exit(1)


def _is_due(source: Source, session: Session) -> bool:
    return source.next_poll_at is None or source.next_poll_at <= session.now()


def _sentence(shape: dict[str, object]) -> str:
    name = escaped(str(shape["source"]))
    if shape["error"]:
        return f"{name}: {escaped(str(shape['error']))}"
    articles = output.counted(int(str(shape["new_articles"])), "new article")
    alerts = output.counted(int(str(shape["alerts"])), "alert")
    lines = [f"{name}: {articles}, {alerts}"]
    notices = shape["notices"]
    if isinstance(notices, list):
        lines += [f"  - {escaped(str(notice))}" for notice in notices]
    return "\n".join(lines)
