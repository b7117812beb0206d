"""The native part of an index: one memory, and how numbers are handed over to it."""

import threading
from array import array
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rules.data.tables import lines_of, particles, stop_words, title_words, written_on
from rules.languages import compounds
from rules.text.folding import fold, marked_letters
from rules.text.letters import letters_for_cutting

if TYPE_CHECKING:
    from common.native.kernel import Kernel

_COMPILED = Path(__file__).parents[1] / "native" / "engine.wasm"

Rows = NDArray[np.int32]


class Engine:
    """What native code knows of rules; one thread at a time.

    Attributes:
        lock: Held by who calls, for as long as what is found there shall not change.
    """

    def __init__(self, kept_bytes: int = 0) -> None:
        """Begin with nothing, or with room for memory that was kept: then all of it must come."""
        self.lock = threading.RLock()
        self._kernel = _new_kernel()
        self._at = self._room = 0
        if kept_bytes:
            self._kernel.reach(kept_bytes)
            return
        links = [number for link in compounds.LINKS for number in (len(link), *map(ord, link))]
        self.tell("know_links", links)
        letters, pairs = _letters()
        self._kernel.view(self._kernel.call("room_for_folding"), np.uint32, len(letters))[:] = (
            letters
        )
        self.tell("know_second_letters", pairs.tobytes())
        marks = ((ord(letter), of) for letter, of in marked_letters().items())
        self.tell("know_marks", [*chain(*marks)])
        self.tell("know_small_words", _small_words())
        self.tell("know_small_between", _small_between())

    def tell(self, name: str, *parts: Sequence[int] | bytes, of: tuple[int, ...] = ()) -> int:
        """Hand numbers over, or their bytes, and call a function with `of` and how many these are.

        May wait.
        """
        every = [each if isinstance(each, bytes) else array("i", each).tobytes() for each in parts]
        written = b"".join(every)
        with self.lock:
            self.give(written)
            return self._kernel.call(name, *of, len(written) // 4)

    def give(self, written: bytes) -> None:
        """Lay bytes before native code."""
        if len(written) > self._room:
            self._room = 1 << max(12, len(written).bit_length())
            self._at = self._kernel.call("room_for", self._room)
        self._kernel.write(self._at, written)

    @property
    def memory(self) -> NDArray[np.uint8]:
        """All that lies in it; holds until something is told or called."""
        return self._kernel.view(0, np.uint8, self._kernel.size)

    def call(self, name: str, *arguments: int) -> int:
        """Call a native function."""
        return self._kernel.call(name, *arguments)

    def answer(self, count: int) -> Rows:
        """Return the numbers that native code answered with."""
        at = self._kernel.call("answer")
        return np.frombuffer(self._kernel.read(at, 4 * count), np.int32)


_letters = cache(letters_for_cutting)


@cache
def _small_words() -> bytes:
    """Return what native code is told of words that may not count, a line a list."""
    lists = [" ".join(sorted(words)) for words in (*title_words(), written_on())]
    stops = [f"{of}\t{' '.join(lines)}" for of, lines in lines_of("stop_words.tsv").items()]
    return codes("\n".join([*lists, *stops]))


@cache
def _small_between() -> bytes:
    """Return what native code is told of words that may not count between two, a line each.

    Folded: that some of them count where their marks are missing (fur is no für) is found out
    exactly, by `rules.evaluate.proximity`.
    """
    small = stop_words() | particles("elsewhere")
    return codes("\n".join(sorted(small | {fold(word) for word in small})))


def _new_kernel() -> "Kernel":
    from common.native.kernel import Kernel  # which is slow to import, and often not needed

    return Kernel(_COMPILED)


def codes(text: str) -> bytes:
    """Return the letters of a text as numbers, in bytes."""
    return text.encode("utf-32-le", "surrogatepass")


def spelled(texts: Sequence[str]) -> list[int]:
    """Return the letters of texts as numbers, each text behind its length."""
    return [number for text in texts for number in (len(text), *map(ord, text))]
