"""RSS, RDF, Atom and CDF through feedparser, which decides what such a feed means.

feedparser only ever gets bytes in memory: handed a string it would open a file or a URL of that
name. Its sanitiser and its link resolver are off: both are quadratic on `<!--` (18 s for 700 KB);
without them and behind `ingester.feeds.repair` its time is linear, at worst 4 µs a byte where a
feed is not well-formed. What is shown is sanitised where it is shown.
"""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast
from xml.parsers import expat

import feedparser

from ingester.entry import Enclosure, Entry, Feed, ParseError
from ingester.feeds.conventions import (
    beside_e_mail,
    best_alternate,
    counted,
    unsafe_links,
    wait_asked,
)
from ingester.feeds.credits import as_its_papers
from ingester.feeds.repair import FEED_ROOTS, Bounded, bounded
from ingester.text.dates import parse_date
from ingester.text.titles import title_text
from ingester.urls.dates import home_zone
from ingester.urls.links import absolute_link, link_of, link_of_id, with_absolute_links

MAX_BROKEN_CHARS = 2 * 1024 * 1024
"""How much is read of a feed that is not well-formed: about 8 s of CPU at the very worst."""

_AMPERSAND = re.compile(
    r"&(?!#\d{1,7};|#[xX][\da-fA-F]{1,6};|[A-Za-z][A-Za-z\d]{1,31};|\w{1,32}=)|"
    r"<!\[CDATA\[|<!--|https?://[^\s<>]++"
)
"""One that begins no reference, outside of what may hold it; in addresses feedparser mends it."""
_CLOSING = {"<![CDATA[": "]]>", "<!--": "-->"}

ParserDict = Mapping[str, Any]


def read_xml(text: str, *, url: str) -> Feed:
    """Return what an XML feed says.

    Raises:
        ParseError: It is no feed, or one that is not safe to read.
    """
    safe = bounded(text)
    notices = list(safe.notices)
    data = _with_whole_references(safe.text)
    if len(data) > MAX_BROKEN_CHARS and not _well_formed(data):
        notices.append(
            f"the feed is not well-formed: its first {MAX_BROKEN_CHARS:,} of {len(data):,} "
            "characters were read"
        )
        data = bounded(data[:MAX_BROKEN_CHARS]).text
    parsed = _parsed(data)
    if safe.items and not parsed["entries"] and safe.prefix:
        # <rss:channel> of a namespace that nobody knows: the names alone say what is meant.
        parsed = _parsed(_without_prefix(data, safe.prefix))
    if safe.items and not parsed["entries"] and (unread := safe.items - safe.left_out):
        notices.append(f"the feed holds {counted(unread)} in a form that is not read")
    feed = cast(ParserDict, parsed.get("feed", {}))
    atom = str(parsed.get("version") or "").startswith("atom")
    # RFC 4287: who wrote the feed wrote the entries that name nobody.
    authors = tuple(dict.fromkeys(_authors(dict(feed)))) if atom else ()
    reader = _EntryMaker(url=url, atom=atom, authors=authors, language=_text(feed, "language"))
    entries = tuple(reader.entry(item) for item in parsed["entries"])
    if not _is_feed(safe, parsed):
        raise ParseError(f'not a feed: XML whose outermost element is "{safe.root[:80]}"')
    return Feed(
        parser="feedparser",
        title=reader.title(feed),
        link=reader.link(feed),
        description=_text(feed, "subtitle"),
        language=_text(feed, "language"),
        entries=entries,
        server_asks=wait_asked({key: _text(feed, key) for key in _WAITS}),
        notices=(*notices, *reader.notices()),
        remarks=("the feed is not well-formed XML: read leniently",) if parsed.get("bozo") else (),
        truncated=safe.truncated,
    )


def _with_whole_references(text: str) -> str:
    """Return a feed in which each "&" begins a reference: "AT&T" is "AT&amp;T".

    feedparser takes "&T" for one that lacks its ";" where a feed is not well-formed.
    """
    parts: list[str] = []
    position = 0
    for match in _AMPERSAND.finditer(text):
        if match.start() < position:
            continue  # within what was stepped over
        closing = _CLOSING.get(match[0])
        if match[0] == "&":
            parts += (text[position : match.start()], "&amp;")
            position = match.end()
        elif closing:
            end = text.find(closing, match.end())
            stop = len(text) if end < 0 else end + len(closing)
            parts.append(text[position:stop])
            position = stop
            if end < 0:
                break
    return "".join((*parts, text[position:]))


def _without_prefix(text: str, prefix: str) -> str:
    return re.sub(rf"<(/?){re.escape(prefix)}(?=[A-Za-z])", r"<\1", text)


_WAITS = ("ttl", "sy_updateperiod", "sy_updatefrequency")


