"""How names sound that are written one sign a syllable: in Han characters and in hangul.

A Chinese, Korean or Vietnamese name in Latin letters is split into its syllables; each syllable
says which signs may stand for it: characters that are read so, or hangul. The reading of one
character differs by language (gold is jin, kim and kim), so a name is read in each language whose
syllables it has. No names are listed.
"""

import itertools
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import takewhile

from anyascii import anyascii

from rules.data.tables import rows
from rules.text.folding import fold

SyllableReadings = tuple[frozenset[str], ...]
"""For each syllable of a name, the readings that it may be, with their language: "zh:xi"."""

IN_HANGUL = "ko:"
"""Begins the readings that hangul writes."""

FEWEST = 3
"""A name of fewer syllables meets other words by chance."""

_MOST = 5
_HANGUL_FIRST, _HANGUL_LAST = "\uac00", "\ud7a3"
_SIGNS = (0x3000, 0xA000), (0x20000, 0x30000)
"""Where signs are, among others."""


def readings_of(written: Sequence[str]) -> list[SyllableReadings]:
    """Return the readings of a name of several words in Latin letters, one for each language.

    Nothing if it has too few or too many syllables, or none of a language.
    """
    readings_by_language = []
    for language, name in parted(written):
        syllables = [syllable for word in name for syllable in word]
        if not FEWEST <= len(syllables) <= _MOST:
            continue
        if language == "ko":
            signs = map(_in_hangul, syllables)
            readings_by_language.append(
                tuple(frozenset(f"ko:{sign}" for sign in every) for every in signs)
            )
        else:
            readings_by_language.append(
                tuple(frozenset({f"{language}:{syllable}"}) for syllable in syllables)
            )
    return readings_by_language


def is_syllabic(written: Sequence[str]) -> bool:
    """Whether a name in Latin letters has only syllables of one of these languages."""
    return next(parted(written), None) is not None


def respellings(written: Sequence[str]) -> list[tuple[str, ...]]:
    """Return how other scripts hear a name, word by word, in Latin letters: Si Tsinpin."""
    spellings = []
    for language, name in parted(written):
        for changes in _changes().get(language, ()):
            spellings.append(tuple("".join(_changed(e, changes) for e in word) for word in name))
    return [name for name in dict.fromkeys(spellings) if name != tuple(map(fold, written))]


def in_latin(name: str) -> list[tuple[str, ...]]:
    """Return how a name of a person in Han characters or hangul is written in Latin letters.

    A name has three signs or four, of which the first is a surname; other words give nothing.
    """
    folded = fold(name)
    if len(folded) not in _SIGNS_OF_A_NAME or folded[0] not in _surnames():
        return []
    if is_hangul(folded):
        return _romanised(folded)
    names: list[tuple[str, ...]] = []
    pinyin = [anyascii(sign).lower() for sign in folded]
    if all(syllable in _pinyin() for syllable in pinyin):
        names.append((pinyin[0].title(), "".join(pinyin[1:]).title()))
    for table in (_han("han_vietnamese.tsv"), _han("han_korean.tsv")):
        read = [table.get(sign, "").split() for sign in folded]
        if all(read):
            first = tuple(syllable[0].title() for syllable in read)
            names += _romanised(_with_surname(read)) if is_hangul(first[0]) else [first]
    return names


def _with_surname(read: Sequence[Sequence[str]]) -> str:
    """Return a name in hangul; the first sign in the reading that surnames have."""
    first = next((reading for reading in read[0] if reading in _surnames()), read[0][0])
    return first + "".join(reading[0] for reading in read[1:])


def _romanised(hangul: str) -> list[tuple[str, ...]]:
    """Return a name in hangul in Latin letters, by the official rules and as names do."""
    official = tuple(anyascii(sign) for sign in hangul)
    usual = tuple(_usual().get(sign, anyascii(sign)).title() for sign in hangul)
    return list(dict.fromkeys((official, usual)))


@cache
def _usual() -> dict[str, str]:
    return {
        sign: cells.split()[0] for part, sign, cells in rows("hangul_latin.tsv") if part == "whole"
    }


@cache
def _surnames() -> frozenset[str]:
    return frozenset(sign for _, signs in rows("surnames.tsv") for sign in signs)


_SIGNS_OF_A_NAME = (3, 4)


