"""A whole article to words in a few passes of numpy: what `tokenizer.words` gives, for a scan.

The folded letters of all words stand one behind the other, without what parts them, so that one
automaton finds words, parts of words, and words that a space or a hyphen tears.
"""

import re
import unicodedata
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.text.folding import fold
from rules.text.tokenizer import CLASSES, words

Places = NDArray[np.int64]

_LAST = 0x1FFFF
_STRANGE = 0x7FFFFFFF
_DOT = ord(".")
_WORD, _KATAKANA, _RUN, _EMOJI = 1, 2, 3, 4
_GROUP, _MARK, _DOUBLE, _RARE = 7, 8, 16, 32
"""What a letter is: in which groups words go on, and flags: a mark, folds to two letters, only
known to the analysis letter by letter."""


class Scanned(NamedTuple):
    """The words of a text.

    Attributes:
        text: As written.
        codes: Its letters as numbers.
        folded: The folded letters of all words.
        starts: For each word, its place in `folded`, and at last the end.
        froms, tos: For each word, its place in `text`.
        runs: For each word, whether it is a run of a script without spaces; empty if none is.
    """

    text: str
    codes: NDArray[np.int32]
    folded: str
    starts: NDArray[np.int32]
    froms: Places
    tos: Places
    runs: list[bool]

    def word(self, place: int) -> str:
        """Return a word, folded."""
        return self.folded[self.starts[place] : self.starts[place + 1]]


def scanned(text: str) -> Scanned:
    """Return the words of a text."""
    table = letter_table()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    if not len(codes) or int(codes.max()) > _LAST:
        return _one_by_one(text)
    info = table.info[codes]
    seen = int(np.bitwise_or.reduce(info))
    bounds = None if seen & _RARE else _bounds(info, codes, table)
    if bounds is None:
        return _one_by_one(text)
    froms, tos = bounds
    letters = table.first[codes]
    kept = np.flatnonzero(letters)
    letters = letters[kept]
    if seen & _DOUBLE:
        both = np.stack((letters, table.second[codes[kept]]), 1).ravel()
        kept = np.repeat(kept, 2)[both != 0]
        letters = both[both != 0]
    starts = np.searchsorted(kept, froms)
    there = np.diff(starts, append=len(kept)) > 0
    if not there.all():
        froms, tos, starts = froms[there], tos[there], starts[there]
    folded = letters.tobytes().decode("utf-32-le", "surrogatepass")
    places = np.append(starts, len(kept)).astype(np.int32)
    are_runs = info[froms] & _GROUP == _RUN
    runs = are_runs.tolist() if are_runs.any() else []
    return Scanned(text, codes.view(np.int32), folded, places, froms, tos, runs)


def _one_by_one(text: str) -> Scanned:
    """Return the same by the analysis that knows every case."""
    found = words(text)
    starts = [0]
    for word in found:
        starts.append(starts[-1] + len(word.folded))
    runs = [word.is_run for word in found]
    return Scanned(
        text,
        np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.int32),
        "".join(word.folded for word in found),
        np.array(starts, np.int32),
        np.array([word.start for word in found], np.int64),
        np.array([word.end for word in found], np.int64),
        runs if any(runs) else [],
    )


def _bounds(
    info: NDArray[np.uint8], codes: NDArray[np.uint32], table: "LetterTable"
) -> tuple[Places, Places] | None:
    """Return where words begin and end; None for a text that only the slow analysis knows."""
    groups = info & np.uint8(_GROUP)
    bounds = np.flatnonzero(np.diff(groups, prepend=np.uint8(0), append=np.uint8(0)))
    filled = groups[bounds[:-1]] != 0
    froms, tos = bounds[:-1][filled], bounds[1:][filled]
    if (info[froms] & _MARK).any():
        return None
    close = np.flatnonzero(froms[1:] - tos[:-1] == 1)
    if not len(close):
        return froms, tos
    between = codes[tos[close]]
    dots = close[between == _DOT]
    if (info[np.minimum(tos[dots] + 2, len(info) - 1)] & _MARK).any():
        return None
    by_dot = _acronyms(dots, codes, froms, tos, table)
    quotes = close[table.quotes[between]]
    joined = by_dot.copy()
    joined[quotes] = table.hebrew[codes[tos[quotes] - 1]] & table.hebrew[codes[froms[quotes + 1]]]
    if not joined.any():
        return froms, tos
    dotted = (by_dot | np.append(False, by_dot[:-1]))[~joined]
    froms, tos = froms[~np.append(False, joined[:-1])], tos[~joined]
    tos = tos + (dotted & (np.append(codes, 0)[tos] == _DOT))
    return froms, tos


def _acronyms(
    dots: Places, codes: NDArray[np.uint32], froms: Places, tos: Places, table: "LetterTable"
) -> NDArray[np.bool_]:
    """Return which words a dot joins with the next one: U.N."""
    joined = np.zeros(len(froms), np.bool_)
    ones = dots[(tos[dots] - froms[dots] == 1) & (tos[dots + 1] - froms[dots + 1] == 1)]
    if len(ones):
        letters = table.single[codes[froms[ones]]] & table.single[codes[froms[ones + 1]]]
        before = np.append(0, codes)[froms[ones]]
        after = np.append(codes, 0)[tos[ones + 1]]
        joined[ones] = letters & ~table.wordlike[before] & ~table.wordlike[after]
    return joined


