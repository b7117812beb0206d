"""What of a site could be followed: one candidate from one answer, and which is the best."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import IntEnum

from common.records import dataclass
from ingester.entry import Entry, Feed, Listing, ParseError
from ingester.feeds import kind as feed
from ingester.fetch.conditional import type_of
from ingester.fetch.ports import Fetched, Reader
from ingester.kinds import FEED, PAGE, SITEMAP
from ingester.pages.fulltext import gives_summaries, own_text
from ingester.pages.kind import looks_like_page, not_a_page
from ingester.sitemaps.parse import Sitemap, looks_like_sitemap, read_sitemap
from ingester.text.encoding import decode
from ingester.text.titles import HTML_ELEMENTS
from ingester.urls.urls import identity_key

STALE = timedelta(days=90)
"""A feed whose newest entry is so much older than another's is one that was forgotten."""

AHEAD = timedelta(hours=24)
_COMMENT = re.compile(r"#comment|#c\d+$|[?&]showcomment=|/comments?/\d", re.I)
_LOOKED_AT = 65_536
_JUDGED = 30
"""Of so many entries the texts are measured."""


class Origin(IntEnum):
    """How a candidate was found; the earlier, the more it is meant for us."""

    GIVEN = 0
    DECLARED = 1
    LINKED = 2
    USUAL = 3
    SITEMAP = 4
    PAGE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that could be followed.

    Attributes:
        kind: Of source: FEED, SITEMAP or PAGE (a list of articles).
        entries: How many it lists now.
        newest_at: The time of its newest entry, or None if it says none.
        full_text: Whether most entries have their whole text; None where that cannot be told.
        overlap: Which share of its articles the best candidate lists, too; None without entries.
        is_news: A sitemap with the titles and times of news.
        is_of_comments: It seems to list what readers say.
        link: The page that a feed says it belongs to, or "".
        problem: Why it is of no use, in a sentence, or None.
        is_missing: There is no feed, rather than one that is empty or cannot be had now.
        articles: What tells its articles apart; not for people.
    """

    url: str
    kind: str
    origin: Origin
    title: str = ""
    entries: int = 0
    newest_at: datetime | None = None
    full_text: bool | None = None
    overlap: float | None = None
    is_news: bool = False
    is_of_comments: bool = False
    link: str = ""
    problem: str | None = None
    is_missing: bool = False
    articles: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def declared(self) -> bool:
        """Whether the page itself names it as its feed."""
        return self.origin is Origin.DECLARED

    @property
    def is_usable(self) -> bool:
        """Whether news can be expected of it."""
        return self.problem is None and self.entries > 0 and not self.is_of_comments


def is_machine_readable(answer: Fetched) -> bool:
    """Tell by its content whether an answer is a feed or a sitemap, whole or broken."""
    text = _head(answer)
    return text[:1] in ("{", "[") or looks_like_sitemap(text) or feed.looks_like_feed(text)


def candidate_of(
    answer: Fetched, url: str, origin: Origin, *, now: datetime, reader: Reader | None
) -> Candidate:
    """Return what a feed or a sitemap offers; what cannot be read has a `problem`.

    Args:
        reader: Reads feeds that are unusual, within bounds; None: as they are read here.
    """
    is_sitemap = looks_like_sitemap(_head(answer))
    try:
        if is_sitemap:
            read = read_sitemap(answer.body, url=answer.url, content_type=type_of(answer))
            return of_sitemap(read, url, origin, now=now)
        return _of_feed(
            feed.read(answer.body, url=answer.url, content_type=type_of(answer), reader=reader),
            url,
            origin,
            now=now,
        )
    except ParseError as error:
        kind = SITEMAP if is_sitemap else FEED
        return Candidate(url=url, kind=kind, origin=origin, problem=str(error))


def given_itself(
    answer: Fetched, url: str, *, now: datetime, reader: Reader | None
) -> Candidate | None:
    """Return what the address that was given is itself, or None if it is a page.

    A broken feed is one, with its `problem`.

    Raises:
        ParseError: It is neither; the text says what it is.
    """
    text = _head(answer)
    if looks_like_sitemap(text) or feed.looks_like_feed(text):
        return candidate_of(answer, url, Origin.GIVEN, now=now, reader=reader)
    what = not_a_page(answer.body, content_type=type_of(answer))
    root = feed.outermost(text)
    if not what and not text:
        what = "an empty answer"
    if not what and root and root not in HTML_ELEMENTS:
        what = f"XML, <{root[:40]}>"
    if not what and not root and not looks_like_page(answer.body):
        try:  # a list of addresses, one a line
            listed = read_sitemap(answer.body, url=answer.url, content_type=type_of(answer))
            return of_sitemap(listed, url, Origin.GIVEN, now=now)
        except ParseError:
            what = "text without markup"
    if what:
        raise ParseError(f"neither a feed nor a page ({what})")
    return None


def of_sitemap(sitemap: Sitemap, url: str, origin: Origin, *, now: datetime) -> Candidate:
    """Return what a sitemap offers."""
    bare = Candidate(url=url, kind=SITEMAP, origin=origin, is_news=sitemap.is_news)
    return _with_entries(bare, sitemap.entries, now)


def of_listing(listing: Listing, url: str, *, now: datetime) -> Candidate:
    """Return what a list page offers."""
    bare = Candidate(url=url, kind=PAGE, origin=Origin.PAGE, title=listing.title)
    return _with_entries(bare, [entry for entry in listing.entries if entry.url], now)


def _of_feed(read: Feed, url: str, origin: Origin, *, now: datetime) -> Candidate:
    bare = Candidate(url=url, kind=FEED, origin=origin, title=read.title, link=read.link)
    if not read.entries:
        return replace(bare, problem="the feed is empty")
    texts = (own_text(entry) for entry in read.entries[:_JUDGED])
    comments = sum(bool(_COMMENT.search(entry.url)) for entry in read.entries)
    return replace(
        _with_entries(bare, read.entries, now),
        full_text=not gives_summaries(texts),
        is_of_comments=2 * comments > len(read.entries),
    )


def _with_entries(bare: Candidate, entries: Sequence[Entry], now: datetime) -> Candidate:
    times = (entry.published_at or entry.updated_at for entry in entries)
    return replace(
        bare,
        entries=len(entries),
        newest_at=max((time for time in times if time and time <= now + AHEAD), default=None),
        articles=frozenset(
            identity_key(entry.url) if entry.url else entry.id
            for entry in entries
            if entry.url or entry.id
        ),
    )


def _head(answer: Fetched) -> str:
    head = decode(answer.body[:_LOOKED_AT], content_type=type_of(answer)).text
    return head.lstrip("\ufeff\x00 \t\r\n\f\x0b")


def best_first(candidates: Iterable[Candidate], page: str) -> tuple[Candidate, ...]:
    """Return the candidates in the order in which they should be taken, with their overlap.

    Feeds that the page declares come first, of them the one with most entries; then other feeds,
    a sitemap of news, the page as a list, a plain sitemap. Forgotten feeds, those of comments and
    what is of no use come last.

    Args:
        page: The page that was looked at: a feed that says it is this page's comes before others
            that the page does not declare, and of a section before the site's.
    """
    given = list(candidates)
    times = [
        candidate.newest_at for candidate in given if candidate.is_usable and candidate.newest_at
    ]
    freshest = max(times, default=None)
    ordered = sorted(given, key=lambda candidate: _rank(candidate, freshest, page))
    if not ordered:
        return ()
    best = ordered[0].articles
    return tuple(
        replace(candidate, overlap=len(candidate.articles & best) / len(candidate.articles))
        if candidate.articles
        else candidate
        for candidate in ordered
    )


def _rank(
    candidate: Candidate, freshest: datetime | None, page: str
) -> tuple[int, bool, int, Origin]:
    here = identity_key(page)
    is_of_page = bool(candidate.link) and identity_key(candidate.link) == here
    if "/" not in here and candidate.declared:
        is_of_page = False  # all feeds of a front page are meant for it: the fullest is the best
    return (_tier(candidate, freshest), not is_of_page, -candidate.entries, candidate.origin)


def _tier(candidate: Candidate, freshest: datetime | None) -> int:
    if not candidate.is_usable:
        return 8 if candidate.problem or not candidate.entries else 7
    if freshest and candidate.newest_at and freshest - candidate.newest_at > STALE:
        return 6
    if candidate.kind == FEED:
        return 0 if candidate.origin <= Origin.DECLARED else 1
    if candidate.kind == PAGE:
        return 3
    return 2 if candidate.is_news else 4
