"""How words sound that are written with vowels around their consonants: in Thai and Lao.

A vowel may stand before the consonant behind which it is spoken, or on both sides of it (เ*า is
ao), two consonants may have one between that is not written, and some letters only say a tone:
หวัง is wang, ตง is tong, เจ๋อตง is zedong.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from anyascii import anyascii

from rules.data.tables import rows

_CLOSED = "-"
"""Stands for the vowel before a consonant whose syllable another one closes, with none written."""


class _Reader(NamedTuple):
    """How a script is read.

    Attributes:
        patterns: By the vowel before it, what finds a consonant and what stands behind it.
        vowels: What is said by what stands before and behind a consonant.
        endings: What consonants say behind a vowel, if it is not their own sound.
        silent: The letter that only says a tone before some others.
        bearer: The consonant that says nothing but its vowel.
    """

    patterns: Mapping[str, re.Pattern[str]]
    vowels: Mapping[tuple[str, str], str]
    endings: Mapping[str, str]
    unheard: frozenset[str]
    silent: str
    bearer: str


def is_written_around(script: str) -> bool:
    """Whether a script, as Unicode names it, writes vowels around consonants."""
    return script in _tables()


def read(word: str, script: str) -> Iterator[tuple[str, int]]:
    """Yield what the pieces of a word say in a-z, each with its place in the word.

    A piece is a consonant with its vowel, or one that closes a syllable: a name begins and ends
    where one does.
    """
    reader = _reader(script)
    places = [at for at, letter in enumerate(word) if letter not in reader.unheard]
    plain = "".join(word[at] for at in places)
    at = 0
    while at < len(plain):
        before, found = _syllable(plain, at, reader)
        if found is not None:
            vowel = reader.vowels[before, found["behind"]]
            yield _onset(found["onset"], reader) + vowel, places[at]
        ending, end = (plain[at], at + 1) if found is None else (found["ending"], found.end())
        if ending:
            yield reader.endings.get(ending) or _letters(ending), places[end - 1]
        at = end


def _syllable(plain: str, at: int, reader: _Reader) -> tuple[str, re.Match[str] | None]:
    """Return what stands before the consonant of the syllable that begins there, and the rest."""
    if plain[at] in reader.patterns and plain[at] != _CLOSED:
        found = reader.patterns[plain[at]].match(plain, at + 1)
        if found is not None:
            return plain[at], found
    found = reader.patterns[""].match(plain, at)
    return ("", found) if found else (_CLOSED, reader.patterns[_CLOSED].match(plain, at))


def _onset(letters: str, reader: _Reader) -> str:
    """Return what a consonant says, or two; nothing for one that only bears a vowel."""
    if len(letters) > 1 and letters[0] == reader.silent:
        letters = letters[1:]
    return "" if letters == reader.bearer else _letters(letters)


def _letters(text: str) -> str:
    return "".join(letter for letter in anyascii(text).lower() if "a" <= letter <= "z")


@cache
def _tables() -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = {}
    for script, what, cells in rows("vowels_around.tsv"):
        tables.setdefault(script, {})[what] = cells
    return tables


@cache
def _reader(script: str) -> _Reader:
    table = _tables()[script]
    vowels: dict[tuple[str, str], str] = {}
    for cell in table["vowels"].split():
        around, _, said = cell.partition("=")
        before, _, behind = around.partition("*")
        vowels[before, behind] = said
    return _Reader(
        _patterns(table, vowels),
        vowels,
        dict(cell.split("=") for cell in table["endings"].split()),
        frozenset(table["unheard"]),
        table["silent"][0],
        table["bearer"],
    )


def _patterns(
    table: Mapping[str, str], vowels: Iterable[tuple[str, str]]
) -> dict[str, re.Pattern[str]]:
    """Return what finds a syllable, by the vowel that stands before it."""
    letters, silenced, bearer = table["consonants"], table["silenced"], table["bearer"]
    silent, spoken = table["silent"].split()
    first, second = table["clusters"].split()
    every = {sign for around in vowels for part in around for sign in part}
    signs = "".join(sorted(every - set(letters) - {_CLOSED}))
    behind_it = "".join(sorted(set(signs) - {before for before, _ in vowels}))
    bare = f"(?![{behind_it}{silenced}])"  # no vowel belongs to the consonant before
    ending = f"(?P<ending>(?!{silent}[{spoken}])[{letters}])(?!{bearer}){bare}"
    closes = f"{ending}(?![{letters}](?!.))"  # the last two are a syllable of their own
    one = f"{silent}[{spoken}]|[{letters}]"
    two = f"[{first}][{second}](?=[{behind_it}]|[{letters}]{bare})"
    patterns = {}
    for before in {before for before, _ in vowels}:
        some = sorted((of for by, of in vowels if by == before), key=len, reverse=True)
        behind = "|".join(of + bare * (of[-1:] in letters and of != "") for of in some)
        onset = f"{two}|{one}" if before not in ("", _CLOSED) else one
        rest = ending if before == _CLOSED else f"(?:{closes})?"
        pattern = f"(?P<onset>{onset})(?P<behind>{behind}){rest}"
        patterns[before] = re.compile(pattern)
    return patterns
