"""What a process remembers of segments, which never change: searches ask for the same again."""

import threading
from array import array
from collections import OrderedDict
from collections.abc import Hashable, Sequence

_MOST_BYTES = 32 << 20
"""Enough for about a million articles."""


class Remembered:
    """What is remembered of one segment.

    Attributes:
        firsts: As `storage.postings.segments.Pages` has them.
        is_sealed: Whether its pages are.
        places: Where its articles belong, once that was needed.
        summaries: Of each page where its summary is in `told`, and 1; 0 if it has none.
        told: Summaries, one after the other.
    """

    __slots__ = ("_asked", "firsts", "is_sealed", "lock", "places", "summaries", "told")

    def __init__(self, firsts: bytes, pages: int, *, is_sealed: bool = True) -> None:
        self.firsts = firsts
        self.is_sealed = is_sealed
        self.places: bytes = b""
        self.summaries = array("I", bytes(4 * pages))
        self.told = b""
        self.lock = threading.Lock()
        self._asked = bytearray(pages)

    @property
    def size(self) -> int:
        pages = len(self._asked)
        return len(self.firsts) + len(self.places) + len(self.told) + 5 * pages

    def asked_again(self, pages: Sequence[int]) -> list[int]:
        """Return which of these pages were asked for before, and have no summary.

        One is dear to make, and a command asks once.
        """
        again = [page for page in pages if self._asked[page] and not self.summaries[page]]
        for page in pages:
            self._asked[page] = 1
        return again

    def tell(self, pages: Sequence[int], summaries: Sequence[bytes]) -> None:
        """Remember the summaries of pages."""
        with self.lock:
            places, told = self.summaries[:], [self.told]
            end = len(self.told)
            for page, summary in zip(pages, summaries, strict=True):
                if not places[page]:
                    places[page] = end + 1
                    told.append(summary)
                    end += len(summary)
            self.told = b"".join(told)
            self.summaries = places


class Memory:
    """The segments that a process remembers. May be used by many threads."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Remembered] = OrderedDict()

    def get(self, key: Hashable) -> Remembered | None:
        """Return what is remembered by a key, which must tell segments apart for ever."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: Hashable, segment: Remembered) -> Remembered:
        """Remember a segment by its key, unless one is; returns which one is."""
        with self._lock:
            return self._kept.setdefault(key, segment)

    def forget_much(self) -> None:
        """Forget those that were asked for longest ago, as far as there are too many."""
        with self._lock:
            size = sum(each.size for each in self._kept.values())
            while size > self._most and self._kept:
                size -= self._kept.popitem(last=False)[1].size
