"""Asks segments which of their articles fit a lookup: `lookups.c`."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from storage.api import Has, HasAll, HasAny, HasNear, Lookup
from storage.postings.remembered import Remembered

_LONGEST_TOKEN = 200
_KERNEL = Path(__file__).with_name("lookups.wasm")
_TOKEN, _ALL, _ANY, _NEAR = range(4)
_STEP = 16  # of `kernel.h`, in which room is taken

_Leaf = tuple[bytes, bool]


class Summaries(NamedTuple):
    """What is remembered of a segment's pages: of most tokens, that none in a page begins so.

    Attributes:
        places: Of each page how far behind the first one its own is, and 1; 0 if it has none.
        told: One after the other.
    """

    places: NDArray[np.uint32]
    told: bytes


def summaries_of(segment: Remembered) -> Summaries:
    """Return the summaries of the pages of a segment."""
    with segment.lock:
        return Summaries(np.frombuffer(segment.summaries, np.uint32), segment.told)


class Sought:
    """A lookup that is made ready, for one thread."""

    def __init__(self, lookup: Lookup) -> None:
        from common.native.kernel import Kernel  # dear to import, and many commands look up nothing

        self._kernel = Kernel(_KERNEL)
        leaves: dict[_Leaf, int] = {}
        _collect(lookup, leaves)
        for number, leaf in enumerate(sorted(leaves)):
            leaves[leaf] = number
        tree: list[int] = []
        _tell(lookup, leaves, tree)
        self._seek(sorted(leaves), tree)
        self._begin = self._kernel.mark()

    def _seek(self, leaves: Sequence[_Leaf], tree: Sequence[int]) -> None:
        at = self._kernel.put(np.frombuffer(b"".join(token for token, _ in leaves), np.uint8))
        told = [len(leaves)]
        for token, begins in leaves:
            told += (at, len(token), begins)
            at += len(token)
        places = [self._kernel.put(np.array(each, np.uint32)) for each in (told, tree)]
        self._kernel.call("seek", *places)

    def pages(self, firsts: bytes, summaries: Summaries | None = None) -> list[int]:
        """Return the numbers of those pages that may have what is sought.

        Args:
            firsts: Of the segment: `storage.postings.segments.Pages`.
            summaries: What is remembered of its pages, if anything is.
        """
        kernel = self._kernel
        summaries = summaries or Summaries(np.zeros(len(firsts), np.uint32), b"")  # as many at most
        at = kernel.put(np.frombuffer(firsts, np.uint8))
        places = kernel.put(summaries.places)
        told = kernel.put(np.frombuffer(summaries.told, np.uint8))
        to = kernel.take(len(summaries.places), np.uint32)
        count = kernel.call("pages", at, len(firsts), places, told, to)
        needed: list[int] = kernel.view(to, np.uint32, count).tolist()
        kernel.release(self._begin)
        return needed

    def summaries(self, pages: Sequence[bytes]) -> list[bytes]:
        """Return what may be remembered of pages, of each by itself."""
        kernel = self._kernel
        at = kernel.put(np.frombuffer(b"".join(pages), np.uint8))
        sizes = kernel.put(np.array(list(map(len, pages)), np.uint32))
        next_ = kernel.call("summarise", at, sizes, len(pages))
        made = []
        for _ in pages:
            size = 4 + int(kernel.view(next_, np.uint32, 1)[0]) // 8
            made.append(kernel.view(next_, np.uint8, size).tobytes())
            next_ += size + -size % _STEP
        kernel.release(self._begin)
        return made

    def fitting(self, pages: bytes, articles: int) -> NDArray[np.intp]:
        """Return the numbers of a segment's articles that fit.

        Args:
            pages: What `pages` has asked for, one after the other.
            articles: How many the segment has.
        """
        kernel = self._kernel
        at = kernel.put(np.frombuffer(pages, np.uint8))
        found = kernel.call("fitting", at, len(pages), articles)
        bits = kernel.view(found, np.uint8, (articles + 7) // 8 if found else 0)
        numbers = np.flatnonzero(np.unpackbits(bits, bitorder="little"))
        kernel.release(self._begin)
        return numbers


def _leaf(has: Has) -> _Leaf:
    return has.token.encode()[:_LONGEST_TOKEN], has.begins


def _collect(lookup: Lookup, leaves: dict[_Leaf, int]) -> None:
    if isinstance(lookup, Has):
        leaves[_leaf(lookup)] = 0
        return
    for part in lookup.parts:
        _collect(part, leaves)


def _tell(lookup: Lookup, leaves: dict[_Leaf, int], tree: list[int]) -> None:
    match lookup:
        case Has():
            tree += (_TOKEN, leaves[_leaf(lookup)])
            return
        case HasAll(parts):
            tree += (_ALL, len(parts))
        case HasAny(parts):
            tree += (_ANY, len(parts))
        case HasNear(parts, lines, ordered):
            tree += (_NEAR, len(parts), lines, ordered)
    for part in parts:
        _tell(part, leaves, tree)
