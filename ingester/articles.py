"""Entries made into articles, and articles recognised again by their fingerprints."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

from common.clip import clip
from common.scripts import WITHOUT_SPACES, letters
from ingester.entry import Entry
from ingester.text.language import language_of
from ingester.text.layout import title_from
from ingester.text.text import clean_text, one_line, plain_text
from ingester.urls.urls import canonical_url, identity_key, site_of
from storage.model import Article, Fingerprint, Source, stable_id

TITLE_LENGTH = 500
TEXT_LENGTH = 100_000
SUMMARY_LENGTH = 2_000
NAME_LENGTH = 200
NAMES = 50
TEXT_OF_IDENTITY = 200

EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
"""Dates before it are what programs write that do not know one."""
AHEAD = timedelta(hours=24)
"""What is dated further ahead than any time zone explains has no date."""

_WORDS = re.compile(r"\w+")
_SLUG = re.compile(r"[^\W\d_]{2,}")
_NO_SPACES = re.compile(f"[{letters(WITHOUT_SPACES)}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What of a batch is new, and what was seen before.

    Attributes:
        new: Articles to add, with the fingerprints that become theirs, in document order.
        listed: For articles that are known: their fingerprint keys met in this batch, old and new,
            and the article's id.
    """

    new: tuple[tuple[Article, tuple[Fingerprint, ...]], ...]
    listed: Mapping[str, str]


# --- from an entry to an article -----------------------------------------------------------------


def article_from(
    entry: Entry, source: Source, *, seen_at: datetime, with_language: bool = True
) -> tuple[Article, tuple[Fingerprint, ...]]:
    """Return the article that an entry tells of, and how it can be recognised, strongest first.

    Args:
        with_language: Look for its language, which takes most of the time.
    """
    text = _text_of(entry)
    url = (canonical_url(entry.url) if entry.url else None) or ""
    title = _title_of(entry, text, url, source)
    published_at = _believable(entry.published_at, seen_at)
    fingerprints = _fingerprints(
        entry_id=entry.id.strip(),
        url=url,
        title=title,
        text=text,
        published_at=published_at,
        seen_at=seen_at,
        source=source,
    )
    id_ = stable_id("article", fingerprints[0].key)
    article = Article(
        id=id_,
        source_id=source.id,
        story_id=id_,
        url=url,
        title=title,
        text=text,
        summary=clip(plain_text(entry.summary), SUMMARY_LENGTH, trim=True),
        language=language_of(entry.language, f"{title}\n{text}") if with_language else "",
        authors=_names(entry.authors),
        categories=_names(entry.categories),
        published_at=published_at,
        updated_at=_believable(entry.updated_at, seen_at),
        first_seen_at=seen_at,
    )
    return article, fingerprints


def _text_of(entry: Entry) -> str:
    # Two limits: nothing is gained by reading megabytes of which only the beginning is kept.
    for given, is_plain in ((entry.text, True), (entry.content, False), (entry.summary, False)):
        head = given[: 20 * TEXT_LENGTH]
        text = clean_text(head) if is_plain else plain_text(head)
        if text:
            return clip(text, TEXT_LENGTH, trim=True)
    return ""


def _title_of(entry: Entry, text: str, url: str, source: Source) -> str:
    """Return a title, for want of one the first sentence, the URL's words or the source's name."""
    title = one_line(entry.title[: 4 * TITLE_LENGTH]) or title_from(text)
    if not title and url:
        slug = _SLUG.findall(unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]))
        title = " ".join(slug) if len(slug) > 2 else site_of(url)
    return clip(title or one_line(source.name) or source.kind, TITLE_LENGTH, trim=True)


def _believable(claimed: datetime | None, seen_at: datetime) -> datetime | None:
    if claimed is None or not EARLIEST <= claimed <= seen_at + AHEAD:
        return None
    return claimed.astimezone(UTC)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    cleaned = (clip(one_line(name), NAME_LENGTH, trim=True) for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if name))[:NAMES]


# --- fingerprints --------------------------------------------------------------------------------


def _fingerprints(
    *,
    entry_id: str,
    url: str,
    title: str,
    text: str,
    published_at: datetime | None,
    seen_at: datetime,
    source: Source,
) -> tuple[Fingerprint, ...]:
    fingerprints = []
    if url:
        fingerprints.append(_fingerprint("url", identity_key(url)))
    if entry_id:
        fingerprints.append(_fingerprint("id", source.id, entry_id))
    folded = " ".join(_WORDS.findall(unicodedata.normalize("NFKC", title).casefold()))
    if not fingerprints:
        # No day of first sight here: without a date, tomorrow's poll must find the same again.
        day = published_at.date().isoformat() if published_at else ""
        return (_fingerprint("title", source.id, folded or title, day, text[:TEXT_OF_IDENTITY]),)
    if _is_telling(folded):
        day = (published_at or seen_at).date().isoformat()
        fingerprints.append(_fingerprint("title", site_of(url) if url else source.id, folded, day))
    return tuple(fingerprints)


def _fingerprint(kind: str, *value: str) -> Fingerprint:
    return Fingerprint(key=stable_id("print", kind, *value), kind=kind)


