"""Lists of articles in the data of a page whose program shows them: JSON in its scripts."""

import json
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from ingester.entry import Entry
from ingester.pages.json_ld import MAX_SCRIPT_CHARS
from ingester.text.json import bounded_json
from ingester.text.titles import title_text
from ingester.urls.links import absolute_link

MOST_OBJECTS = 20_000
_TITLES = ("headline", "title", "name")
_LINKS = ("url", "link", "href", "canonicalUrl", "permalink", "webUrl", "path")
_SUMMARIES = ("summary", "description", "excerpt", "lead", "teaser")
_FEWEST_WORDS = 3
_STATE = re.compile(r"=\s*(?=[{\[])")
_MOST_CHARS = 8 * MAX_SCRIPT_CHARS


def data_entries(tree: HtmlElement, base: str) -> list[Entry]:
    """Return what the data of a page list: objects with a headline and a link, in their order."""
    entries: dict[str, Entry] = {}
    for value in _values(tree):
        for entry in _listed(value, base):
            entries.setdefault(entry.url, entry)
    return list(entries.values())


def _values(tree: HtmlElement) -> Iterator[object]:
    for script in tree.iter("script"):
        kind, text = (script.get("type") or "").lower(), script.text or ""
        if not 20 < len(text) <= _MOST_CHARS:
            continue
        try:
            if "json" in kind:
                yield bounded_json(text)
            elif not kind or "javascript" in kind:
                state = _STATE.search(text[:500])
                if state:
                    yield json.JSONDecoder(strict=False).raw_decode(text, state.end())[0]
        except (ValueError, RecursionError):
            continue


def _listed(value: object, base: str) -> Iterator[Entry]:
    waiting: list[object] = [value]
    for _ in range(MOST_OBJECTS):
        if not waiting:
            return
        found = waiting.pop()
        if isinstance(found, dict):
            if entry := _entry(found, base):
                yield entry
            waiting.extend(reversed(list(found.values())))
        elif isinstance(found, list):
            waiting.extend(reversed(found))


def _entry(found: dict[str, object], base: str) -> Entry | None:
    title = title_text(_first(found, _TITLES), markup=True)
    url = absolute_link(_first(found, _LINKS), base)
    if not url or (len(title.split()) < _FEWEST_WORDS and len(title.encode()) < 30):
        return None
    return Entry(url=url, title=title, summary=title_text(_first(found, _SUMMARIES), markup=True))


def _first(found: dict[str, object], names: tuple[str, ...]) -> str:
    return next((text for name in names if isinstance(text := found.get(name), str) and text), "")
