"""What would be taken in from some bytes, whatever they are, as `monitor inspect` shows it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ingester.documents.names import MAIL, OFFICE, is_readable, suffix_of
from ingester.documents.parse import read_document
from ingester.entry import Entry, Feed, ParseError
from ingester.feeds import kind as feed
from ingester.pages.kind import looks_like_page, not_a_page, read_listing, read_page
from ingester.sitemaps.parse import looks_like_sitemap, read_sitemap
from ingester.text.encoding import decode
from ingester.text.language import language_of
from ingester.text.titles import HTML_ELEMENTS
from ingester.urls.links import with_absolute_links

_NEVER = datetime(1996, 2, 29, 3, 14, 15, 926535, tzinfo=UTC)
"""Stands for a file's time that nobody gave; shown as null."""
_LATE = datetime(2999, 1, 1, tzinfo=UTC)
_LOOKED_AT = 65_536
_NEVER_MARKUP = (".txt", ".text", ".md", ".markdown", ".json", ".jsonl", ".ndjson")

Inspected = dict[str, Any]


def inspect(
    body: bytes,
    *,
    url: str = "",
    content_type: str = "",
    name: str = "",
    modified_at: datetime | None = None,
    now: datetime | None = None,
) -> Inspected:
    """Return what the bytes are and what would be taken in, as JSON of docs/cli.md.

    The content decides what they are; name and content type only where it leaves that open.
    Never raises for what the bytes hold: the trouble is in "problem".

    Args:
        url: Where they came from: relative links are joined with it.
        name: The file's name, if they came from one.
        modified_at: The file's time, which a document without a date of its own gets; a page
            that came from a URL does not.
    """
    seen = inspect_declared(
        body, url=url, content_type=content_type, name=name, modified_at=modified_at, now=now
    )
    return with_language(seen)


def inspect_declared(
    body: bytes,
    *,
    url: str,
    content_type: str,
    name: str,
    modified_at: datetime | None,
    now: datetime | None,
) -> Inspected:
    """As `inspect`, but the article's language is only what it declares: none is looked for."""
    try:
        if suffix_of(name) in OFFICE | MAIL and body.strip():  # they may hold XML of their own
            return _document(body, name, modified_at, now)
        return _inspected(body, url, content_type, name, modified_at, now)
    except ParseError as error:
        return _shown("not-recognised", "none", problem=str(error))


def with_language(inspected: Inspected) -> Inspected:
    """Return it with the language that the article's text shows, as polls tell it."""
    article = inspected["article"]
    if article is None:
        return inspected
    language = language_of(article["language"], f"{article['title']}\n{article['text']}")
    return {**inspected, "article": {**article, "language": language}}


def _inspected(
    body: bytes,
    url: str,
    content_type: str,
    name: str,
    modified_at: datetime | None,
    now: datetime | None,
) -> Inspected:
    if not body.strip():
        raise ParseError(f"empty: {len(body)} bytes without content")
    text = decode(body[:_LOOKED_AT], content_type=content_type).text.lstrip("\ufeff \t\r\n")
    if listed := _listed(body, text, url, content_type):
        return listed
    binary = not_a_page(body)
    if binary and not is_readable(name):
        raise ParseError(f"not recognised: {binary}")
    if not name.lower().endswith(_NEVER_MARKUP):
        root = feed.outermost(text)
        if root in HTML_ELEMENTS or (not root and not name and looks_like_page(body)):
            if is_readable(name) and not url:
                return _document(body, name, modified_at, now)
            return _page(body, url, content_type, modified_at, now)
        if root:
            return _shown_feed(feed.read(body, url=url, content_type=content_type), url)
    if not name and text[:1] in ("{", "["):
        return _shown_feed(feed.read(body, url=url, content_type=content_type), url)
    if not (is_readable(name) or (name and not suffix_of(name)) or "text/plain" in content_type):
        raise ParseError("not recognised: text that is neither a feed nor a page")
    return _document(body, name or "text.txt", modified_at, now)


def _listed(body: bytes, text: str, url: str, content_type: str) -> Inspected | None:
    """Return what a document in XML or JSON lists, if it is one that programs read."""
    if looks_like_sitemap(text):
        return _sitemap(body, url, content_type)
    return _feed(body, url, content_type) if feed.looks_like_feed(text) else None


