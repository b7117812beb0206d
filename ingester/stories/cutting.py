"""Texts cut into words, and which of them were met before: see `native/words.c`."""

import re
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import digit

import numpy as np
from numpy.typing import NDArray

from common import scripts, stems
from common.native.kept import kept_or_made
from common.stems import CUT, LETTERS_AND_MARKS
from ingester.stories.signs import Keys, Places, Signs

if TYPE_CHECKING:
    from common.native.kernel import Kernel

BREAKS = '.!?。！？:\n"“”»«'
"""After these a word may have its capital because a sentence begins."""
BREAK = 0
"""The row of what ends a sentence."""
LETTERS = re.compile(rf"(?:(?![\d_])[{LETTERS_AND_MARKS}])+")
MARKS = ",.'’٬\u00a0\u2007\u2009\u202f"
"""These may stand between the thousands of a number, in a text of any language."""
SPACED_THOUSANDS = frozenset(
    {"fr", "sv", "nb", "nn", "no", "fi", "et", "lv", "lt", "pl", "cs", "sk", "hu", "ru", "uk", "be"}
    | {"bg", "sq", "ka", "hy", "kk", "ky", "af", "es", "pt", "ca", "gl"}
)
"""Languages in which a space may."""
NUMBERS = re.compile(r"(?<!\d)(?!0)\d{1,3}(?:,\d{3})+(?!,?\d)|\d+")
"""Numbers in a folded text without spaces."""
_KERNEL = Path(__file__).parent / "native" / "words.wasm"
_LETTER, _BREAK, _UPPER, _LOWER, _DIGIT, _MARK, _ZERO = 1, 2, 4, 8, 16, 32, 64
_MISSED = 6
"""So many numbers tell of a word that nobody has met."""
_LOOKED_UP = np.dtype(
    [("hash", "<u8"), ("sign", "<u4"), ("token", "<u4"), ("length", "<u4"), ("is_number", "<u4")]
)
_ENCODED = 0x8000
"""So many letters are handed over at once: more take a block of memory that the system lays out
anew each time.
"""
_LAST_LETTER = 0x40000
"""Behind it there are none."""
_SCRIPTS = ((0, 0x3400), (0xA000, 0xAC00), (0xF900, 0x20000))
"""Where letters have capitals or are digits: no Han or Hangul."""
_IN_WORDS = re.compile(f"[{LETTERS_AND_MARKS}]+")
_WITHOUT_MARKS = str.maketrans("", "", MARKS + " ")


class Found(NamedTuple):
    """The words of some texts.

    Attributes:
        rows: Of each word, and of what ends sentences.
        ends: Where those of each text end.
        languages, written: Of words that nobody has met; their rows are the next, in this order.
        are_upper, have_capitals: Which of these are all in capitals, and which begin with one.
        have_marks: Which are numbers with marks between their thousands.
    """

    rows: Places
    ends: Places
    languages: Sequence[str]
    written: Sequence[str]
    are_upper: NDArray[np.bool_]
    have_capitals: NDArray[np.bool_]
    have_marks: Places

    @property
    def new(self) -> list[tuple[str, str]]:
        """Words that nobody has met, each with its language."""
        return [*zip(self.languages, self.written, strict=True)]


class LookedUp(NamedTuple):
    """What is made of the letters of folded words.

    Attributes:
        hashes: What their stems add to keys, as `Concepts.hashes_of` has it.
        signs: Of words, odd if they are short enough to be common ones, and of numbers.
        tokens: But for their kinds.
        lengths: In letters.
    """

    hashes: Keys
    signs: Signs
    tokens: Signs
    lengths: Signs
    are_numbers: NDArray[np.bool_]


