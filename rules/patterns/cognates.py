"""How like a cognate, or what is derived from one, must be a word of rules."""

from collections.abc import Sequence
from functools import lru_cache

from rules.languages import phonetic_keys, similarity
from rules.languages.inflection import ending_phonemes
from rules.languages.phonemes import Phonemes, phonemes_of
from rules.languages.similarity import known
from rules.patterns.term import RuleWord, bare_texts
from rules.text.folding import fold
from rules.text.tokenizer import Word

BOTH_PARTS = 1.78
"""So much must the strengths of both parts of a compound be together."""

LEAST_ALONE = 0.84
"""So like all of a name of one word must a word be, with nothing beside it that proves it."""

BEGINS_A_DERIVED = 0.9
LEAST_OF_A_DERIVED = 3.5
MOST_BEHIND_A_DERIVED = 7
"""So well must a derived word begin as a word of a rule, that must weigh so much; and so many
sounds may follow."""

_LEAST = 0.8
_LEAST_OF_SHORT = 0.885
_SHORT = 8.0
"""The score that a keyword needs across spellings: more if its words are short altogether and
are no name, since names travel between languages and short common words meet by chance."""


def least_together(content_words: Sequence[Word]) -> float:
    """Return how like several words must be together, each weighed as its slot."""
    if all(not word.text[0].islower() for word in content_words):
        return _LEAST
    texts = {word.text for word in content_words}
    return _LEAST if sum(known(text).whole.weight for text in texts) >= _SHORT else _LEAST_OF_SHORT


@lru_cache(maxsize=500)
def as_heard(
    written: str, folded: str, language: str
) -> tuple[tuple[Phonemes, frozenset[str]], ...]:
    """Return the ways to hear a word of a text, each with its phonetic keys.

    Several words of rules are mostly compared with one of a text, one after the other.
    """
    word = Word(written, folded, 0, len(written), False)
    heard = [phonemes_of(text, language) for text in bare_texts(word, language)]
    return tuple((phonemes, phonetic_keys.keys_in(phonemes)) for phonemes in heard)


@lru_cache(maxsize=20_000)
def likeness(own: str, written: str, language: str) -> float:
    """Return how like a word of a text is to all of a word of rules, but for its own endings."""
    wanted, endings = known(own), ending_phonemes(language)
    heard = as_heard(written, fold(written), language)
    return max(similarity.of_whole(wanted, phonemes, endings) for phonemes, _ in heard)


def is_derived(
    entry: RuleWord, word: Word, phonemes: Phonemes, strength: float, places: list[int]
) -> bool:
    """Whether a word that begins as an entry does is derived from it."""
    rest = len(phonemes.text) - max(places)
    if entry.known.whole.weight < LEAST_OF_A_DERIVED:
        return False
    if strength < BEGINS_A_DERIVED or rest > MOST_BEHIND_A_DERIVED:
        return False
    return not word.folded.startswith(entry.folded)  # its own language's words have endings
