"""A saved web page as an entry: what its head says, and the text of its article."""

import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from ingester.entry import Entry
from ingester.records import entry_from, filled_up
from ingester.text import clean_text, markup_to_text, one_line
from ingester.urls import canonical_url

META = {
    "og:title": "title",
    "twitter:title": "title",
    "headline": "title",
    "dc.title": "title",
    "og:description": "summary",
    "description": "summary",
    "og:url": "url",
    "article:published_time": "published",
    "datepublished": "published",
    "pubdate": "published",
    "publishdate": "published",
    "date": "published",
    "dc.date": "published",
    "dc.date.issued": "published",
    "parsely-pub-date": "published",
    "sailthru.date": "published",
    "article:modified_time": "updated",
    "og:updated_time": "updated",
    "datemodified": "updated",
    "author": "author",
    "article:author": "author",
    "dc.creator": "author",
    "og:locale": "locale",
    "dc.language": "locale",
    "keywords": "keywords",
    "article:section": "section",
}
BETWEEN_SITE_AND_TITLE = (" | ", " – ", " — ", " - ", " :: ", " • ", " · ")
SHORTEST_ARTICLE = 200
LONGEST_JSON = 500_000


def html_entry(html: str) -> Entry:
    """Return title, address, dates, language, authors and text of a page.

    Reads any markup in linear time and never fetches anything.
    """
    head = _read(html)
    entry = Entry()
    for record in _linked_data(head.scripts):
        entry = filled_up(entry, entry_from({**record, "text": None}))
    entry = filled_up(entry, entry_from(head.meta))
    url = next(filter(None, map(canonical_url, head.canonical)), None) or entry.url
    title = entry.title or one_line(head.heading) or _without_site(one_line(head.title))
    said = Entry(
        url=url,
        title=title,
        language=head.language,
        published_at=next(
            filter(None, (entry_from({"date": each}).published_at for each in head.times)), None
        ),
        text=_article_text(html, title),
    )
    return filled_up(
        Entry(url=url, title=title, text=said.text, language=said.language), filled_up(entry, said)
    )


class _Head:
    """Collects what a page says of itself while libxml2 reads it."""

    def __init__(self) -> None:
        self.title = ""
        self.heading = ""
        self.language = ""
        self.meta: dict[str, object] = {}
        self.canonical: list[str] = []
        self.scripts: list[str] = []
        self.times: list[str] = []
        self._inside = ""
        self._text: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "html":
            self.language = self.language or attributes.get("lang", "")
        elif tag == "meta":
            self._meta(attributes)
        elif tag == "link" and "canonical" in attributes.get("rel", "").lower().split():
            self.canonical.append(attributes.get("href", "").strip())
        elif tag == "time" and attributes.get("datetime") and len(self.times) < 20:
            self.times.append(attributes["datetime"])
        is_data = tag == "script" and "ld+json" in attributes.get("type", "").lower()
        if is_data or (tag in ("title", "h1") and not self._inside):
            self._inside, self._text = tag, []

    def _meta(self, attributes: Mapping[str, str]) -> None:
        content = attributes.get("content", "").strip()
        for name in ("property", "name", "itemprop"):
            meaning = META.get(attributes.get(name, "").strip().lower())
            if meaning and content:
                self.meta.setdefault(meaning, content)

    def data(self, text: str) -> None:
        if self._inside:
            self._text.append(text)

    def end(self, tag: str) -> None:
        if tag != self._inside:
            return
        text = "".join(self._text)
        if tag == "title":
            self.title = self.title or text
        elif tag == "h1":
            self.heading = self.heading or text
        elif len(self.scripts) < 50:
            self.scripts.append(text)
        self._inside = ""

    def comment(self, text: str) -> None:
        """Comments say nothing of the page."""

    def pi(self, target: str, content: str | None) -> None:
        """Neither do processing instructions."""

    def close(self) -> "_Head":
        return self


def _read(html: str) -> _Head:
    parser = etree.HTMLParser(
        target=_Head(), encoding="utf-8", no_network=True, huge_tree=True, recover=True
    )
    source = html.replace("\x00", "").encode("utf-8", "replace")
    if not source.strip():
        return _Head()
    head: _Head = etree.fromstring(source, parser)
    return head


def _linked_data(scripts: list[str]) -> Iterator[Mapping[str, Any]]:
    for script in scripts:
        if len(script) > LONGEST_JSON:
            continue
        try:
            value = json.loads(script, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _articles(value, depth=0)


def _articles(value: object, *, depth: int) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list) and depth < 4:
        for each in value[:100]:
            yield from _articles(each, depth=depth + 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        names = kinds if isinstance(kinds, list) else [kinds]
        if any(str(each).endswith(("Article", "BlogPosting")) for each in names):
            yield {key: each for key, each in value.items() if key not in ("@id", "name")}
        yield from _articles(value.get("@graph"), depth=depth + 1)


def _without_site(title: str) -> str:
    """Return a title without the site's name that pages put behind a bar or a dash."""
    for sign in BETWEEN_SITE_AND_TITLE:
        before, found, after = title.rpartition(sign)
        if found and len(before) > 2 * len(after) and len(before.split()) > 2:
            return before
    return title


def _article_text(html: str, title: str) -> str:
    from trafilatura import extract  # half a second, so only when a page is read

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it tells of each empty page
    found = extract(html, fast=True, include_comments=False, include_tables=True, deduplicate=False)
    text = clean_text(found or "")
    if len(text) < SHORTEST_ARTICLE:
        whole = markup_to_text(html)
        text = whole if len(whole) < 10 * SHORTEST_ARTICLE or not text else text
    first, _, rest = text.partition("\n")
    return rest.strip() if rest and one_line(first) == title else text
