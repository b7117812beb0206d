"""What of a site can be followed: feeds it declares, links or has in usual places, and the rest.

One request after the other, with pauses between two to one host, and no more than are needed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from common.records import dataclass
from ingester.discovery.candidates import (
    STALE,
    Candidate,
    Origin,
    best_first,
    candidate_of,
    given_itself,
    is_machine_readable,
    of_listing,
)
from ingester.discovery.known import guessed_feeds, known_feeds
from ingester.entry import FetchError, ParseError
from ingester.feeds.autodiscovery import (
    Declared,
    FeedLinks,
    declared_feeds,
    feed_links,
    header_feeds,
    looks_like_feed_address,
)
from ingester.fetch.conditional import type_of
from ingester.fetch.ports import FEEDS, Fetched, Limits
from ingester.kinds import FEED, SITEMAP, SourceTools
from ingester.pages.refusals import REFUSALS, without_advice
from ingester.sitemaps.kind import SITEMAPS
from ingester.sitemaps.parse import read_sitemap
from ingester.urls.urls import absolute_url, identity_key, shown_url

__all__ = ["Candidate", "Declared", "Discovered", "Origin", "declared_feeds", "discover"]

LIMITS = Limits(head=timedelta(seconds=10), total=timedelta(seconds=20))
"""Of one request, stricter than for a poll: somebody waits."""

LONGEST = timedelta(minutes=2)
"""After so long nothing further is asked for."""

MOST_REQUESTS = 45
MOST_DECLARED = 10
MOST_LINKED = 20
MOST_SITEMAPS = 6
MOST_FAILURES = 3
"""After so many requests in a row without an answer the site is left alone."""

SPACING_S = 1.0
LONGEST_DELAY_S = 10.0
"""What robots.txt asks for beyond that is kept by asking for less, not by waiting longer."""

USUAL = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
USUAL_OF_SECTIONS = ("/feed", "/rss", "/rss.xml", "/index.xml")
USUAL_SITEMAPS = ("/sitemap_news.xml", "/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """What a site offers.

    Attributes:
        url: Where the address that was given led.
        candidates: Best first. Of what does not work only what the page declares.
        requests: How many were made.
        notices: What was not looked at, and why.
        is_page: Whether the address is a page's; else it is itself the one candidate.
        instead: What the page is instead of a list or an article; "".
        passes: Whether that may be over the next time.
    """

    url: str
    candidates: tuple[Candidate, ...] = ()
    requests: int = 0
    notices: tuple[str, ...] = ()
    is_page: bool = True
    instead: str = ""
    passes: bool = False

    @property
    def best(self) -> Candidate | None:
        """The candidate to take, or None if none is of use.

        A declared feed that is empty, or cannot be had now, is better than nothing.
        """
        first = self.candidates[0] if self.candidates else None
        if first is None or first.is_usable or not self.is_page:
            return first
        hoped = (
            candidate
            for candidate in self.candidates
            if candidate.declared and not candidate.is_missing
        )
        return next((candidate for candidate in hoped if not candidate.is_of_comments), None)


def discover(
    url: str,
    tools: SourceTools,
    *,
    thorough: bool = True,
    tell: Callable[[str], None] = lambda _: None,
) -> Discovered:
    """Look at an address and at what the site behind it offers.

    Args:
        tools: Its `pause` is called between two requests to one host.
        thorough: Look everywhere; else stop at the first kind of place that has something.
        tell: Called with each address before it is asked for.

    Raises:
        FetchError: The address itself cannot be had.
        ParseError: It is neither a feed, a sitemap nor a page; the text says what it is.
    """
    search = _SiteSearch(tools=tools, tell=tell)
    try:
        answer = search.first(url)
    except FetchError as error:
        # Services that turn programs away from their pages still hand out their feeds.
        if error.status != 429 and not error.retry_after:
            search.known(url)
        if not search.has_enough():
            raise
        return search.result(url)
    if given := given_itself(answer, url, now=tools.now(), reader=tools.reader):
        return Discovered(
            url=answer.url, candidates=best_first([given], url), requests=1, is_page=False
        )
    for wave in (
        search.declared,
        lambda _: search.known(url),
        search.linked,
        search.usual,
        search.sitemaps,
        search.listing,
    ):
        wave(answer)
        if not thorough and search.has_enough():
            break
    return search.result(answer.url)


def _is_enough(candidate: Candidate, now: datetime) -> bool:
    is_alive = candidate.newest_at is None or now - candidate.newest_at <= STALE
    return candidate.is_usable and is_alive and (candidate.kind != SITEMAP or candidate.is_news)


@dataclass(kw_only=True)
class _SiteSearch:
    """One look at a site."""

    tools: SourceTools
    tell: Callable[[str], None]
    candidates: list[Candidate] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    requests: int = 0

    def __post_init__(self) -> None:
        self._until = self.tools.now() + LONGEST
        self._seen: set[str] = set()
        self._hosts: set[str] = set()
        self._failures = 0
        self._is_over = False
        self._instead: ParseError | None = None
        self._feed_links = FeedLinks()

    def has_enough(self) -> bool:
        """Whether nothing that would be looked at later could be better."""
        now = self.tools.now()
        return any(_is_enough(candidate, now) for candidate in self.candidates)

    def result(self, url: str) -> Discovered:
        """Return what was found; `url` is where the address that was given led."""
        kept = [each for each in self.candidates if not each.problem or each.declared]
        return Discovered(
            url=url,
            candidates=best_first(kept, url),
            requests=self.requests,
            notices=tuple(dict.fromkeys(self.notices)),
            instead=without_advice(self._instead) if self._instead else "",
            passes=self._instead is not None and REFUSALS[self._instead.kind].passes,
        )

    # --- where to look, in this order ---

    def first(self, url: str) -> Fetched:
        """Return the answer of the address that was given."""
        is_feed = looks_like_feed_address(url)
        if not is_feed and (refusal := self._refusal(url)):
            raise refusal
        self._seen.add(identity_key(url))
        answer = self._get(url, FEEDS)
        if is_feed and not is_machine_readable(answer) and (refusal := self._refusal(answer.url)):
            raise refusal
        self._seen.add(identity_key(answer.url))
        return answer

    def declared(self, answer: Fetched) -> None:
        """Look at the feeds that the page declares."""
        self._feed_links = _with_header(_links_of(answer), answer)
        for feed in self._feed_links.declared[:MOST_DECLARED]:
            self._try(feed, Origin.DECLARED)

    def known(self, url: str) -> None:
        """Look where a service keeps the feed of what its page shows, if it is one we know."""
        self._links((Declared(url=place) for place in known_feeds(url)), MOST_LINKED)
        for place in guessed_feeds(url):
            self._try(Declared(url=place), Origin.USUAL, is_guess=True)

    def linked(self, answer: Fetched) -> None:
        """Look at what is linked as a feed, and at pages that list feeds."""
        del answer
        left = self._links(self._feed_links.linked, MOST_LINKED)
        for place in self._feed_links.pages[:3]:
            page = self._try(place, Origin.LINKED, is_guess=True)
            if page is not None:
                left = self._links(_all_of(_links_of(page)), left)

    def usual(self, answer: Fetched) -> None:
        """Look where feeds usually are."""
        for place in _usual_places(answer.url):
            page = self._try(Declared(url=place), Origin.USUAL, is_guess=True)
            # A site that answers everything with its front page has no page of feeds here.
            if page is not None and identity_key(page.url) == identity_key(place):
                self._links(_all_of(_links_of(page)), MOST_LINKED)

    def sitemaps(self, answer: Fetched) -> None:
        """Look at the site's sitemaps, those of news first."""
        listed = self.tools.robots.sitemaps(answer.url)
        usual = (absolute_url(path, answer.url) or "" for path in USUAL_SITEMAPS)
        for place in sorted(listed or usual, key=lambda url: not _is_of_news(url))[:MOST_SITEMAPS]:
            self._sitemap(place)
            if any(candidate.is_news and candidate.is_usable for candidate in self.candidates):
                return

    def listing(self, answer: Fetched) -> None:
        """Take the page itself for a list of articles, if it is one."""
        reader, now = self.tools.reader, self.tools.now()
        page = {"url": answer.url, "content_type": type_of(answer)}
        try:
            articles = reader.read_listing(answer.body, **page, now=now)
            if articles is None and not self.candidates:
                reader.read_page(answer.body, **page, now=now)
        except ParseError as error:
            if error.kind:
                self.notices.append(f"{shown_url(answer.url)}: {error}")
                self._instead = error
            return
        if articles is not None:
            self.candidates.append(of_listing(articles, answer.url, now=self.tools.now()))

    # --- looking ---

    def _links(self, feeds: Iterable[Declared], most: int) -> int:
        """Look at so many of these feeds that are new; return how many more may be looked at."""
        for feed in feeds:
            if most <= 0:
                break
            before = self.requests
            self._try(feed, Origin.LINKED)
            most -= self.requests - before
        return most

    def _try(self, place: Declared, origin: Origin, *, is_guess: bool = False) -> Fetched | None:
        """Add what is there to the candidates; return the answer if it is a page instead.

        Args:
            is_guess: Nobody said that a feed is there: robots.txt is asked.
        """
        answer = self._answer(place.url, FEEDS, origin, is_guess=is_guess)
        if answer is None:
            return None
        if not is_machine_readable(answer):
            if origin is Origin.DECLARED:
                self._lost(place.url, "not a feed, though the page says so", is_missing=True)
            return answer
        self._add(self._candidate(answer, place.url, origin), place)
        return None

    def _candidate(self, answer: Fetched, url: str, origin: Origin) -> Candidate:
        now, reader = self.tools.now(), self.tools.reader
        return candidate_of(answer, url, origin, now=now, reader=reader)

    def _add(self, candidate: Candidate, place: Declared) -> None:
        title = candidate.title or place.title
        named_so = place.is_of_comments or replace(place, title=title).is_of_comments
        # Its entries know best: a newspaper calls its opinions "Kommentare", too.
        of_comments = candidate.is_of_comments if candidate.entries else named_so
        self.candidates.append(replace(candidate, title=title, is_of_comments=of_comments))

    def _sitemap(self, url: str) -> None:
        answer = self._answer(url, SITEMAPS, Origin.SITEMAP, is_guess=True)
        if answer is None or not is_machine_readable(answer):
            return
        try:
            read = read_sitemap(answer.body, url=answer.url, content_type=type_of(answer))
        except ParseError:
            return
        candidate = self._candidate(answer, url, Origin.SITEMAP)
        if not read.children:
            self.candidates.append(candidate)
            return
        latest = max(
            read.children, key=lambda child: (_is_of_news(child.url), child.changed_at or _LONG_AGO)
        )
        child = self._answer(latest.url, SITEMAPS, Origin.SITEMAP, is_guess=True)
        if child is None or not is_machine_readable(child):
            return
        inside = self._candidate(child, latest.url, Origin.SITEMAP)
        # Of news the sitemap itself is followed; of anything else the index, which names the next.
        self.candidates.append(inside if inside.is_news else replace(inside, url=url))

    def _answer(self, url: str, accept: str, origin: Origin, *, is_guess: bool) -> Fetched | None:
        if self._is_over or not url or not self._is_new(url):
            return None
        if self.requests >= MOST_REQUESTS or self.tools.now() >= self._until:
            self._is_over = True
            self.notices.append(f"stopped after {self.requests} requests: there may be more")
            return None
        if is_guess and self._refusal(url):
            self.notices.append(f"{shown_url(url)}: robots.txt does not let us look there")
            return None
        self._wait(url)
        try:
            answer = self._get(url, accept)
        except FetchError as error:
            self._failed(error, url, origin)
            return None
        self._failures = 0
        is_new = identity_key(answer.url) == identity_key(url) or self._is_new(answer.url)
        return answer if is_new else None

    def _lost(self, url: str, problem: str, *, is_missing: bool) -> None:
        """Note that a declared feed is not there."""
        [place] = [feed for feed in self._feed_links.declared if feed.url == url]
        lost = Candidate(
            url=url, kind=FEED, origin=Origin.DECLARED, problem=problem, is_missing=is_missing
        )
        self._add(lost, place)

    def _is_new(self, url: str) -> bool:
        key = identity_key(url)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _failed(self, error: FetchError, url: str, origin: Origin) -> None:
        if origin is Origin.DECLARED:
            self._lost(url, str(error), is_missing=error.status in (404, 410))
        if error.status == 429 or error.retry_after:
            self._is_over = True
            self.notices.append(f"stopped: the site asks us to wait ({error})")
        self._failures = 0 if error.status else self._failures + 1
        if self._failures >= MOST_FAILURES:
            self._is_over = True
            self.notices.append(f"stopped: {MOST_FAILURES} requests in a row failed ({error})")

    def _get(self, url: str, accept: str) -> Fetched:
        self.tell(url)
        self.requests += 1
        self._hosts.add(_host(url))
        answer = self.tools.fetcher.get(url, accept=accept, limits=LIMITS)
        if not isinstance(answer, Fetched):  # only to validators, and none were sent
            raise FetchError("the server sent no body", kind="http")
        return answer

    def _wait(self, url: str) -> None:
        if _host(url) in self._hosts:
            asked = self.tools.robots.delay(url)
            self.tools.pause(
                min(max(asked.total_seconds() if asked else 0, SPACING_S), LONGEST_DELAY_S)
            )

    def _refusal(self, url: str) -> FetchError | None:
        return self.tools.robots.refusal(url)


def _links_of(answer: Fetched) -> FeedLinks:
    return feed_links(answer.body, answer.url, content_type=type_of(answer))


def _with_header(named: FeedLinks, answer: Fetched) -> FeedLinks:
    known = {feed.url for feed in named.declared}
    said = header_feeds(answer.headers.get("link", ""), answer.url)
    more = tuple(feed for feed in said if feed.url not in known)
    return replace(named, declared=(*named.declared, *more)) if more else named


def _all_of(named: FeedLinks) -> tuple[Declared, ...]:
    return (*named.declared, *named.linked)


def _usual_places(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    section = parts.path.rstrip("/")
    if section and "." not in section.rpartition("/")[2]:
        for path in USUAL_OF_SECTIONS:
            yield f"{parts.scheme}://{parts.netloc}{section}{path}"
    for path in USUAL:
        yield f"{parts.scheme}://{parts.netloc}{path}"


def _is_of_news(url: str) -> bool:
    return "news" in url.rpartition("/")[2].lower()


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""