def spaced(text: str) -> str:
    """Return the folded letters of a text, and a space for each sign that parts words.

    Without the signs that may stand inside of words: those of acronyms, hyphens.
    """
    if text.isascii():  # by bytes: `str.translate` takes ten times as long
        return text.encode().translate(_ASCII, _ASCII_JOINTS).decode()
    table = letter_table()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    if int(codes.max()) > _LAST:
        return _spaced_slowly(text)
    seen = int(np.bitwise_or.reduce(table.info[codes]))
    if seen & _RARE:
        return _spaced_slowly(text)
    letters = table.spaced[codes]
    if seen & _DOUBLE:
        letters = np.stack((letters, table.second[codes]), 1).ravel()
    kept: bytes = letters[letters != 0].tobytes()
    return kept.decode("utf-32-le", "surrogatepass")


def _spaced_slowly(text: str) -> str:
    folded = (" " if letter.isspace() else letter for letter in fold(text))
    return "".join([letter for letter in folded if letter not in JOINTS])


JOINTS = frozenset("-‐‑–—'’·&")
"""What may stand between two parts of a word."""

_ASCII = bytes(ord(" ") if chr(code).isspace() else ord(chr(code).lower()) for code in range(128))
_ASCII += bytes(range(128, 256))
_ASCII_JOINTS = b"-&'\"."


class LetterTable(NamedTuple):
    """What is known about each letter.

    Attributes:
        info: Its group and flags.
        first, second: The letters that it folds to inside words, 0 for none.
        spaced: The first one, or a space for what is no letter, 0 for what joins letters.
        single: It may be a letter of an acronym.
        wordlike: An acronym neither begins behind it nor ends before it.
        quotes, hebrew: A quote between two Hebrew letters is a part of the word.
    """

    info: NDArray[np.uint8]
    first: NDArray[np.uint32]
    second: NDArray[np.uint32]
    spaced: NDArray[np.uint32]
    single: NDArray[np.bool_]
    wordlike: NDArray[np.bool_]
    quotes: NDArray[np.bool_]
    hebrew: NDArray[np.bool_]

    @property
    def is_word(self) -> NDArray[np.bool_]:
        """Which are letters of whole words."""
        return np.asarray((self.info & (_GROUP | _MARK)) == _WORD, np.bool_)

    @property
    def is_mark(self) -> NDArray[np.bool_]:
        """Which are marks that stand behind such letters."""
        return np.asarray((self.info & _MARK) > 0, np.bool_)

    @property
    def is_katakana(self) -> NDArray[np.bool_]:
        """Which are letters of words in katakana."""
        return np.asarray((self.info & _GROUP) == _KATAKANA, np.bool_)

    @property
    def is_run(self) -> NDArray[np.bool_]:
        """Which are letters of scripts without spaces."""
        return np.asarray((self.info & _GROUP) == _RUN, np.bool_)

    @property
    def is_strange(self) -> NDArray[np.bool_]:
        """Which are only known to the analysis letter by letter; emoji, too."""
        return np.asarray(((self.info & _RARE) > 0) | ((self.info & _GROUP) == _EMOJI), np.bool_)


@cache
def letter_table() -> LetterTable:
    size = _LAST + 1
    every = "".join(map(chr, chain(range(0xD800), range(0xE000, size))))
    info = np.zeros(size, np.uint8)
    for name, what in (
        ("emoji", _EMOJI),
        ("run", _RUN),
        ("katakana", _KATAKANA),
        ("mark", _WORD | _MARK),
        ("letter", _WORD),
    ):
        info[_points(CLASSES[name], every)] = what
    first, second = np.zeros(size, np.uint32), np.zeros(size, np.uint32)
    inside = [chr(point) for point in np.flatnonzero(info).tolist()]
    for letter, letters in zip(inside, fold("\n".join(inside)).split("\n"), strict=True):
        at = ord(letter)
        if len(letters) > 2:
            info[at] |= _RARE
        elif letters:
            first[at] = ord(letters[0])
        if len(letters) == 2:
            second[at] = ord(letters[1])
            info[at] |= _DOUBLE
    info[_points(_BOUND, every)] |= _RARE
    info[_composing()] |= _RARE
    spaced = np.where(info, first, np.uint32(ord(" "))).astype(np.uint32)
    spaced[[ord(sign) for sign in (*JOINTS, *_INSIDE)]] = 0
    flags = (_flags(pattern, every) for pattern in (*map(CLASSES.get, _CLASSES), _QUOTES))
    single, wordlike, hebrew, quotes = flags
    return LetterTable(info, first, second, spaced, single, wordlike, quotes, hebrew)


_CLASSES = ("single", "wordlike", "hebrew")
_QUOTES = "['\"׳״’]"
_INSIDE = ".'\"’׳״"
_BOUND = (
    "[\u200b-\u200d\u3099\u309a\ufe0f\uff9e\uff9f\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7fb\u1e9b]"
)
"""What may become one letter with the one beside it."""


def _points(pattern: str, every: str) -> list[int]:
    return [ord(letter) for letter in re.findall(pattern, every)]


def _flags(pattern: str | None, every: str) -> NDArray[np.bool_]:
    flags = np.zeros(_LAST + 1, np.bool_)
    flags[_points(pattern or "", every)] = True
    return flags


def _composing() -> list[int]:
    """Return the marks that folding keeps and makes one letter with the one before."""
    found = set()
    for point in range(_LAST + 1):
        parts = unicodedata.decomposition(chr(point)).split(" ")
        if len(parts) == 2 and parts[0][0] != "<":
            found.add(int(parts[1], 16))
    return sorted(point for point in found if point <= _LAST and fold("a" + chr(point)) != "a")
