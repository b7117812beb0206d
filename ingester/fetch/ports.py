"""What is needed of whoever fetches, knows robots.txt or reads documents, and what they answer.

The kinds of source see nothing else of them; `monitor.app` hands in who does it.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Protocol

from common.records import dataclass
from ingester.entry import DocumentContent, Entry, Feed, FetchError, Listing

FEEDS = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, text/html;q=0.7, */*;q=0.5"
)
"""An Accept header for feeds."""
PAGES = "text/html, application/xhtml+xml, application/xml;q=0.8, */*;q=0.5"
"""An Accept header for pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one fetch may use, all redirects together.

    Attributes:
        head: Until the headers of each answer are there.
        total: From the beginning to the last byte.
        size_bytes: Of the body, decompressed.
        ratio: How much larger than what was sent the body may be, once it is over 1 MiB.
        keeps_start: Whether of a larger body the beginning is taken, as one that was truncated,
            and the rest is not asked for; else it is refused.
    """

    head: timedelta = timedelta(seconds=20)
    total: timedelta = timedelta(seconds=60)
    size_bytes: int = 10 << 20
    ratio: int = 200
    redirects: int = 5
    keeps_start: bool = False


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server says that nothing has changed since the validators that it was shown.

    Attributes:
        url: Where the answer came from at last, without user name.
        permanent_url: What to poll from now on, if every redirect on the way was permanent; it
            may hold the user name and password that were given.
        headers: Some of the answer's, names in lower case.
    """

    url: str
    permanent_url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched(NotModified):
    """A body, decompressed.

    Attributes:
        content_type: The media type in lower case, or "".
        charset: As the header names it, in lower case; it may be unknown or wrong.
        truncated: The connection ended before the body did, or the rest was not asked for: do
            not store the validators.
    """

    status: int
    content_type: str
    charset: str | None
    body: bytes
    truncated: bool = False

    @property
    def etag(self) -> str | None:
        return self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        return self.headers.get("last-modified")


class Fetcher(Protocol):
    """Gets URLs; `ingester.fetch.http.HttpFetcher` is one."""

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = FEEDS,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Fetched | NotModified:
        """Get a URL; a `NotModified` only to validators that were given.

        Safe to call from many threads.

        Raises:
            FetchError: There is no body to be had; the text is one sentence without secrets.
        """
        ...


class Robots(Protocol):
    """Knows which pages a site lets us fetch; `ingester.fetch.robots.CachedRobots` is one."""

    def refusal(self, url: str) -> FetchError | None:
        """Return why a page may not be fetched, or None if it may.

        Its kind is "robots" where the site's robots.txt forbids it, or cannot be had; where the
        site cannot be asked at all it is that of the failure, such as "dns" or "offline".
        """
        ...

    def delay(self, url: str) -> timedelta | None:
        """Return the time that a site asks for between two requests, at most an hour."""
        ...

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemaps that a site's robots.txt names; () if it cannot be had."""
        ...


class Reader(Protocol):
    """Reads documents elsewhere; `ingester.sandbox.tasks.BoundedReader` does, within bounds."""

    def read_page(
        self, body: bytes, *, url: str = "", content_type: str = "", now: datetime | None = None
    ) -> Entry:
        """As `ingester.pages.kind.read_page`."""
        ...

    def read_listing(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str = "",
        selector: str = "",
        now: datetime | None = None,
    ) -> Listing | None:
        """As `ingester.pages.kind.read_listing`."""
        ...

    def read_feed(self, text: str, *, url: str) -> Feed:
        """As `ingester.feeds.lenient.read_xml`."""
        ...

    def read_document(
        self, data: bytes, name: str, *, modified_at: datetime, now: datetime
    ) -> DocumentContent:
        """As `ingester.documents.parse.read_document`.

        Raises:
            ParseError: It went over a bound.
        """
        ...
