"""The feeds that a page names: those that it declares, and those that it only links.

A page declares a feed with <link rel="alternate" type="application/rss+xml" href="...">, as the
standard of HTML and the drafts on autodiscovery before it have it. Browsers and feed readers never
agreed on the rest; docs/sources.md says what counts here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from common.records import dataclass
from ingester.text.encoding import decode
from ingester.text.html_tags import Tag, attribute_value, tags
from ingester.text.titles import title_text
from ingester.urls.links import link_of
from ingester.urls.parts import EDGES
from ingester.urls.urls import absolute_url

Attributes = Mapping[str, str]

MOST = 200
"""So many feeds of one page are looked at, however many it names."""

MOST_ANCHORS = 10_000
MAX_CHARS = 10 * 1024 * 1024

_NAMES = frozenset(("link", "base", "a", "area"))
_BLANKS = re.compile(r"[\t\n\f\r ]+")
_OF_FEEDS = re.compile(
    r"(?:application|text)/(?:x[.-])?(?:(?:rss|atom|rdf)(?:[+ ]xml)?|rss2?|feed\+json|(?:net)?cdf)"
)
_OF_ANYTHING = ("text/xml", "application/xml", "application/json")
_NO_FEED = re.compile(r"/wp-json/|oembed|opensearch|sitemap|wlwmanifest|[?&]rsd\b", re.I)
_FEED_SCHEME = re.compile(r"\A(?:feed|itpc|pcast|podcast):(?:(?://)?(?=https?:)|(//))", re.I)
_LONGEST_TITLE = 200
_LONGEST_WORDS = 400

_FILE = re.compile(r"[\w.~%-]*\.(?:rss2?|rdf|atom|xml)|(?:feed|rss|atom|index|posts)\.json", re.I)
_NO_FILE = re.compile(
    r"(?:.*sitemap.*|opensearch.*|osd|wlwmanifest|browserconfig|crossdomain|manifest|foaf|opml|rsd)"
    r"\.(?:xml|rdf)",
    re.I,
)
_WORD = re.compile(
    r"(?:rss2?|atom|feeds?|rdf|xmlfeed|newsfeed)(?:\.(?:php|aspx?|ashx|jsp|cgi))?", re.I
)
_SHELF = re.compile(r"/(?:rss2?|atom|feeds)/[\w%~-]+\Z", re.I)
_PAGE_OF_FEEDS = re.compile(r"(?:rss2?|feeds?|rss-?feeds?|newsfeeds?)(?:\.s?html?)?", re.I)
_PARAMETER = re.compile(
    r"(?:^|[?&])(?:(?:feed|format|type|output|mode|view|alt|f|outputtype)=(?:rss\w*|atom\w*|rdf|feed|xml)"
    r"|rss|atom|feed=[\w-]+)(?:&|$)",
    re.I,
)
_HOST = re.compile(r"(?:feeds?\d?|rss)\.|.*\.feedburner\.com$", re.I)
_SAID = re.compile(
    r"(?:rss|atom|xml|rdf|json)(?:[ -]?(?:feeds?|kanal|flux|2\.0|1\.0|0\.9\d))?|(?:news ?)?feeds?"
    r"|(?:flux|kênh|kanal|lenta|canal(?:es)?) rss",
    re.I,
)
_OF_READERS = re.compile(
    r"(?:^|\.)(?:feedly|newsblur|inoreader|netvibes|bloglines|theoldreader|newsgator|feedbin|"
    r"addtoany|my\.yahoo|facebook|twitter|linkedin|validator\.w3)\.",
    re.I,
)
_COMMENTS = re.compile(
    r"\b(?:comment(?:s|i|aires?)?|kommentar\w*|komentar\w*|comentários?|comentarios?|коммент\w*|"
    r"комент\w*|kommentti\w*|hozzászólás\w*|reacties|replies|yorum\w*|bình luận)\b"
    r"|コメント|评论|評論|留言|댓글|تعليق",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A feed that a page names.

    Attributes:
        url: Absolute; as it is written if nobody knows where the page came from.
        title: What the page calls it, or "".
        type: The media type that the page says it has, in lower case, or "".
    """

    url: str
    title: str = ""
    type: str = ""

    @property
    def is_of_comments(self) -> bool:
        """Whether it seems to list what readers say, rather than news."""
        return bool(_COMMENTS.search(self.title) or _COMMENTS.search(urlsplit_path(self.url)))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLinks:
    """All feeds that a page names, each once, in its order.

    Attributes:
        declared: By its elements <link> (and <a>) of the relation "alternate" or "feed".
        linked: Others that are linked, and by address or type may be feeds.
        pages: Pages that may list feeds: linked as "RSS", or at /feeds and the like.
    """

    declared: tuple[Declared, ...] = ()
    linked: tuple[Declared, ...] = ()
    pages: tuple[Declared, ...] = ()


