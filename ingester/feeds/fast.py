"""The fast way through a feed: RSS, RDF and Atom that are well-formed, with nothing unusual.

libxml2 reads them some twenty times faster than feedparser, which stays the arbiter of what a
feed means: whatever is not fully understood here is declined and read by feedparser. Tests
compare both on every feed there is.
"""

import re
from collections.abc import Iterator
from datetime import tzinfo

from lxml import etree

from ingester.entry import MAX_ENTRIES, Enclosure, Entry, Feed
from ingester.feeds.conventions import best_alternate, unsafe_links, wait_asked
from ingester.feeds.credits import as_its_papers
from ingester.feeds.fast_elements import (
    ATOM,
    ATOM_ENTRY,
    ATOM_FEED,
    CHANNEL,
    ITEM,
    XML_LANG,
    DeclinedError,
    Item,
    handle,
    only_attributes,
)
from ingester.feeds.fast_rdf import ABOUT, RDF, RDF_CHANNEL, RDF_ENTRY, RDF_ITEM, parts_of_rdf
from ingester.feeds.repair import MAX_ITEM_CHARS, MAX_TAGS
from ingester.text.dates import parse_date
from ingester.text.titles import title_text
from ingester.urls.dates import home_zone
from ingester.urls.links import absolute_link, link_of, link_of_id, with_absolute_links

PARSER = "lxml"

_MOST_CHARS = 10 * 1024 * 1024
_MOST_ITEM_CHARS = MAX_ITEM_CHARS // 6
"""Written with references, a text is at most six times as long."""
# Each begins with what is found fast; together they would be looked for byte by byte.
_LATIN_CONTROLS = (
    re.compile(rb"\xc2[\x80-\x9f]"),
    re.compile(rb"&#(?:0*1[2-5][0-9]|[xX]0*[89][0-9A-Fa-f]);"),
)
_HEAD = re.compile(r"(?:\s|<\?[^<>]*>|<!--(?:[^-]|-(?!->))*+-->)*+<[A-Za-z]")


def read_strict(text: str, *, url: str) -> Feed | None:
    """Return what the text of a feed says, or None if feedparser must read it.

    Args:
        text: The decoded document; what it declares as its encoding is ignored.
        url: Where it came from: relative links are joined with it.
    """
    if len(text) > _MOST_CHARS or not _HEAD.match(text):
        return None  # before its first element stands something else: a DOCTYPE, say
    if text.count("<") > MAX_TAGS:
        return None
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        data = text.encode()
        if any(pattern.search(data) for pattern in _LATIN_CONTROLS):
            return None  # characters of Windows-1252 under wrong numbers, which feedparser mends
        root = etree.fromstring(data, parser)
        return _FeedWalk(root, url).feed()
    except (etree.XMLSyntaxError, UnicodeEncodeError, DeclinedError):
        return None


