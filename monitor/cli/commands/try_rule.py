"""The command that tries a rule without adding it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.base.errors import Refusal
from monitor.base.files import open_plain
from monitor.cli import output
from monitor.cli.params import SINCE, TEXT
from monitor.cli.rule_options import changes_of, matching_options
from monitor.cli.session import Command, Session
from monitor.views.trial import trial_shape
from storage.api import Storage
from storage.model import Rule

if TYPE_CHECKING:
    from monitor.backtest.report import Tally

_SINCE = timedelta(days=30)


@click.command("try-rule", cls=Command)
@click.argument("query", type=TEXT)
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--since", type=SINCE, help="Stored articles first seen since; 30d unless said.")
@matching_options
@click.pass_context
def try_rule(
    ctx: click.Context,
    /,
    query: str,
    files: tuple[str, ...],
    since: datetime | None,
    **wishes: Any,
) -> None:
    """Show what a rule with this QUERY would match, without adding it.

    Tried on FILES: .jsonl (an object a line: id, title, text, maybe language, url), any other
    file is one document, - is standard input as .jsonl; without FILES on stored articles.
    With --json, one line for every document. Ends with 1 when nothing matches, as grep does.

    \b
    Example:
        monitor try-rule "Hanoi Convention" seeds/*.txt
        monitor try-rule 'title:rail AND strike' --since 7d
    """
    from monitor.backtest.report import Tally
    from monitor.backtest.run import archive_begins_at
    from monitor.services.queries import checked_query

    session = ctx.ensure_object(Session)
    if files and since:
        raise Refusal("give FILES, or --since for stored articles")
    checked_query(query)
    now = session.now()
    since = since or now - _SINCE
    rule = _rule(session, query, wishes, now)
    tally = Tally(rule, since=since, now=now, farther=False)
    with ExitStack() as stack:
        total: int | None = None
        begins_at: datetime | None = None
        if files:
            documents = _of_files(files, session)
        else:
            storage = stack.enter_context(session.storage())
            begins_at = archive_begins_at(storage)
            documents, total = _stored(rule, session, storage, since)
        matched = _try(rule, documents, tally, session)
    if not session.json:
        tried = tally.looked_at if total is None else total
        output.say(f"{matched} of {tried} documents match{_so_often(tally, total, begins_at)}.")
    if not matched:
        ctx.exit(1)


def _so_often(tally: "Tally", total: int | None, begins_at: datetime | None) -> str:
    """Return how many alerts a day that makes of stored articles, and whether it is too many."""
    if total is None:
        return ""
    backtest = tally.backtest(begins_at=begins_at, articles=total, is_whole=True)
    return (
        f": {backtest.alerts_a_day:.1f} alerts a day, {backtest.verdict}" if backtest.hits else ""
    )


def _rule(session: Session, query: str, given: dict[str, object], now: datetime) -> Rule:
    from monitor.services.rules import tried_rule
    from rules.expand.variants import variants_of

    made = variants_of(query, session.lexicons.all)
    return tried_rule(query, made, now=now, changes=changes_of(given))


def _try(rule: Rule, documents: Iterator[Any], tally: "Tally", session: Session) -> int:
    """Print what the rule says of each document; return how many match."""
    matched = 0
    for document in documents:
        match = tally.add(document)
        matched += match is not None
        if session.json:
            output.emit(trial_shape(document.id, document.article.language, match))
        elif match is not None:
            article = document.article
            title = output.bold(output.quoted(article.title or str(document.id)))
            output.say(f"{title} {article.language or '-'} {match.score:.2f} {document.id}")
            texts = {"title": article.title, "text": article.text}
            output.evidence(match.evidence, texts, rule.variants)
    return matched


def _of_files(files: tuple[str, ...], session: Session) -> Iterator[Any]:
    from monitor.backtest import documents as trials

    now = session.now()
    for name in files:
        if name == "-":
            stdin = sys.stdin.buffer if sys.stdin is not None else ()
            yield from trials.of_json_lines(stdin, "standard input", now=now, tell=output.warn)
        elif name.lower().endswith((".jsonl", ".ndjson")):
            with open_plain(Path(name)) as lines:
                yield from trials.of_json_lines(lines, name, now=now, tell=output.warn)
        else:
            yield from _or_told(partial(trials.of_file, Path(name), now=now), len(files))


def _or_told(read: Callable[[], Any], count: int) -> Iterator[Any]:
    """Yield one document; of several, one that cannot be read does not stop the others."""
    try:
        yield read()
    except Refusal as refusal:
        if count == 1:
            raise
        output.warn(f"{refusal}; left out")


def _stored(
    rule: Rule, session: Session, storage: Storage, since: datetime
) -> tuple[Iterator[Any], int | None]:
    """Return the stored articles to try, and how many there are; with --json, that is all."""
    from monitor.backtest import documents as trials
    from rules.search.lookup import lookup_of

    if session.json:
        return trials.stored(storage, since=since), None
    with storage.reading() as tx:
        total = tx.articles.count(since=since)
    lookup = lookup_of([rule]) if total > trials.READ_WHOLE else None
    return trials.stored(storage, since=since, holding=lookup), total
