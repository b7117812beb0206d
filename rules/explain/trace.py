"""Why a rule holds for an article, or why not: its query clause by clause, with the proofs.

Whether a clause holds is what `rules.evaluate.evaluation` says of it, so a trace and the matcher
agree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from common.records import dataclass
from rules.evaluate.evaluation import Verdict
from rules.explain.near_miss import NearMiss, NearMisses
from rules.explain.relaxation import EvaluatedRule, evaluated
from rules.query.fields import field_values
from rules.query.parsed import parsed
from rules.query.tree import (
    TEXT_FIELDS,
    AllOf,
    AnyOf,
    Exact,
    Field,
    Keyword,
    Near,
    Not,
    Phrase,
    Query,
    Regex,
    Scored,
    Term,
    Weighted,
    Wildcard,
    Within,
    children,
    duration,
    is_loss,
    number,
)
from storage.model import Article, Evidence, Rule, Source

MOST_MISSES = 20
"""For so many clauses that do not hold the near miss is sought; further ones are only false."""

MOST_PROOFS = 20

_KINDS: dict[type[Query], str] = {
    Keyword: "keyword",
    Phrase: "phrase",
    Exact: "exact",
    Wildcard: "wildcard",
    Regex: "regex",
    AllOf: "all",
    AnyOf: "any",
    Not: "not",
    Near: "near",
    Field: "scope",
    Weighted: "weight",
    Scored: "score",
    Within: "age",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredEvidence:
    """Words that prove a clause, and how surely, in (0, 1]."""

    evidence: Evidence
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """What came of one part of a query.

    Attributes:
        text: The part, in the query language.
        kind: "keyword", "phrase", "exact", "wildcard", "regex", "all", "any", "not", "near",
            "scope", "weight", "score" or "age".
        score: As the matcher counts it, in (0, 1]; 0.0 when it does not hold.
        proofs: The words that prove it, in the order of the text; none for a part that holds
            because something is absent, and none for one whose parts show theirs.
        why: A sentence about what decided it, for a part without words of its own; else "".
        miss: How near it came, when that could tell the reader something.
    """

    text: str
    kind: str
    holds: bool
    score: float = 0.0
    proofs: tuple[ScoredEvidence, ...] = ()
    why: str = ""
    miss: NearMiss | None = None
    parts: "tuple[Clause, ...]" = ()


def trace(rule: Rule, article: Article, source: Source) -> Clause:
    """Return the tree of a rule's query, each part with what came of it.

    Only the query: whether the rule wants articles of this language and source is not looked at.

    Raises:
        rules.query.lexer.QuerySyntaxError: The query cannot be read.
    """
    parsed(rule.query)  # which says what cannot be read
    [own] = evaluated([rule], article, source)
    return _Tracer(own).clause(own.plan.query, TEXT_FIELDS, sought=True)


def leaves(clause: Clause) -> Iterable[Clause]:
    """Yield the clauses that have no parts, in the order of the query."""
    if not clause.parts:
        yield clause
    for part in clause.parts:
        yield from leaves(part)


class _Tracer:
    """Walks a query. `sought` says whether a near miss would tell the reader something."""

    def __init__(self, seen: EvaluatedRule) -> None:
        self._seen = seen
        self._near_misses = NearMisses(seen)
        self._left = MOST_MISSES

    def clause(self, query: Query, fields: Sequence[str], *, sought: bool) -> Clause:
        """Return what came of a part that is looked for in these fields."""
        verdict = self._seen.verdict(query, fields)
        holds = verdict is not None
        if isinstance(query, Weighted | Field) and isinstance(query.part, Term):
            return self._with_its_term(query, query.part, fields, sought=sought)
        parts = self._parts(query, fields, sought=sought and (not holds or _counts_points(query)))
        return Clause(
            text=str(query),
            kind=_KINDS[type(query)],
            holds=holds,
            score=min(1.0, round(verdict.score, 3)) if verdict else 0.0,
            proofs=self._proofs(query, verdict) if verdict else (),
            why=self._why(query, fields),
            miss=self._miss(query, fields) if sought and not holds else None,
            parts=parts,
        )

    def _with_its_term(
        self, query: Weighted | Field, term: Term, fields: Sequence[str], *, sought: bool
    ) -> Clause:
        """Return the clause of a scope or a weight of one term, with what came of the term."""
        if isinstance(query, Field):
            if query.name not in TEXT_FIELDS:
                verdict = self._seen.verdict(query, fields)
                return Clause(
                    text=str(query),
                    kind=_KINDS[Field],
                    holds=verdict is not None,
                    score=verdict.score if verdict else 0.0,
                    why=self._why(query, fields),
                )
            fields = (query.name,)
        inner = self.clause(term, fields, sought=sought)
        return replace(inner, text=str(query), kind=_KINDS[type(query)])

    def _parts(self, query: Query, fields: Sequence[str], *, sought: bool) -> tuple[Clause, ...]:
        match query:
            case Field(name, part):
                if name not in TEXT_FIELDS:
                    return ()
                return (self.clause(part, (name,), sought=sought),)
            case Not(part):
                return (self.clause(part, fields, sought=False),)
            case _:
                return tuple(
                    self.clause(child, fields, sought=sought and not is_loss(child))
                    for child in children(query)
                )

    def _proofs(self, query: Query, verdict: Verdict) -> tuple[ScoredEvidence, ...]:
        if not isinstance(query, Term | Near):
            return ()
        proven = self._seen.evidence(verdict)[:MOST_PROOFS]
        return tuple(ScoredEvidence(evidence=evidence, score=score) for evidence, score in proven)

    def _miss(self, query: Query, fields: Sequence[str]) -> NearMiss | None:
        if not isinstance(query, Term | Near) or self._left <= 0:
            return None
        self._left -= 1
        return self._near_misses.nearest(query, fields)

    def _why(self, query: Query, fields: Sequence[str]) -> str:
        article = self._seen.view.article
        match query:
            case Within():
                return _age(article)
            case Scored(part, at_least):
                points = self._seen.evaluation.points(part, self._seen.plan, fields)
                return f"{number(points)} of the {number(at_least)} points that it needs"
            case Field(name, _) if name not in TEXT_FIELDS:
                values = field_values(name, article, self._seen.view.source)
                listed = ", ".join(f'"{value}"' for value in values if value)
                return f"{_SCOPES[name]} {listed}" if listed else f"{_SCOPES[name]} not known"
            case _:
                return ""


def _counts_points(query: Query) -> bool:
    """Whether it matters how many of its parts hold, and not only whether one does."""
    return isinstance(query, AnyOf) and any(isinstance(part, Weighted) for part in query.parts)


_SCOPES = {
    "source": "its source is",
    "author": "its authors are",
    "url": "its address is",
    "category": "its categories are",
    "language": "its language is",
    "tag": "the tags of its source are",
}


def _age(article: Article) -> str:
    if article.published_at is None:
        return "it has no time of its own, so it counts as new"
    age = article.first_seen_at - article.published_at
    if age < timedelta(minutes=1):
        return "published when we first saw it"
    return f"published {duration(_rounded(age))} before we first saw it"


def _rounded(age: timedelta) -> timedelta:
    """Return a long age in whole hours, and one of days in whole days: 9d rather than 12983m."""
    for unit, least in ((timedelta(days=1), timedelta(days=3)), (timedelta(hours=1),) * 2):
        if age >= least:
            return age - age % unit
    return age - age % timedelta(minutes=1)
