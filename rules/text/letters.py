"""What is known about each letter: for those who fold and cut whole texts at once.

To ask Python about all of them takes a twelfth of a second, so the answers are kept, as native
code is, until what they were made by changes.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from common import scripts
from common.native.kept import kept_or_made
from rules.text.chunks import BETWEEN_CHUNKS
from rules.text.folding import fold, fold_once
from rules.text.tokenizer import CLASSES, JOINTS, breaks_in

_LAST = 0x1FFFF
_WORD, _KATAKANA, _RUN, _EMOJI = 1, 2, 3, 4
_GROUP, _MARK, _DOUBLE, _RARE = 7, 8, 16, 32
"""What a letter is: in which groups words go on, and flags: a mark, folds to two letters, only
known to the analysis letter by letter."""
_SINGLE, _WORDLIKE, _QUOTE, _HEBREW, _JOINT, _BREAK, _BETWEEN, _CAPITAL, _IOTATED = (
    1 << bit for bit in range(6, 15)
)
_FOLDED_BITS = 17
_FIRST_COMPOSED = 0xC0


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


def letter_table() -> LetterTable:
    """Return what is known about each letter: read anew, as who asks needs it for a moment."""
    kept = _kept("table", lambda: b"".join(column.tobytes() for column in _made_table()))
    info, letters = kept[: _LAST + 1], np.frombuffer(kept, np.uint32, offset=_LAST + 1)
    return LetterTable(np.frombuffer(info, np.uint8), *np.split(letters, 2))


def _kept(what: str, make: Callable[[], bytes]) -> bytes:
    """Return what was made before of the same, or make it."""
    return kept_or_made(Path(__file__), what, make, made_by=made_by())


def made_by() -> list[Path]:
    """Return the files that say what is known about letters."""
    here = Path(__file__).parent
    others = [here.parent / "data" / name for name in ("tables.py", "han_simplified.tsv")]
    return [*sorted(here.glob("*.py")), *others, Path(scripts.__file__)]


def _made_table() -> LetterTable:
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
    inside = np.flatnonzero(info)
    letters, starts, counts = _pieces(fold_once(_in_lines(inside)))
    largest = np.maximum.reduceat(letters, starts)  # of a line without letters: its end
    is_rare = (counts > 2) | (largest > _LAST)
    info[inside[is_rare]] |= _RARE
    has_first, has_second = (counts > 0) & ~is_rare, counts == 2
    first[inside[has_first]] = letters[starts[has_first]]
    second[inside[has_second]] = letters[starts[has_second] + 1]
    info[inside[has_second]] |= _DOUBLE
    info[_points(_BOUND, every)] |= _RARE
    info[_staying()] |= _RARE
    return LetterTable(info, first, second)


def letters_for_cutting() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return what native code must know to cut texts: of each letter what it folds to, and flags.

    And the letters that fold to two, each with the second one.
    """
    kept = _kept("cutting", lambda: b"".join(part.tobytes() for part in _made_for_cutting()))
    letters, pairs = np.split(np.frombuffer(kept, np.int32), [_LAST + 1])
    return letters, pairs


def _made_for_cutting() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    table, every = letter_table(), _every_letter()
    flags = table.info.astype(np.uint32)
    for pattern, what in (
        (CLASSES["single"], _SINGLE),
        (CLASSES["wordlike"], _WORDLIKE),
        (_QUOTES, _QUOTE),
        (CLASSES["hebrew"], _HEBREW),
        (CLASSES["iotated"], _IOTATED),
        (f"[{re.escape(''.join(JOINTS))}]", _JOINT),
        (BETWEEN_CHUNKS, _BETWEEN),
    ):
        flags[_points(pattern, every)] |= what
    signs = _text_of(np.flatnonzero(table.info == 0))
    flags[[ord(sign) for sign in breaks_in(signs)]] |= _BREAK
    flags[[ord(letter) for letter in every if letter.isupper()]] |= _CAPITAL
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


def white_letters() -> NDArray[np.uint32]:
    """Return all white space, as numbers."""
    return _points(r"\s", _every_letter())


_QUOTES = "['\"׳״’]"
_INSIDE = ".'\"’׳״"
_BOUND = (
    "[\u200b-\u200d\u3099\u309a\ufe0f\uff9e\uff9f\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7fb\u1e9b]"
)
"""What may become one letter with the one beside it."""


def _every_letter() -> str:
    return _text_of(np.arange(_LAST + 1))


def _text_of(points: NDArray[np.int64]) -> str:
    is_letter = (points < 0xD800) | (points >= 0xE000)
    return points[is_letter].astype("<u4").tobytes().decode("utf-32-le")


def _points(pattern: str, every: str) -> NDArray[np.uint32]:
    return np.frombuffer("".join(re.findall(pattern, every)).encode("utf-32-le"), "<u4")


def _in_lines(points: NDArray[np.int64]) -> str:
    """Return letters, each with the end of its line behind it."""
    lines = np.full(2 * len(points), ord("\n"))
    lines[::2] = points
    return _text_of(lines)


def _pieces(lines: str) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]:
    """Return the letters of lines with their ends, where each line begins, and how long it is."""
    letters = np.frombuffer(lines.encode("utf-32-le"), "<u4")
    ends = np.flatnonzero(letters == ord("\n"))
    starts = np.append(0, ends[:-1] + 1)
    return letters, starts, ends - starts


@cache
def composing() -> frozenset[str]:
    """Return what may become one letter with the one before: most are marks."""
    return frozenset(_kept("composing", _composing_bytes).decode())


def _composing_bytes() -> bytes:
    points = np.arange(_FIRST_COMPOSED, _LAST + 1)
    points = points[(points < 0xAC00) | (points >= 0xE000)]  # Hangul comes apart into vowels
    letters, starts, counts = _pieces(unicodedata.normalize("NFD", _in_lines(points)))
    last = (starts + counts - 1)[counts > 1]
    return _text_of(np.array(sorted(set(letters[last].tolist())))).encode()


def _staying() -> list[int]:
    """Return of these what folding keeps."""
    return [ord(letter) for letter in composing() if fold("a" + letter) != "a"]
