"""Asks segments which of their articles fit a lookup: `lookups.c`."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storage.api import Has, HasAll, HasAny, HasNear, Lookup

_LONGEST_TOKEN = 200
_KERNEL = Path(__file__).with_name("lookups.wasm")
_TOKEN, _ALL, _ANY, _NEAR = range(4)

_Leaf = tuple[bytes, bool]


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

    def pages(self, firsts: bytes) -> list[int]:
        """Return the numbers of those pages that may have what is sought.

        Args:
            firsts: Of the segment: `storage.postings.segments.Pages`.
        """
        kernel = self._kernel
        at = kernel.put(np.frombuffer(firsts, np.uint8))
        to = kernel.take(len(firsts) + 1, np.uint32)
        count = kernel.call("pages", at, len(firsts), to)
        needed: list[int] = kernel.view(to, np.uint32, count).tolist()
        kernel.release(self._begin)
        return needed

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
        case HasNear(parts, lines):
            tree += (_NEAR, len(parts), lines)
    for part in parts:
        _tell(part, leaves, tree)
