"""What became of an article with a rule: every stage from the poll to the deliveries."""

from collections.abc import Iterator
from datetime import datetime

from common.records import dataclass
from monitor.explain import outcomes, stages
from monitor.explain.stages import Case, Stage
from rules.explain.trace import Clause, trace
from rules.matcher import make_matcher
from storage.api.storage import Transaction
from storage.model import Article, Match, Rule, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All stages, and what they come to.

    Attributes:
        match: What the matcher says of this rule and this article now; None if nothing.
        clause: The query, clause by clause; None when it cannot be read.
        verdict: One sentence.
    """

    rule: Rule
    article: Article
    source: Source
    stages: tuple[Stage, ...]
    match: Match | None
    clause: Clause | None
    verdict: str


def explain(
    rule: Rule,
    article: Article,
    source: Source,
    *,
    now: datetime,
    tx: Transaction | None,
    is_trial: bool = False,
    how_to_search: str = "",
) -> Explanation:
    """Return what became of the article with the rule.

    Args:
        now: What time it is, in the zone of whoever reads the explanation.
        tx: Where the article is stored; None for one that is not.
        is_trial: The rule is only tried; it is not stored.
        how_to_search: How a sentence goes on that says that the archive was not searched for
            the rule: what to ask for, in the words of whoever asks.
    """
    if tx is not None:
        source = _that_counts(tx, rule, article, source)
    matcher = make_matcher([rule])
    broken = matcher.broken.get(rule.id)
    match = next(iter(matcher.matches(article, source)), None)
    clause = None if broken else trace(rule, article, source)
    case = Case(
        rule=rule,
        article=article,
        source=source,
        now=now,
        tx=tx,
        is_trial=is_trial,
        how_to_search=how_to_search,
    )
    concerned = stages.concerned(case)
    alert = outcomes.alert(case, match, concerned)
    return Explanation(
        rule=rule,
        article=article,
        source=source,
        stages=_stages(case, match, clause, broken, alert),
        match=match,
        clause=clause,
        verdict=_verdict(case, match, clause, alert),
    )


def _that_counts(tx: Transaction, rule: Rule, article: Article, source: Source) -> Source:
    """Return the first of the sources that list the article with which the rule concerns it."""
    others = tx.articles.sources_of([article.id]).get(article.id, ())
    listing = [source, *(tx.sources.get(id_) for id_ in others)]
    concerned = (each for each in listing if each and not stages.against(rule, article, each))
    return next(concerned, source)


def _stages(
    case: Case, match: Match | None, clause: Clause | None, broken: str | None, alert: Stage
) -> tuple[Stage, ...]:
    """Return all stages in the order in which an article passes them."""
    return (
        stages.fetched(case),
        stages.extracted(case),
        stages.language(case),
        stages.concerned(case),
        stages.query(clause, match, broken),
        stages.dedupe(case),
        stages.story(case),
        alert,
        outcomes.silence(case),
        outcomes.limit(case),
        outcomes.deliveries(case),
    )


def _verdict(case: Case, match: Match | None, clause: Clause | None, alert: Stage) -> str:
    if match is None:
        return f"It does not match: {_first_reason(case, clause)}."
    if case.tx is None or case.is_trial:
        return "It matches."
    if alert.outcome == "no":
        return f"It matches, and raised no alert: {alert.text}."
    owed = outcomes.owed(case)
    if not owed:
        return "It matches, and raised an alert that no channel is told."
    states = ", ".join(dict.fromkeys(delivery.state.value for delivery in owed))
    return f"It matches, and raised an alert: {states}."


def _first_reason(case: Case, clause: Clause | None) -> str:
    if clause is None:
        return "the query cannot be read"
    if clause.holds:
        return "; ".join(stages.against(case.rule, case.article, case.source))
    missed = next(_missed(clause), None)
    if missed is not None:
        return missed
    decided = _deciding(clause)
    why = decided.why
    if decided.kind == "not" and decided.parts[0].proofs:
        proof = decided.parts[0].proofs[0].evidence
        why = f'"{proof.text}" is in the {proof.field}'
    return f"{decided.text} does not hold{f': {why}' if why else ''}"


def _missed(clause: Clause) -> Iterator[str]:
    """Yield what is lacking, in the order of the query."""
    if clause.holds:
        return
    if clause.kind == "score":
        yield f"{clause.text}: {clause.why}"
    if clause.miss is not None:
        yield f"{clause.text}: {clause.miss.text}"
    for part in clause.parts:
        yield from _missed(part)


def _deciding(clause: Clause) -> Clause:
    """Return the innermost clause that does not hold and that the whole query needs."""
    for part in clause.parts:
        if clause.kind == "all" and not part.holds:
            return _deciding(part)
    return clause