def _parsed(text: str) -> dict[str, Any]:
    try:
        return cast(
            dict[str, Any],
            feedparser.parse(
                io.BytesIO(_as_utf8(text)),
                response_headers={"content-type": "application/xml; charset=utf-8"},
                sanitize_html=False,
                resolve_relative_uris=False,
            ),
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        # What a parser written before types raises on input that nobody thought of.
        raise ParseError(
            f"the feed cannot be read: {type(error).__name__} in feedparser"
        ) from error


def _as_utf8(text: str) -> bytes:
    return text.lstrip().encode("utf-8", "replace")


def _well_formed(text: str) -> bool:
    try:
        expat.ParserCreate().Parse(_as_utf8(text), True)
    except expat.ExpatError:
        return False
    return True


def _is_feed(safe: Bounded, parsed: ParserDict) -> bool:
    return bool(parsed["entries"] or parsed.get("version") or safe.root in FEED_ROOTS)


class _EntryMaker:
    """Turns feedparser's entries into ours, and counts what it had to leave out."""

    def __init__(self, *, url: str, atom: bool, authors: tuple[str, ...], language: str) -> None:
        self._url = url
        self._atom = atom
        self._feed_authors = authors
        self._said_in = language
        self._zone = home_zone(url, language)
        self._unsafe = 0

    def notices(self) -> Iterator[str]:
        """Yield what its owner should know about the links."""
        if self._unsafe:
            yield unsafe_links(self._unsafe)

    def title(self, item: ParserDict) -> str:
        """Return the title of a feed or an entry."""
        detail = dict.get(cast(dict[str, Any], item), "title_detail") or {}
        markup = not self._atom or detail.get("type") != "text/plain"
        return title_text(_text(item, "title"), markup=markup)

    def entry(self, item: dict[str, Any]) -> Entry:
        """Return what one entry says."""
        published, updated = self._date(item, "published"), self._date(item, "updated")
        if published is None:
            published = self._date(item, "created") or updated
        summary = dict.get(item, "summary_detail") or {}
        contents = dict.get(item, "content") or [{"value": _of_yandex(item)}]
        content: ParserDict = max(
            contents, key=lambda detail: len(detail.get("value") or ""), default={}
        )
        url, title, publisher = self._own_link(item), self.title(item), ""
        told = self._joined(_text(item, "summary"), summary)
        if source := dict.get(item, "source"):
            name = title_text(_text(source, "title"), markup=True)
            site = _text(source, "href")
            its = as_its_papers(title, told, name=name, site=site, url=url)
            title, told, publisher = its.title, its.summary, its.publisher
        return Entry(
            id=_text(item, "id"),
            url=url,
            title=title,
            publisher=publisher,
            summary=told,
            content=self._joined(content.get("value") or "", content),
            language=_language(item, content, summary),
            authors=tuple(dict.fromkeys(_authors(item))) or self._feed_authors,
            categories=tuple(dict.fromkeys(_categories(item))),
            enclosures=tuple(self._enclosures(item)),
            published_at=published,
            updated_at=updated,
        )

    def _date(self, item: ParserDict, key: str) -> datetime | None:
        return parse_date(_text(item, key), zone=self._zone, language=self._said_in)

    def _joined(self, markup: str, detail: ParserDict) -> str:
        """Return HTML; links relative to another place than the feed's are made absolute."""
        base = detail.get("base")
        return with_absolute_links(markup, absolute_link(base, self._url)) if base else markup

    def link(self, item: ParserDict) -> str:
        """Return the first link of a feed or an entry that may be followed, or ""."""
        others = _alternates(item)
        own = self._better(item, others) or _text(item, "link")
        urls = (link_of(place, self._url) for place in (own, *(place for place, _ in others)))
        return next((url for url in urls if url), "")

    def _better(self, item: ParserDict, others: list[tuple[str, str]]) -> str:
        """Return the link of Atom for which feedparser has the id, for want of one to HTML."""
        is_id = dict.get(cast(dict[str, Any], item), "guidislink")
        return best_alternate(others) if self._atom and is_id and others else ""

    def _own_link(self, item: dict[str, Any]) -> str:
        link = _text(item, "link")
        is_id = link and link == _text(item, "id") and dict.get(item, "guidislink")
        if is_id and not self._better(item, _alternates(item)):
            return link_of_id(link, self._url)
        url = self.link(item)
        if link and not url:
            self._unsafe += 1
        return url

    def _enclosures(self, item: dict[str, Any]) -> Iterator[Enclosure]:
        for link in dict.get(item, "links") or []:
            if link.get("rel") == "enclosure":
                url = absolute_link(link.get("href") or "", self._url)
                if url:
                    yield Enclosure(url=url, type=str(link.get("type") or "")[:100])


def _alternates(item: ParserDict) -> list[tuple[str, str]]:
    """Return the links (address, type) to other forms of what an element tells of."""
    links = dict.get(cast(dict[str, Any], item), "links") or []
    return [
        (link.get("href") or "", str(link.get("type") or ""))
        for link in links
        if link.get("rel") == "alternate"
    ]


def _text(item: ParserDict, key: str) -> str:
    value = dict.get(cast(dict[str, Any], item), key)
    return value.strip() if isinstance(value, str) else ""


def _language(item: dict[str, Any], *details: ParserDict) -> str:
    title = dict.get(item, "title_detail") or {}
    said = [_text(item, "language"), *(detail.get("language") for detail in (*details, title))]
    return next((code for code in said if isinstance(code, str) and code), "")[:35]


def _authors(item: dict[str, Any]) -> Iterator[str]:
    people = [person for person in dict.get(item, "authors") or [] if person]
    if len(people) < 2 and (name := beside_e_mail(_text(item, "author"))):
        people = [{"name": name}]  # feedparser knows no hosts whose end has five letters
    for person in people or [{"name": _text(item, "author")}]:
        name = person.get("name") or person.get("email") or ""
        if name := title_text(name, markup=True):
            yield name


def _of_yandex(item: dict[str, Any]) -> str:
    """Return the whole text that feeds for Yandex have in elements of their own."""
    return _text(item, "yandex_full-text") or _text(item, "turbo_content")


def _categories(item: dict[str, Any]) -> Iterator[str]:
    for tag in dict.get(item, "tags") or []:
        if name := title_text(tag.get("label") or tag.get("term") or "", markup=True):
            yield name
