"""How words sound that are written with vowels around their consonants: in Thai and Lao.

A vowel may stand before the consonant behind which it is spoken, or on both sides of it (เ*า is
ao), two consonants may have one between that is not written, and some letters only say a tone:
หวัง is wang, ตง is tong, เจ๋อตง is zedong.
"""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from anyascii import anyascii

from rules.data.tables import rows

_CLOSED = "-"
"""Stands for the vowel before a consonant whose syllable another one closes, with none written."""


class _Reader(NamedTuple):
    """How a script is read.

    Attributes:
        vowels: By what stands before a consonant, and then behind it, what both say.
        longest: How many signs may stand behind it.
        behind: Signs that belong to the consonant before them.
        endings: What consonants say behind a vowel, if it is not their own sound.
        silent: The letter that only says a tone before some others, which are `spoken`.
        bearer: The consonant that says nothing but its vowel.
        first, second: Two consonants that are spoken as one.
    """

    vowels: Mapping[str, Mapping[str, str]]
    longest: int
    consonants: frozenset[str]
    behind: frozenset[str]
    endings: Mapping[str, str]
    unheard: frozenset[str]
    silenced: str
    silent: str
    spoken: frozenset[str]
    bearer: str
    first: frozenset[str]
    second: frozenset[str]

    def is_bare(self, plain: str, at: int) -> bool:
        """Whether no vowel belongs to the consonant before a place."""
        sign = plain[at : at + 1]
        return sign not in self.behind and sign != self.silenced


class _Syllable(NamedTuple):
    """A consonant, or two, with its vowel, and the consonant that closes it, if one does."""

    onset: str
    vowel: str
    ending: str
    end: int


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
        syllable = _syllable(plain, at, reader)
        if syllable is not None:
            yield _onset(syllable.onset, reader) + syllable.vowel, places[at]
        ending, end = (plain[at], at + 1) if syllable is None else syllable[2:]
        if ending:
            yield reader.endings.get(ending) or _letters(ending), places[end - 1]
        at = end


def _syllable(plain: str, at: int, reader: _Reader) -> _Syllable | None:
    """Return the syllable that begins there."""
    for before in (plain[at], "", _CLOSED):
        if before in reader.vowels and (before != _CLOSED or plain[at] != _CLOSED):
            start = at + (before == plain[at])
            for onset in _onsets(plain, start, before, reader):
                found = _behind(plain, start, onset, before, reader)
                if found is not None:
                    return found
    return None


def _onsets(plain: str, at: int, before: str, reader: _Reader) -> Iterator[str]:
    """Yield the consonants, two or one, of which the syllable may be."""
    one, two = plain[at : at + 1], plain[at : at + 2]
    if one not in reader.consonants:
        return
    if before not in ("", _CLOSED) and one in reader.first and two[1:] in reader.second:
        third = plain[at + 2 : at + 3]
        is_bare = third in reader.consonants and reader.is_bare(plain, at + 3)
        if is_bare or third in reader.behind:
            yield two
    if one == reader.silent and two[1:] in reader.spoken:
        yield two
    yield one


def _behind(plain: str, start: int, onset: str, before: str, reader: _Reader) -> _Syllable | None:
    """Return the syllable of such consonants, if what stands behind them makes it one."""
    at = start + len(onset)
    vowels, rest = reader.vowels[before], plain[at : at + reader.longest]
    for length in range(len(rest), -1, -1):
        vowel = vowels.get(rest[:length])
        if vowel is None:
            continue
        end = at + length
        if length and rest[length - 1] in reader.consonants and not reader.is_bare(plain, end):
            continue
        ending = _ending(plain, end, reader, is_vowel_written=before != _CLOSED)
        if ending or before != _CLOSED:
            return _Syllable(onset, vowel, ending, end + len(ending))
    return None


def _ending(plain: str, at: int, reader: _Reader, *, is_vowel_written: bool) -> str:
    """Return the consonant that closes a syllable before a place, if one does."""
    letter, after = plain[at : at + 1], plain[at + 1 : at + 2]
    if letter not in reader.consonants or after == reader.bearer:
        return ""
    if (letter == reader.silent and after in reader.spoken) or not reader.is_bare(plain, at + 1):
        return ""
    if is_vowel_written and after in reader.consonants and at + 2 == len(plain):
        return ""  # the last two are a syllable of their own
    return letter


def _onset(letters: str, reader: _Reader) -> str:
    """Return what a consonant says, or two; nothing for one that only bears a vowel."""
    if len(letters) > 1 and letters[0] == reader.silent:
        letters = letters[1:]
    return "" if letters == reader.bearer else _letters(letters)


@lru_cache(maxsize=500)  # a script has some forty consonants
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
    vowels: dict[str, dict[str, str]] = {}
    for cell in table["vowels"].split():
        around, _, said = cell.partition("=")
        before, _, behind = around.partition("*")
        vowels.setdefault(before, {})[behind] = said
    every_behind = {behind for said in vowels.values() for behind in said}
    signs = {sign for behind in every_behind for sign in behind}
    silent, spoken = table["silent"].split()
    first, second = map(frozenset, table["clusters"].split())
    return _Reader(
        vowels,
        max(map(len, every_behind)),
        frozenset(table["consonants"]),
        frozenset(signs - set(table["consonants"]) - set(vowels)),
        dict(cell.split("=") for cell in table["endings"].split()),
        frozenset(table["unheard"]),
        table["silenced"],
        silent,
        frozenset(spoken),
        table["bearer"],
        first,
        second,
    )
