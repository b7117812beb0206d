"""The tokens of what needs no closer look, in native code: `tokens.c`."""

import struct
import threading
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import anyascii
import numpy as np
from numpy.typing import NDArray

from common import neighbours
from common.native.kept import kept_or_made
from rules.languages import inflection
from rules.languages.inflection import may_have_prefix
from rules.search.sounding import composing_marks, made_by, sounding_letters
from rules.text.letters import letter_table
from rules.text.tokenizer import JOINTS

if TYPE_CHECKING:
    from common.native.kernel import Kernel

_KERNEL = Path(__file__).with_name("tokens.wasm")

_SIGN, _WORD, _RUN, _KATAKANA, _MARK, _SPACE, _ODD = range(7)
_LEADS, _JOINT = 8, 16
_PARTS = "\"'׳״’."
"""Also inside of words: in acronyms, and in Hebrew."""


_GIVEN, _SAID, _PAIR = struct.Struct("<3I"), struct.Struct("<4I"), struct.Struct("<2I")


class PlainTokens:
    """May be used by many threads; one at a time is served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kernel: Kernel | None = None
        self._at = self._room = 0

    def __call__(self, text: str, *, title: int, tails: bool) -> tuple[str, list[tuple[int, int]]]:
        """Return the lines of tokens of a text, and from where to where its odd pieces go.

        Args:
            title: So many letters of it are the title; white space follows.
            tails: Whether the ends of long words are wanted, too.
        """
        codes = text.encode("utf-32-le", "surrogatepass")
        with self._lock:
            kernel = self._kernel or self._ready()
            at = self._room_for(kernel, len(text) + 3)
            kernel.write(at, _GIVEN.pack(title, len(text), tails) + codes)
            tokens, size, odd, count = _SAID.unpack(kernel.read(kernel.call("tokens", at), 16))
            made = kernel.read(tokens, size)
            places = kernel.read(odd, 8 * count) if count else b""
        return made.decode(), [(first, end) for first, end in _PAIR.iter_unpack(places)]

    def _ready(self) -> "Kernel":
        from common.native.kernel import Kernel  # which is slow to import, and often not needed

        kernel = Kernel(_KERNEL, is_brief=True)
        table = _table()
        places = [kernel.put(each) for each in table]
        kernel.call("learn", *places, len(table.classes))
        self._kernel = kernel
        return kernel

    def _room_for(self, kernel: "Kernel", count: int) -> int:
        if count > self._room:
            self._room = max(count, 2 * self._room)
            self._at = kernel.take(self._room, np.uint32)
        return self._at


class _Table(NamedTuple):
    """What `tokens.c` is told of each letter."""

    classes: NDArray[np.uint8]
    first: NDArray[np.uint32]
    second: NDArray[np.uint32]
    sounding: NDArray[np.uint32]


def _table() -> _Table:
    """Return the classes of the letters; what they fold to is that of `rules.text.letters`."""
    known = letter_table()
    size = len(known.info)
    kept = kept_or_made(
        Path(__file__), "classes", _made, made_by=made_by_files(), of=anyascii.__version__
    )
    classes = np.frombuffer(kept, np.uint8, count=size)
    sounding = np.frombuffer(kept, np.uint32, offset=size)
    return _Table(classes, known.first, known.second, sounding)


def made_by_files() -> list[Path]:
    """Return the files that say what is known about letters here."""
    return [Path(__file__), Path(inflection.__file__), Path(neighbours.__file__), *made_by()]


def _made() -> bytes:
    """Return the classes, and after them how letters sound that sound otherwise when folded."""
    known = letter_table()
    size = len(known.info)
    classes = np.full(size, _SIGN, np.uint8)
    for is_of, what in (
        (known.is_word, _WORD),
        (known.is_mark, _MARK),
        (known.is_katakana, _KATAKANA),
        (known.is_run, _RUN),
        (known.is_strange, _ODD),
    ):
        classes[is_of] = what
    # A sign that a letter folds to is no part of a token.
    for folds in (known.first, known.second):
        signs = (folds > 0) & (folds < 128)
        signs &= ~np.isin(
            folds, [ord(letter) for letter in map(chr, range(128)) if letter.isalnum()]
        )
        classes[(classes != _SIGN) & signs] = _ODD
    spaces = [point for point in range(size) if chr(point).isspace()]
    classes[spaces] = _SPACE
    for sign in (*JOINTS, *_PARTS):
        if classes[ord(sign)] == _SIGN:
            classes[ord(sign)] |= _JOINT
    within = (*range(0x590, 0x1380), *range(0xFB1D, 0xFF00))  # the others are forms of these
    leading = [point for point in within if may_have_prefix(chr(known.first[point] or point))]
    classes[leading] |= np.where(classes[leading] == _WORD, _LEADS, 0).astype(np.uint8)
    classes[composing_marks()] = _ODD
    sounds = _sounding(size)
    # Letters that stand for two, as of Hebrew, are told as these wherever a word is looked for.
    for point in np.flatnonzero(sounds).tolist():
        letter = chr(sounds[point])
        if unicodedata.normalize("NFC", letter) != letter:
            classes[point] = _ODD
    return classes.tobytes() + sounds.tobytes()


def _sounding(size: int) -> NDArray[np.uint32]:
    """Return the small letter of each that sounds otherwise when it is folded, 0 for others."""
    table = np.zeros(size, np.uint32)
    for letter in sounding_letters():
        capital = letter.upper()
        for each in (letter, capital):
            if len(each) == 1 and each.lower() == letter:
                table[ord(each)] = ord(letter)
    return table
