"""Outlines of words: the first consonants, roughly. Only words that share one may be cognates.

An outline is a beginning of a skeleton of `rules.languages.phonemes`; one with a mark is that of a
word as scripts write it that leave out consonants. The matcher and its presearch both ask here,
so that what the presearch hides is nothing that the matcher would find.
"""

from functools import cache, lru_cache

from rules.languages.phonemes import DEPTH, Sounds, skeletons, thinned_skeletons
from rules.languages.similarity import known

_THINNED = "~"
_MASK_BITS = 1021


@lru_cache(maxsize=100_000)
def outlines_of(word: str) -> frozenset[str]:
    """Return the outlines of a rule's word; none if it cannot be heard."""
    wanted = known(word)
    part = (wanted.stem or wanted.whole).text
    if not wanted.whole.text:
        return frozenset()
    full = _full(part, abjad=wanted.whole.profile.is_abjad)
    return (full | {_THINNED + skeleton for skeleton in thinned_skeletons(part)}) - {"", _THINNED}


def _full(part: str, *, abjad: bool, depth: int = DEPTH) -> frozenset[str]:
    found = skeletons(part, abjad=abjad, depth=depth)
    if "N" not in part:
        return found
    return found | skeletons(part.replace("N", "ng"), depth=depth)


_DEPTH_OF_BOTH = 8


@lru_cache(maxsize=100_000)
def outlines_of_both(head: str, tail: str) -> frozenset[str]:
    """Return the outlines of a compound of two words of a rule, for `heard_as_both`."""
    deep = _DEPTH_OF_BOTH
    first, second = known(head), known(tail)
    abjad = first.whole.profile.is_abjad
    parts = {part.text for part in (first.whole, first.stem) if part is not None}
    part = (second.stem or second.whole).text
    found: set[str] = set()
    for start in parts:
        tails = _full(part, abjad=second.whole.profile.is_abjad)
        heads = _full(start, abjad=abjad, depth=deep)
        found.update((one + other)[:deep] for one in heads for other in tails)
        heads, tails = thinned_skeletons(start, depth=deep), thinned_skeletons(part)
        found.update(_THINNED + (one + other)[:deep] for one in heads for other in tails)
    return frozenset(found) - {"", _THINNED}


def heard_outlines(heard: Sounds) -> frozenset[str]:
    """Return the outlines of a word of a text, or of a part of it."""
    return _heard(heard.text, heard.profile.is_abjad, heard.profile.drops, DEPTH)


def heard_as_both(heard: Sounds) -> frozenset[str]:
    """Return the outlines of a word of a text that may be a compound."""
    return _heard(heard.text, heard.profile.is_abjad, heard.profile.drops, _DEPTH_OF_BOTH)


@lru_cache(maxsize=200_000)
def _heard(text: str, is_abjad: bool, drops: bool, depth: int) -> frozenset[str]:
    mark = _THINNED if drops else ""
    return frozenset(
        mark + skeleton[:length]
        for skeleton in skeletons(text, abjad=is_abjad, depth=depth)
        for length in range(1, len(skeleton) + 1)
    )


def mask(outlines: frozenset[str]) -> int:
    """Return a number that has a bit in common with that of any set with a common outline."""
    found = 0
    for outline in outlines:
        found |= _bit(outline)
    return found


@cache
def _bit(outline: str) -> int:
    number = 0
    for letter in outline:
        number = number * 8 + "~KLMPST".index(letter) + 1
    return 1 << number % _MASK_BITS
