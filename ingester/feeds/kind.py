"""Feeds of every format: bytes to entries, and the kind of source that polls one."""

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from operator import attrgetter

from common.patterns import pattern
from ingester.entry import LISTED, Entry, Feed, ParseError, Polled
from ingester.feeds.conventions import counted
from ingester.fetch.conditional import is_recent, look, type_of
from ingester.fetch.ports import FEEDS, Fetcher, Reader
from ingester.kinds import Memory, SourceTools
from ingester.text.encoding import decode
from ingester.text.titles import HTML_ELEMENTS, title_text
from ingester.urls.redirects import target_of
from storage.model import Source

LISTED_AT = "listed_at"
"""Among the validators of a feed: when all its entries were last looked at, known ones as well."""

MOST_MARKS = 200
"""Of so many entries it is kept which they were: these are read with the source at each poll."""
_MARK = 8

CUT_OFF = (
    "the answer was cut off before its end: what came of the feed was kept; "
    "it is fetched in full at the next poll"
)

_AS_PAGE = "text/html; charset=utf-8"
_TITLE = pattern(r"<title[^<>]*>([^<]{0,500})", re.I)
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
    return _leading(_polled(_without_empty(read(body, url=url, content_type=content_type))))


class FeedKind:
    """Implements `ingester.kinds.SourceKind` for feeds.

    Args:
        reader: Reads what the fast path declines, within bounds; None: as it is read here.
    """

    def __init__(
        self, fetcher: Fetcher, now: Callable[[], datetime], *, reader: Reader | None = None
    ) -> None:
        self._fetcher = fetcher
        self._now = now
        self._reader = reader

    def poll(self, source: Source, memory: Memory) -> Polled:
        del memory  # a feed says all that must be known in one document
        seen = look(self._fetcher, source, now=self._now(), accept=FEEDS)
        if seen.fetched is None:
            return seen.unchanged()
        fetched = seen.fetched
        try:
            listing = read(
                fetched.body, url=fetched.url, content_type=type_of(fetched), reader=self._reader
            )
        except ParseError as error:
            if not fetched.truncated or error.kind:
                raise
            count = len(fetched.body)
            raise ParseError(f"the answer ends in the middle, after {count:,} bytes") from None
        feed = _without_empty(listing)
        whole = not (fetched.truncated or feed.truncated)
        if fetched.truncated and not feed.truncated:
            feed = replace(feed, notices=(*feed.notices, CUT_OFF))
        marks = [_mark(entry) for entry in feed.entries]
        listed, again = _digest(marks), frozenset[Entry]()
        result = seen.result(_polled(feed), whole=whole)
        validators = {**result.validators}
        if whole:
            now, before = self._now(), source.validators
            is_same = before.get(LISTED) == listed
            again = frozenset() if is_same else _again(feed.entries, marks, before, now)
            at = before.get(LISTED_AT) if is_same or again else now.isoformat()
            validators |= {LISTED: listed, **({LISTED_AT: at} if at else {})}
            if is_same:
                # Only what stands around them is new (lastBuildDate, say): nothing is to write.
                return replace(result, entries=(), unchanged=True, validators=validators)
        return _leading(replace(result, again=again, validators=validators))


def make(tools: SourceTools) -> FeedKind:
    """Return the kind as `ingester.kinds` wants it."""
    return FeedKind(tools.fetcher, tools.now, reader=tools.reader)


def _mark(entry: Entry) -> bytes:
    """Return what changes when anything of an entry does."""
    said = "\x1f".join((*_words_of(entry), repr(_others_of(entry))))
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=_MARK).digest()


def _digest(marks: Sequence[bytes]) -> str:
    """Return what changes when any entry of a feed does: their marks, unless they are many."""
    listed = b"".join(marks)
    if 1 < len(marks) <= MOST_MARKS:
        return b64encode(listed).decode("ascii")
    return hashlib.sha256(listed).hexdigest()[:32]


def _again(
    entries: Sequence[Entry], marks: Sequence[bytes], before: Mapping[str, str], now: datetime
) -> frozenset[Entry]:
    """Return what was listed just so at the poll before.

    Of none once a day: what is known and still listed is noted then, for as long as it is listed.
    """
    listed = before.get(LISTED, "")
    if not is_recent(before.get(LISTED_AT), now) or len(listed) % 4:
        return frozenset()
    read = b64decode(listed)
    kept = {read[at : at + _MARK] for at in range(0, len(read), _MARK)}
    both = zip(entries, marks, strict=True)
    return frozenset(entry for entry, mark in both if mark in kept)


_words_of = attrgetter(*(field.name for field in fields(Entry) if field.type is str))
_others_of = attrgetter(*(field.name for field in fields(Entry) if field.type is not str))


def _polled(feed: Feed) -> Polled:
    return Polled(
        entries=feed.entries,
        title=feed.title,
        language=feed.language,
        server_asks=feed.server_asks,
        notices=(*feed.notices, *feed.remarks),
    )


