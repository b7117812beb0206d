"""Commands about sources: what we poll."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ingester.kinds import KINDS, PAGE
from monitor.base.errors import Refusal, escaped
from monitor.base.remedies import remedy_words
from monitor.base.times import show_age, show_duration
from monitor.cli import output
from monitor.cli.params import DURATION, TEXT
from monitor.cli.session import Command, Session, pass_session
from monitor.cli.states import change_state
from monitor.views.source import notice_shape, source_shape
from storage.api import Transaction
from storage.model import Source, SourceState

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.services.discover import Seen
    from monitor.services.sources import Place

F = TypeVar("F", bound=Callable[..., Any])


def reading_options(command: F) -> F:
    """Add the options about how a source is read, which add-source and edit-source share."""
    selector = click.option(
        "--selector", type=TEXT, metavar="CSS", help="For a list page: which links are articles."
    )
    full = click.option(
        "--full-text",
        "full_text",
        flag_value="yes",
        help="Fetch each article's page for its text; else done where a source gives summaries.",
    )
    none = click.option(
        "--no-full-text", "full_text", flag_value="no", help="Never fetch the articles' pages."
    )
    return full(none(selector(command)))


@click.command("add-source", cls=Command)
@click.argument("location", metavar="URL_OR_FOLDER", type=TEXT)
@click.option("--name", type=TEXT, help="What to call it; else what it calls itself.")
@click.option("--kind", type=click.Choice(list(KINDS)), help="Do not guess.")
@click.option("--every", type=DURATION, help="How often to look: 15m for URLs, 10s for folders.")
@reading_options
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
    full_text: str | None,
    selector: str | None,
    tags: tuple[str, ...],
    backfill: int,
) -> None:
    """Follow a feed, a site, a page, a sitemap or a folder of documents from now on.

    What a URL is, is told by looking at it. Of a site the best that it offers is followed: a feed
    that its page declares, else another feed, a sitemap of news, or the page as a list of its
    articles; discover shows all of them. The first poll is silent, so that a new source does not
    flood you; documents in folders always count as news.

    \b
    Example:
        monitor add-source https://example.com/
        monitor add-source https://example.com/feed.xml --every 5m
        monitor add-source https://example.com/press --selector "h3 a"
        monitor add-source ~/press-releases
    """
    from monitor.services import sources as catalogue
    from monitor.services.source_options import checked_options

    if selector and kind is None:
        kind = PAGE  # it has links to select, and no feed is wanted
    place = catalogue.place_of(location, kind)
    if place.kind is not None:  # known already: say what is wrong before anything is fetched
        checked_options(place.kind, full_text=full_text, selector=selector)
        catalogue.checked_every(place.kind, every)
    with session.app() as app:
        seen = _seen(session, app, place)
        with app.storage.transaction() as tx:
            source = catalogue.add_source(
                tx,
                kind=seen.kind,
                url=seen.url,
                now=app.now(),
                name=name,
                title=seen.title,
                every=every,
                tags=tags,
                options=checked_options(seen.kind, full_text=full_text, selector=selector),
                backfill=backfill,
            )
    if seen.doubt:
        output.warn(f"Warning: {seen.doubt}")
    following = (
        f"Following {source.kind} {output.quoted(source.name)} every {show_duration(source.every)}."
    )
    what_else = remedy_words(seen.more, command=session.config.command_name)
    taken = f"\n{escaped(seen.taken + what_else)}" if seen.taken else ""
    session.show(source_shape(source, articles=0), following + taken)


def _seen(session: Session, app: "App", place: "Place") -> "Seen":
    from monitor.cli.commands.discover import progress
    from monitor.services import discover
    from monitor.services import sources as catalogue

    if not place.is_folder:
        catalogue.refuse_private(place, app.guard.check_host)
    if place.kind is not None:
        return discover.Seen(url=place.url, kind=place.kind)
    with progress(session) as tell:
        return app.sites.look_at(place.url, tell=tell)


@click.command("edit-source", cls=Command)
@click.argument("source", type=TEXT)
@click.option("--name", type=TEXT, help="A new name; rules that name the source follow.")
@click.option("--every", type=DURATION, help="How often to look.")
@reading_options
@click.option(
    "--auto-text", "full_text", flag_value="auto", help="Fetch pages only where they are needed."
)
@click.option("--tag", "tags", type=TEXT, multiple=True, help="One more word to group it by.")
@click.option("--untag", type=TEXT, multiple=True, help="A word to group it by no more.")
@click.option(
    "--backfill",
    type=click.IntRange(min=0),
    metavar="N",
    help="As for add-source; before the first poll.",
)
@pass_session
def edit_source(
    session: Session,
    source: str,
    name: str | None,
    every: timedelta | None,
    full_text: str | None,
    selector: str | None,
    tags: tuple[str, ...],
    untag: tuple[str, ...],
    backfill: int | None,
) -> None:
    """Change what is given, and leave the rest of the source as it is.

    A source at another address is another source: add that one, and remove this. --selector ""
    takes the selector away.

    \b
    Example:
        monitor edit-source "BBC News" --every 5m --tag uk --full-text
    """
    from monitor.services.source_options import Change, edit
    from monitor.services.sources import source_named

    change = Change(
        name=name,
        every=every,
        tag=tags,
        untag=untag,
        full_text=full_text,
        selector=selector,
        backfill=backfill,
    )
    if change == Change():
        command = session.config.command_name
        raise Refusal(f"nothing to change was given; see: {command} edit-source --help")
    with session.storage() as storage, storage.transaction() as tx:
        found = source_named(tx, source)
        edited = edit(tx, found, change, now=session.now())
        shape = source_shape(edited, articles=tx.sources.article_counts().get(edited.id, 0))
    session.show(shape, f"Source {output.quoted(edited.name)} is changed.")


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
        notices = {source.id: len(tx.sources.notices(source.id)) for source in sources}
    if not sources:
        command = session.config.command_name
        session.found_nothing(f"No source is followed. Add one: {command} add-source URL_OR_FOLDER")
    if session.json:
        for source in sources:
            output.emit(source_shape(source, articles=counts.get(source.id, 0)))
        return
    now = session.now()
    output.table(
        ("ID", "NAME", "KIND", "STATE", "EVERY", "ARTICLES", "LAST OK", "NEXT", "ERROR"),
        [
            (
                output.short_id(source.id),
                source.name,
                " ".join(filter(None, (source.kind, _shown_options(source)))),
                source.state.value,
                show_duration(source.every),
                counts.get(source.id, 0),
                show_age(source.last_ok_at, now=now),
                "now" if source.next_poll_at is None else show_age(source.next_poll_at, now=now),
                _remark(source, notices[source.id]),
            )
            for source in sources
        ],
    )


def _shown_options(source: Source) -> str:
    """Return what its owner chose about how it is read, as it is typed; "" if nothing."""
    words = {"yes": "--full-text", "no": "--no-full-text"}
    shown = [words.get(source.options.get("full_text", ""), "")]
    if selector := source.options.get("selector"):
        shown.append(f"--selector {output.shell_word(selector)}")
    return " ".join(filter(None, shown))


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
    from monitor.services.sources import source_named

    with session.storage() as storage, storage.reading() as tx:
        found = source_named(tx, source)
        shape = source_shape(found, articles=tx.sources.article_counts().get(found.id, 0))
        notices = tx.sources.notices(found.id)
    if session.json:
        output.emit({**shape, "notices": [notice_shape(notice) for notice in notices]})
        return
    output.details(
        (name, _shown_options(found) if name == "options" else value)
        for name, value in shape.items()
    )
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
    from monitor.services import sources as catalogue

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
