"""The word of a text that is most like a word of a rule: what a near miss would name."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from rules.data.tables import fillers, has_plain_j
from rules.languages.inflection import ending_sounds
from rules.languages.phonemes import Sounds, sounds
from rules.languages.similarity import Known, alignment, known, least, likeness
from rules.text.tokenizer import is_unspaced

MOST_WORDS = 1_500
MOST_COMPARED = 25
"""So many different words of a text are looked at, and so many of them compared in full."""

_NOT_CALLED_ALIKE = 0.69
_REST_COST = 0.15
_ENDLESS = 1_000.0


class Likely(NamedTuple):
    """A word, how like it is in [0, 1], and how like it would have to be."""

    text: str
    likeness: float
    needed: float


class Heard(NamedTuple):
    """A word of a text as it sounds; `pairs` as of `_pairs`."""

    text: str
    sounds: Sounds
    pairs: frozenset[str]


def heard_words(written: Mapping[str, str], language: str) -> list[Heard]:
    """Return how words sound, without small ones and without runs of a script without spaces.

    Args:
        written: The words by how they are folded; of more than `MOST_WORDS` only the first.
    """
    plain_j = has_plain_j(language)
    small = fillers()
    found = []
    for folded, text in islice(written.items(), MOST_WORDS):
        if folded in small or is_unspaced(text):
            continue
        heard = sounds(text, plain_j=plain_j)
        if len(heard.text) > 1:
            found.append(Heard(text, heard, _pairs(heard.text)))
    return found


def nearest_word(word: str, heard: Iterable[Heard], language: str) -> Likely | None:
    """Return the one of these words that sounds most like a word; None when none is like it."""
    wanted = known(word)
    if not wanted.whole.text:
        return None
    pairs = _pairs(wanted.whole.text)
    ranked = [
        (len(common) / (len(pairs) + len(each.pairs)), each)
        for each in heard
        if (common := pairs & each.pairs)
    ]
    ranked.sort(key=lambda each: -each[0])
    endings = ending_sounds(language)
    best: Likely | None = None
    for _, each in ranked[:MOST_COMPARED]:
        value = _likeness(wanted, each.sounds, endings)
        if best is None or value > best.likeness:
            best = Likely(each.text, value, least(wanted.whole.weight))
    return best


def _pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring sounds, and the first one by itself."""
    return frozenset({text[:1], *(text[at : at + 2] for at in range(len(text) - 1))})


def _likeness(wanted: Known, heard: Sounds, endings: frozenset[str]) -> float:
    """Return the matcher's likeness, and below what it calls alike a rough one."""
    found = likeness(wanted, heard, endings)
    if found is not None:
        return round(found.strength, 2)
    weight = wanted.whole.weight
    # Weighed without end, the alignment does not give up on what is far.
    row = alignment(Known(replace(wanted.whole, weight=_ENDLESS), None, frozenset()), heard).whole
    length = len(heard.text)
    cost = min(each + _REST_COST * (length - place) for place, each in enumerate(row))
    return round(max(0.0, min(_NOT_CALLED_ALIKE, 1 - cost / weight)), 2)
