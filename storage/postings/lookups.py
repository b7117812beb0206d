"""Asks segments which of their articles fit a lookup: `lookups.c`."""

import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from storage.api.lookup import Has, HasAll, HasNear, Lookup
from storage.postings.remembered import Remembered

if TYPE_CHECKING:
    from common.native.kernel import Kernel

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


_idle: "list[tuple[Kernel, int]]" = []
"""Kernels that nobody uses, and where what is taken in each begins: to have the room of one laid
out, and to give it back, takes as long as a search for a rare word."""
_MOST_IDLE, _LARGEST_IDLE = 4, 8 << 20


def _kernel() -> "tuple[Kernel, int]":
    try:
        return _idle.pop()
    except IndexError:
        from common.native.kernel import Kernel  # dear to import, and many commands look up nothing

        made = Kernel(_KERNEL)
        return made, made.mark()


def _give_back(kernel: "Kernel", begin: int) -> None:
    if len(_idle) < _MOST_IDLE and kernel.size <= _LARGEST_IDLE:
        kernel.release(begin)
        _idle.append((kernel, begin))


class Sought:
    """A lookup that is made ready, for one thread."""

    def __init__(self, lookup: Lookup) -> None:
        self._kernel, begin = _kernel()
        self._gives_back = weakref.finalize(self, _give_back, self._kernel, begin)
        self._gives_back.atexit = False  # a thread may still ask it
        tree = _Tree()
        tree.tell(lookup)
        leaves = sorted(tree.leaves)
        self._seek(leaves, tree.numbered(leaves))
        self._begin = self._kernel.mark()

    def _seek(self, leaves: Sequence[_Leaf], tree: NDArray[np.uint32]) -> None:
        tokens = [token for token, _ in leaves]
        at = self._kernel.put(np.frombuffer(b"".join(tokens), np.uint8))
        told = np.zeros((len(leaves), 3), np.uint32)
        told[:, 1] = list(map(len, tokens))
        told[:, 0] = at + np.append(0, np.cumsum(told[:-1, 1]))
        told[:, 2] = [begins for _, begins in leaves]
        counted = np.append(np.uint32(len(leaves)), told).astype(np.uint32)
        self._call("seek", self._kernel.put(counted), self._kernel.put(tree))

    def _call(self, name: str, *arguments: int) -> int:
        try:
            return self._kernel.call(name, *arguments)
        except BaseException:  # how far it got it would still know where it is asked the next time
            self._gives_back.detach()
            raise

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
        count = self._call("pages", at, len(firsts), places, told, to)
        needed: list[int] = kernel.view(to, np.uint32, count).tolist()
        kernel.release(self._begin)
        return needed

    def summaries(self, pages: Sequence[bytes]) -> list[bytes]:
        """Return what may be remembered of pages, of each by itself."""
        kernel = self._kernel
        at = kernel.put(np.frombuffer(b"".join(pages), np.uint8))
        sizes = kernel.put(np.array(list(map(len, pages)), np.uint32))
        next_ = self._call("summarise", at, sizes, len(pages))
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
        found = self._call("fitting", at, len(pages), articles)
        bits = kernel.view(found, np.uint8, (articles + 7) // 8 if found else 0)
        numbers = np.flatnonzero(np.unpackbits(bits, bitorder="little"))
        kernel.release(self._begin)
        return numbers


class _Tree:
    """A lookup as native code reads it: each part behind what is said of it, tokens as numbers.

    Attributes:
        leaves: The tokens, each with its number in the order in which they were met.
    """

    def __init__(self) -> None:
        self.leaves: dict[_Leaf, int] = {}
        self._told: list[int] = []
        self._tokens_at: list[int] = []

    def tell(self, lookup: Lookup) -> None:
        """Add a part, and all that it is made of."""
        if isinstance(lookup, Has):
            leaf = lookup.token.encode()[:_LONGEST_TOKEN], lookup.begins
            self._tokens_at.append(len(self._told) + 1)
            self._told += (_TOKEN, self.leaves.setdefault(leaf, len(self.leaves)))
            return
        if isinstance(lookup, HasNear):
            self._told += (_NEAR, len(lookup.parts), lookup.lines, lookup.ordered)
        else:
            self._told += (_ALL if isinstance(lookup, HasAll) else _ANY, len(lookup.parts))
        for part in lookup.parts:
            self.tell(part)

    def numbered(self, leaves: Sequence[_Leaf]) -> NDArray[np.uint32]:
        """Return it with the numbers that tokens have in another order."""
        numbers = np.empty(len(leaves), np.uint32)
        numbers[[self.leaves[leaf] for leaf in leaves]] = np.arange(len(leaves))
        told = np.array(self._told, np.uint32)
        told[self._tokens_at] = numbers[told[self._tokens_at]]
        return told
