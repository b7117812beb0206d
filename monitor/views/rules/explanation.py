"""The JSON of what became of an article with a rule, stage by stage and clause by clause."""

from typing import TYPE_CHECKING, Annotated, NotRequired, TypedDict, cast

from monitor.views.base.evidence import EvidenceShape, evidence_shape
from monitor.views.base.schema import InstantText
from storage.model import DeliveryState

if TYPE_CHECKING:
    from monitor.explain.explain import Explanation
    from monitor.explain.stages import Stage
    from rules.explain.near_miss import NearMiss
    from rules.explain.trace import Clause


class ExplainedRuleShape(TypedDict):
    """The rule that is explained."""

    id: str
    name: str
    query: str


class ExplainedArticleShape(TypedDict):
    """The article that is explained."""

    id: str
    url: str
    title: str
    language: str
    source: str


class SentShape(TypedDict):
    """What became of one delivery of an alert."""

    id: str
    channel: str
    recipient: str | None
    state: Annotated[str, DeliveryState]
    attempts: int
    delivered_at: InstantText | None
    next_at: InstantText | None
    last_error: str | None
    state_reason: str | None


# "from" is a word of Python.
_Extracted = TypedDict("_Extracted", {"from": NotRequired[str]})


class StageShape(_Extracted):
    """One step of an article's way; which facts there are depends on the stage."""

    stage: str
    outcome: str
    text: str
    source: NotRequired[str]
    kind: NotRequired[str]
    first_seen_at: NotRequired[InstantText | None]
    published_at: NotRequired[InstantText | None]
    quiet: NotRequired[bool]
    title: NotRequired[str]
    characters: NotRequired[int]
    language: NotRequired[str]
    detected: NotRequired[str]
    against: NotRequired[list[str]]
    score: NotRequired[float]
    prints: NotRequired[list[str]]
    story_id: NotRequired[str]
    is_first: NotRequired[bool]
    alert: NotRequired[str | None]
    article: NotRequired[str]
    raised_at: NotRequired[InstantText | None]
    max_per_day: NotRequired[int]
    suppressed: NotRequired[bool]
    deliveries: NotRequired[list[SentShape]]


class ProofShape(EvidenceShape):
    """Words that prove a clause, and how much they count."""

    score: float


class NearMissShape(TypedDict):
    """How near a clause came to holding."""

    kind: str
    text: str
    found: list[str]
    distance: float | None
    needed: float | None
    variant: str | None
    missing: list[str]


class ClauseShape(TypedDict):
    """A part of a query with what came of it, and its parts in turn."""

    text: str
    kind: str
    holds: bool
    score: float
    evidence: list[ProofShape]
    why: str | None
    miss: NearMissShape | None
    parts: "list[ClauseShape]"


class ExplanationShape(TypedDict):
    """What became of an article with a rule; `is_rule` is false when it is only a query."""

    rule: ExplainedRuleShape
    article: ExplainedArticleShape
    matched: bool
    score: float
    stages: list[StageShape]
    clause: ClauseShape | None
    verdict: str
    is_rule: bool


def explanation_shape(explanation: "Explanation", *, is_rule: bool = True) -> ExplanationShape:
    """Return all of an explanation."""
    rule, article = explanation.rule, explanation.article
    return {
        "rule": {"id": rule.id, "name": rule.name, "query": rule.query},
        "article": {
            "id": article.id,
            "url": article.url,
            "title": article.title,
            "language": article.language,
            "source": explanation.source.name,
        },
        "matched": explanation.match is not None,
        "score": explanation.match.score if explanation.match else 0.0,
        "stages": [_stage_shape(stage) for stage in explanation.stages],
        "clause": clause_shape(explanation.clause) if explanation.clause else None,
        "verdict": explanation.verdict,
        "is_rule": is_rule,
    }


def _stage_shape(stage: "Stage") -> StageShape:
    told = {"stage": stage.name, "outcome": stage.outcome, "text": stage.text}
    return cast(StageShape, {**told, **stage.facts})  # a test holds the facts to the schema


def clause_shape(clause: "Clause") -> ClauseShape:
    """Return a clause and its parts."""
    proofs = evidence_shape(proof.evidence for proof in clause.proofs)
    return {
        "text": clause.text,
        "kind": clause.kind,
        "holds": clause.holds,
        "score": clause.score,
        "evidence": [
            {**shape, "score": proof.score}
            for shape, proof in zip(proofs, clause.proofs, strict=True)
        ],
        "why": clause.why or None,
        "miss": _miss_shape(clause.miss) if clause.miss else None,
        "parts": [clause_shape(part) for part in clause.parts],
    }


def _miss_shape(miss: "NearMiss") -> NearMissShape:
    return {
        "kind": miss.kind,
        "text": miss.text,
        "found": list(miss.texts),
        "distance": miss.distance,
        "needed": miss.needed,
        "variant": miss.variant or None,
        "missing": list(miss.missing),
    }
