"""The JSON of a variant of a rule."""

from typing import TYPE_CHECKING, Annotated, TypedDict

from monitor.base.times import show_instant
from monitor.views.base.schema import InstantText
from monitor.views.rules.backtest import BacktestShape, backtest_shape
from storage.model import Variant, VariantState
from storage.variant_use import VariantUse

if TYPE_CHECKING:
    from monitor.backtest.report import Backtest
    from monitor.services.rules.feedback import Feedback, Rated
    from monitor.services.rules.save_rule import Expanded
    from monitor.services.rules.variant_edits import Decided


class VariantShape(TypedDict):
    """A form in which a rule's term appears in some language or script."""

    language: str
    text: str
    of: str
    kind: str
    source: str
    score: float
    state: Annotated[str, VariantState]
    key: str


class UsedVariantShape(VariantShape):
    """A variant of a rule, and what it has found."""

    hits: int
    last_hit_at: InstantText | None
    idle: bool


class DecidedShape(TypedDict):
    """What was decided about a rule's variants."""

    rule: str
    changed: list[VariantShape]


class ExpandedShape(TypedDict):
    """What making a rule's variants anew has come to; `variants` is how many it has now."""

    rule: str
    variants: int
    came: list[VariantShape]
    went: list[VariantShape]
    confusable: list[str]


class FeedbackShape(TypedDict):
    """What was rejected for an alert that was wrong, and which others would not be raised."""

    alert: str
    rule: str
    rejected: list[VariantShape]
    matches: bool
    no_longer: list[str]


class ProposalShape(TypedDict):
    """A change of a rule that would leave out noise; nobody has made it."""

    query: str
    left_out: int
    noise: int
    kept: int
    others: int
    lost_useful: int
    card: BacktestShape | None


class RatedShape(TypedDict):
    """What somebody thinks of an alert.

    `words` could be rejected, `proposal` is a sharper query.
    """

    alert: str
    rule: str
    verdict: str
    words: list[VariantShape]
    proposal: ProposalShape | None


def rated_shape(rated: "Rated", backtest: "Backtest | None") -> RatedShape:
    """Return what somebody thinks of an alert, with what a change would have done."""
    proposal = rated.proposal
    shown: ProposalShape | None = None
    if proposal is not None:
        shown = {
            "query": proposal.rule.query,
            "left_out": proposal.left_out,
            "noise": proposal.noise,
            "kept": proposal.kept,
            "others": proposal.others,
            "lost_useful": proposal.lost_useful,
            "card": None if backtest is None else backtest_shape(backtest, proposal.rule),
        }
    return {
        "alert": rated.alert.id,
        "rule": rated.rule.name,
        "verdict": rated.verdict,
        "words": [variant_shape(variant) for variant in rated.words],
        "proposal": shown,
    }


def variant_shape(variant: Variant) -> VariantShape:
    """Return a variant of a rule."""
    return {
        "language": variant.language,
        "text": variant.text,
        "of": variant.of,
        "kind": variant.kind,
        "source": variant.source,
        "score": variant.score,
        "state": variant.state.value,
        "key": variant.key,
    }


def used_variant_shape(use: VariantUse, *, is_idle: bool) -> UsedVariantShape:
    """Return a variant with what it has found."""
    return {
        **variant_shape(use.variant),
        "hits": use.hits,
        "last_hit_at": show_instant(use.last_hit_at),
        "idle": is_idle,
    }


def decided_shape(decided: "Decided") -> DecidedShape:
    """Return what was decided about a rule's variants."""
    return {
        "rule": decided.rule.name,
        "changed": [variant_shape(variant) for variant in decided.changed],
    }


def expanded_shape(expanded: "Expanded") -> ExpandedShape:
    """Return what making a rule's variants anew has come to."""
    return {
        "rule": expanded.rule.name,
        "variants": len(expanded.rule.variants),
        "came": [variant_shape(variant) for variant in expanded.came],
        "went": [variant_shape(variant) for variant in expanded.went],
        "confusable": list(expanded.confusable),
    }


def feedback_shape(feedback: "Feedback") -> FeedbackShape:
    """Return what was rejected for an alert that was wrong."""
    correction = feedback.correction
    return {
        "alert": feedback.alert.id,
        "rule": correction.rule.name,
        "rejected": [variant_shape(variant) for variant in correction.rejected],
        "matches": correction.still is not None,
        "no_longer": [alert.id for alert, _ in feedback.gone],
    }
