"""What native code must know of scripts, letters and sounds: the tables of `rules.languages`.

Sounds are numbers there: a to z are 1 to 26, N is 27. Costs are whole thousandths, as exact as
`rules.languages.similarity` has them.
"""

import unicodedata
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from rules.data.tables import ways_of_latin
from rules.evaluate.name_spelling import writing_of
from rules.index.memory.engine import spelled
from rules.languages.phonemes import (
    PLAIN,
    VOWELS,
    Profile,
    alternatives,
    digraphs,
    profiles,
    roman_letters,
    script,
    spellings,
    writes_no_vowels,
)
from rules.languages.scripts import has_capitals
from rules.languages.similarity import costs_of
from rules.languages.transcribed import writes_names
from rules.text.letters import composing

_SOUNDS = "\0abcdefghijklmnopqrstuvwxyzN"
_NUMBERS = {sound: number for number, sound in enumerate(_SOUNDS)}
_AS_BYTES = bytes.maketrans(_SOUNDS.encode(), bytes(_NUMBERS.values()))
_SIZE = 32
_FAR = 30_000
_NO_VOWELS, _J_IS_I, _MAY_J_BE_I, _DROPS, _ABJAD, _SAID = (1 << bit for bit in range(6))
_MOST_SCRIPTS = 64
_CAPITAL, _SMALL, _HAS_CAPITALS, _STRANGE, _WRITES_NAMES = 2, 4, 8, 16, 32
_SIGMA = "\u03a3"
"""Which is another small letter at the end of a word."""

_JAMO = frozenset(map(chr, range(0x1100, 0x1200)))
_IN_PLACE = (0, 9)
"""Marks of these classes stay where they are: vowels, and what takes one away."""

_OTHER, _LATIN_SCRIPT = 1, 2
"""The number of all scripts of which nothing is known, and of Latin; 0 is no letter."""

LATIN, FOREIGN, TOGETHER = range(3)
"""How scripts write foreign names: as they are, otherwise, and several words as one."""


def thousandths(cost: float) -> int:
    """Return a cost in thousandths, rounded down."""
    return int(cost * 1_000 + 0.001)


def sounds(text: str) -> bytes:
    """Return sounds as numbers."""
    return text.encode().translate(_AS_BYTES)


def lines(texts: Iterable[str]) -> list[int]:
    """Return sounds as numbers, each text behind its length."""
    return [number for text in texts for number in (len(text), *sounds(text))]


class Scripts(NamedTuple):
    """The scripts of which something is known.

    Attributes:
        names: As Unicode has them, by number.
        numbers: The same the other way.
        profiles: How each treats sounds.
        kinds: The same, each once.
        rows: For each, what the kernel is told.
        spelled: The tables of spellings.
    """

    names: list[str]
    numbers: dict[str, int]
    profiles: list[Profile]
    kinds: list[Profile]
    rows: list[list[int]]
    spelled: list[list[int]]

    def number_of(self, text: str) -> int:
        """Return the script of a word's first letter."""
        return self.numbers.get(script(text), _OTHER)

    def kind_of(self, number: int) -> int:
        """Return which of `kinds` a script is."""
        return self.kinds.index(self.profiles[number % _MOST_SCRIPTS])


@cache
def known_scripts() -> Scripts:
    """Return what the kernel is told of scripts: those whose sounds are said stand behind all."""
    names = ["", "?", *dict.fromkeys(["LATIN", *profiles(), *digraphs()])]
    assert len(names) <= _MOST_SCRIPTS
    assert names[_LATIN_SCRIPT] == "LATIN"
    treated = [profiles().get(name, PLAIN) for name in names]
    kinds = list(dict.fromkeys([PLAIN, *treated]))
    tables: list[Mapping[str, str]] = []
    rows: list[list[int]] = []
    for name, profile in zip(names, treated, strict=True):
        table, _ = spellings(name)
        if table not in tables:
            tables.append(table)
        flags = (
            _NO_VOWELS * writes_no_vowels(name)
            | _J_IS_I * (name == "CYRILLIC")
            | _MAY_J_BE_I * (name in ways_of_latin())
            | _DROPS * profile.drops
            | _ABJAD * profile.is_abjad
        )
        pairs = spelled([cell for row in digraphs().get(name, ()) for cell in row])
        rows.append([kinds.index(profile), flags, group_of(profile), tables.index(table), *pairs])
    numbers = {name: number for number, name in enumerate(names)}
    return Scripts(names, numbers, treated, kinds, rows, [*map(_spelled, tables)])


def said_row(row: Sequence[int]) -> list[int]:
    """Return what the kernel is told of a script whose words come as sounds."""
    profile, flags, group, table, *_ = row
    return [profile, flags | _SAID, group, table]


def said_in(number: int) -> int:
    """Return the number of a script whose words come as sounds."""
    return number + _MOST_SCRIPTS


def group_of(profile: Profile) -> int:
    """Return in which way scripts write foreign names that treat sounds so."""
    return TOGETHER if profile.writes_together else FOREIGN if profile.is_foreign else LATIN


