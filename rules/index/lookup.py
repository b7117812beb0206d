"""What the words of a text may answer: the postings under their keys, looked at more closely."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rules.languages import compounds
from rules.languages.compounds import LINKS, joins
from rules.languages.inflection import (
    all_endings,
    may_have_prefix,
    partners,
    prefixes,
    shortest_stem,
    stems,
)


class Part(NamedTuple):
    """A word of a text, as far as its places do not matter."""

    folded: str
    is_run: bool


class Head(NamedTuple):
    """That a chunk's last word and the next word may be one word of a rule."""

    folded: str
    rule: int
    variant: int


class Asked:
    """A word of a text, asked which words of rules it may be."""

    __slots__ = ("_endings", "_joins", "_part", "_stems")

    def __init__(self, part: Part, language: str) -> None:
        self._part = part
        self._endings = partners(language)
        self._joins = joins(language)
        self._stems: dict[str, list[str]] = {}
        if part.is_run:
            return
        folded = part.folded
        self._note(folded)
        if may_have_prefix(folded):
            for prefix in prefixes(language):
                if folded.startswith(prefix) and len(folded) > len(prefix):
                    self._note(folded[len(prefix) :])
        if self._joins and compounds.SHORTEST <= len(folded) <= compounds.LONGEST:
            for cut in compounds.tails(folded):
                self._note(folded[cut:])

    def _note(self, folded: str) -> None:
        for stem, ending in stems(folded, self._endings, named=True):
            self._stems.setdefault(stem, []).append(ending)

    def may_be(self, entry: str) -> bool:
        """Whether it may be an entry, a form of it, or a compound with it.

        Never False when `patterns.dictionary` finds the entry alone by the letters of the word.
        """
        folded = self._part.folded
        if self._part.is_run:
            return entry in folded
        if self._joins and folded.startswith(entry):
            return True
        for stem, own in _stems_of(entry):
            for ending in self._stems.get(stem, ()):
                if ending == own or own in self._endings.get(ending, ()):
                    return True
        return False


@lru_cache(maxsize=50_000)
def _stems_of(entry: str) -> tuple[tuple[str, str], ...]:
    return tuple(stems(entry, all_endings(), named=True))


def continues(entry: str, folded: str, others: Iterable[str]) -> bool:
    """Whether a word that begins with an entry may go on with a form of one of these words."""
    if not folded.startswith(entry) or len(folded) < len(entry) + 2:
        return False
    rest = folded[len(entry) :]
    for link in LINKS:
        tail = rest[len(link) :]
        if rest.startswith(link) and len(tail) > 1:
            least = shortest_stem(tail)
            for other in others:
                if tail[:least] == other[:least] or (len(tail) < least and other.startswith(tail)):
                    return True
    return False
