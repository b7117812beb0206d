"""The JSON of something on a site that could be followed."""

from typing import TYPE_CHECKING, TypedDict

from ingester.kinds import FEED
from monitor.base.times import show_instant
from monitor.services.sources.discover import HOW
from monitor.views.base.schema import InstantText

if TYPE_CHECKING:
    from ingester.discovery.discover import Candidate
    from ingester.feeds.autodiscovery import Declared


class CandidateShape(TypedDict):
    """A feed, sitemap or list page that could be followed.

    `overlap` is the share of its articles that the best lists, too. `chosen` is what add-source
    would take. `news` says that it is a sitemap of news.
    """

    url: str
    kind: str
    title: str
    entries: int | None
    newest_at: InstantText | None
    full_text: bool | None
    overlap: float | None
    declared: bool
    chosen: bool
    found: str
    news: bool
    problem: str | None


def candidate_shape(candidate: "Candidate", *, chosen: bool) -> CandidateShape:
    """Return what was looked at."""
    return {
        "url": candidate.url,
        "kind": candidate.kind,
        "title": candidate.title,
        "entries": candidate.entries,
        "newest_at": show_instant(candidate.newest_at),
        "full_text": candidate.full_text,
        "overlap": None if candidate.overlap is None else round(candidate.overlap, 3),
        "declared": candidate.declared,
        "chosen": chosen,
        "found": HOW[candidate.origin],
        "news": candidate.is_news,
        "problem": candidate.problem,
    }


def named_feed_shape(feed: "Declared", *, declared: bool, chosen: bool) -> CandidateShape:
    """Return a feed that a saved page names, and that nobody has looked at.

    Args:
        declared: Whether the page declares it, or only links it.
    """
    return {
        "url": feed.url,
        "kind": FEED,
        "title": feed.title,
        "entries": None,
        "newest_at": None,
        "full_text": None,
        "overlap": None,
        "declared": declared,
        "chosen": chosen,
        "found": "declared" if declared else "linked",
        "news": False,
        "problem": None,
    }
