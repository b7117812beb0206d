"""How names sound that are written one sign a syllable: in Han characters and in hangul.

A Chinese, Korean or Vietnamese name in Latin letters is split into its syllables; each syllable
says which signs may stand for it: characters that are read so, or hangul. The reading of one
character differs by language (gold is jin, kim and kim), so a name is read in each language whose
syllables it has. No names are listed.
"""

import itertools
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from anyascii import anyascii

from rules.folding import fold
from rules.languages.tables import rows

Spelled = tuple[frozenset[str], ...]
"""For each syllable of a name, the readings that it may be, with their language: "zh:xi"."""

IN_HANGUL = "ko:"
"""Begins the readings that hangul writes."""

FEWEST = 3
"""A name of fewer syllables meets other words by chance."""

_MOST = 5
_HANGUL_FIRST, _HANGUL_LAST = "\uac00", "\ud7a3"


def spelled(written: Sequence[str]) -> list[Spelled]:
    """Return the readings of a name of several words in Latin letters, one for each language.

    Nothing if it has too few or too many syllables, or none of a language.
    """
    folded = [fold(word) for word in written]
    if not all(word.isascii() and word.isalpha() for word in folded):
        return []
    found = []
    for split in (_chinese, _korean, _vietnamese):
        syllables = split(folded)
        if syllables is not None and FEWEST <= len(syllables) <= _MOST:
            found.append(tuple(syllables))
    return found


@lru_cache(maxsize=20_000)
def readings(sign: str) -> frozenset[str]:
    """Return the readings of a folded Han character or hangul syllable, with their languages."""
    if _HANGUL_FIRST <= sign <= _HANGUL_LAST:
        return frozenset({f"ko:{sign}"})
    found = {f"ko:{each}" for each in _han("han_korean.tsv").get(sign, ())}
    found.update(f"vi:{each}" for each in _han("han_vietnamese.tsv").get(sign, ()))
    pinyin = anyascii(sign).lower()
    if pinyin in _pinyin():
        found.add(f"zh:{pinyin}")
    return frozenset(found)


def is_hangul(word: str) -> bool:
    """Whether a word begins with a hangul syllable."""
    return _HANGUL_FIRST <= word[:1] <= _HANGUL_LAST


@cache
def _han(name: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for reading, signs in rows(name):
        for sign in signs:
            found.setdefault(sign, []).append(reading)
    return {sign: tuple(each) for sign, each in found.items()}


@cache
def _pinyin() -> frozenset[str]:
    """Return the syllables of Mandarin: what the common characters are read as."""
    signs = _han("han_korean.tsv")
    found = {anyascii(sign).lower() for sign in signs}
    return frozenset(each for each in found if each.isalpha() and len(each) <= _LONGEST)


_LONGEST = 6


def _chinese(folded: Sequence[str]) -> list[frozenset[str]] | None:
    syllables: list[frozenset[str]] = []
    for word in folded:
        split = next(_splits(word), None)
        if split is None:
            return None
        syllables.extend(frozenset({f"zh:{each}"}) for each in split)
    return syllables


def _splits(word: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to split a word into syllables of Mandarin, the longest first ones first."""
    if not word:
        yield ()
        return
    for length in range(min(_LONGEST, len(word)), 0, -1):
        if word[:length] in _pinyin():
            for rest in _splits(word[length:]):
                yield (word[:length], *rest)


def _vietnamese(folded: Sequence[str]) -> list[frozenset[str]] | None:
    known = _vietnamese_syllables()
    if not all(word in known for word in folded):
        return None
    return [frozenset({f"vi:{word}"}) for word in folded]


@cache
def _vietnamese_syllables() -> frozenset[str]:
    return frozenset(reading for reading, _ in rows("han_vietnamese.tsv"))


def _korean(folded: Sequence[str]) -> list[frozenset[str]] | None:
    syllables: list[frozenset[str]] = []
    known = _hangul()
    for word in folded:
        if word in known:
            parts = [word]
        else:
            cuts = [cut for cut in range(2, len(word) - 1) if _both_known(word, cut)]
            if not cuts:
                return None
            parts = [word[: cuts[0]], word[cuts[0] :]]
        syllables.extend(known[part] for part in parts)
    return syllables


def _both_known(word: str, cut: int) -> bool:
    return word[:cut] in _hangul() and word[cut:] in _hangul()


@cache
def _hangul() -> dict[str, frozenset[str]]:
    """Return, for each way to write a syllable in Latin letters, the hangul that it may be."""
    found: dict[str, set[str]] = {}
    parts: dict[str, list[tuple[int, list[str]]]] = {"initial": [], "vowel": [], "final": []}
    for part, sign, cells in rows("hangul_latin.tsv"):
        spellings = ["" if each == "-" else each for each in cells.split()]
        if part == "whole":
            for each in spellings:
                found.setdefault(each, set()).add(sign)
        else:
            parts[part].append((int(sign), spellings))
    for first, vowel, last in itertools.product(*parts.values()):
        sign = chr(0xAC00 + (first[0] * 21 + vowel[0]) * 28 + last[0])
        for letters in itertools.product(first[1], vowel[1], last[1]):
            found.setdefault("".join(letters), set()).add(sign)
    return {each: frozenset(f"ko:{sign}" for sign in signs) for each, signs in found.items()}
