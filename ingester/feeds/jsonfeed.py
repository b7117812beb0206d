"""JSON Feed 1.0 and 1.1: bounded before it is decoded, tolerant after."""

import re
from collections.abc import Iterator
from typing import Any

from ingester.entry import MAX_ENTRIES, Enclosure, Entry, Feed, ParseError
from ingester.feeds.conventions import counted
from ingester.text.dates import parse_date
from ingester.text.json import bounded_json
from ingester.text.titles import title_text
from ingester.urls.dates import home_zone
from ingester.urls.links import absolute_link, link_of

MAX_ITEM_CHARS = 1024 * 1024

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/\d")


def read_json(text: str, *, url: str) -> Feed:
    """Return what a JSON Feed says.

    Raises:
        ParseError: It is not JSON, nested deeper than 256, or no JSON Feed.
    """
    try:
        document = bounded_json(text)
    except ValueError as error:
        raise ParseError(f"not a feed: JSON that cannot be read: {error}"[:200]) from None
    if not isinstance(document, dict) or not _is_feed(document):
        raise ParseError('not a feed: JSON without "version" https://jsonfeed.org/version/1.1')
    items = document.get("items")
    if not isinstance(items, list):
        raise ParseError('not a feed: a JSON Feed whose "items" is no list')
    listed = [item for item in items if isinstance(item, dict)]
    notices = []
    if unread := len(items) - len(listed):
        notices.append(f"the feed holds {counted(unread)} in a form that is not read")
    if len(listed) > MAX_ENTRIES:
        notices.append(
            f"the feed lists {len(listed):,} entries: the first {MAX_ENTRIES:,} were read"
        )
    entries = tuple(_entry(item, url, of_feed=document) for item in listed[:MAX_ENTRIES])
    return Feed(
        parser="jsonfeed",
        title=title_text(_string(document, "title"), markup=True),
        link=link_of(_string(document, "home_page_url"), url),
        description=_string(document, "description"),
        language=_string(document, "language")[:35],
        entries=entries,
        notices=tuple(notices),
    )


def _is_feed(document: dict[str, Any]) -> bool:
    version = _string(document, "version")
    bare = version in ("1", "1.0", "1.1") and isinstance(document.get("items"), list)
    return bare or bool(_VERSION.match(version))


def _entry(item: dict[str, Any], url: str, *, of_feed: dict[str, Any]) -> Entry:
    html, plain = _string(item, "content_html"), _string(item, "content_text")
    link = link_of(_string(item, "url"), url)
    language = (_string(item, "language") or _string(of_feed, "language"))[:35]
    zone = home_zone(url, language)
    return Entry(
        id=_string(item, "id"),
        url=link or link_of(_string(item, "external_url"), url),
        title=title_text(_string(item, "title"), markup=True),
        summary=_string(item, "summary")[:MAX_ITEM_CHARS],
        content=html[:MAX_ITEM_CHARS] or plain[:MAX_ITEM_CHARS],
        language=language,
        authors=tuple(dict.fromkeys(_authors(item))) or tuple(dict.fromkeys(_authors(of_feed))),
        categories=tuple(dict.fromkeys(_tags(item))),
        enclosures=tuple(_attachments(item, url)),
        published_at=parse_date(_string(item, "date_published"), zone=zone),
        updated_at=parse_date(_string(item, "date_modified"), zone=zone),
    )


def _authors(item: dict[str, Any]) -> Iterator[str]:
    listed = item.get("authors")
    people = listed if isinstance(listed, list) else []
    for person in [*people, item.get("author")]:  # 1.1 has a list, 1.0 has one
        name = _string(person, "name") if isinstance(person, dict) else person
        if isinstance(name, str) and (plain := title_text(name, markup=True)):
            yield plain


def _tags(item: dict[str, Any]) -> Iterator[str]:
    tags = item.get("tags")
    for tag in tags[:200] if isinstance(tags, list) else []:
        if isinstance(tag, str) and (plain := title_text(tag, markup=True)):
            yield plain


def _attachments(item: dict[str, Any], url: str) -> Iterator[Enclosure]:
    attached = item.get("attachments")
    for attachment in attached[:200] if isinstance(attached, list) else []:
        link = (
            absolute_link(_string(attachment, "url"), url) if isinstance(attachment, dict) else ""
        )
        if link:
            yield Enclosure(url=link, type=_string(attachment, "mime_type")[:100])


def _string(item: dict[str, Any], key: str) -> str:
    """Return a member as text without blanks around it; a number as written, all else as ""."""
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value).strip()
    # JSON can hold halves of characters and NUL; a database cannot.
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
