"""What is known about each letter: for those who fold and cut whole texts at once."""

import re
import unicodedata
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.text.folding import fold, fold_once
from rules.text.tokenizer import CLASSES, JOINTS, breaks_in

_LAST = 0x1FFFF
_WORD, _KATAKANA, _RUN, _EMOJI = 1, 2, 3, 4
_GROUP, _MARK, _DOUBLE, _RARE = 7, 8, 16, 32
"""What a letter is: in which groups words go on, and flags: a mark, folds to two letters, only
known to the analysis letter by letter."""
_SINGLE, _WORDLIKE, _QUOTE, _HEBREW, _JOINT, _BREAK = (1 << bit for bit in range(6, 12))
_FOLDED_BITS = 17


def spaced(text: str) -> str:
    """Return the folded letters of a text, and a space for white space, letter by letter.

    Without the signs that may stand inside of words: those of acronyms, hyphens.
    """
    folded = (" " if letter.isspace() else letter for letter in fold(text))
    return "".join([letter for letter in folded if letter not in JOINTS])


class LetterTable(NamedTuple):
    """What is known about each letter.

    Attributes:
        info: Its group and flags.
        first, second: The letters that it folds to inside words, 0 for none.
    """

    info: NDArray[np.uint8]
    first: NDArray[np.uint32]
    second: NDArray[np.uint32]

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
    def is_rare(self) -> NDArray[np.bool_]:
        """Which are only known to the analysis letter by letter."""
        return np.asarray((self.info & _RARE) > 0, np.bool_)

    @property
    def is_strange(self) -> NDArray[np.bool_]:
        """Which are only known to the analysis letter by letter; emoji, too."""
        return np.asarray(self.is_rare | ((self.info & _GROUP) == _EMOJI), np.bool_)


@cache
def letter_table() -> LetterTable:
    size, every = _LAST + 1, _every_letter()
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
    for letter, letters in zip(inside, fold_once("\n".join(inside)).split("\n"), strict=True):
        at = ord(letter)
        if len(letters) > 2 or max(map(ord, letters), default=0) > _LAST:
            info[at] |= _RARE
        elif letters:
            first[at] = ord(letters[0])
        if len(letters) == 2:
            second[at] = ord(letters[1])
            info[at] |= _DOUBLE
    info[_points(_BOUND, every)] |= _RARE
    info[_composing()] |= _RARE
    return LetterTable(info, first, second)


def letters_for_cutting() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return what native code must know to cut texts: of each letter what it folds to, and flags.

    And the letters that fold to two, each with the second one.
    """
    table, every = letter_table(), _every_letter()
    flags = table.info.astype(np.uint32)
    for pattern, what in (
        (CLASSES["single"], _SINGLE),
        (CLASSES["wordlike"], _WORDLIKE),
        (_QUOTES, _QUOTE),
        (CLASSES["hebrew"], _HEBREW),
        (f"[{re.escape(''.join(JOINTS))}]", _JOINT),
    ):
        flags[_points(pattern, every)] |= what
    flags[[ord(sign) for sign in breaks_in(every)]] |= _BREAK
    double = np.flatnonzero(table.info & _DOUBLE)
    pairs = np.stack((double, table.second[double]), 1).ravel()
    return (table.first | flags << _FOLDED_BITS).view(np.int32), pairs.astype(np.int32)


@cache
def spaced_letters() -> NDArray[np.uint32]:
    """Return what letters fold to: the first one, or a space for no letter, 0 for what joins."""
    table = letter_table()
    letters = np.where(table.info, table.first, np.uint32(ord(" "))).astype(np.uint32)
    letters[[ord(sign) for sign in (*JOINTS, *_INSIDE)]] = 0
    return letters


_QUOTES = "['\"׳״’]"
_INSIDE = ".'\"’׳״"
_BOUND = (
    "[\u200b-\u200d\u3099\u309a\ufe0f\uff9e\uff9f\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7fb\u1e9b]"
)
"""What may become one letter with the one beside it."""


def _every_letter() -> str:
    return "".join(map(chr, chain(range(0xD800), range(0xE000, _LAST + 1))))


def _points(pattern: str, every: str) -> list[int]:
    return [ord(letter) for letter in re.findall(pattern, every)]


def _composing() -> list[int]:
    """Return the marks that folding keeps and makes one letter with the one before."""
    found = set()
    for point in range(_LAST + 1):
        parts = unicodedata.decomposition(chr(point)).split(" ")
        if len(parts) == 2 and parts[0][0] != "<":
            found.add(int(parts[1], 16))
    return sorted(point for point in found if point <= _LAST and fold("a" + chr(point)) != "a")
