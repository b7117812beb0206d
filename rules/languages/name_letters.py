"""How letters of scripts without capitals write the names of foreigners, as evidence.

What a word sounds like leaves out most of what tells a name there: Korean has three letters for
one k, and writes no name with the third; an Arabic qaf is in few names that have no q. So
`name_letters.tsv` has, for each language, how much more often each of its letters stands for
letters of a name than both meet by chance. That of all letters of a word together, in their order,
says how much rather it is the name than any word that happens to sound like it.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from rules.data.tables import primary, rows
from rules.languages.phonemes import romanised, script, writes_no_vowels
from rules.text.folding import fold

BEGINS, ENDS = "^", "$"
"""Stand in tables before the first letter, and behind the last one."""

LONGEST = 3
"""So many letters of a name, with these marks, one letter may write."""

NOTHING = "-"
"""Stands in tables for no letter: of a word, or of a name."""

VOWEL_BETWEEN, NO_VOWEL_LAST, VOWEL_LAST = "+", "|", "."
"""What is made of Indic letters: a consonant with the vowel that is not written before another
consonant; the last one with the sign that it has none, and without."""

_OTHERWISE, _TOO_MANY, _TOO_FEW = -5.0, -5.5, -5.0
"""What it says that a letter stands for one that it never writes, for none, or none for one."""

_IN_ENGLISH = (("tsch", "ch"), ("sch", "sh"), ("cz", "ch"), ("sz", "s"), ("tz", "ts"), ("gj", "g"))
_NO_MARK = -1.0

_TABLE = "name_letters.tsv"
_SILENT_FIRST, _FIRST_FINAL, _LAST_FINAL = "\u110b", "\u11a8", "\u11ff"
_VIRAMAS = frozenset("\u094d\u09cd\u0bcd")
_NASAL_SIGNS = frozenset("\u0901\u0902\u0903\u0981\u0982\u0983")
_INDIC = {"DEVANAGARI": "\u0915\u0939", "BENGALI": "\u0995\u09b9", "TAMIL": "\u0b95\u0bb9"}
"""The first and the last consonant."""


class Letters(NamedTuple):
    """How a language writes names.

    Attributes:
        script: Of its letters.
        weights: For letters of a name what each letter of the language, or none, says then, in nats
            (above 0: rather the name); for no letter of a name what one of a word too many says.
    """

    script: str
    weights: Mapping[str, Mapping[str, float]]


def letters_of_language(language: str) -> Letters | None:
    """Return how a language writes names; None if nobody has counted."""
    return _of(primary(language))


@cache
def _of(code: str) -> Letters | None:
    weights: dict[str, dict[str, float]] = {}
    of = ""
    for _, written, cells in (row for row in rows(_TABLE) if row[0] == code):
        of = of or script(written)
        for cell in cells.split():
            own, _, tenths = cell.rpartition(":")
            known = weights.setdefault(own.strip(NOTHING), {})
            known[written.strip(NOTHING)] = int(tenths) / 10
    return Letters(of, weights) if weights else None


@lru_cache(maxsize=2_000)
def letters_in(written: str) -> tuple[str, ...]:
    """Return the letters of a word of a script without capitals, as names are told by them.

    Of hangul its sounds, one that ends a syllable before a vowel together with that; of Indic
    scripts also vowels that are not written; of those without short vowels the first and the
    last letter apart from others.
    """
    folded, of = fold(written), script(written)
    if of == "HANGUL":
        return tuple(_of_hangul(folded))
    if of in _INDIC:
        return tuple(_of_indic(folded, *_INDIC[of]))
    if writes_no_vowels(of) and len(folded) > 1:
        return (BEGINS + folded[0], *folded[1:-1], folded[-1] + ENDS)
    return tuple(folded)


def _of_hangul(folded: str) -> Iterator[str]:
    sounds = unicodedata.normalize("NFD", folded)
    for at, sound in enumerate(sounds):
        is_final = _FIRST_FINAL <= sound <= _LAST_FINAL
        if is_final and sounds[at + 1 : at + 2] == _SILENT_FIRST:
            yield sound + _SILENT_FIRST
        elif sound != _SILENT_FIRST or (at and not _FIRST_FINAL <= sounds[at - 1] <= _LAST_FINAL):
            yield sound


def _of_indic(folded: str, first: str, last: str) -> Iterator[str]:
    for at, letter in enumerate(folded):
        if letter in _VIRAMAS:
            continue
        yield letter
        following = folded[at + 1 : at + 2]
        if first <= letter <= last:
            if not following:
                yield VOWEL_LAST
            elif following in _VIRAMAS and at + 2 == len(folded):
                yield NO_VOWEL_LAST
            elif first <= following <= last or following in _NASAL_SIGNS:
                yield VOWEL_BETWEEN


@lru_cache(maxsize=2_000)
def marked(name: str) -> str:
    """Return a name in letters a-z with marks where it begins and ends."""
    return f"{BEGINS}{romanised(name)}{ENDS}"


def as_in_english(name: str) -> str:
    """Return a name as English would spell the same sounds; "" if it spells them so itself.

    The tables are of names as English writes them, in which letters of others are rare.
    """
    spelled = name.lower()
    for letters, english in _IN_ENGLISH:
        spelled = spelled.replace(letters, english)
    return "" if spelled == name.lower() else spelled


def pieces_at(name: str, at: int) -> Iterator[str]:
    """Yield what one letter may write of a marked name from a place on."""
    for length in range(1, min(LONGEST, len(name) - at) + 1):
        yield name[at : at + length]


def may_be_silent(piece: str) -> bool:
    """Whether none may write so many letters of a marked name: one, and one more at the end."""
    return len(piece) == 1 or (len(piece) == 2 and piece[1] == ENDS)


def evidence(name: str, letters: tuple[str, ...], of: Letters) -> float:
    """Return how much rather letters write a marked name than that they happen to sound so: nats.

    Args:
        name: As `marked` returns it.
        letters: As `letters_in` returns them.
    """
    weights = of.weights
    added = [weights[""].get(letter, _TOO_MANY) for letter in letters]
    reached = [[-1e9] * (len(letters) + 1) for _ in range(len(name) + 1)]
    reached[0][0] = 0.0
    for at in range(len(name) + 1):
        row = reached[at]
        for place, more in enumerate(added):
            row[place + 1] = max(row[place + 1], row[place] + more)
        for piece in pieces_at(name, at):
            _go_on(row, reached[at + len(piece)], letters, piece, weights.get(piece))
    return reached[-1][-1]


def _go_on(
    row: list[float],
    onto: list[float],
    letters: tuple[str, ...],
    piece: str,
    known: Mapping[str, float] | None,
) -> None:
    """Note what is reached if the next letter writes a piece of the name, or none does."""
    if known is None and len(piece) > 1:
        return
    of, otherwise, unwritten = known or {}, None, None
    if len(piece) == 1:
        is_mark = piece in (BEGINS, ENDS)
        otherwise, unwritten = (None, _NO_MARK) if is_mark else (_OTHERWISE, _TOO_FEW)
    silent = of.get("", unwritten)
    for place, so_far in enumerate(row):
        if silent is not None and so_far + silent > onto[place]:
            onto[place] = so_far + silent
        if place == len(letters):
            break
        weight = of.get(letters[place], otherwise)
        if weight is not None and so_far + weight > onto[place + 1]:
            onto[place + 1] = so_far + weight
