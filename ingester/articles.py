"""Entries made into articles."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from common.clip import clip
from ingester.entry import Entry
from ingester.fingerprints import TEXT_LENGTH, Sighting, print_of_url, said_by, scope_of
from ingester.text.language import language_of
from ingester.text.layout import title_from
from ingester.text.text import clean_text, one_line, plain_text, without_references
from ingester.urls.owners import owner_of
from ingester.urls.urls import canonical_url, site_of
from storage.model import Article, Source, stable_id

TITLE_LENGTH = 500
SUMMARY_LENGTH = 2_000
NAME_LENGTH = 200
NAMES = 50

EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
"""Dates before it are what programs write that do not know one."""
AHEAD = timedelta(hours=24)
"""What is dated further ahead than any time zone explains has no date."""

_READ = 20 * TEXT_LENGTH
_SLUG = re.compile(r"[^\W\d_]{2,}")


NOT_READ: Mapping[str, str] = MappingProxyType({})


def read_together(entries: Iterable[Entry]) -> Mapping[str, str]:
    """Return texts by the markup that entries give, of what can be read at once."""
    markups = [each for entry in entries for each in (entry.content, entry.summary) if each]
    if not markups:
        return NOT_READ
    from ingester.text.markup import plain_texts  # dear to import, and many commands read nothing

    return plain_texts(markups)


def sighting_of(
    entry: Entry,
    source: Source,
    *,
    seen_at: datetime,
    with_language: bool = True,
    texts: Mapping[str, str] = NOT_READ,
) -> Sighting:
    """Return the article that an entry tells of, and what it can be recognised by.

    Args:
        with_language: Look for its language, which takes most of the time.
        texts: What `read_together` returned for this entry and others.
    """
    text, summary = _text_and_summary(entry, texts)
    url = (canonical_url(entry.url) if entry.url else None) or ""
    title = _title_of(entry, text, url, source)
    published_at = _believable(entry.published_at, seen_at)
    id_ = stable_id("article", print_of_url(url).key) if url else ""
    publisher = owner_of(entry.publisher) if entry.publisher else ""
    if publisher and publisher == owner_of(url):
        publisher = ""
    article = Article(
        id=id_,
        source_id=source.id,
        story_id=id_,
        url=url,
        title=title,
        text=text,
        summary=summary,
        language=language_of(entry.language, f"{title}\n{text}") if with_language else "",
        authors=_names(entry.authors),
        categories=_names(entry.categories),
        published_at=published_at,
        updated_at=_believable(entry.updated_at, seen_at),
        first_seen_at=seen_at,
        publisher=publisher,
    )
    sighting = Sighting(
        article=article,
        entry_id=entry.id.strip(),
        link=entry.url,
        said=entry.said or said_by(url, title, text),
        scope=publisher or scope_of(source),
        tries=entry.tries,
        declared=entry.language,
    )
    if id_:
        return sighting
    id_ = stable_id("article", sighting.own.key)
    return replace(sighting, article=replace(article, id=id_, story_id=id_))


def _text_and_summary(entry: Entry, texts: Mapping[str, str]) -> tuple[str, str]:
    """Return both as they are kept; of one markup both are made at once."""

    def plain(given: str) -> str:
        text = texts.get(given)
        return without_references(plain_text(given) if text is None else text)

    # Two limits: nothing is gained by reading megabytes of which only the beginning is kept.
    text, markup = clean_text(entry.text[:_READ]) if entry.text else "", None
    for given in (entry.content, entry.summary):
        if not text and given != markup:
            text, markup = plain(given[:_READ]), given
    is_one = markup is not None and markup == entry.summary and len(markup) <= _READ
    summary = text if is_one else plain(entry.summary)
    return clip(text, TEXT_LENGTH, trim=True), clip(summary, SUMMARY_LENGTH, trim=True)


def _title_of(entry: Entry, text: str, url: str, source: Source) -> str:
    """Return a title, for want of one the first sentence, the URL's words or the source's name."""
    title = one_line(without_references(entry.title[: 4 * TITLE_LENGTH])) or title_from(text)
    if not title and url:
        slug = _SLUG.findall(unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]))
        title = " ".join(slug) if len(slug) > 2 else site_of(url)
    return clip(title or one_line(source.name) or source.kind, TITLE_LENGTH, trim=True)


def _believable(claimed: datetime | None, seen_at: datetime) -> datetime | None:
    if claimed is None or not EARLIEST <= claimed <= seen_at + AHEAD:
        return None
    return claimed.astimezone(UTC)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    cleaned = map(_name, names)
    return tuple(dict.fromkeys(name for name in cleaned if name))[:NAMES]


@lru_cache(2_000)
def _name(name: str) -> str:
    """Return the name of an author or a category, which a source gives again and again."""
    return clip(one_line(name), NAME_LENGTH, trim=True)