def _page(
    body: bytes,
    url: str,
    content_type: str,
    modified_at: datetime | None,
    now: datetime | None,
) -> Inspected:
    kind = "text/html" + _charset(content_type)
    entries: tuple[Entry, ...] = ()
    try:
        if listing := read_listing(body, url=url, content_type=kind, now=now):
            entries = listing.entries
        page = read_page(body, url=url, content_type=kind, now=now)
    except ParseError as error:
        problem = None if entries else str(error)  # a program draws the list, and no other text
        return _shown("page", "trafilatura", problem=problem, entries=entries, base=url)
    if not url:  # what is said to be from the web is read as from there, not as a file
        page = replace(page, published_at=page.published_at or modified_at)
    return _shown("page", "trafilatura", article=page, entries=entries, base=url)


def _charset(content_type: str) -> str:
    head, separator, parameters = content_type.partition(";")
    del head
    return separator + parameters


def _feed(body: bytes, url: str, content_type: str) -> Inspected:
    try:
        return _shown_feed(feed.read(body, url=url, content_type=content_type), url)
    except ParseError as error:
        return _shown("feed", "none", problem=str(error))


def _sitemap(body: bytes, url: str, content_type: str) -> Inspected:
    try:
        sitemap = read_sitemap(body, url=url, content_type=content_type)
    except ParseError as error:
        return _shown("sitemap", "sitemap", problem=str(error))
    children = (Entry(url=child.url, updated_at=child.changed_at) for child in sitemap.children)
    return _shown(
        "sitemap",
        "sitemap",
        problem="; ".join(sitemap.notices) or None,
        entries=(*sitemap.entries, *children),
    )


def _shown_feed(read: Feed, url: str) -> Inspected:
    return _shown(
        "feed",
        read.parser,
        problem="; ".join(read.notices) or None,
        feed={
            "title": read.title,
            "link": read.link,
            "description": read.description,
            "language": read.language,
        },
        entries=read.entries,
        base=url,
    )


def _document(
    body: bytes, name: str, modified_at: datetime | None, now: datetime | None
) -> Inspected:
    document = read_document(body, name, modified_at=modified_at or _NEVER, now=now or _LATE)
    first = document.entries[0] if document.entries else None
    is_page = suffix_of(name) in (".html", ".htm", ".xhtml")
    kind, parser = ("page", "trafilatura") if is_page else ("document", "document")
    return _shown(
        kind if first or is_page else "not-recognised",
        parser if first or is_page else "none",
        problem="; ".join(document.notices) or None,
        article=first,
        entries=document.entries if len(document.entries) > 1 else (),
    )


def _shown(
    kind: str,
    parser: str,
    *,
    problem: str | None = None,
    feed: Mapping[str, str] | None = None,
    entries: tuple[Entry, ...] = (),
    article: Entry | None = None,
    base: str = "",
) -> Inspected:
    return {
        "kind": kind,
        "parser": parser,
        "problem": problem,
        "feed": feed,
        "entries": [_shown_entry(entry, base) for entry in entries],
        "article": None if article is None else _shown_article(article),
    }


def _shown_entry(entry: Entry, base: str) -> Inspected:
    return {
        # What it will be recognised by: its link where the source gives it no id.
        "id": entry.id or entry.url,
        "title": entry.title,
        "link": entry.url,
        "published_at": _instant(entry.published_at),
        "updated_at": _instant(entry.updated_at),
        "author": ", ".join(entry.authors),
        "summary": with_absolute_links(entry.summary, base),
        "content": with_absolute_links(entry.content or entry.text, base),
        "categories": list(entry.categories),
        "enclosures": [
            {"url": enclosure.url, "type": enclosure.type} for enclosure in entry.enclosures
        ],
    }


def _shown_article(entry: Entry) -> Inspected:
    return {
        "title": entry.title,
        "url": entry.url,
        "published_at": _instant(entry.published_at),
        "authors": list(entry.authors),
        "language": entry.language,
        "text": entry.text,
    }


def _instant(moment: datetime | None) -> str | None:
    if moment is None or moment == _NEVER:
        return None
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
