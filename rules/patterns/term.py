"""A word that rules look for, and how like it a word of a text must be."""

from collections.abc import Iterator
from dataclasses import field
from typing import NamedTuple

from common.records import dataclass
from rules.languages import similarity
from rules.languages.inflection import may_have_prefix, prefixes
from rules.languages.phonemes import Phonemes, alternative_spellings
from rules.languages.similarity import Known
from rules.languages.syllables import is_hangul
from rules.text.tokenizer import Word

BEGINS_A_COMPOUND = 0.8
"""So well must a word of a text begin as a word of a rule, to be a compound with it."""

LEAST_TOGETHER = 5.0
_SURE_TOGETHER = 0.86
_SURE_PHONETIC = 0.84
_NEVER = 2.0
_LEAST_IN_A_RUN = 0.82
_FEWEST_PHONEMES = 3


@dataclass(slots=True)
class RuleWord:
    """A word that rules look for.

    Attributes:
        text: As the rule writes it.
        heard: What words of texts are compared with by their sounds; "" for nothing.
        followers: Entries that stand behind it in a term, with the languages in which both
            together may be one word; none for all.
        alone: It is the only word of a term, so that it may be a part of a compound.
        cognate: It may be found in other spellings.
        phonetic: It is only a way in which other scripts than Latin hear a rule's words.
        together: It is several words, which few scripts write as one.
        in_hangul: Hangul spells it sign by sign, so that its sound alone does not count there.
    """

    text: str
    folded: str
    heard: str
    followers: dict[int, frozenset[str]] = field(default_factory=dict)
    alone: bool = False
    cognate: bool = False
    phonetic: bool = False
    together: bool = False
    in_hangul: bool = False
    _known: Known | None = None

    @property
    def known(self) -> Known:
        """How it sounds; made when it is asked for, since most searches never do."""
        if self._known is None:
            self._known = similarity.known(self.heard)
        return self._known


class FuzzyWord(NamedTuple):
    """A word that other spellings may answer.

    Attributes:
        text: As the rule writes it.
        phonetic: As `RuleWord` has them.
        lone: It is a name of one word, with nothing beside it that proves it.
    """

    text: str
    phonetic: bool = False
    together: bool = False
    in_hangul: bool = False
    lone: bool = False


def beginnings(places: list[int], phonemes: Phonemes, entry: RuleWord) -> list[int]:
    """Return where the second part of a compound may begin; a sound of both parts is heard once."""
    first = entry.known.whole.text[:1]
    shared = [place - 1 for place in places if place and phonemes.text[place - 1] == first]
    return [*places, *shared]


def least(entry: RuleWord, word: Word) -> float:
    """Return how like an entry a word must be to be a cognate of it."""
    if not entry.phonetic:
        return similarity.least(entry.known.whole.weight)
    if not entry.together:
        return _SURE_PHONETIC
    return _NEVER if entry.in_hangul and is_hangul(word.text) else _SURE_TOGETHER


def least_in_a_run(entry: RuleWord) -> float:
    """Return how like an entry a part of a run must be, whose end is not known."""
    if len(entry.known.whole.text) < _FEWEST_PHONEMES:
        return _NEVER
    if entry.together:
        return _SURE_TOGETHER
    return max(_LEAST_IN_A_RUN, similarity.least(entry.known.whole.weight))


def bare_texts(word: Word, language: str) -> Iterator[str]:
    """Yield the word, as it may be heard otherwise, and without what is written onto it."""
    yield word.text
    yield from alternative_spellings(word.text)
    if not may_have_prefix(word.folded):
        return
    for prefix in prefixes(language):
        rest = word.folded[len(prefix) :]
        if word.folded.startswith(prefix) and len(rest) >= (3 if len(prefix) > 1 else 4):
            yield rest