class Cutter:
    """Cuts texts into words, and remembers these until told to forget. Not to be shared."""

    def __init__(self) -> None:
        from common.native.kernel import Kernel  # which is slow to import, and often not needed

        self._kernel = Kernel(_KERNEL)
        cuts = self._kernel.put(np.array(CUT, dtype=np.uint8))
        self._kernel.call("know", self._kernel.put(_kinds()), _LAST_LETTER, cuts, len(CUT))
        self._mark = self._kernel.mark()
        self._languages: dict[str, int] = {}

    def forget(self) -> None:
        """Take every word for new."""
        self._languages.clear()
        self._kernel.call("forget")

    def words(self, texts: Sequence[tuple[str, str]], *, met: int) -> Found:
        """Return the words of texts, each with its language.

        Args:
            met: So many rows there are; the first new word is the next one.
        """
        kernel, known = self._kernel, self._languages
        kernel.release(self._mark)
        whole = "".join([text for _, text in texts])
        numbers = [
            known.setdefault(language, 2 * len(known) + (language in SPACED_THOUSANDS))
            for language, _ in texts
        ]
        letters, ends_at = put_texts(kernel, whole, [len(text) for _, text in texts])
        languages = kernel.put(np.array(numbers, dtype=np.uint32))
        rows = kernel.take(len(whole), np.uint32)
        missing = kernel.take(_MISSED * len(whole), np.uint32)
        count = kernel.call("read", letters, ends_at, languages, len(texts), met, rows, missing)
        word_ends = kernel.view(ends_at, np.uint32, len(texts)).astype(np.int64)
        # Column by column: rows would be looked through by the collector of garbage.
        new = kernel.view(missing, np.uint32, _MISSED * count).reshape(-1, _MISSED).T.copy()
        spoken = [language for language, _ in texts]
        found = Found(
            kernel.view(rows, np.uint32, int(word_ends[-1]) if texts else 0).astype(np.int64),
            word_ends,
            [*map(spoken.__getitem__, new[0].tolist())],
            [*map(whole.__getitem__, map(slice, new[1].tolist(), new[2].tolist()))],
            new[3] > 0,
            new[4] > 0,
            np.flatnonzero(new[5]),
        )
        kernel.let_go(self._mark)
        return found

    def looked_up(self, folded: Sequence[str], *, common: int) -> LookedUp:
        """Return what is made of the letters of folded words.

        Args:
            common: Words of so many letters, and shorter ones, are common.
        """
        kernel, count = self._kernel, len(folded)
        kernel.release(self._mark)
        letters, ends = put_texts(kernel, "".join(folded), [*map(len, folded)])
        looked = kernel.take(_LOOKED_UP.itemsize * count)
        kernel.call("look_up", letters, ends, count, common, looked)
        each = kernel.view(looked, np.uint8, _LOOKED_UP.itemsize * count).view(_LOOKED_UP)
        signs, tokens, lengths = (each[name].copy() for name in ("sign", "token", "length"))
        return LookedUp(each["hash"].copy(), signs, tokens, lengths, each["is_number"] > 0)


def without_marks(number: str) -> str:
    """Return a number, folded or not, without what stands between its thousands."""
    return number.translate(_WITHOUT_MARKS)


def put_texts(kernel: "Kernel", whole: str, lengths: Sequence[int]) -> tuple[int, int]:
    """Hand texts to a kernel, all in one, and say how long each is; return where they lie.

    Their letters, as code points, and where each text ends.
    """
    letters = kernel.take(len(whole), np.uint32)
    for start in range(0, len(whole), _ENCODED):
        piece = whole[start : start + _ENCODED].encode("utf-32-le", "surrogatepass")
        kernel.write(letters + 4 * start, piece)
    ends = np.fromiter(accumulate(lengths), np.uint32, len(lengths))
    return letters, kernel.put(ends)


def _kinds() -> NDArray[np.uint8]:
    """Return of each letter what it is in a text; made once for all starts."""
    here = Path(__file__)
    by = [here, Path(stems.__file__), Path(scripts.__file__)]
    kept = kept_or_made(here, "kinds", lambda: _made_kinds().tobytes(), made_by=by)
    return np.frombuffer(kept, np.uint8)


def _made_kinds() -> NDArray[np.uint8]:
    kinds = np.zeros(_LAST_LETTER, dtype=np.uint8)
    every = "".join(map(chr, range(_LAST_LETTER)))
    for run in _IN_WORDS.finditer(every):
        kinds[run.start() : run.end()] = _LETTER
    for start, end in _SCRIPTS:
        some = every[start:end]
        small = np.array([*map(str.islower, some)]) | np.array([*map(str.istitle, some)])
        capital = np.array([*map(str.isupper, some)])
        kinds[start:end] |= np.where(capital, _UPPER, np.where(small, _LOWER, 0)).astype(np.uint8)
        kinds[start:end] |= np.where([*map(str.isdigit, some)], _DIGIT, 0).astype(np.uint8)
        kinds[start:end] |= np.where([digit(each, 1) == 0 for each in some], _ZERO, 0).astype("u1")
    kinds[[*map(ord, BREAKS)]] = _BREAK
    kinds[[*map(ord, MARKS + " ")]] |= _MARK
    return kinds