def declared_feeds(body: bytes, url: str, *, content_type: str = "") -> tuple[Declared, ...]:
    """Return the feeds that a page declares, each once, in its order. Never raises.

    Args:
        body: The page, as received.
        url: Where it finally came from; "" if nobody knows, then relative links stay so.
    """
    return feed_links(body, url, content_type=content_type).declared


def feed_links(body: bytes, url: str, *, content_type: str = "") -> FeedLinks:
    """Return all feeds that a page names; as `declared_feeds`."""
    text = decode(body, content_type=content_type).text[:MAX_CHARS]
    page_tags = list(_bounded(tags(text, _NAMES)))
    base = _base(page_tags, url)
    known: set[str] = set()
    declared = _each_once(_declared(page_tags, base), known)
    linked = _each_once(_linked(page_tags, text, base), known)
    pages = _each_once(_pages(page_tags, text, base), known)
    return FeedLinks(declared=declared, linked=linked, pages=pages)


def _bounded(page_tags: Iterable[Tag]) -> Iterator[Tag]:
    anchors = 0
    for tag in page_tags:
        if tag.name in ("a", "area"):
            anchors += 1
            if anchors > MOST_ANCHORS:
                continue
        yield tag


def header_feeds(link_header: str, url: str) -> tuple[Declared, ...]:
    """Return the feeds that an answer's Link header declares, each once; as `declared_feeds`."""
    return _each_once(_of_header(link_header[:8_192], url), set())


def _of_header(text: str, url: str) -> Iterator[Declared]:
    for match in _LINK_VALUE.finditer(text):
        fields: dict[str, str] = {}
        for name, quoted, plain in _LINK_FIELD.findall(match[2]):
            fields.setdefault(name.lower(), quoted or plain)
        fields["href"] = match[1]
        if _declares(fields):
            yield from _feed(fields, url)


_LINK_VALUE = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*!-]+\s*=\s*(?:\"[^\"]*\"|[^\s\",;]*))*)")
_LINK_FIELD = re.compile(r"([\w*!-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]*))")


def looks_like_feed_address(url: str) -> bool:
    """Tell by an address alone whether a feed may be there."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if _is_of_others(url):
        return False
    last = parts.path.rstrip("/").rpartition("/")[2]
    if _FILE.fullmatch(last):
        return not _NO_FILE.fullmatch(last)
    if _WORD.fullmatch(last) or _PARAMETER.search("?" + parts.query):
        return True
    return bool(_HOST.match(parts.hostname or "")) and "." not in last


def _is_on_shelf(url: str) -> bool:
    """Whether an address stands below one for feeds, as /rss/sport does."""
    path = urlsplit_path(url).partition("?")[0].rstrip("/")
    return _SHELF.search(path) is not None and not _is_of_others(url)


def urlsplit_path(url: str) -> str:
    """Return an address without its host, or "" if it cannot be split."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}"


# --- what elements say ---------------------------------------------------------------------------


def _declared(page_tags: Iterable[Tag], base: str) -> Iterator[Declared]:
    for tag in page_tags:
        if tag.is_end or tag.name == "base" or not _declares(tag.attributes):
            continue
        if tag.name == "link" or _type(tag.attributes) not in ("", *_OF_ANYTHING):
            yield from _feed(tag.attributes, base)


def _declares(attributes: Attributes) -> bool:
    """Whether a link says that there is a feed: by its relation, and by its type."""
    relations = set(_BLANKS.split(attributes.get("rel", "").lower()))
    if "stylesheet" in relations or not relations & {"alternate", "feed"}:
        return False
    media_type = _type(attributes)
    if _OF_FEEDS.fullmatch(media_type):
        return "type=entry" not in attributes.get("type", "").lower().replace(" ", "")
    if _NO_FEED.search(attributes.get("href", "")):
        return False
    return media_type in _OF_ANYTHING or (not media_type and "feed" in relations)


