"""Texts cut into words, and which of them were met before: see `native/words.c`."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.stems import LETTERS_AND_MARKS
from ingester.stories.signs import Places

BREAKS = '.!?。！？:\n"“”»«'
"""After these a word may have its capital because a sentence begins."""
BREAK = 0
"""The row of what ends a sentence."""
LETTERS = re.compile(rf"(?:(?![\d_])[{LETTERS_AND_MARKS}])+")
DIGITS = re.compile(r"\d+")
_KERNEL = Path(__file__).parent / "native" / "words.wasm"
_LETTER, _BREAK = 1, 2
_LAST_LETTER = 0x40000
"""Behind it there are none."""
_IN_WORDS = re.compile(f"[{LETTERS_AND_MARKS}]+")


class Found(NamedTuple):
    """The words of some texts.

    Attributes:
        rows: Of each word, and of what ends sentences.
        ends: Where those of each text end.
        new: Languages and words that nobody has met; their rows are the next ones, in this order.
    """

    rows: Places
    ends: Places
    new: Sequence[tuple[str, str]]


class Cutter:
    """Cuts texts into words, and remembers these until told to forget. Not to be shared."""

    def __init__(self) -> None:
        from common.native.kernel import Kernel  # which is slow to import, and often not needed

        self._kernel = Kernel(_KERNEL)
        self._kernel.call("know", self._kernel.put(_kinds()), _LAST_LETTER)
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
        numbers = [known.setdefault(language, len(known)) for language, _ in texts]
        ends = np.fromiter(accumulate(len(text) for _, text in texts), np.uint32, len(texts))
        letters = kernel.put(np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint8))
        ends_at, languages = kernel.put(ends), kernel.put(np.array(numbers, dtype=np.uint32))
        rows, missing = kernel.take(len(whole), np.uint32), kernel.take(3 * len(whole), np.uint32)
        new = kernel.call("read", letters, ends_at, languages, len(texts), met, rows, missing)
        word_ends = kernel.view(ends_at, np.uint32, len(texts)).astype(np.int64)
        return Found(
            kernel.view(rows, np.uint32, int(word_ends[-1]) if texts else 0).astype(np.int64),
            word_ends,
            [
                (texts[text][0], whole[start:end])
                for text, start, end in kernel.view(missing, np.uint32, 3 * new)
                .reshape(-1, 3)
                .tolist()
            ],
        )


@cache
def _kinds() -> NDArray[np.uint8]:
    """Return of each letter what it is in a text."""
    kinds = np.zeros(_LAST_LETTER, dtype=np.uint8)
    every = "".join(map(chr, range(_LAST_LETTER)))
    for run in _IN_WORDS.finditer(every):
        kinds[run.start() : run.end()] = _LETTER
    kinds[[*map(ord, BREAKS)]] = _BREAK
    return kinds
