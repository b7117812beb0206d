"""Keys of words, eight bytes each: what a rule's word and a word of a text have in common.

A rule's word is filed under its shortest possible stem. Any word of a text that is a form of it,
or a compound that begins with it, begins with that stem; so the keys of all its beginnings find
it, and some that are none of these: whoever finds one looks closer. Keys keep one byte of a
letter and eight letters, which loses nothing but time.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.scripts import ranges
from rules.languages.compounds import LONGEST, SHORTEST, joins, tails
from rules.languages.inflection import all_endings, may_have_prefix, prefixes
from rules.text.tokenizer import IN_RUNS

Keys = NDArray[np.uint64]

_LETTERS = 8
_RUN_LETTERS = 2
_SHORTEST_OF_A_NAME = 3
_SHORTEST_TAIL = 3
_MASKS = [((1 << 8 * count) - 1) << 8 * (_LETTERS - count) for count in range(_LETTERS + 1)]
_RUNS = ranges(IN_RUNS)


def _codes(points: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return a byte for each code point, ASCII's own for ASCII; never 0."""
    mixed = ((points ^ ((points >> np.uint32(8)) * np.uint32(29))) & np.uint32(0xFF)).astype(
        np.uint8
    )
    mixed[mixed == 0] = 1
    return mixed


@cache
def _code(letter: str) -> int:
    return int(_codes(np.array([ord(letter)], np.uint32))[0])


def key(folded: str) -> int:
    """Return the key of a beginning: of its first eight letters."""
    first = folded[:_LETTERS]
    codes = first.encode() if first.isascii() else bytes(map(_code, first))
    return int.from_bytes(codes.ljust(_LETTERS, b"\0"), "big")


def beginnings(folded: str, shortest: int = 2) -> list[int]:
    """Return the keys of a word's beginnings, of at least so many letters or the whole."""
    whole = key(folded)
    length = min(len(folded), _LETTERS)
    if length < shortest:
        return [whole]
    return [whole & _MASKS[count] for count in range(shortest, length + 1)]


def keys_of(folded: str, language: str, *, is_run: bool) -> Iterator[int]:
    """Yield the keys under which rules' words may stand that this word of a text answers."""
    if is_run:
        for at in range(len(folded)):
            yield key(folded[at])
            yield key(folded[at : at + _RUN_LETTERS])
        return
    yield from beginnings(folded)
    if may_have_prefix(folded):
        for prefix in prefixes(language):
            if folded.startswith(prefix) and len(folded) > len(prefix):
                yield from beginnings(folded[len(prefix) :])
    if SHORTEST <= len(folded) <= LONGEST and joins(language):
        for cut in tails(folded):
            yield from beginnings(folded[cut:], _SHORTEST_TAIL)


def longer_than(folded: str) -> tuple[int, int]:
    """Return the first and the last key of the words that begin with this one and go on."""
    first = key(folded)
    return first, first | ~_MASKS[min(len(folded), _LETTERS)] & _MASKS[_LETTERS]


def stem_keys(folded: Sequence[str], named: Sequence[bool]) -> Keys:
    """Return the key of each word's shortest stem; no word is empty.

    Args:
        named: Whether each may have a shorter stem, as names may: `endings.has_short_stem`.
    """
    count = len(folded)
    if not count:
        return np.empty(0, np.uint64)
    points = np.frombuffer("".join(folded).encode("utf-32-le"), np.uint32)
    lengths = np.fromiter(map(len, folded), np.int64, count)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    padding = np.zeros(_LETTERS, np.uint8)
    codes = np.concatenate((padding, _codes(points), padding))
    least = np.where(np.array(named, np.bool_), _SHORTEST_OF_A_NAME, _LETTERS)
    kept = _stem_lengths(points[starts], codes, lengths, ends, least)
    places = starts[:, None] + np.arange(_LETTERS, 2 * _LETTERS)
    first = np.where(np.arange(_LETTERS) < kept[:, None], codes[places], 0).astype(np.uint8)
    return first.view(">u8").astype(np.uint64).reshape(count)


def _stem_lengths(
    first: NDArray[np.uint32],
    codes: NDArray[np.uint8],
    lengths: NDArray[np.int64],
    ends: NDArray[np.int64],
    least: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return how many letters of each word its key keeps."""
    places = ends[:, None] + np.arange(_LETTERS)
    last = np.ascontiguousarray(codes[places]).view(">u8").astype(np.uint64).reshape(len(ends))
    hangul = (first >= 0xAC00) & (first <= 0xD7A3)
    abjad = (first >= 0x0590) & (first <= 0x06FF)
    shortest = np.minimum(np.where(hangul, 2, np.where(abjad, 3, 4)), least)
    kept = lengths.copy()
    for length, known in enumerate(_known_endings(), 1):
        ending = last & np.uint64((1 << 8 * length) - 1)
        fits = known[_slots(ending)] & (lengths - length >= shortest)
        kept = np.where(fits, lengths - length, kept)
    in_run = np.zeros(len(first), np.bool_)
    for low, high in _RUNS:
        in_run |= (first >= low) & (first <= high)
    return np.minimum(np.where(in_run, np.minimum(lengths, _RUN_LETTERS), kept), _LETTERS)


def _slots(values: Keys) -> Any:
    return (values * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(48)


@cache
def _known_endings() -> tuple[NDArray[np.bool_], ...]:
    """Return, for endings of one letter, two letters and so on, which slots are taken.

    A stem that is cut too short by chance is a shorter beginning, which is found, too.
    """
    longest = max(map(len, all_endings()))
    if longest > _LETTERS:
        raise ValueError(f"an ending has more than {_LETTERS} letters")
    tables = []
    for length in range(1, longest + 1):
        table = np.zeros(1 << 16, np.bool_)
        known = [e for e in all_endings() if len(e) == length]
        if known:
            table[_slots(np.array([_packed(e) for e in known], np.uint64))] = True
        tables.append(table)
    return tuple(tables)


def _packed(ending: str) -> int:
    return int.from_bytes(bytes(map(_code, ending)), "big")


def all_keys(words: Iterable[tuple[str, bool]], language: str) -> list[list[int]]:
    """Return the keys of each word of a text, given as (folded, is_run)."""
    return [list(keys_of(folded, language, is_run=is_run)) for folded, is_run in words]
