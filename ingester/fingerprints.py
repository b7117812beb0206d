"""Ways to recognise an article again, and how alike two of them are in words."""

import unicodedata
from collections.abc import Set
from dataclasses import replace
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import pairwise

from common.patterns import pattern
from common.records import dataclass
from common.scripts import WITHOUT_SPACES, letters
from ingester.urls.parts import KEPT
from ingester.urls.urls import fragment_of, identity_key, number_of, site_of
from storage.model import SHARED, Article, Fingerprint, Source, beginning_of_digest, stable_id

TEXT_LENGTH = 100_000
"""So much of an article's text is kept."""
TEXT_OF_IDENTITY = 200
LOOKED_AT = 4_000
"""So much of a text says whether it is alike another."""
ENOUGH = 20
"""So many pieces a text must have for the lack of any in common to prove it another one."""

_OF_ADDRESS = 6
_TRIES = "?"
_WORDS = pattern(r"\w+")
_DIGITS = pattern(r"\d+")
_NO_SPACES = pattern(lambda: f"[{letters(WITHOUT_SPACES)}]")
_PIECES = pattern(lambda: rf"[{letters(WITHOUT_SPACES)}]|\w+")


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """An entry as the article that it would be, and what it can be recognised by.

    Attributes:
        entry_id: What its source calls it, or "".
        link: The address with the fragment that it has in the source, or "".
        said: A digest of address, title and text as the source gives them.
        scope: Within what equal titles may mean the same article: the source's site, or the paper
            of which an aggregator has it.
        tries: As `Entry.tries`.
        declared: The language that its source declares, or "".
    """

    article: Article
    entry_id: str
    link: str
    said: str
    scope: str
    tries: int = 0
    declared: str = ""

    @property
    def noted(self) -> str:
        """What is kept of what was said: also how often its page was asked for in vain."""
        return f"{self.said}{_TRIES}{self.tries}" if self.tries else self.said

    @cached_property
    def own(self) -> Fingerprint:
        """What its source calls it; for want of that its link, or its words."""
        source_id, article = self.article.source_id, self.article
        if self.entry_id:
            return _fingerprint("id", source_id, self.entry_id, said=self.noted)
        if article.url:
            link = f"{identity_key(article.url)}#{fragment_of(self.link)}"
            return _fingerprint("id", source_id, "", link, said=self.noted)
        # No day of first sight here: without a date, tomorrow's poll must find the same again.
        day = article.published_at.date().isoformat() if article.published_at else ""
        title = folded(article.title) or article.title
        words = (title, day, article.text[:TEXT_OF_IDENTITY])
        return _fingerprint("title", source_id, *words, said=self.noted)

    @cached_property
    def url(self) -> Fingerprint | None:
        """Its address, the same for all sources."""
        return print_of_url(self.article.url) if self.article.url else None

    @cached_property
    def number(self) -> Fingerprint | None:
        """The number in its address."""
        number = number_of(self.article.url) if self.article.url else ""
        return _fingerprint("number", site_of(self.article.url), number) if number else None

    @cached_property
    def numbering(self) -> Fingerprint | None:
        """For what is known of how the site of its address numbers articles."""
        return _fingerprint("numbering", site_of(self.article.url)) if self.number else None

    @cached_property
    def title(self) -> Fingerprint | None:
        """Its title and day; what has no date or an everyday title, with its text."""
        article, title = self.article, folded(self.article.title)
        if not title:
            return None
        if article.published_at is None:
            day = "" if article.text else article.first_seen_at.date().isoformat()
        else:
            day = article.published_at.date().isoformat()
        needs_text = not day or not is_telling(title)
        if needs_text and not article.text:
            return None
        return _fingerprint(
            "title", self.scope, title, day, words_of(self.said) if needs_text else ""
        )

    @property
    def others(self) -> list[Fingerprint]:
        """By what else it may be known beside what its source calls it."""
        others = (self.url, self.number, self.numbering, self.title)
        return [print_ for print_ in others if print_ is not None]

    @cached_property
    def named(self) -> Fingerprint:
        """For what has no key of its own: these together with its title."""
        url = identity_key(self.article.url) if self.article.url else ""
        return _fingerprint("named", self.own.key, url, folded(self.article.title), said=self.said)

    @cached_property
    def whole(self) -> Fingerprint:
        """For what has not even a title of its own."""
        return _fingerprint("whole", self.mark, said=self.said)

    @cached_property
    def mark(self) -> str:
        """Tells it from all others of its document, true repeats aside."""
        return self.own.key + self.said

    @property
    def as_read(self) -> str:
        """What is the same for a true repeat: address, title, text and date, whatever its id."""
        article = self.article
        if article.url and article.title and article.text:
            return f"{self.said} {article.published_at} #{fragment_of(self.link)}"
        return self.mark

    @property
    def dated_at(self) -> datetime:
        """When it was published, as far as is known."""
        return self.article.published_at or self.article.first_seen_at

    def with_link(self) -> Article:
        """Return the article with the fragment in its address."""
        fragment = fragment_of(self.link)
        url = f"{self.article.url}#{fragment}" if fragment else self.article.url
        return replace(self.article, url=url)


