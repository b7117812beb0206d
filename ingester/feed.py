"""Feeds of every format: bytes to entries, and the kind of source that polls one."""

import re
from collections.abc import Callable
from datetime import datetime

from ingester.encoding import decode
from ingester.entry import ParseError, Polled
from ingester.http import FEEDS
from ingester.jsonfeed import read_json
from ingester.kinds import Memory
from ingester.polling import Gets, look, type_of
from ingester.reading import Feed
from ingester.titles import title_text
from ingester.xmlfeed import read_xml
from storage.model import Source

_FEED_LINK = re.compile(
    r"""<link\s[^<>]*type\s*=\s*["']?application/(?:(?:rss|atom|rdf)\+xml|feed\+json)[^<>]*>""",
    re.I,
)
_HREF = re.compile(r"""\shref\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))""", re.I)
_TITLE = re.compile(r"<title[^<>]*>([^<]{0,500})", re.I)
_HTML = re.compile(
    r"(?:\s|<\?[^<>]*>|<!--[^<>]*>|<!doctype[^<>]*>)*+<(?:html|head|body|title|meta|link|script)\b",
    re.I,
)
_LOOKED_AT = 65_536


def parse(body: bytes, *, url: str, content_type: str = "") -> Polled:
    """Return what a feed lists.

    The one door to all feed parsers: what stands behind it may change, what it answers may not.

    Args:
        body: As received, already decompressed; at most the fetcher's bound.
        url: Where it finally came from: relative links are joined with it.
        content_type: The header as received, or "".

    Raises:
        ParseError: It is no feed; the text says what it is instead.
    """
    return _polled(read(body, url=url, content_type=content_type))


class FeedKind:
    """Implements `ingester.kinds.SourceKind` for feeds."""

    def __init__(self, fetcher: Gets, now: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._now = now

    def poll(self, source: Source, memory: Memory) -> Polled:
        del memory  # a feed says all that must be known in one document
        found = look(self._fetcher, source, now=self._now(), accept=FEEDS)
        if found.fetched is None:
            return found.unchanged()
        fetched = found.fetched
        feed = read(fetched.body, url=fetched.url, content_type=type_of(fetched))
        return found.result(_polled(feed), whole=not (fetched.truncated or feed.truncated))


def _polled(feed: Feed) -> Polled:
    return Polled(
        entries=feed.entries,
        title=feed.title,
        language=feed.language,
        server_asks=feed.server_asks,
        notices=feed.notices,
    )


def read(body: bytes, *, url: str, content_type: str = "") -> Feed:
    """Return all that a feed says; as `parse`."""
    decoded = decode(body, content_type=content_type)
    text = decoded.text.lstrip("\ufeff\x00 \t\r\n\f\x0b")
    if not text:
        raise ParseError(f'empty answer ({len(body)} bytes): not counted as "no news"')
    if text[0] in "{[":
        return read_json(text, url=url)
    if _HTML.match(text[:_LOOKED_AT]):
        raise ParseError(_what_page(text, len(body), content_type))
    if "<" not in text[:_LOOKED_AT]:
        raise ParseError(f"not a feed: {_type(content_type)}, {_size(len(body))} without markup")
    return read_xml(text, url=url)


def looks_like_feed(body: bytes, *, content_type: str = "") -> bool:
    """Tell by the content alone whether it would be worth reading as a feed."""
    head = decode(body[:_LOOKED_AT], content_type=content_type).text.lstrip("\ufeff \t\r\n")
    if head.startswith("{"):
        return "jsonfeed.org/version/" in head
    return bool(_ROOT.search(head)) and not _HTML.match(head)


_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.I)


def _what_page(text: str, size: int, content_type: str) -> str:
    head = text[:_LOOKED_AT]
    what = f"not a feed: {_type(content_type) or 'text/html'}, {_size(size)}"
    if match := _TITLE.search(head):
        what += f', title "{title_text(match[1], markup=True)[:80]}"'
    link = _FEED_LINK.search(head)
    href = _HREF.search(link[0]) if link else None
    if href:
        address = next(each for each in href.groups() if each is not None)
        what += f"; the page links a feed, use that: {address[:200]}"
    return what


def _type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()[:80]


def _size(count: int) -> str:
    return f"{count / 1024:.1f} KB" if count >= 1024 else f"{count} bytes"
