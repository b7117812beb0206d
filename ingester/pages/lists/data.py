"""Lists of articles in the data of a page whose program shows them: JSON in its scripts."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, tzinfo

from lxml.html import HtmlElement

from common.records import dataclass
from ingester.entry import Entry
from ingester.pages.facts.authors import names_in
from ingester.pages.facts.dom import folded
from ingester.pages.facts.json_ld import MAX_SCRIPT_CHARS
from ingester.pages.lists.headlines import words
from ingester.text.dates import parse_date
from ingester.text.json import bounded_json
from ingester.text.titles import title_text
from ingester.urls.dates import home_zone
from ingester.urls.links import absolute_link

MOST_OBJECTS = 20_000
_TITLES = ("headline", "headlines", "title", "name")
_LINKS = ("url", "link", "href", "canonicalurl", "permalink", "weburl", "websiteurl", "path")
_SUMMARIES = ("summary", "description", "excerpt", "lead", "teaser")
_TIMES = (
    "datepublished",
    "publishedat",
    "published",
    "publishdate",
    "publicationdate",
    "pubdate",
    "publishedon",
    "publishtime",
    "firstpublished",
    "displaydate",
    "dategmt",
    "date",
    "createdat",
)
_INSTANTS = range(10**9, 10**13)
"""Seconds or milliseconds since 1970."""
_INNER = ("rendered", "basic", "default", "text", "plain", "value", "url", "href", "iso", "name")
"""Where the value of one of these is an object, what of it is the value."""
_FEWEST_WORDS, _FEWEST_BYTES = 3, 10
_BODIES = (
    "articlebody",
    "body",
    "bodyhtml",
    "bodytext",
    "content",
    "contenthtml",
    "contents",
    "fulltext",
    "html",
    "paragraphs",
    "blocks",
    "text",
)
_IN_BLOCKS = ("text", "html", "value", "content", "children", "data", "paragraph", "blocks")
"""In what of a block its text may be, or further blocks."""
_AUTHORS = ("author", "authors", "byline", "creator")
_LEAST_BODY = 100
_LONGEST_TITLE = 1_000
_TITLE_SHOWN = 30
"""Letters of a title that are looked for before data are read."""
_QUOTES = re.compile(r"[\"'<>&\\\u2018-\u201f]")
_STATE = re.compile(r"=\s*(?:(?=[{\[])|JSON\.parse\(\s*(?=[\"']))")
_PUSHED = re.compile(r"self\.__next_f\.push\(\s*(?=\[)")
_PUSHED_LINE = re.compile(r"^[0-9a-f]+:([\[{].*)", re.M)
_PUSHED_TEXT = re.compile(rb"([0-9a-f]{1,4}):T([0-9a-f]{1,6}),")
_REFERRED = re.compile(r'"\$[0-9a-f]{1,4}"')
_SIGNS = re.compile(r"[\W_]+")
_QUOTED = re.compile(r"\\.|\"", re.S)
_MOST_CHARS = 8 * MAX_SCRIPT_CHARS

_JSON = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class DataArticle:
    """An article in the data of a page; `body` is markup."""

    body: str
    published_at: datetime | None
    authors: tuple[str, ...]


def data_entries(tree: HtmlElement, base: str, *, language: str = "") -> list[Entry]:
    """Return what the data of a page list: objects with a headline and a link, in their order.

    Args:
        base: What its links are relative to; with the language it tells the zone of times.
    """
    zone = home_zone(base, language)
    entries: dict[str, Entry] = {}
    for value in _values(tree):
        for found in _objects(value):
            if entry := _entry(found, base, zone):
                entries.setdefault(entry.url, entry)
    return list(entries.values())


def data_article(
    tree: HtmlElement, title: str, url: str, *, language: str = ""
) -> DataArticle | None:
    """Return the longest text that the data of a page have under its title, or None.

    Args:
        title: What the head of the page says, perhaps with the name of the site.
        url: Where the page is; with the language it tells the zone of times.
    """
    whole = folded(title)
    steps = iter(range(MOST_OBJECTS))  # of them all: thousands of objects may refer to one list
    longest, best = _LEAST_BODY, None
    for value in _values(tree, about=title):
        for found in _objects(value):
            named = {_SIGNS.sub("", name).lower(): said for name, said in found.items()}
            called = _first(named, _TITLES)
            said = folded(title_text(called, markup=True)) if len(called) < _LONGEST_TITLE else ""
            if len(said.encode()) < _FEWEST_BYTES or said not in whole:
                continue
            texts = (_text_in(named[name], steps) for name in _BODIES if name in named)
            body = max(texts, key=len, default="")
            if len(body) > longest:
                longest, best = len(body), (body, named)
    if best is None:
        return None
    body, named = best
    return DataArticle(
        body=body,
        published_at=parse_date(_first(named, _TIMES), zone=home_zone(url, language)),
        authors=next((names for key in _AUTHORS if (names := names_in(named.get(key)))), ()),
    )


def _text_in(value: object, steps: Iterator[int]) -> str:
    """Return a text, or those of the blocks that an editor has made of it, as paragraphs.

    Args:
        steps: So many blocks may still be looked at.
    """
    if isinstance(value, str):
        return value
    parts: list[str] = []
    waiting = [value]
    while waiting and next(steps, None) is not None:
        found = waiting.pop()
        if isinstance(found, str):
            parts.append(f"<p>{found}</p>")
        elif isinstance(found, list):
            waiting.extend(reversed(found))
        elif isinstance(found, dict):
            waiting.extend(found[name] for name in reversed(_IN_BLOCKS) if name in found)
    return "".join(parts)


def _values(tree: HtmlElement, *, about: str = "") -> Iterator[object]:
    """Yield the values that a page's scripts are, assign or push.

    Args:
        about: A title: what its beginning does not stand in is passed over, and JSON-LD.
    """
    pushed: list[str] = []
    start = _QUOTES.split(about[:_TITLE_SHOWN])[0]
    spelt = (start, json.dumps(start)[1:-1])
    for script in tree.iter("script"):
        kind, text = (script.get("type") or "").lower(), script.text or ""
        if not 20 < len(text) <= _MOST_CHARS or (about and "ld+json" in kind):
            continue
        is_program = not kind or "javascript" in kind
        with suppress(ValueError, RecursionError):
            if is_program and (match := _PUSHED.search(text[:500])):
                pushed += _pushed(text, match.end())
            elif not any(each in text for each in spelt):
                continue
            elif "json" in kind:
                yield bounded_json(text)
            elif is_program and (match := _STATE.search(text[:500])):
                yield _state(text, match.end())
    if any(each in part for part in pushed for each in spelt):
        yield from _streamed("".join(pushed)[:_MOST_CHARS])


def _pushed(text: str, start: int) -> list[str]:
    """Return the texts of an array that a script pushes."""
    return [part for part in _JSON.raw_decode(text, start)[0] if isinstance(part, str)]


def _state(text: str, start: int) -> object:
    """Return the value that a script assigns, which may be JSON in a string."""
    if text[start] in "[{":
        return _JSON.raw_decode(text, start)[0]
    end = text.rfind(text[start])
    inside = text[start + 1 : end]
    if text[start] == "'":
        inside = _QUOTED.sub(_with_double_quotes, inside)
    return bounded_json(_JSON.decode(f'"{inside}"'))


def _with_double_quotes(match: re.Match[str]) -> str:
    return {'"': '\\"', "\\'": "'"}.get(match[0], match[0])


def _streamed(text: str) -> Iterator[object]:
    """Yield the values of what React sends piece by piece: lines of a number, a colon and JSON.

    A long text comes by itself, as many bytes as it says, and is "$" and its number elsewhere.
    """
    sent, texts, others, at = text.encode(), {}, [], 0
    while row := _PUSHED_TEXT.search(sent, at):
        others.append(sent[at : row.start()])
        at = row.end() + int(row[2], 16)
        texts[f'"${row[1].decode()}"'] = json.dumps(sent[row.end() : at].decode(errors="replace"))
    lines = b"\n".join([*others, sent[at:]]).decode(errors="replace")
    for match in _PUSHED_LINE.finditer(lines):
        try:
            yield bounded_json(_REFERRED.sub(lambda found: texts.get(found[0], found[0]), match[1]))
        except (ValueError, RecursionError):
            continue


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    """Yield the objects in a value, in their order.

    Nuxt writes all values into one list and their places there instead of them; of such a list
    each object is given with what it refers to.
    """
    table = value if isinstance(value, list) and _is_table(value) else None
    waiting: list[object] = [value]
    for _ in range(MOST_OBJECTS):
        if not waiting:
            return
        found = waiting.pop()
        if isinstance(found, dict):
            yield found if table is None else _looked_up(found, table)
            waiting.extend(reversed(list(found.values())))
        elif isinstance(found, list):
            waiting.extend(reversed(found))


def _is_table(values: list[object]) -> bool:
    first = values[0] if values else None
    parts = list(first.values()) if isinstance(first, dict) else first
    if not parts or not isinstance(parts, list):
        return False
    if isinstance(parts[0], str):  # what kind of value it is: ["ShallowReactive", 1]
        parts = parts[1:]
    return bool(parts) and all(type(part) is int for part in parts)


def _looked_up(found: Mapping[str, object], table: list[object]) -> Mapping[str, object]:
    """Return an object with what its numbers refer to, and those of the objects in it.

    Of these only what is looked for: thousands of objects may refer to one of thousands of values.
    """
    named = {name: _at(place, table) for name, place in found.items()}
    return {
        name: {inner: _at(value[inner], table) for inner in _INNER if inner in value}
        if isinstance(value, dict)
        else value
        for name, value in named.items()
    }


def _at(place: object, table: list[object]) -> object:
    return table[place] if type(place) is int and 0 <= place < len(table) else place


def _entry(found: Mapping[str, object], base: str, zone: tzinfo | None) -> Entry | None:
    named = {_SIGNS.sub("", name).lower(): value for name, value in found.items()}
    title = title_text(_first(named, _TITLES), markup=True)
    url = absolute_link(_first(named, _LINKS), base)
    published = _first(named, _TIMES)
    if not url or not title or (words(title) < (2 if published else _FEWEST_WORDS)):
        return None
    return Entry(
        url=url,
        title=title,
        summary=title_text(_first(named, _SUMMARIES), markup=True),
        published_at=parse_date(published, zone=zone),
    )


def _first(named: Mapping[str, object], names: tuple[str, ...]) -> str:
    """Return the first of these values that is a text, or holds one."""
    for name in names:
        value = named.get(name)
        if isinstance(value, dict):
            inner = (value.get(each) for each in _INNER)
            value = next((text for text in inner if isinstance(text, str) and text), None)
        if isinstance(value, str) and value:
            return value
        if type(value) is int and value in _INSTANTS and names is _TIMES:
            return str(value)
    return ""
