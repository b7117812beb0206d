"""Phonetic keys of words: the first consonants, roughly. Only words that share one may be cognates.

A key is a beginning of a consonant key of `rules.languages.phonemes`; one with a mark is that of a
word as scripts write it that leave out consonants. The matcher and its presearch both ask here,
so that what the presearch hides is nothing that the matcher would find.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from rules.languages.phonemes import (
    DEPTH,
    SHORTEST_THINNED,
    Phonemes,
    a_consonant_key,
    consonant_keys,
    thinned_keys,
)
from rules.languages.similarity import Known, known

THINNED = "~"


@lru_cache(maxsize=200)
def keys_of(word: str) -> frozenset[str]:
    """Return the phonetic keys of a rule's word; none if it cannot be heard.

    None goes on with another one, which whoever has the longer one has, too: `keys_in`.
    """
    wanted = known(word)
    part = (wanted.stem or wanted.whole).text
    if not wanted.whole.text:
        return frozenset()
    full = _full(part, abjad=wanted.whole.profile.is_abjad)
    return _without_longer(full | {THINNED + key for key in thinned_keys(part)})


def _without_longer(keys: Iterable[str]) -> frozenset[str]:
    every = {*keys} - {"", THINNED}
    return frozenset(
        [key for key in every if every.isdisjoint(key[:end] for end in range(1, len(key)))]
    )


_UNSURE = re.compile("[xcjhuvN]|k(?=[ts])")
_UNSURE_IF_THINNED = re.compile("[xcjhuvNmnr]|k(?=[tsNmnr])")
"""Sounds for which the keys of a word may differ."""


def has_one(word: str, keys: frozenset[str]) -> bool:
    """Whether a rule's word has one of these phonetic keys, which are `keys_in` some word.

    Those have a mark all of them or none, and with each key what it begins with: so most words
    are told by their first sounds.
    """
    wanted = known(word)
    part = (wanted.stem or wanted.whole).text
    one, is_thinned = a_consonant_key(part), next(iter(keys), "").startswith(THINNED)
    mark, unsure = (THINNED, _UNSURE_IF_THINNED) if is_thinned else ("", _UNSURE)
    if one and mark + one in keys:
        return True
    first = a_consonant_key(unsure.split(part, 1)[0])[: SHORTEST_THINNED if is_thinned else DEPTH]
    if first and mark + first not in keys:
        return False
    if is_thinned:
        return any(THINNED + key in keys for key in thinned_keys(part))
    return not keys.isdisjoint(_full(part, abjad=wanted.whole.profile.is_abjad))


def have_one_key(word: Known, other: Known) -> bool:
    """Whether two words of rules have a phonetic key in common."""
    parts = [(each.stem or each.whole).text for each in (word, other)]
    own, others = map(a_consonant_key, parts)
    if own == others != "":  # as of nearly all that sound alike
        return True
    one, two = (
        _full(part, abjad=each.whole.profile.is_abjad)
        for part, each in zip(parts, (word, other), strict=True)
    )
    if not one.isdisjoint(two - {""}):
        return True
    first, second = map(thinned_keys, parts)
    return not first.isdisjoint(second - {""})


_CONSONANT = re.compile("[bcdfghjklmnprstvxN]|u(?=[aeiou])|(?<=[ae])u")
_OF_ABJADS = re.compile("[bcdfghjklmnprstuvxN]")
_UNSURE_ONES = b"aeiouqwyz"
"""What may be a consonant, each of them."""


def is_heard(word: str) -> bool:
    """Whether a rule's word has any phonetic key."""
    return consonants_of(word) > 0


@lru_cache(maxsize=2_000)
def consonants_of(word: str) -> int:
    """Return how many consonants of a rule's word its keys may tell, DEPTH at most."""
    wanted = known(word)
    part = (wanted.stem or wanted.whole).text
    if len(part.encode().translate(None, _UNSURE_ONES)) >= DEPTH:  # as of most names
        return DEPTH
    pattern = _OF_ABJADS if wanted.whole.profile.is_abjad else _CONSONANT
    return min(DEPTH, len(pattern.findall(part)))


def _full(part: str, *, abjad: bool, depth: int = DEPTH) -> frozenset[str]:
    keys = consonant_keys(part, abjad=abjad, depth=depth)
    if "N" not in part:
        return keys
    return keys | consonant_keys(part.replace("N", "ng"), depth=depth)


DEPTH_OF_BOTH = 8


@lru_cache(maxsize=32)
def keys_of_both(head: str, tail: str) -> frozenset[str]:
    """Return the phonetic keys of a compound of two words of a rule, for `keys_in_compound`."""
    deep = DEPTH_OF_BOTH
    first, second = known(head), known(tail)
    abjad = first.whole.profile.is_abjad
    parts = {part.text for part in (first.whole, first.stem) if part is not None}
    part = (second.stem or second.whole).text
    keys: set[str] = set()
    for start in parts:
        tails = _full(part, abjad=second.whole.profile.is_abjad)
        heads = _full(start, abjad=abjad, depth=deep)
        keys.update((one + other)[:deep] for one in heads for other in tails)
        heads, tails = thinned_keys(start, depth=deep), thinned_keys(part)
        keys.update(THINNED + (one + other)[:deep] for one in heads for other in tails)
    return _without_longer(keys)


def keys_in(phonemes: Phonemes) -> frozenset[str]:
    """Return the phonetic keys of a word of a text, or of a part of it."""
    return _keys(phonemes.text, phonemes.profile.is_abjad, phonemes.profile.drops, DEPTH)


def keys_in_compound(phonemes: Phonemes) -> frozenset[str]:
    """Return the phonetic keys of a word of a text that may be a compound."""
    return _keys(phonemes.text, phonemes.profile.is_abjad, phonemes.profile.drops, DEPTH_OF_BOTH)


@lru_cache(maxsize=500)
def _keys(text: str, is_abjad: bool, drops: bool, depth: int) -> frozenset[str]:
    mark = THINNED if drops else ""
    return frozenset(
        mark + key[:length]
        for key in consonant_keys(text, abjad=is_abjad, depth=depth)
        for length in range(1, len(key) + 1)
    )
