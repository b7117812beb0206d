"""The word of a text that is most like a word of a rule: what a near miss would name."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from rules.languages.cognates import Known, alignment, known, least, likeness
from rules.languages.endings import ending_sounds
from rules.languages.sounds import Sounds, sounds
from rules.languages.tables import fillers, has_plain_j
from rules.words import words

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


def nearest_word(word: str, texts: Iterable[str], language: str) -> Likely | None:
    """Return the word of the texts that sounds most like a word; None when none is like it.

    Of a script without spaces nothing is said. Looks at a bounded number of words.
    """
    wanted = known(word)
    if not wanted.whole.text:
        return None
    pairs = _pairs(wanted.whole.text)
    plain_j = has_plain_j(language)
    ranked: list[tuple[float, str, Sounds]] = []
    for text in islice(_different_words(texts), MOST_WORDS):
        heard = sounds(text, plain_j=plain_j)
        if len(heard.text) < 2:
            continue
        own = _pairs(heard.text)
        common = len(pairs & own)
        if common:
            ranked.append((common / (len(pairs) + len(own)), text, heard))
    ranked.sort(key=lambda each: -each[0])
    endings = ending_sounds(language)
    best: Likely | None = None
    for _, text, heard in ranked[:MOST_COMPARED]:
        value = _likeness(wanted, heard, endings)
        if best is None or value > best.likeness:
            best = Likely(text, value, least(wanted.whole.weight))
    return best


def _different_words(texts: Iterable[str]) -> Iterable[str]:
    seen = set(fillers())
    for text in texts:
        for word in words(text):
            if word.is_run or word.folded in seen:
                continue
            seen.add(word.folded)
            yield word.text


def _pairs(text: str) -> set[str]:
    """Return the pairs of neighbouring sounds, and the first one by itself."""
    return {text[:1], *(text[at : at + 2] for at in range(len(text) - 1))}


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
