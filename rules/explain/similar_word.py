"""The word of a text that is most like a word of a rule: what a near miss would name."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from rules.data.tables import stop_words
from rules.languages.inflection import ending_phonemes
from rules.languages.phonemes import Phonemes, phonemes_of
from rules.languages.similarity import Known, alignment, compare, known, least
from rules.text.tokenizer import is_unspaced

MOST_WORDS = 1_500
MOST_COMPARED = 25
"""So many different words of a text are looked at, and so many of them compared in full."""

_NOT_CALLED_ALIKE = 0.69
_REST_COST = 0.15
_ENDLESS = 1_000.0


class SimilarWord(NamedTuple):
    """A word, how like it is in [0, 1], and how like it would have to be."""

    text: str
    similarity: float
    needed: float


class PhoneticWord(NamedTuple):
    """A word of a text as it sounds; `pairs` as of `_pairs`."""

    text: str
    phonemes: Phonemes
    pairs: frozenset[str]


def phonetic_words(written: Mapping[str, str], language: str) -> list[PhoneticWord]:
    """Return how words sound, without stop words and without runs of a script without spaces.

    Args:
        written: The words by how they are folded; of more than `MOST_WORDS` only the first.
    """
    unwanted = stop_words()
    heard = []
    for folded, text in islice(written.items(), MOST_WORDS):
        if folded in unwanted or is_unspaced(text):
            continue
        phonemes = phonemes_of(text, language)
        if len(phonemes.text) > 1:
            heard.append(PhoneticWord(text, phonemes, _pairs(phonemes.text)))
    return heard


def nearest_word(word: str, others: Iterable[PhoneticWord], language: str) -> SimilarWord | None:
    """Return the one of these words that sounds most like a word; None when none is like it."""
    wanted = known(word)
    if not wanted.whole.text:
        return None
    pairs = _pairs(wanted.whole.text)
    ranked = [
        (len(common) / (len(pairs) + len(other.pairs)), other)
        for other in others
        if (common := pairs & other.pairs)
    ]
    ranked.sort(key=lambda pair: -pair[0])
    endings = ending_phonemes(language)
    best: SimilarWord | None = None
    for _, other in ranked[:MOST_COMPARED]:
        value = _similarity(wanted, other.phonemes, endings)
        if best is None or value > best.similarity:
            best = SimilarWord(other.text, value, least(wanted.whole.weight))
    return best


def _pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring sounds, and the first one by itself."""
    return frozenset({text[:1], *(text[at : at + 2] for at in range(len(text) - 1))})


def _similarity(wanted: Known, phonemes: Phonemes, endings: frozenset[str]) -> float:
    """Return the matcher's similarity, and below what it calls alike a rough one."""
    similar = compare(wanted, phonemes, endings)
    if similar is not None:
        return round(similar.strength, 2)
    weight = wanted.whole.weight
    # Weighed without end, the alignment does not give up on what is far.
    row = alignment(
        Known(replace(wanted.whole, weight=_ENDLESS), None, frozenset()), phonemes
    ).whole
    length = len(phonemes.text)
    cost = min(value + _REST_COST * (length - place) for place, value in enumerate(row))
    return round(max(0.0, min(_NOT_CALLED_ALIKE, 1 - cost / weight)), 2)
