"""The command that says what became of an article with a rule, and why."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal, Remedy, RemedyKind, clipped, escaped
from monitor.base.remedies import remedy_words
from monitor.cli import output
from monitor.cli.params import TEXT
from monitor.cli.session import Command, Session
from storage.api.errors import Ambiguous
from storage.api.storage import Transaction
from storage.model import Article, Rule, Source, stable_id

if TYPE_CHECKING:
    from monitor.explain.explain import Explanation
    from monitor.explain.stages import Stage
    from rules.explain.near_miss import NearMiss
    from rules.explain.trace import Clause

_WIDTH = 12
_MOST_FOUND = 3
_MOST_PARTS = 30


@click.command("explain", cls=Command)
@click.argument("rule", type=TEXT)
@click.argument("article", type=TEXT)
@click.pass_context
def explain(ctx: click.Context, rule: str, article: str) -> None:
    """Say what became of ARTICLE with RULE, stage by stage, and why it matches or not.

    RULE is a name, an id or a query; what is no rule is tried as a query. ARTICLE is an id, its
    beginning, a URL, the short code in a message (#a1b2c3), or a file that holds one document.
    Of a part of the query that does not hold, the nearest miss is shown. Ends with 1 when the
    rule does not match.

    \b
    Example:
        monitor explain "Hanoi Convention" a1b2c3
        monitor explain 'rail NEAR/5 strike' seeds/rail.txt
    """
    from monitor.explain.explain import explain as explained
    from monitor.views.rules.explanation import explanation_shape

    session = ctx.ensure_object(Session)
    with session.storage() as storage, storage.reading() as tx:
        # Programs read UTC.
        now = session.now() if session.json else session.now().astimezone(session.config.zone)
        wanted, is_trial = _rule(session, tx, rule, now=now)
        about, source, is_stored = _article(tx, article, now=now)
        explanation = explained(
            wanted,
            about,
            source,
            now=now,
            tx=tx if is_stored else None,
            is_trial=is_trial,
            how_to_search=remedy_words(Remedy(RemedyKind.SEARCH_STORED)),
        )
    if session.json:
        output.emit(explanation_shape(explanation, is_rule=not is_trial))
    else:
        _print(explanation, is_trial=is_trial, is_stored=is_stored)
        if not is_trial:
            _say_what_next(explanation, session.config.command_name)
    if explanation.match is None:
        ctx.exit(1)


def _rule(session: Session, tx: Transaction, word: str, *, now: datetime) -> tuple[Rule, bool]:
    """Return the rule with this name or id, else one of this query, and whether it is a trial.

    A removed rule is found by its name.
    """
    from monitor.services.rules.queries import checked_query
    from monitor.services.rules.rules import rule_named, tried_rule

    try:
        return rule_named(tx, word), False
    except Refusal as refusal:
        removed = tx.rules.get(stable_id("rule", word))
        if removed is not None:
            return removed, False
        checked_query(word, anything=True)
        end = "" if str(refusal).endswith("?") else "."
        output.warn(f"Note: {refusal}{end} Tried as a query.")
        made = session.lexicons.made(word)
        return tried_rule(word, made, now=now), True


def _article(tx: Transaction, word: str, *, now: datetime) -> tuple[Article, Source, bool]:
    """Return the article, where it is from, and whether it is stored.

    Raises:
        Refusal: There is no such article, and no such file.
    """
    from monitor.services.alerts import article_found

    try:
        stored = article_found(tx, word)
    except Ambiguous:
        if not Path(word).is_file():
            raise
        stored = None
    if stored is not None:
        source = tx.sources.get(stored.source_id)
        if source is None:  # an article cannot be stored without its source
            raise LookupError(stored.source_id)
        return stored, source, True
    return _of_file(word, now=now)


def _of_file(word: str, *, now: datetime) -> tuple[Article, Source, bool]:
    from monitor.backtest.documents import of_file

    if "://" in word or not _exists(word):
        raise Refusal(
            f'there is no article "{clipped(word)}", and no such file; see list-articles',
            # A path is a slip; else it is an id or a URL that nothing has.
            misuse="/" in word and "://" not in word,
        )
    if word.lower().endswith((".jsonl", ".ndjson")):
        raise Refusal(f"{clipped(word, 200)}: holds many documents; give a file that holds one")
    document = of_file(Path(word), now=now)
    return document.article, document.source, False


def _exists(word: str) -> bool:
    try:
        return Path(word).exists()
    except (OSError, ValueError):
        return False


# --- for people ----------------------------------------------------------------------------------


def _print(explanation: "Explanation", *, is_trial: bool, is_stored: bool) -> None:
    *lines, verdict = lines_of(explanation, is_trial=is_trial, is_stored=is_stored)
    for line in lines:
        output.say(output.fitting(line, _hanging(line)))
    output.say(output.bold(output.fitting(verdict, 2)))


def _hanging(line: str) -> int:
    """Return how far in a line goes on that is broken: behind the name that it begins with."""
    inset = len(line) - len(line.lstrip())
    return inset + 2 if inset else _WIDTH


def _say_what_next(explanation: "Explanation", command: str) -> None:
    """Say which command mends what is wrong, if it is the rule's words."""
    name = output.shell_word(explanation.rule.name)
    alert = next((stage for stage in explanation.stages if stage.name == "alert"), None)
    if explanation.match is not None:
        if alert is not None and alert.outcome == "yes":
            code = output.short_id(str(alert.facts["alert"]))
            output.say(f"If that is wrong: {command} wrong-match {code}")
        return
    miss = next(_misses(explanation.clause), None) if explanation.clause else None
    if miss is None:
        return
    if miss.variant:
        output.say(
            f"To let it count: {command} accept-variant {name} {output.shell_word(miss.variant)}"
        )
    elif miss.missing:
        code = explanation.article.language or "any"
        of = f" --of {output.shell_word(miss.missing[0])}" if miss.kind == "word" else ""
        output.say(f"If it says so in other words: {command} add-variant {name} {code}:TEXT{of}")


def _misses(clause: "Clause") -> "Iterator[NearMiss]":
    """Yield what another variant could mend."""
    if clause.miss is not None and (clause.kind == "keyword" or clause.miss.variant):
        yield clause.miss
    for part in clause.parts:
        yield from _misses(part)


def lines_of(
    explanation: "Explanation", *, is_trial: bool = False, is_stored: bool = True
) -> list[str]:
    """Return the explanation as lines for people; the last one is the verdict."""
    from monitor.explain.stages import NOT_STORED

    rule, article = explanation.rule, explanation.article
    called = "Query" if is_trial else f"Rule {output.quoted(rule.name)}"
    lines = [f"{called}: {escaped(rule.query)}"]
    shown = f" ({output.short_id(article.id)})" if is_stored else ""
    lines += [f"Article: {output.quoted(article.title or article.id)}{shown}", ""]
    absent: dict[str, list[str]] = {}
    for stage in explanation.stages:
        if stage.outcome == NOT_STORED and stage.name != "fetched":
            absent.setdefault(stage.text, []).append(stage.name)
            continue
        lines += _stage(stage)
        if stage.name == "query" and explanation.clause is not None:
            lines += _clause(explanation.clause, rule, _WIDTH)
    for text, names in absent.items():
        lines.append(f"{', '.join(names)}: {text}")
    return [*lines, "", escaped(explanation.verdict)]


def _stage(stage: "Stage") -> list[str]:
    first, *others = map(escaped, stage.text.split("\n"))
    outcome = f"{stage.outcome}: " if stage.outcome in ("yes", "no") else ""
    return [f"{stage.name:<{_WIDTH}}{outcome}{first}", *(" " * _WIDTH + other for other in others)]


def _clause(clause: "Clause", rule: Rule, indent: int) -> list[str]:
    """Return a clause, what proves it or how near it came, and its parts below it."""
    from rules.explain.reasons import how

    mark = "yes" if clause.holds else "no"
    score = f" ({clause.score:.2f})" if clause.holds and clause.proofs else ""
    why = f": {escaped(clause.why)}" if clause.why else ""
    pad = " " * indent
    lines = [f"{pad}{mark:<4}{clipped(clause.text, 200)}{score}{why}"]
    inner = pad + " " * 6
    for proof in clause.proofs[:_MOST_FOUND]:
        words = output.quoted(" ".join(proof.evidence.text.split()))
        reason = escaped(how(proof.evidence, rule.variants, written_in=rule.written_in))
        lines.append(f"{inner}{proof.evidence.field}: {words}, {reason}, {proof.score:.2f}")
    more = len(clause.proofs) - _MOST_FOUND
    if more > 0:
        lines.append(f"{inner}and {output.counted(more, 'more place', 'more places')}")
    if clause.miss is not None:
        lines.append(f"{inner}{escaped(clause.miss.text)}")
    shown = _worth_showing(clause.parts)
    for part in shown:
        lines += _clause(part, rule, indent + 2)
    if len(shown) < len(clause.parts):
        lines.append(f"{pad}  and {len(clause.parts) - len(shown)} more parts")
    return lines


def _worth_showing(parts: "Sequence[Clause]") -> "Sequence[Clause]":
    """Return the parts, of very many those that hold and the first others, in their order."""
    if len(parts) <= _MOST_PARTS:
        return parts
    places = sorted(range(len(parts)), key=lambda place: not parts[place].holds)[:_MOST_PARTS]
    return [parts[place] for place in sorted(places)]