def _is_telling(folded: str) -> bool:
    """Whether two articles of one day and site with this title are the same.

    "Sports" is not telling, three words or 15 letters are; 6 signs where words have no spaces.
    """
    if len(folded.split()) >= 3 or len(folded) >= 15:
        return True
    return len(_NO_SPACES.findall(folded)) >= 6


# --- recognising ---------------------------------------------------------------------------------


def recognise(
    batch: Sequence[tuple[Article, Sequence[Fingerprint]]], known: Mapping[str, str]
) -> Recognised:
    """Return which of the articles of one document are new, and which fingerprints belong to which.

    An article is known by its URL or its id; else by its title and day, unless the document lists
    the known one beside it with a different URL or id: then they are two (a status feed says
    "Resolved" twice a day). The same holds inside the document.

    Args:
        batch: Articles with their fingerprints, in document order.
        known: The article id of each fingerprint key that is stored; may hold other keys too.
    """
    return _Recognition(batch, known).result()


class _Recognition:
    """Finds for each entry of a batch the id of its article: its home."""

    def __init__(
        self, batch: Sequence[tuple[Article, Sequence[Fingerprint]]], known: Mapping[str, str]
    ) -> None:
        self._batch = batch
        self._known = known
        self._owner: dict[str, str] = {}
        self._kinds: dict[str, set[str]] = {}
        self._homes: dict[int, str] = {}

    def result(self) -> Recognised:
        for index, (_, fingerprints) in enumerate(self._batch):
            home = next(
                (self._known[p.key] for p in _strong(fingerprints) if p.key in self._known), None
            )
            if home is not None:
                self._settle(index, home)
        new: dict[str, Article] = {}
        for index, (article, fingerprints) in enumerate(self._batch):
            if index in self._homes:
                continue
            home = self._by_strong_fingerprint(fingerprints) or self._by_title(fingerprints)
            if home is None:
                home = article.id
                new[home] = article
            self._settle(index, home)
        return self._sorted(new)

    def _settle(self, index: int, home: str) -> None:
        self._homes[index] = home
        fingerprints = self._batch[index][1]
        for fingerprint in fingerprints:
            self._owner.setdefault(fingerprint.key, self._known.get(fingerprint.key, home))
        self._kinds.setdefault(home, set()).update(
            fingerprint.kind for fingerprint in _strong(fingerprints)
        )

    def _by_strong_fingerprint(self, fingerprints: Sequence[Fingerprint]) -> str | None:
        return next(
            (self._owner[p.key] for p in _strong(fingerprints) if p.key in self._owner), None
        )

    def _by_title(self, fingerprints: Sequence[Fingerprint]) -> str | None:
        """Return the article of that title and day, unless this one says that it is another."""
        own_kinds = {fingerprint.kind for fingerprint in _strong(fingerprints)}
        for fingerprint in fingerprints:
            home = self._owner.get(fingerprint.key) or self._known.get(fingerprint.key)
            # They share no URL and no id; a kind that both have is therefore a difference.
            if home is not None and own_kinds.isdisjoint(self._kinds.get(home, ())):
                return home
        return None

    def _sorted(self, new: Mapping[str, Article]) -> Recognised:
        fingerprints_of: dict[str, dict[str, Fingerprint]] = {home: {} for home in new}
        listed: dict[str, str] = {}
        for index, (_, fingerprints) in enumerate(self._batch):
            home = self._homes[index]
            for fingerprint in fingerprints:
                if self._owner[fingerprint.key] != home:
                    continue
                if home in fingerprints_of:
                    fingerprints_of[home].setdefault(fingerprint.key, fingerprint)
                else:
                    listed[fingerprint.key] = home
        added = ((article, tuple(fingerprints_of[home].values())) for home, article in new.items())
        return Recognised(new=tuple(added), listed=listed)


def _strong(fingerprints: Iterable[Fingerprint]) -> list[Fingerprint]:
    return [fingerprint for fingerprint in fingerprints if fingerprint.kind != "title"]


def keys_of(batch: Iterable[tuple[Article, Sequence[Fingerprint]]]) -> list[str]:
    """Return all fingerprint keys of a batch."""
    return [fingerprint.key for _, fingerprints in batch for fingerprint in fingerprints]


def versions_of(
    batch: Iterable[tuple[Article, Sequence[Fingerprint]]], fresh: Recognised
) -> list[Article]:
    """Return, under the id of the known article, what a batch says of each that is known.

    When it says two things of one, what was always recognised by the same fingerprint counts.
    """
    versions: dict[str, Article] = {}
    for article, fingerprints in batch:
        known = fresh.listed.get(fingerprints[0].key)
        if known is not None and (known not in versions or article.id == known):
            versions[known] = replace(article, id=known)
    return list(versions.values())


def ids_that_may_alert(source: Source, articles: Sequence[Article]) -> frozenset[str]:
    """Return ids of the articles of this poll about which rules may speak.

    All of them, except at a source's first poll: then the newest `source.backfill` ones.
    """
    if source.baseline_done or source.backfill is None:
        return frozenset(article.id for article in articles)
    newest = sorted(
        articles, key=lambda article: article.published_at or article.first_seen_at, reverse=True
    )
    return frozenset(article.id for article in newest[: source.backfill])
