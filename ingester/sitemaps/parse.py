"""Sitemaps: lists of a site's pages made for search engines, with titles where they are of news.

Read as they are, well-formed or not: a page or a further sitemap begins at each <url> or
<sitemap>, and what is whole is kept. Plain text, an address a line, is a sitemap too.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from lxml import etree

from common.records import dataclass
from ingester.entry import MAX_ENTRIES, Entry, ParseError
from ingester.text.characters import readable_xml
from ingester.text.dates import parse_date
from ingester.text.encoding import decode
from ingester.text.text import one_line
from ingester.text.titles import _LONGEST_TITLE, title_in, title_text
from ingester.urls.links import absolute_link

MOST_CHILDREN = 50_000
_CUT = "the sitemap stops in the middle (truncated): what is whole was kept"
_MOST_FIELDS = 2_000
"""Elements of one page that are looked at."""

_ROOT = re.compile(
    r"(?:\s|\ufeff|<\?[^<>]*>|<!--(?:[^-]|-(?!->))*+-->)*+<(?:[\w.-]+:)?(urlset|sitemapindex)\b",
    re.I,
)
_ROOTED = re.compile(r"<(?:[\w.-]+:)?(?:urlset|sitemapindex)\b", re.I)
_NEWS = "http://www.google.com/schemas/sitemap-news/"
_TAG = re.compile(r"<(/?)(?:[\w.-]+:)?(?:url|sitemap)\b[^<>]*(>?)", re.I)
"""Where a page or a further sitemap begins or ends."""
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LOOKED_AT = 65_536
_LONGEST_LINE = 8_192
_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,32};)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A further sitemap that an index names."""

    url: str
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What a sitemap lists.

    Attributes:
        entries: Pages, newest first where they have dates; of more than 2,000 the newest.
        children: Further sitemaps, if it is an index; in its order.
        is_news: Whether its pages have the titles and times of news.
        notices: What was lost or cut.
    """

    entries: tuple[Entry, ...] = ()
    children: tuple[Child, ...] = ()
    is_news: bool = False
    notices: tuple[str, ...] = ()
    truncated: bool = False


def looks_like_sitemap(text: str) -> bool:
    """Tell by the beginning of a document's text whether it is a sitemap in XML."""
    return bool(_ROOT.match(text))


def read_sitemap(body: bytes, *, url: str, content_type: str = "", is_cut: bool = False) -> Sitemap:
    """Return what a sitemap lists.

    Args:
        url: Where it came from: relative addresses, which it should not have, are joined with it.
        is_cut: It is known to stop in the middle, as it came; of one in XML that shows.

    Raises:
        ParseError: It is none, or one that is not safe to read.
    """
    text = decode(body, content_type=content_type).text.lstrip("\ufeff\x00 \t\r\n")
    if not text:
        raise ParseError(f'empty answer ({len(body)} bytes): not counted as "no news"')
    if text[0] != "<":
        return _plain(text, is_cut=is_cut)
    root = _ROOTED.search(text[:_LOOKED_AT])
    if root is None:
        raise ParseError("not a sitemap: neither <urlset> nor <sitemapindex>")
    if "<!ENTITY" in text[:_LOOKED_AT].upper():
        raise ParseError("entities are not allowed: the sitemap's DOCTYPE defines some")
    # Without what stands before it: asked not to collect ids, libxml2 opens the file that a
    # DOCTYPE names.
    return _read(text[root.start() :], url, is_cut=is_cut)


def _whole(text: str) -> str:
    """Return a sitemap that stops in the middle without the page that it stops in.

    Of an address that is cut nobody knows, and half of one leads elsewhere, or to itself.
    """
    begin, end = -1, 0
    for tag in _TAG.finditer(text):  # millions of them, maybe: none is kept
        if not tag[1]:
            begin = tag.start()
        elif tag[2]:
            end = tag.end()
    return text[:begin] if begin >= end else text


