"""The JSON of a backtest; programs know it as the `card` of a rule."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypedDict

from monitor.base.times import show_instant
from monitor.views.base.schema import InstantText
from storage.model import Rule, Variant

if TYPE_CHECKING:
    from monitor.backtest.report import Backtest, Sample


class BusiestDayShape(TypedDict):
    """The day with the most alerts."""

    day: str
    alerts: int


class SampleShape(TypedDict):
    """An article that matches, or nearly, with the line that says why."""

    id: str
    title: str
    source: str
    language: str
    first_seen_at: InstantText | None
    score: float
    reason: str


class VariantCountsShape(TypedDict):
    """How many variants there are, by what is known of them."""

    total: int
    by_state: dict[str, int]
    by_language: dict[str, int]
    by_source: dict[str, int]


class BacktestShape(TypedDict):
    """What a rule would have done with the articles of the last 30 days."""

    since: InstantText | None
    until: InstantText | None
    archive_begins_at: InstantText | None
    articles: int
    whole: bool
    hits: int
    stories: int
    alerts: int
    alerts_by_day: dict[str, int]
    alerts_a_day: float
    busiest_day: BusiestDayShape | None
    by_source: dict[str, int]
    by_language: dict[str, int]
    by_variant: dict[str, int]
    newest: list[SampleShape]
    borderline: list[SampleShape]
    borderline_match: str | None
    gained: int | None
    lost: int | None
    variants: VariantCountsShape
    verdict: Literal["silent", "fine", "noisy"]
    reasons: list[str]
    hints: list[str]


def backtest_shape(backtest: "Backtest", rule: Rule) -> BacktestShape:
    """Return the backtest of a rule."""
    busiest, most = backtest.busiest
    return {
        "since": show_instant(backtest.since),
        "until": show_instant(backtest.until),
        "archive_begins_at": show_instant(backtest.begins_at),
        "articles": backtest.articles,
        "whole": backtest.is_whole,
        "hits": backtest.hits,
        "stories": backtest.stories,
        "alerts": sum(count for _, count in backtest.alerts),
        "alerts_by_day": {day.isoformat(): count for day, count in backtest.alerts},
        "alerts_a_day": round(backtest.alerts_a_day, 2),
        "busiest_day": {"day": busiest.isoformat(), "alerts": most} if most else None,
        "by_source": dict(backtest.by_source),
        "by_language": dict(backtest.by_language),
        "by_variant": dict(backtest.by_variant),
        "newest": [_sample_shape(sample) for sample in backtest.newest],
        "borderline": [_sample_shape(sample) for sample in backtest.borderline],
        "borderline_match": backtest.beyond or None,
        "gained": backtest.gained,
        "lost": backtest.lost,
        "variants": _variants_shape(rule.variants),
        "verdict": backtest.verdict,
        "reasons": list(backtest.reasons),
        "hints": list(backtest.hints),
    }


def _sample_shape(sample: "Sample") -> SampleShape:
    return {
        "id": sample.id,
        "title": sample.title,
        "source": sample.source,
        "language": sample.language,
        "first_seen_at": show_instant(sample.seen_at),
        "score": sample.score,
        "reason": sample.reason,
    }


def _variants_shape(variants: Sequence[Variant]) -> VariantCountsShape:
    def counted(key: str) -> dict[str, int]:
        return dict(Counter(getattr(variant, key) for variant in variants).most_common())

    return {
        "total": len(variants),
        "by_state": counted("state"),
        "by_language": counted("language"),
        "by_source": counted("source"),
    }