def parted(written: Sequence[str]) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Yield the languages of which a name has the syllables, with those of each word."""
    yield from _parted(tuple(map(fold, written)))


@lru_cache(maxsize=100)  # of a keyword it is asked several times
def _parted(folded: Sequence[str]) -> list[tuple[str, list[tuple[str, ...]]]]:
    found: list[tuple[str, list[tuple[str, ...]]]] = []
    if all(word.isascii() and word.isalpha() for word in folded):
        for language, split in (("zh", _in_pinyin), ("ko", _in_korean), ("vi", _in_vietnamese)):
            name = list(takewhile(bool, map(split, folded)))  # most words are of none
            if len(name) == len(folded):
                found.append((language, name))
    return found


def _changed(syllable: str, changes: Mapping[str, str]) -> str:
    for length in (3, 2, 1):
        if length < len(syllable) and syllable[:length] in changes:
            syllable = changes[syllable[:length]] + syllable[length:]
            break
    for length in (4, 3, 2):
        if "-" + syllable[-length:] in changes:
            return syllable[:-length] + changes["-" + syllable[-length:]]
    return syllable


@cache
def _changes() -> dict[str, list[dict[str, str]]]:
    by_language: dict[str, list[dict[str, str]]] = {}
    for language, cells in rows("respelled.tsv"):
        pairs = (cell.partition("=") for cell in cells.split())
        by_language.setdefault(language, []).append({old: new for old, _, new in pairs})
    return by_language


@lru_cache(maxsize=20_000)
def readings(sign: str) -> frozenset[str]:
    """Return the readings of a folded Han character or hangul syllable, with their languages."""
    if _HANGUL_FIRST <= sign <= _HANGUL_LAST:
        return frozenset({f"ko:{sign}"})
    return _readings_of_han(sign)


def _readings_of_han(sign: str) -> frozenset[str]:
    read = {f"ko:{reading}" for reading in _han("han_korean.tsv").get(sign, "").split()}
    read.update(f"vi:{reading}" for reading in _han("han_vietnamese.tsv").get(sign, "").split())
    pinyin = anyascii(sign).lower()
    if pinyin in _pinyin():
        read.add(f"zh:{pinyin}")
    return frozenset(read)


def signs_read_as(wanted: Iterable[str]) -> str:
    """Return the signs that have one of some readings, each once."""
    by_reading = _signs_by_reading()
    return "".join(dict.fromkeys("".join(by_reading.get(reading, "") for reading in wanted)))


@cache
def _signs_by_reading() -> dict[str, str]:
    by_reading: dict[str, list[str]] = {}
    for first, last in _SIGNS:
        for sign in map(chr, range(first, last)):
            for reading in _readings_of_han(sign):
                by_reading.setdefault(reading, []).append(sign)
    for sign in map(chr, range(ord(_HANGUL_FIRST), ord(_HANGUL_LAST) + 1)):
        by_reading.setdefault(IN_HANGUL + sign, []).append(sign)
    return {reading: "".join(signs) for reading, signs in by_reading.items()}


def is_hangul(word: str) -> bool:
    """Whether a word begins with a hangul syllable."""
    return _HANGUL_FIRST <= word[:1] <= _HANGUL_LAST


@cache
def _han(name: str) -> dict[str, str]:
    """Return the readings of signs, parted by spaces: nearly all have one, which many share."""
    by_sign: dict[str, str] = {}
    for reading, signs in rows(name):
        for sign in map(sys.intern, signs):
            by_sign[sign] = f"{by_sign[sign]} {reading}" if sign in by_sign else reading
    return by_sign


@cache
def _pinyin() -> frozenset[str]:
    """Return the syllables of Mandarin."""
    return frozenset(syllable for (line,) in rows("pinyin.tsv") for syllable in line.split())


_LONGEST = 6


def _in_pinyin(word: str) -> tuple[str, ...]:
    return next(_splits(word), ())


def _splits(word: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to split a word into syllables of Mandarin, the longest first ones first."""
    if not word:
        yield ()
        return
    for length in range(min(_LONGEST, len(word)), 0, -1):
        if word[:length] in _pinyin():
            for rest in _splits(word[length:]):
                yield (word[:length], *rest)


def _in_vietnamese(word: str) -> tuple[str, ...]:
    return (word,) if word in _vietnamese_syllables() else ()


@cache
def _vietnamese_syllables() -> frozenset[str]:
    return frozenset(reading for reading, _ in rows("han_vietnamese.tsv"))


def _in_korean(word: str) -> tuple[str, ...]:
    if not _korean_syllables("{1,2}").fullmatch(word):
        return ()
    is_syllable = _korean_syllables("").fullmatch
    if is_syllable(word):
        return (word,)
    for cut in range(2, len(word) - 1):
        if is_syllable(word, 0, cut) and is_syllable(word, cut):
            return (word[:cut], word[cut:])
    return ()


@cache
def _korean_syllables(many: str) -> re.Pattern[str]:
    """Return what finds a syllable of Korean in Latin letters, or so many."""
    initial, vowel, final, whole = (
        f"(?:{'|'.join(map(re.escape, spellings))})" for spellings in _parts_of_hangul()
    )
    return re.compile(f"(?:{initial}{vowel}{final}|{whole}){many}")


@lru_cache(maxsize=500)
def _in_hangul(syllable: str) -> str:
    """Return the hangul that a syllable in Latin letters may be, in order."""
    initials, vowels, finals, whole = _parts_of_hangul()
    signs = set(whole.get(syllable, ()))
    places = range(len(syllable) + 1)
    for start, end in itertools.combinations_with_replacement(places, 2):
        first, vowel = initials.get(syllable[:start], ()), vowels.get(syllable[start:end], ())
        for one, two, three in itertools.product(first, vowel, finals.get(syllable[end:], ())):
            signs.add(chr(0xAC00 + (int(one) * 21 + int(two)) * 28 + int(three)))
    return "".join(sorted(signs))


@cache
def _parts_of_hangul() -> list[dict[str, list[str]]]:
    """Return how initials, vowels, finals and whole signs may be written: what each may be."""
    by_part: dict[str, dict[str, list[str]]] = {
        part: {} for part in ("initial", "vowel", "final", "whole")
    }
    for part, sign, cells in rows("hangul_latin.tsv"):
        for spelling in cells.split():
            of_part = by_part[part].setdefault("" if spelling == "-" else spelling, [])
            of_part.append(sign)
    return list(by_part.values())