def _root(text: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    if "<![CDATA[" not in text:
        text = _BARE_AMPERSAND.sub("&amp;", text)  # which recovery would take out of addresses
    try:
        root = etree.fromstring(readable_xml(text).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise ParseError("not a sitemap: XML that cannot be read")
    return root


def _read(text: str, url: str, *, is_cut: bool) -> Sitemap:
    closing = text.rstrip()[-40:].lower()
    truncated = is_cut or not ("urlset>" in closing or "sitemapindex>" in closing)
    if truncated:
        text = _whole(text)
    entries: dict[str, Entry] = {}
    children: dict[str, Child] = {}
    is_news = False
    unsafe = 0
    for element in _root(text).iter("{*}url", "{*}sitemap"):
        fields = _fields(element)
        place = absolute_link(fields.get("loc", ""), url)
        if not place:
            unsafe += bool(fields.get("loc"))
            continue
        if _local(element) == "sitemap":
            if len(children) < MOST_CHILDREN:
                changed = parse_date(fields.get("lastmod", ""))
                children.setdefault(place, Child(url=place, changed_at=changed))
            continue
        is_news = is_news or "news:title" in fields
        entries.setdefault(place, _entry(place, fields))
    kept, cut = _newest(list(entries.values()))
    return Sitemap(
        entries=kept,
        children=tuple(children.values()),
        is_news=is_news,
        notices=(*((_CUT,) if truncated else ()), *cut, *_left_out(unsafe)),
        truncated=truncated,
    )


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _fields(element: etree._Element) -> dict[str, str]:
    """Return the texts of an entry's elements; those of news with `news:` before their name."""
    texts: dict[str, str] = {}
    # Pages inside pages inside pages would be read once for each of them.
    for child in islice(element.iterdescendants(), _MOST_FIELDS):
        tag = child.tag
        if not isinstance(tag, str) or (child.text is None and not len(child)):
            continue
        namespace, _, name = tag.removeprefix("{").rpartition("}")
        if namespace.startswith(_NEWS):
            name = f"news:{name}"
        elif "sitemap" not in namespace and namespace:
            continue  # images and videos have titles and places of their own
        texts.setdefault(name.lower(), (child.text or "").strip())
    return texts


def _entry(place: str, fields: dict[str, str]) -> Entry:
    changed = parse_date(fields.get("lastmod", ""))
    published = parse_date(fields.get("news:publication_date", ""))
    title = title_text(fields.get("news:title", ""), markup=True)[:_LONGEST_TITLE]
    keywords = (one_line(part)[:100] for part in fields.get("news:keywords", "").split(","))
    return Entry(
        url=place,
        title=title or title_in(place),
        language=fields.get("news:language", "")[:35],
        categories=tuple(dict.fromkeys(filter(None, keywords)))[:50],
        published_at=published or (None if title else changed),
        updated_at=changed,
    )


def _newest(entries: list[Entry]) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    if any(_time(entry) != _EARLIEST for entry in entries):
        entries.sort(key=_time, reverse=True)
    if len(entries) <= MAX_ENTRIES:
        return tuple(entries), ()
    cut = f"the sitemap lists {len(entries):,} pages: the newest {MAX_ENTRIES:,} were read"
    return tuple(entries[:MAX_ENTRIES]), (cut,)


def _left_out(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (f"unsafe links: {count:,} left out, being neither http nor https",)


def _time(entry: Entry) -> datetime:
    return entry.published_at or entry.updated_at or _EARLIEST


def _plain(text: str, *, is_cut: bool) -> Sitemap:
    if is_cut:
        text = text[: text.rfind("\n") + 1]
    lines = list(_lines(text))
    places = [absolute_link(line, "") for line in lines]
    if not lines or sum(1 for place in places if place) * 2 < len(lines):
        raise ParseError("not a sitemap: text that is no list of addresses")
    unique = dict.fromkeys(place for place in places if place)
    kept, cut = _newest([Entry(url=place, title=title_in(place)) for place in unique])
    return Sitemap(entries=kept, notices=(*((_CUT,) if is_cut else ()), *cut), truncated=is_cut)


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines()[: MOST_CHILDREN * 2]:
        if line.strip() and len(line) < _LONGEST_LINE:
            yield line.strip()