@lru_cache(KEPT)
def print_of_url(url: str) -> Fingerprint:
    """Return what an article is known by at this address, the same for all sources."""
    return _fingerprint("url", identity_key(url))


def said_by(url: str, title: str, text: str) -> str:
    """Return what changes when a source edits what it says of an article, white space aside.

    Args:
        title, text: Cleaned (`ingester.text.text`): no blanks are left but those that part words.
    """
    address = beginning_of_digest("said", identity_key(url)) if url else ""
    words = beginning_of_digest("said", _on_one_line(title), _on_one_line(text))
    return address[:_OF_ADDRESS].rjust(_OF_ADDRESS, "-") + words


def _on_one_line(cleaned: str) -> str:
    return cleaned.replace("\n\n", " ").replace("\n", " ")


def words_of(said: str) -> str:
    """Return the part of a digest that changes with title and text."""
    return said[_OF_ADDRESS:].partition(_TRIES)[0]


def tries_of(noted: str) -> int:
    """Return how often the page of an article was asked for in vain, by what is kept of it."""
    return int(noted.partition(_TRIES)[2] or 0)


def words_said_by(article: Article) -> str:
    """Return that part of an article as it is stored."""
    return words_of(said_by("", article.title, article.text))


def scope_of(source: Source) -> str:
    """Return within what equal titles of a source may mean the same article."""
    return site_of(source.url) or source.id


def shared(fingerprint: Fingerprint) -> Fingerprint:
    """Return a fingerprint that several articles have."""
    return replace(fingerprint, said=SHARED)


def _fingerprint(kind: str, *value: str, said: str = "") -> Fingerprint:
    return Fingerprint(key=stable_id("print", kind, *value), kind=kind, said=said)


# --- words ---------------------------------------------------------------------------------------


def folded(title: str) -> str:
    """Return what spellings of one title share."""
    return " ".join(_WORDS.findall(unicodedata.normalize("NFKC", title).casefold()))


def is_telling(title: str) -> bool:
    """Whether two articles of one day and site with this (folded) title may be the same.

    "Sports" is not telling, three words or 15 letters are; 6 signs where words have no spaces.
    """
    if len(title.split()) >= 3 or len(title) >= 15:
        return True
    return len(_NO_SPACES.findall(title)) >= 6


def pieces(text: str) -> list[str]:
    """Return the words of a text, and its signs one by one where words have no spaces."""
    return _PIECES.findall(unicodedata.normalize("NFKC", text).casefold())


def titles_alike(first: str, second: str) -> bool:
    """Whether one title may be the other with a slip mended: other numbers are another matter."""
    if folded(first) == folded(second):
        return True
    common = _in_common(set(pieces(first)), set(pieces(second)), of_larger=True)
    return same_numbers(first, second) and common >= 0.6


def same_numbers(first: str, second: str) -> bool:
    """Whether two titles name the same numbers: those of a release or an episode tell it."""
    return _DIGITS.findall(first) == _DIGITS.findall(second)


def texts_alike(first: str, second: str) -> bool:
    """Whether two texts that are there say the same in about the same words."""
    one, two = _pairs(first), _pairs(second)
    if not one or not two:
        return bool(pieces(first)) and pieces(first) == pieces(second)
    return _in_common(one, two) >= 0.6


def texts_unlike(first: str, second: str) -> bool:
    """Whether two texts are long enough to tell that neither is an edited form of the other."""
    one, two = _pairs(first), _pairs(second)
    return min(len(one), len(two)) >= ENOUGH and _in_common(one, two) < 0.1


def _pairs(text: str) -> set[tuple[str, str]]:
    words = pieces(text[:LOOKED_AT])
    return set(pairwise(words))


def _in_common(one: Set[object], two: Set[object], *, of_larger: bool = False) -> float:
    size = max(len(one), len(two)) if of_larger else min(len(one), len(two))
    return len(one & two) / size if size else 0.0