def _spelled(table: Mapping[str, str]) -> list[int]:
    rows = sorted(table.items(), key=lambda row: (row[0][0], -len(row[0])))
    return [number for row in rows for number in lines(row)]


@lru_cache(maxsize=8_192)
def letter_row(letter: str) -> tuple[int, ...]:
    """Return what the kernel is told of a letter: code, script, flags, in small, in a-z.

    Each search has a kernel of its own, which meets most letters of Chinese in a few articles.
    """
    number = known_scripts().number_of(letter) if letter.isalpha() else 0
    small = letter.lower()
    capitals = has_capitals(letter)  # of Georgian letters, which are small ones, nobody has any
    flags = _CAPITAL * letter.isupper() | _SMALL * (capitals and letter.islower())
    flags |= _HAS_CAPITALS * capitals | _WRITES_NAMES * writes_names(letter)
    if len(small) > 1 or letter == _SIGMA or _may_compose(small):
        flags |= _STRANGE
    return (ord(letter), number, flags, ord(small[0]), *lines([roman_letters(letter)[:63]]))


def _may_compose(letter: str) -> bool:
    """Whether it may be another letter together with the one before, or alone."""
    if unicodedata.category(letter)[0] != "M" and letter not in _JAMO:
        return not unicodedata.is_normalized("NFC", letter)
    return unicodedata.combining(letter) not in _IN_PLACE or letter in composing()


def alternatives_of(name: str) -> list[int]:
    """Return what the kernel is told of letters of a script that may be heard in two ways."""
    return spelled([letters for row in alternatives().get(name, ()) for letters in row])


def composed(text: str) -> str:
    """Return a word as the kernel reads it: small, and composed."""
    return unicodedata.normalize("NFC", text.lower())


def costs(heard: Profile, own: Profile) -> "array[int]":
    """Return what sounds cost between two scripts: swapped, missing by kind, too much; if usual."""
    swaps = _plain_swaps()[:]
    for at, cost in (*_swaps_of(heard), *_swaps_of(own)):
        swaps[at] = min(swaps[at], cost)
    vowel = thousandths(min(heard.skip_vowel, own.insert_vowel))
    kinds = (0.35, heard.skip_r, heard.skip_nasal, 0.4, 1.0)
    missing = [0, vowel, *map(thousandths, kinds), 0]
    added = [thousandths(1.0)] * _SIZE
    added[_NUMBERS["h"]] = thousandths(0.35)
    if heard.is_abjad:
        added[_NUMBERS["v"]] = thousandths(0.3)
    for sound in VOWELS:
        added[_NUMBERS[sound]] = thousandths(min(heard.insert_vowel, own.skip_vowel))
    is_plain = heard == own == PLAIN
    swaps.extend((*missing, *added, is_plain))
    return swaps


def writing(heard: Profile) -> list[int]:
    """Return how a script writes names: what sounds cost for others, other costs, and counts."""
    of, plain = writing_of(heard), writing_of(PLAIN)
    differing = {one: row for one, row in of.unlike.items() if row is not plain.unlike[one]}
    unlike = _unlike(differing, _plain_unlike())
    return [*unlike, *map(thousandths, of.costs), *of.counts]


def _unlike(rows: Mapping[str, Mapping[str, float]], others: Sequence[int]) -> list[int]:
    """Return what sounds cost for others, a row a sound: these rows, and the others."""
    every = [*others]
    for one, row in rows.items():
        first = _NUMBERS[one] * _SIZE
        for other, cost in row.items():
            every[first + _NUMBERS[other]] = thousandths(cost)
    return every


@cache
def _plain_unlike() -> list[int]:
    return _unlike(writing_of(PLAIN).unlike, [0] * (_SIZE * _SIZE))


@cache
def _plain_swaps() -> "array[int]":
    """Return what it costs to swap sounds where no script makes them near, a row a sound."""
    swaps = array("h", [_FAR]) * (_SIZE * _SIZE)
    for one, row in costs_of(()).items():
        for other, cost in row.items():
            swaps[_NUMBERS[one] * _SIZE + _NUMBERS[other]] = thousandths(cost)
    return swaps


def hardly_told_apart() -> list[int]:
    """Return, for each sound, those that may stand for it in any script, as bits."""
    near = [0] * _SIZE
    for one, row in costs_of(
        tuple(chain.from_iterable(each.pairs for each in profiles().values()))
    ).items():
        near[_NUMBERS[one]] = sum(1 << _NUMBERS[other] for other, cost in row.items() if cost < 1.0)
    return near


@cache
def _swaps_of(profile: Profile) -> list[tuple[int, int]]:
    """Return which sounds a script hardly tells apart, as places in `_plain_swaps`, both ways."""
    swaps = []
    for pair, cost in profile.pairs:
        one, other = sounds(pair)
        swaps += [(at, thousandths(cost)) for at in (one * _SIZE + other, other * _SIZE + one)]
    return swaps
