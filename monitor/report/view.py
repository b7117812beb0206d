"""The JSON of a report, and of what was seen of a source."""

from typing import TYPE_CHECKING, Annotated, TypedDict

from monitor.base.times import show_instant
from storage.model import SourceState

if TYPE_CHECKING:
    from monitor.report.coverage import Covered
    from monitor.report.report import Report, Told


InstantText = Annotated[str, "date-time"]


class ReportedStoryShape(TypedDict):
    """A story of a report."""

    id: str
    title: str
    url: str
    language: str
    source: str
    first_seen_at: InstantText | None
    articles: int
    outlets: list[str]
    languages: list[str]
    rules: list[str]


class ReportShape(TypedDict):
    """What a rule, or the rules with a tag, found in some days.

    `before` counts the stories of the same time before.
    """

    name: str
    rules: list[str]
    since: InstantText | None
    until: InstantText | None
    stories: int
    articles: int
    before: int
    stories_by_day: dict[str, int]
    by_outlet: dict[str, int]
    by_language: dict[str, int]
    useful: int
    noise: int
    whole: bool
    top: list[ReportedStoryShape]


def report_shape(report: "Report") -> ReportShape:
    """Return a report."""
    return {
        "name": report.name,
        "rules": [name for name, _ in report.rules],
        "since": show_instant(report.since),
        "until": show_instant(report.until),
        "stories": report.stories,
        "articles": report.articles,
        "before": report.before,
        "stories_by_day": {day.isoformat(): count for day, count in report.days},
        "by_outlet": dict(report.by_outlet),
        "by_language": dict(report.by_language),
        "useful": report.useful,
        "noise": report.noise,
        "whole": report.is_whole,
        "top": [_story(told) for told in report.top],
    }


def _story(told: "Told") -> ReportedStoryShape:
    return {
        "id": told.id,
        "title": told.title,
        "url": told.url,
        "language": told.language,
        "source": told.source_name,
        "first_seen_at": show_instant(told.began_at),
        "articles": told.carried.articles,
        "outlets": list(told.carried.outlets),
        "languages": list(told.carried.languages),
        "rules": list(told.rules),
    }


class CoveredShape(TypedDict):
    """How much came of a source in some days; `articles_by_day` from the oldest on."""

    source: str
    state: Annotated[str, SourceState]
    articles: int
    articles_by_day: list[int]
    days_without: int
    alerts: int
    last_entry_at: InstantText | None
    last_ok_at: InstantText | None
    failures: int


def covered_shape(covered: "Covered") -> CoveredShape:
    """Return what came of a source."""
    source = covered.source
    return {
        "source": source.name,
        "state": source.state.value,
        "articles": covered.articles,
        "articles_by_day": list(covered.days),
        "days_without": covered.days_without,
        "alerts": covered.alerts,
        "last_entry_at": show_instant(source.last_entry_at),
        "last_ok_at": show_instant(source.last_ok_at),
        "failures": source.failures,
    }