class _FeedWalk:
    """One walk through a feed's elements."""

    def __init__(self, root: etree._Element, url: str) -> None:
        self._url = url
        self._root = root
        self._is_atom = root.tag == f"{ATOM}feed"
        self._is_rdf = root.tag == RDF
        self._language = (root.get(XML_LANG) or "").replace("_", "-")
        self._said_in = ""
        self._zone: tzinfo | None = None
        self._unsafe = 0

    def feed(self) -> Feed:
        """Return the whole feed."""
        if self._is_atom:
            only_attributes(self._root, XML_LANG)
            return self._finished(list(self._root), f"{ATOM}entry")
        if self._root.tag == "rss":
            only_attributes(self._root, "version", XML_LANG)
            channels = list(self._root)
            if len(channels) != 1 or channels[0].tag != "channel" or channels[0].attrib:
                raise DeclinedError
            return self._finished(list(channels[0]), "item")
        if self._is_rdf:
            return self._finished(parts_of_rdf(self._root), RDF_ITEM)
        raise DeclinedError

    def _finished(self, children: list[etree._Element], of: str) -> Feed:
        head = Item()
        handlers = ATOM_FEED if self._is_atom else RDF_CHANNEL if self._is_rdf else CHANNEL
        items = []
        for child in children:
            if child.tag == of:
                items.append(child)
            else:
                handle(child, head, handlers)
                if items and child.tag == f"{ATOM}author":
                    raise DeclinedError  # feedparser reads on from top to bottom
        if len(items) > MAX_ENTRIES:
            raise DeclinedError
        authors = tuple(dict.fromkeys(head.authors)) if self._is_atom else ()
        texts = head.texts
        # What RSS 1.0 says at its root is of its items alone, as feedparser has it.
        self._said_in = texts.get("language") or ("" if self._is_rdf else self._language)
        self._zone = home_zone(self._url, self._said_in)
        entries = tuple([self._entry(item, authors) for item in items])
        link = head.link if head.link is not None else self._alternate(head) or texts.get("id", "")
        return Feed(
            parser=PARSER,
            title=title_text(texts.get("title", ""), markup=head.html_title),
            link=self._first_link(link, head.alternates),
            description=texts.get("description", ""),
            language=self._said_in,
            entries=entries,
            server_asks=wait_asked(texts),
            notices=(unsafe_links(self._unsafe),) if self._unsafe else (),
        )

    def _entry(self, element: etree._Element, feed_authors: tuple[str, ...]) -> Entry:
        item = Item()
        if self._is_rdf:
            only_attributes(element, ABOUT)
            if about := element.get(ABOUT):
                item.texts["id"] = about.strip()
        else:
            only_attributes(element)
        handlers = ATOM_ENTRY if self._is_atom else RDF_ENTRY if self._is_rdf else ITEM
        for child in element:
            handler = handlers.get(child.tag)  # as `handle` looks for it first
            if handler is not None:
                handler(child, item)
            else:
                handle(child, item, handlers)
        texts = item.texts
        if sum(map(len, texts.values())) > _MOST_ITEM_CHARS:
            raise DeclinedError
        if item.has_media_title and not texts.get("title"):
            raise DeclinedError
        content = texts.get("content", "")
        said_summary = "description" in texts
        summary = texts["description"] if said_summary else content
        published = parse_date(texts.get("published", ""), zone=self._zone, language=self._said_in)
        updated = parse_date(texts.get("updated", ""), zone=self._zone, language=self._said_in)
        link = self._own_link(item)
        title = title_text(texts.get("title", ""), markup=item.html_title)
        publisher = ""
        if "source" in texts:
            name = title_text(texts["source"], markup=True)
            its = as_its_papers(title, summary, name=name, site=item.source, url=link)
            title, summary, publisher = its.title, its.summary, its.publisher
        said = "title" in texts or said_summary or "content" in texts
        return Entry(
            id=texts.get("id", ""),
            url=link,
            title=title,
            publisher=publisher,
            summary=self._joined(summary, item, "description") if item.bases else summary,
            content=self._joined(content, item, "content") if item.bases else content,
            language=self._language[:35] if said else "",
            authors=tuple(dict.fromkeys(item.authors)) if item.authors else feed_authors,
            categories=tuple(dict.fromkeys(item.categories)) if item.categories else (),
            enclosures=tuple(self._enclosures(item)) if item.enclosures else (),
            published_at=published or updated,
            updated_at=updated,
        )

    def _joined(self, markup: str, item: Item, name: str) -> str:
        """Return HTML; links relative to another place than the feed's are made absolute."""
        base = item.bases.get(name) if name in item.texts else None
        return with_absolute_links(markup, absolute_link(base, self._url)) if base else markup

    def _own_link(self, item: Item) -> str:
        link, id_ = item.link, item.texts.get("id", "")
        if link is None and (alternate := self._alternate(item)):
            return self._first_link(alternate, item.alternates)
        if link is None and item.is_permalink:
            link = id_
        link = link or ""
        if link and link == id_ and item.guid_is_link:
            return link_of_id(link, self._url)
        url = self._first_link(link, item.alternates)
        if link and not url:
            self._unsafe += 1
        return url

    def _alternate(self, item: Item) -> str:
        """Return the best link of an Atom element that has none to what it says is HTML."""
        links = list(zip(item.alternates, item.alternate_types, strict=False))
        return best_alternate(links) if links else ""

    def _first_link(self, link: str, alternates: list[str]) -> str:
        urls = (link_of(place, self._url) for place in (link, *alternates))
        return next((url for url in urls if url), "")

    def _enclosures(self, item: Item) -> Iterator[Enclosure]:
        for place, type_ in item.enclosures:
            if joined := absolute_link(place, self._url):
                yield Enclosure(url=joined, type=type_[:100])
