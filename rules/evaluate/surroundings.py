"""What of an article decides whether finds in it count: its language, marks and capitals."""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from common.neighbours import BORROWING, may_be_in, neighbours_of
from rules.data.tables import has_tones
from rules.languages.everyday import is_small
from rules.languages.scripts import has_other_letters
from rules.patterns.pattern import Pattern
from rules.text.folding import marked_letters, settled

_SYLLABLES = 2
_LEAST_WITHOUT_CAPITALS, _LEAST_OF_SENTENCES = 60, 40
"""Who writes capitals at all writes one in so many letters, of one sentence or of several."""
_SENTENCE_WITHIN = re.compile(r"[.!?…]\s+\w")


class Surroundings(NamedTuple):
    """What of an article decides whether a find in it counts.

    Attributes:
        language: The primary subtag of the language; "" if it is not known.
        has_marks: Whether it is written with the marks of a language in which they make other
            words.
        is_small: Whether it is written without capitals, though it is long enough to need some.
    """

    language: str
    has_marks: bool
    is_small: bool

    def has(self, pattern: Pattern) -> bool:
        """Whether a pattern may stand in a text of this language."""
        if pattern.surely and self.language not in BORROWING:
            return self.language == pattern.language
        return may_be_in(frozenset({pattern.language} - {""}), self.language)

    def is_one_word(self, pattern: Pattern) -> bool:
        """Whether two syllables are one word, as most words are where marks make other words."""
        syllables = [slot for slot in pattern.slots if slot.toned]
        return len(syllables) == len(pattern.slots) == _SYLLABLES and has_tones(self.language)

    def is_foreign(self, word: str) -> bool:
        """Whether a word is in Latin letters, and the language is not written so."""
        return word.isascii() and has_other_letters(self.language)

    def may_be_small(self, word: str, languages: Iterable[str]) -> bool:
        """Whether a word is a small one of these or alike, where nothing is known of its own."""
        if self.language and self.language not in BORROWING:
            return False
        near = frozenset[str]().union(*map(neighbours_of, languages))
        return any(is_small(word, each, ()) for each in near)

    @property
    def is_other(self) -> bool:
        """Whether it is in a language in which marks do not make other words."""
        return bool(self.language) and not has_tones(self.language)

    def is_same(self, written: str, wanted: str) -> bool:
        """Whether what is written is a word whose marks make another word of it."""
        if not self.has_marks:
            return True
        return settled(written).casefold() == settled(wanted).casefold()


def surroundings_of(language: str, texts: Collection[str]) -> Surroundings:
    """Return what surrounds finds in the texts of an article."""
    may_have_marks = not language or has_tones(language)
    has_marks = may_have_marks and any(map(_has_marks, texts))
    return Surroundings(language, has_marks, _is_small(texts))


def _has_marks(text: str) -> bool:
    return not text.isascii() and not marked_letters().keys().isdisjoint(text)


def _is_small(texts: Collection[str]) -> bool:
    """Whether texts have no capital, and so many letters that only a habit explains it.

    A caption of a few words has none either: una colonia di gabbiani.
    """
    if not any(map(str.islower, texts)):  # which ends at the first capital
        return False
    every = "\n".join(texts)
    least = _LEAST_OF_SENTENCES if _SENTENCE_WITHIN.search(every) else _LEAST_WITHOUT_CAPITALS
    return every.islower() and sum(map(str.isalpha, every)) >= least