def _type(attributes: Attributes) -> str:
    return attributes.get("type", "").partition(";")[0].strip().lower()


def _feed(attributes: Attributes, base: str) -> Iterator[Declared]:
    place = _place(attributes.get("href", ""), base)
    if place:
        title = title_text(attributes.get("title", ""), markup=False)[:_LONGEST_TITLE]
        yield Declared(url=place, title=title, type=_type(attributes)[:80])


@lru_cache(maxsize=8_192)
def _place(href: str, base: str) -> str:
    """Return where a link leads, or "" if that is no address of the web."""
    trimmed = _FEED_SCHEME.sub(lambda feed: "http://" if feed[1] else "", href.strip(EDGES))
    if not trimmed or trimmed.startswith("#"):
        return ""
    return absolute_url(trimmed, base or None) or ("" if base else link_of(trimmed, ""))


def _base(page_tags: Iterable[Tag], url: str) -> str:
    """Return what links are joined with: the first <base> with an address, if it can be read."""
    page = absolute_url(url) or "" if url else ""
    for tag in page_tags:
        if tag.name == "base" and not tag.is_end and "href" in tag.attributes:
            return absolute_url(tag.attributes["href"], page or None) or page
    return page


# --- what is only linked -------------------------------------------------------------------------


def _linked(page_tags: list[Tag], text: str, base: str) -> Iterator[Declared]:
    for number, tag in enumerate(page_tags):
        if tag.is_end or tag.name == "base":
            continue
        if tag.name == "link":
            relations = tag.attributes.get("rel", "").lower()
            is_typed = _OF_FEEDS.fullmatch(_type(tag.attributes)) is not None
            if "stylesheet" not in relations and (is_typed or "alternate" in relations):
                for feed in _feed(tag.attributes, base):
                    if is_typed or (not feed.type and looks_like_feed_address(feed.url)):
                        yield feed
            continue
        is_for_readers = _FEED_SCHEME.match(tag.attributes.get("href", "").strip(EDGES))
        for feed in _feed(tag.attributes, base):
            is_like_one = looks_like_feed_address(feed.url) or _is_on_shelf(feed.url)
            if is_for_readers or is_like_one:
                yield _titled(feed, _words(page_tags, number, text))


def _pages(page_tags: list[Tag], text: str, base: str) -> Iterator[Declared]:
    for number, tag in enumerate(page_tags):
        if tag.is_end or tag.name not in ("a", "area"):
            continue
        for feed in _feed(tag.attributes, base):
            words = _words(page_tags, number, text)
            last = urlsplit_path(feed.url).partition("?")[0].rstrip("/").rpartition("/")[2]
            says = _SAID.fullmatch(words) or _SAID.fullmatch(feed.title)
            if (says or _PAGE_OF_FEEDS.fullmatch(last)) and not _is_of_others(feed.url):
                yield _titled(feed, words)


def _words(page_tags: list[Tag], number: int, text: str) -> str:
    """Return what a link says to its readers, or what its picture says."""
    begin = page_tags[number].end
    end = page_tags[number + 1].start if number + 1 < len(page_tags) else len(text)
    inside = text[begin : min(end, begin + _LONGEST_WORDS)]
    words = title_text(_TAG.sub(" ", inside), markup=True)
    if not words and (picture := _ALT.search(inside)):
        words = title_text(attribute_value(picture[1] or picture[2]), markup=False)
    return words[:_LONGEST_TITLE]


_TAG = re.compile(r"<[^<>]*>?")
_ALT = re.compile(r"""<img(?=\s)[^<>]*?\salt\s*=\s*(?:"([^"]+)"|'([^']+)')""", re.I)


def _titled(feed: Declared, words: str) -> Declared:
    return Declared(url=feed.url, title=feed.title or words, type=feed.type)


def _is_of_others(url: str) -> bool:
    """Whether an address is another program's for reading a feed, or one of known other uses."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    rest = f"{parts.path}?{parts.query}".lower()
    is_handed_on = "://" in rest or "%3a%2f%2f" in rest or "http:/" in rest
    return bool(is_handed_on or _OF_READERS.search(parts.hostname or "") or _NO_FEED.search(rest))


def _each_once(feeds: Iterable[Declared], known: set[str]) -> tuple[Declared, ...]:
    kept = []
    for feed in feeds:
        if feed.url not in known:
            known.add(feed.url)
            kept.append(feed)
        if len(kept) == MOST:
            break
    return tuple(kept)
