"""The command that searches what is stored."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from monitor.base.errors import escaped
from monitor.base.times import show_age
from monitor.cli import output
from monitor.cli.params import BEFORE, LANGUAGES, SINCE, TEXT, VARIANT, Count
from monitor.cli.session import Command, Session, pass_session
from storage.model import Rule, Variant

if TYPE_CHECKING:
    from monitor.services.search import Search, SearchHit
    from storage.api.storage import Storage

_LIMIT = 20
_PATIENCE = timedelta(seconds=5)
_TITLE_WIDTH = 500
_NARROW = ("exact", "forms")


@click.command("search", cls=Command)
@click.argument("query", type=TEXT, nargs=-1, required=True)
@click.option("--since", type=SINCE, help="Only those first seen since: 24h, today, 2026-11-24.")
@click.option("--until", type=BEFORE, help="Only those first seen before: 24h, yesterday.")
@click.option("--source", "sources", type=TEXT, multiple=True, help="Only those of this source.")
@click.option("--language", "languages", type=LANGUAGES, help="Only those in these, such as sv,vi.")
@click.option(
    "--match",
    "strictness",
    type=click.Choice(["exact", "forms", "all", "broad"]),
    default="forms",
    help="How far from the query's words they may lie; forms unless said.",
)
@click.option(
    "--variant", "variants", type=VARIANT, multiple=True, help="Another form: sv:Hanoikonventionen."
)
@click.option(
    "--limit",
    type=Count(min=1),
    default=_LIMIT,
    metavar="N",
    help="At most N; 20 unless said.",
)
@click.option(
    "--newest/--best", "newest", default=True, help="Which first; the newest unless said."
)
@pass_session
def search(
    session: Session,
    query: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    sources: tuple[str, ...],
    languages: tuple[str, ...] | None,
    strictness: str,
    variants: tuple[Variant, ...],
    limit: int,
    newest: bool,
) -> None:
    """Search the stored articles with a QUERY in the language of rules, newest first.

    Finds the query's words in all their forms. With --match all also what they are called in
    other languages, and names in other spellings. Ends with 1 when nothing is found.

    \b
    Example:
        monitor search rail strike --since 30d
        monitor search '"Hà Nội" OR 河内' --best --limit 5
        monitor search 'title:cyber* -exercise' --language sv,da --json
    """
    from monitor.services.search import Search, SearchRequest

    rule = _rule(session, " ".join(query), strictness, variants)
    with session.storage() as storage:
        wanted = SearchRequest(
            rule=rule,
            since=since,
            until=until,
            source_ids=_source_ids(storage, sources),
            languages=languages or (),
            patience=_PATIENCE,
        )
        looking = Search(storage, wanted)
        hits = looking.newest(limit) if newest else looking.best(limit)
        farther = 0
        if not hits and strictness in _NARROW and not session.json:
            wide = replace(wanted, rule=_rule(session, rule.query, "all", variants))
            farther = len(Search(storage, wide).newest(limit))
    for number, hit in enumerate(hits):
        if number and not session.json:
            output.say("")
        _show(hit, session)
    _say_what_was_left_out(session, looking, hits, limit)
    if not hits:
        session.found_nothing(_nothing(farther, is_cut=farther == limit))


def _rule(session: Session, text: str, strictness: str, variants: tuple[Variant, ...]) -> Rule:
    from monitor.services.rules.queries import checked_query

    checked_query(text, anything=True)
    if strictness in ("all", "broad"):
        from monitor.services.fields.rule_fields import RuleChanges
        from monitor.services.rules.rules import tried_rule

        changes = RuleChanges(strictness=strictness, variants=variants)
        made = session.lexicons.made(text)
        return tried_rule(text, made, now=session.now(), changes=changes)
    return Rule(
        id="search",
        name=text,
        query=text,
        created_at=session.now(),
        strictness=strictness,
        variants=variants,
    )


def _nothing(farther: int, *, is_cut: bool) -> str:
    """Return what is said of a search that found nothing.

    Args:
        farther: How many it would find with `--match all`.
        is_cut: Whether there may be more of these.
    """
    if not farther:
        return "No article matches."
    count = f"{farther} or more say" if is_cut else "1 says" if farther == 1 else f"{farther} say"
    return (
        f"No article has these words. {count} it otherwise, spelled differently or in another "
        "language: add --match all"
    )


def _source_ids(storage: "Storage", names: tuple[str, ...]) -> tuple[str, ...]:
    from monitor.services.sources.sources import source_named

    with storage.reading() as tx:
        return tuple(source_named(tx, name).id for name in names)


def _show(hit: "SearchHit", session: Session) -> None:
    from monitor.views.hit import excerpt_in, hit_shape, snippet_of

    if session.json:
        output.emit(hit_shape(hit))
        return
    article = hit.article
    age = show_age(article.first_seen_at, now=session.now())
    line = f"{age}  {hit.source.name}  {article.language or '-'}  {output.short_id(article.id)}"
    field, excerpt = snippet_of(hit)
    output.say_prose(excerpt_in(hit, "title", width=_TITLE_WIDTH).parts())
    output.say(output.fitting(f"  {escaped(line)}", 4))
    if field == "text" and excerpt.text:
        output.say_prose(excerpt.parts(), indent="  ")


def _say_what_was_left_out(
    session: Session, looking: "Search", hits: list["SearchHit"], limit: int
) -> None:
    if looking.spelled_since is not None:
        since = session.local(looking.spelled_since)
        output.warn(
            "Names in other spellings and parts of longer words were looked for only in articles "
            f"since {since}."
        )
    if looking.unread_before is not None:
        since = session.local(looking.unread_before)
        output.warn(
            f"Only the newest {looking.read:,} articles that may match were read, back to {since}; "
            "for older ones add --until, a source, or a word that must be there."
        )
    if len(hits) == limit:
        output.warn(f"The first {limit}; for more: --limit N")
