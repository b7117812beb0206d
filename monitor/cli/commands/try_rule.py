"""The command that tries a rule without adding it."""

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal
from monitor.cli import output
from monitor.cli.params import SINCE, TEXT
from monitor.cli.rule_options import changes_of, matching_options
from monitor.cli.session import Command, Session
from monitor.views.rules.trial import trial_shape
from storage.api.storage import Storage
from storage.model import Match, Rule

if TYPE_CHECKING:
    from monitor.backtest.documents import Document
    from monitor.backtest.trial import Trial

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
    **given: object,
) -> None:
    """Show what a rule with this QUERY would match, without adding it.

    Tried on FILES: .jsonl (an object a line: id, title, text, maybe language, url, source,
    authors, categories, tags, published_at, as `list-articles --text --json` writes it), any other
    file is one document, - is standard input as .jsonl; without FILES on stored articles.
    With --json, one line for every document. Ends with 1 when nothing matches, as grep does.

    \b
    Example:
        monitor try-rule "Hanoi Convention" seeds/*.txt
        monitor try-rule 'title:rail AND strike' --since 7d
    """
    from monitor.backtest import trial as trials

    session = ctx.ensure_object(Session)
    if files and since:
        raise Refusal("give FILES, or --since for stored articles")
    if files and all(_is_a_word(file) for file in files):
        words = output.shell_word(" ".join((query, *files)))
        line = f"{session.config.command_name} try-rule {words}"
        raise Refusal(f"there is no such file; put a query of several words in quotes:\n  {line}")
    now = session.now()
    rule = _rule(session, query, given, now)
    with ExitStack() as stack:
        if files:
            stdin = sys.stdin.buffer if sys.stdin is not None else ()
            trial = trials.on_files(files, rule, now=now, stdin=stdin, tell=output.warn)
        else:
            storage = stack.enter_context(session.storage())
            rule = _of_followed(storage, rule)
            trial = trials.on_stored(
                storage, rule, since=since or now - _SINCE, now=now, every=session.json
            )
        for document, match in trial.results():
            _show(session, rule, document, match)
    if not session.json:
        output.say(f"{_so_many(trial)}{_so_often(trial)}.")
    if not trial.matched:
        ctx.exit(1)


def _so_many(trial: "Trial") -> str:
    if trial.tried == 1:
        return f"The document {'matches' if trial.matched else 'does not match'}"
    return f"{trial.matched} of {trial.tried} documents match{'es' if trial.matched == 1 else ''}"


def _is_a_word(file: str) -> bool:
    """Whether what was given for a file is rather a word of a query without quotes."""
    return file != "-" and not {".", "/"}.intersection(file) and not Path(file).exists()


def _rule(session: Session, query: str, given: Mapping[str, object], now: datetime) -> Rule:
    from monitor.services.rules.queries import advice_on, checked_query
    from monitor.services.rules.rules import tried_rule

    checked_query(query)
    changes = changes_of(given)
    for advice in advice_on(query, strictness=changes.strictness or "all"):
        output.warn(f"Note: {advice}")
    made = session.lexicons.made(query, changes.language or "")
    return tried_rule(query, made, now=now, changes=changes)


def _of_followed(storage: Storage, rule: Rule) -> Rule:
    """Return the rule with its sources as they are called; documents in files name any."""
    from monitor.services.sources.sources import source_named

    if not rule.sources:
        return rule
    with storage.reading() as tx:
        names = (source_named(tx, word).name for word in rule.sources)
        return replace(rule, sources=tuple(names))


def _show(session: Session, rule: Rule, document: "Document", match: Match | None) -> None:
    """Print what the rule says of a document; to people only of one that matches."""
    article = document.article
    if session.json:
        output.emit(trial_shape(document.id, article.language, match))
    elif match is not None:
        title = output.bold(output.quoted(article.title or str(document.id)))
        line = f"{title} {article.language or '-'} {match.score:.2f} {document.id}"
        output.say(output.fitting(line, 2))
        texts = {"title": article.title, "text": article.text}
        output.evidence(match.evidence, texts, rule)


def _so_often(trial: "Trial") -> str:
    """Return how many alerts a day that makes of stored articles, and whether it is too many."""
    backtest = trial.backtest()
    if backtest is None or not backtest.hits:
        return ""
    return f": {backtest.alerts_a_day:.1f} alerts a day, {backtest.verdict}"
