"""Named values that came with an article (front matter, JSON) made into an entry."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from ingester.entry import Entry
from ingester.text.dates import parse_date
from ingester.text.text import one_line, plain_text, unescaped_line
from ingester.urls.urls import canonical_url

NAMES = {
    "id": "id guid articleid uuid docid",
    "title": "title headline heading ogtitle",
    "text": "text body maintext fulltext articlebody articletext contenttext plaintext content "
    "contenthtml html article",
    "summary": "summary description abstract excerpt lead dek standfirst",
    "url": "url link canonicalurl canonical sourceurl originalurl permalink href uri source "
    "articleurl ogurl externalurl",
    "language": "language lang inlanguage locale langcode languagecode",
    "published": "publishedat published datepublished pubdate publishdate publisheddate "
    "publicationdate publishedon publishedtime publicationtime date datetime timestamp time "
    "createdat created",
    "updated": "updatedat updated modified datemodified lastmodified modifiedat lastmod",
    "authors": "authors author byline creator writer",
    "categories": "categories category tags tag keywords section topics topic",
}
"""What is looked for, and under which names (case, "_", "-", ":" and blanks apart), best first."""

_SIGNS = re.compile(r"[\W_]+")
_COMMA = re.compile(r"\s*[,;]\s*")


def entry_from(record: Mapping[str, object]) -> Entry:
    """Return what a record says; what it does not say, or says unintelligibly, stays empty."""
    named: dict[str, object] = {}
    for name, value in record.items():
        named.setdefault(_SIGNS.sub("", name).lower(), value)
    return Entry(
        id=_word(_first(named, "id")),
        title=unescaped_line(_word(_first(named, "title"))),
        text=plain_text(_text(_first(named, "text"))),
        summary=plain_text(_text(_first(named, "summary"))),
        url=_url(named),
        language=_word(_first(named, "language")),
        authors=tuple(_names(_first(named, "authors"), split=False)),
        categories=tuple(_names(_first(named, "categories"), split=True)),
        published_at=_instant(_first(named, "published")),
        updated_at=_instant(_first(named, "updated")),
    )


def unread_date(record: Mapping[str, object]) -> str:
    """Return the date of publication that a record names and that is none, or ""."""
    named = {_SIGNS.sub("", name).lower(): value for name, value in record.items()}
    said = _word(_first(named, "published"))
    return said if said and parse_date(said) is None else ""


def is_known_name(name: str) -> bool:
    """Whether a record's value of this name is one that is looked for."""
    folded = _SIGNS.sub("", name).lower()
    return any(folded in names.split() for names in NAMES.values())


def filled_up(entry: Entry, other: Entry) -> Entry:
    """Return the entry with what it does not say taken from the other one."""
    return replace(
        entry,
        **{
            name: getattr(entry, name) or getattr(other, name)
            for name in Entry.__dataclass_fields__
        },
    )


def _first(named: Mapping[str, object], meaning: str) -> object:
    return next(
        (named[name] for name in NAMES[meaning].split() if named.get(name) not in (None, "", [])),
        None,
    )


def _url(named: Mapping[str, object]) -> str:
    for name in NAMES["url"].split():
        value = named.get(name)
        if isinstance(value, Mapping):
            value = value.get("url")
        if isinstance(value, str) and (url := canonical_url(value.strip())):
            return url
    return ""


def _word(value: object) -> str:
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return str(int(value) if value == int(value) else value)[:100]
    return ""


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return "\n\n".join(part for item in value if (part := _text(item)))
    return value if isinstance(value, str) else ""


def _instant(value: object) -> datetime | None:
    return parse_date(_word(value))


def _names(value: object, *, split: bool) -> Iterator[str]:
    """Yield names from "A", "A, B", ["A", "B"], {"name": "A"} or a list of such."""
    if isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, list | tuple):
        for item in value:
            yield from _names(item, split=False)
    elif isinstance(value, str):
        yield from (one_line(part) for part in (_COMMA.split(value) if split else [value]) if part)