def _leading(polled: Polled) -> Polled:
    """Return it with links that lead to the articles themselves, through no counter of clicks."""

    def led(entry: Entry) -> Entry:
        target = target_of(entry.url)
        return entry if target == entry.url else replace(entry, url=target)

    again = frozenset(map(led, polled.again))
    return replace(polled, entries=tuple(map(led, polled.entries)), again=again)


def read(body: bytes, *, url: str, content_type: str = "", reader: Reader | None = None) -> Feed:
    """Return all that a feed says, entries that are no articles among it; as `parse`."""
    decoded = decode(body, content_type=content_type)
    text = decoded.text.lstrip("\ufeff\x00 \t\r\n\f\x0b")
    if not text:
        raise ParseError(f'empty answer ({len(body)} bytes): not counted as "no news"')
    # What reads is dear to import, and most polls bring nothing to read.
    if text[0] in "{[":
        from ingester.feeds.jsonfeed import read_json

        return read_json(text, url=url)
    whole, text = text, _from_its_beginning(text)
    if outermost(text[:_LOOKED_AT]) in HTML_ELEMENTS:
        raise ParseError(_what_page(text, len(body), content_type))
    if "<" not in text[:_LOOKED_AT]:
        what = ", ".join(filter(None, (_type(content_type), f"{_size(len(body))} without markup")))
        raise ParseError(f"not a feed: {what}")
    from ingester.feeds.fast import read_strict

    feed = read_strict(text, url=url) or _leniently(text, reader, url)
    if decoded.guessed and not text.isascii():
        remark = f"encoding guessed ({decoded.encoding}): the feed says none, or a wrong one"
        feed = replace(feed, remarks=(*feed.remarks, remark))
    if text is not whole:
        remark = "something stands before the feed, such as a warning of the site's program"
        feed = replace(feed, remarks=(*feed.remarks, remark))
    return feed


def _without_empty(feed: Feed) -> Feed:
    """Leave out entries in which there is nothing to read, to follow or to match."""
    kept = tuple(entry for entry in feed.entries if any(_said_by(entry)))
    if empty := len(feed.entries) - len(kept):
        notice = f"{counted(empty)} without title, text and link: left out"
        return replace(feed, entries=kept, notices=(*feed.notices, notice))
    return feed


_said_by = attrgetter("title", "summary", "content", "url", "enclosures")


def _leniently(text: str, reader: Reader | None, url: str) -> Feed:
    """Return what feedparser reads in a feed, in a process of its own where there is one."""
    if reader:
        return reader.read_feed(text, url=url)
    from ingester.feeds.lenient import read_xml

    return read_xml(text, url=url)


def _from_its_beginning(text: str) -> str:
    """Return a feed without markup that a site's program has printed before it."""
    if outermost(text[:_LOOKED_AT]) not in HTML_ELEMENTS:
        return text
    begins = _BEGINNING.search(text, 0, _BEFORE_IT)
    is_page = begins is None or _PAGE.search(text, 0, begins.start())
    return text if begins is None or is_page else text[begins.start() :]


def looks_like_feed(text: str) -> bool:
    """Tell by the beginning of a document's text whether it would be worth reading as a feed."""
    if text.startswith("{"):
        return bool(_JSON_VERSION.search(text))
    root = outermost(_from_its_beginning(text))
    return root in _ROOTS or (root not in HTML_ELEMENTS and bool(_ROOT.search(text)))


def outermost(text: str) -> str:
    """Return the local name of a document's first element in lower case, or ""."""
    match = _FIRST.match(text)
    return match[1].lower().rpartition(":")[2] if match else ""


_FIRST = pattern(
    r"(?:\s|<\?[^<>]*>|<!--(?:[^-]|-(?!->))*+-->|<!doctype[^<>\[]*>)*+<([a-z_][\w:.-]*)", re.I
)
_BEFORE_IT = 8_192
_BEGINNING = pattern(r"<\?xml\s|<(?:rss|feed|rdf:rdf)[\s>]", re.I)
_PAGE = pattern(r"<!doctype|<(?:html|head|body|title)\b", re.I)
_ROOTS = frozenset({"rss", "feed", "rdf", "channel", "entry"})
_ROOT = pattern(r"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.I)
_JSON_VERSION = pattern(
    r"""jsonfeed\.org\\?/version|"version"\s*:\s*"1(?:\.[01])?"[^\x00]*"items"|"items"[^\x00]*"version"\s*:\s*"1(?:\.[01])?\""""
)


def _what_page(text: str, size: int, content_type: str) -> str:
    head = text[:_LOOKED_AT]
    what = f"not a feed: {_type(content_type) or 'text/html'}, {_size(size)}"
    if match := _TITLE.search(head):
        what += f', title "{title_text(match[1], markup=True)[:80]}"'
    from ingester.feeds.autodiscovery import declared_feeds

    declared = declared_feeds(head.encode("utf-8", "replace"), "", content_type=_AS_PAGE)
    if declared:
        what += f"; the page links a feed, use that: {declared[0].url[:200]}"
    return what


def _type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()[:80]


def _size(count: int) -> str:
    return f"{count / 1024:.1f} KB" if count >= 1024 else f"{count} bytes"
