"""Commands about sources: what we poll."""

from datetime import timedelta

import click

from monitor.cli import output
from monitor.cli.params import DURATION, TEXT
from monitor.cli.session import Command, Session, pass_session
from monitor.cli.shapes import notice_shape, source_shape
from monitor.cli.states import change_state
from monitor.refusal import escaped
from monitor.times import show_age, show_duration
from storage.api import Transaction
from storage.model import Source, SourceState


@click.command("add-source", cls=Command)
@click.argument("location", metavar="URL_OR_FOLDER", type=TEXT)
@click.option("--name", type=TEXT, help="What to call it; else what it calls itself.")
@click.option(
    "--kind", type=click.Choice(["feed", "page", "sitemap", "folder"]), help="Do not guess."
)
@click.option("--every", type=DURATION, help="How often to look: 15m for URLs, 10s for folders.")
@click.option("--tag", "tags", type=TEXT, multiple=True, help="A word to group sources by.")
@click.option(
    "--backfill",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Let the newest N entries of the first poll raise alerts; else it is silent.",
)
@pass_session
def add_source(
    session: Session,
    location: str,
    name: str | None,
    kind: str | None,
    every: timedelta | None,
    tags: tuple[str, ...],
    backfill: int,
) -> None:
    """Follow a feed, a page, a sitemap or a folder of documents from now on.

    What a URL is, is told by looking at it. The first poll is silent, so that a new source
    does not flood you; documents in folders always count as news.

    \b
    Example:
        monitor add-source https://example.com/feed.xml --every 5m
        monitor add-source ~/press-releases
    """
    from monitor import catalogue

    place = catalogue.place_of(location, kind)
    with session.house() as house:
        if place.is_folder:
            seen = catalogue.Seen(kind="folder")
        else:
            catalogue.refuse_private(place, house.guard.check_host)
            seen = (
                catalogue.Seen(kind=kind)
                if kind
                else catalogue.look_at(place.url, catalogue.fetch_with(house.fetcher))
            )
        with house.storage.transaction() as tx:
            source = catalogue.add_source(
                tx,
                kind=seen.kind,
                url=place.url,
                now=house.now(),
                name=name,
                title=seen.title,
                every=every,
                tags=tags,
                backfill=backfill,
            )
    if seen.doubt:
        output.warn(f"Warning: {seen.doubt}")
    session.show(
        source_shape(source, articles=0),
        f"Following {source.kind} {output.quoted(source.name)} "
        f"every {show_duration(source.every)}.",
    )


@click.command("list-sources", cls=Command)
@pass_session
def list_sources(session: Session) -> None:
    """List the sources that are followed, with how they are.

    \b
    Example:
        monitor list-sources
    """
    with session.storage() as storage, storage.reading() as tx:
        sources, counts = tx.sources.all(), tx.sources.article_counts()
        notices = {each.id: len(tx.sources.notices(each.id)) for each in sources}
    if not sources:
        command = session.config.command_name
        session.found_nothing(f"No source is followed. Add one: {command} add-source URL_OR_FOLDER")
    if session.json:
        for each in sources:
            output.emit(source_shape(each, articles=counts.get(each.id, 0)))
        return
    now = session.now()
    output.table(
        ("ID", "NAME", "KIND", "STATE", "EVERY", "ARTICLES", "LAST OK", "NEXT", "ERROR"),
        [
            (
                output.short_id(each.id),
                each.name,
                each.kind,
                each.state.value,
                show_duration(each.every),
                counts.get(each.id, 0),
                show_age(each.last_ok_at, now=now),
                "now" if each.next_poll_at is None else show_age(each.next_poll_at, now=now),
                _remark(each, notices[each.id]),
            )
            for each in sources
        ],
    )


def _remark(source: Source, notices: int) -> str | None:
    return source.last_error or (f"({output.counted(notices, 'notice')})" if notices else None)


@click.command("show-source", cls=Command)
@click.argument("source", type=TEXT)
@pass_session
def show_source(session: Session, source: str) -> None:
    """Show one source and what there is to know about it.

    \b
    Example:
        monitor show-source "BBC News"
    """
    from monitor.catalogue import source_named

    with session.storage() as storage, storage.reading() as tx:
        found = source_named(tx, source)
        shape = source_shape(found, articles=tx.sources.article_counts().get(found.id, 0))
        notices = tx.sources.notices(found.id)
    if session.json:
        output.emit({**shape, "notices": [notice_shape(each) for each in notices]})
        return
    output.details(shape.items())
    for notice in notices:
        output.say(f"  - {escaped(notice.text)}")


@click.command("pause-source", cls=Command)
@click.argument("source", type=TEXT)
@pass_session
def pause_source(session: Session, source: str) -> None:
    """Stop polling a source until it is resumed.

    \b
    Example:
        monitor pause-source "BBC News"
    """
    _set_state(session, source, SourceState.PAUSED, "is paused")


@click.command("resume-source", cls=Command)
@click.argument("source", type=TEXT)
@pass_session
def resume_source(session: Session, source: str) -> None:
    """Poll a source again that was paused, or that had asked not to be polled.

    \b
    Example:
        monitor resume-source "BBC News"
    """
    _set_state(session, source, SourceState.ACTIVE, "is polled again")


@click.command("remove-source", cls=Command)
@click.argument("source", type=TEXT)
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def remove_source(session: Session, source: str, yes: bool) -> None:
    """Stop following a source; its articles stay.

    \b
    Example:
        monitor remove-source "BBC News" --yes
    """
    _set_state(
        session,
        source,
        SourceState.REMOVED,
        "is not followed any more",
        question="Stop following {}?",
        yes=yes,
    )


def _set_state(
    session: Session,
    word: str,
    state: SourceState,
    outcome: str,
    *,
    question: str = "",
    yes: bool = True,
) -> None:
    from monitor import catalogue

    def change(tx: Transaction, found: Source) -> output.Object:
        current = tx.sources.get(found.id) or found  # a poll may have written to it meanwhile
        changed = catalogue.set_state(tx, current, state, now=session.now())
        return source_shape(changed, articles=tx.sources.article_counts().get(changed.id, 0))

    change_state(
        session,
        word,
        named=catalogue.source_named,
        change=change,
        sentence=f"Source {{}} {outcome}.",
        question=question,
        yes=yes,
    )
