"""Commands about sources: what we poll."""

from datetime import datetime

import click

from common.zones import shown_in
from monitor.base.errors import Refusal, escaped
from monitor.base.remedies import remedy_words
from monitor.base.times import show_age, show_duration
from monitor.cli import output
from monitor.cli.params import TEXT
from monitor.cli.session import Command, Session, pass_session
from monitor.cli.source_options import adding_options, changes_of, editing_options, typed_options
from monitor.cli.states import change_states, of_tag, one_or_tag, show_list, tag_option
from monitor.services.fields.source_fields import SourceChanges
from monitor.views.sources.source import SourceShape, source_details_shape, source_shape
from storage.api.storage import Transaction
from storage.model import Source, SourceState
from storage.notice import Notice


@click.command("add-source", cls=Command)
@click.argument("location", metavar="URL_OR_FOLDER", type=TEXT)
@adding_options
@click.option(
    "--anyway", is_flag=True, help="Follow a URL where nothing is to be found now, or only a login."
)
@pass_session
def add_source(
    session: Session,
    /,
    location: str,
    kind: str | None,
    anyway: bool,
    **given: object,
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
    from monitor.cli.looking import looking
    from monitor.services.sources.follow import follow, place_to_follow

    wish = changes_of(given)
    place = place_to_follow(location, kind, wish)
    with session.app() as app:
        followed = follow(
            app.storage,
            app.looking.sites,
            place,
            wish,
            now=app.now,
            telling=lambda: looking(session),
            anyway=anyway,
        )
    source, seen = followed.source, followed.seen
    if seen.doubt:
        output.warn(f"Warning: {seen.doubt}")
    following = (
        f"Following {source.kind} {output.quoted(source.name)} every {show_duration(source.every)}."
    )
    what_else = remedy_words(seen.more)
    taken = f"\n{escaped(seen.taken + what_else)}" if seen.taken else ""
    session.show(source_shape(source, articles=0), following + taken)


@click.command("edit-source", cls=Command)
@click.argument("source", type=TEXT)
@editing_options
@pass_session
def edit_source(
    session: Session,
    /,
    source: str,
    **given: object,
) -> None:
    """Change what is given, and leave the rest of the source as it is.

    A source at another address is another source: add that one, and remove this. --every usual,
    --selector none, --auto-text and --tag none take back what was chosen, --untag one word.

    \b
    Example:
        monitor edit-source "BBC News" --every 5m --tag uk --full-text
    """
    from monitor.services.sources.sources import edit, source_named

    change = changes_of(given)
    if change == SourceChanges():
        command = session.config.command_name
        raise Refusal(f"nothing to change was given; see: {command} edit-source --help")
    with session.storage() as storage, storage.changing() as tx:
        edited = edit(tx, source_named(tx, source), change, now=session.now())
        shape = source_shape(edited, articles=tx.sources.article_counts().get(edited.id, 0))
    session.show(shape, f"Source {output.quoted(edited.name)} is changed.")


@click.command("list-sources", cls=Command)
@click.option("--tag", type=TEXT, help="Only those of this tag.")
@click.option("--failing", is_flag=True, help="Only those whose last poll failed.")
@pass_session
def list_sources(session: Session, tag: str | None, failing: bool) -> None:
    """List the sources that are followed, with how they are.

    \b
    Example:
        monitor list-sources
        monitor list-sources --failing
    """
    with session.storage() as storage, storage.reading() as tx:
        sources, counts = tx.sources.all(), tx.sources.article_counts()
        notices = tx.figures.notices()
    is_any = not sources
    if tag is not None:
        sources = of_tag(sources, tag, noun="source")
    if failing:
        sources = [source for source in sources if source.failures]
    command, now = session.config.command_name, session.now()
    show_list(
        session,
        sources,
        shape=lambda source: source_shape(source, articles=counts.get(source.id, 0)),
        columns={
            "ID": lambda source: output.short_id(source.id),
            "NAME": lambda source: source.name,
            "KIND": lambda source: " ".join(filter(None, (source.kind, typed_options(source)))),
            "STATE": lambda source: source.state.value,
            "EVERY": lambda source: show_duration(source.every),
            "ARTICLES": lambda source: counts.get(source.id, 0),
            "LAST OK": lambda source: show_age(source.last_ok_at, now=now),
            "NEXT": lambda source: _next(source, now),
            "ERROR": lambda source: _remark(source, notices.get(source.id, 0)),
        },
        nothing=f"No source is followed. Add one: {command} add-source URL_OR_FOLDER"
        if is_any
        else "None fails.",
    )


def _next(source: Source, now: datetime) -> str | None:
    if source.state is not SourceState.ACTIVE:
        return None
    return "now" if source.next_poll_at is None else show_age(source.next_poll_at, now=now)


def _remark(source: Source, notices: int) -> str | None:
    return source.last_error or (f"({output.counted(notices, 'notice')})" if notices else None)


@click.command("show-source", cls=Command)
@click.argument("source", type=TEXT)
@pass_session
def show_source(session: Session, /, source: str) -> None:
    """Show one source and what there is to know about it.

    \b
    Example:
        monitor show-source "BBC News"
    """
    from monitor.services.sources.sources import source_named

    with session.storage() as storage, storage.reading() as tx:
        shown = source_named(tx, source)
        articles = tx.sources.article_counts().get(shown.id, 0)
        notices = tx.sources.notices(shown.id)
    if session.json:
        output.emit(source_details_shape(shown, notices, articles=articles))
        return
    output.details(
        (name, typed_options(shown) if name == "options" else value)
        for name, value in session.readable(source_shape(shown, articles=articles))
    )
    for notice in notices:
        line = f"  - {_told(session, notice)}: {escaped(notice.text)}"
        output.say(output.broken(line, room=output.terminal_columns(), indent=4))


def _told(session: Session, notice: Notice) -> str:
    """Return when a source's owner was told, first and last."""
    first, last = (shown_in(at, session.config.zone) for at in (notice.raised_at, notice.seen_at))
    if notice.lasts:
        return f"since {first}"
    return first if first == last else f"{first}, last {last}"


@click.command("pause-source", cls=Command)
@click.argument("source", type=TEXT, required=False)
@tag_option("source")
@pass_session
def pause_source(session: Session, source: str | None, tag: str | None) -> None:
    """Stop polling a source until it is resumed.

    \b
    Example:
        monitor pause-source "BBC News"
        monitor pause-source --tag sport
    """
    _set_state(session, source, tag, SourceState.PAUSED, "is paused")


@click.command("resume-source", cls=Command)
@click.argument("source", type=TEXT, required=False)
@tag_option("source")
@pass_session
def resume_source(session: Session, source: str | None, tag: str | None) -> None:
    """Poll a source again that was paused, or that had asked not to be polled.

    \b
    Example:
        monitor resume-source "BBC News"
    """
    _set_state(session, source, tag, SourceState.ACTIVE, "is polled again")


@click.command("remove-source", cls=Command)
@click.argument("source", type=TEXT, required=False)
@tag_option("source")
@click.option("--yes", is_flag=True, help="Do not ask; needed without a terminal.")
@pass_session
def remove_source(session: Session, source: str | None, tag: str | None, yes: bool) -> None:
    """Stop following a source; its articles stay.

    \b
    Example:
        monitor remove-source "BBC News" --yes
    """
    _set_state(
        session,
        source,
        tag,
        SourceState.REMOVED,
        "is not followed any more",
        question="Stop following {}?",
        yes=yes,
    )


def _set_state(
    session: Session,
    word: str | None,
    tag: str | None,
    state: SourceState,
    outcome: str,
    *,
    question: str = "",
    yes: bool = True,
) -> None:
    from monitor.services.sources import sources as catalogue

    def change(tx: Transaction, named: Source) -> SourceShape:
        current = tx.sources.get(named.id) or named  # a poll may have written to it meanwhile
        changed = catalogue.set_state(tx, current, state, now=session.now())
        return source_shape(changed, articles=tx.sources.article_counts().get(changed.id, 0))

    change_states(
        session,
        chosen=one_or_tag(
            word,
            tag,
            noun="source",
            named=catalogue.source_named,
            every=lambda tx: tx.sources.all(),
        ),
        change=change,
        sentence=f"Source {{}} {outcome}.",
        question=question,
        yes=yes,
    )
