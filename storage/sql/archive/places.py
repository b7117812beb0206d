"""Where the articles of the search index's segments belong, and how that is kept."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from storage.postings.damage import damage_told, damaged
from storage.postings.sealing import opened


class Places(NamedTuple):
    """Articles of segments: the number of each, when it was first seen, and of what language.

    A segment has them by language, as words are: so numbers in its lists lie close together.
    """

    numbers: NDArray[np.int64]
    seen: NDArray[np.int64]
    languages: NDArray[np.int64]

    def some(self, which: NDArray[Any]) -> "Places":
        return Places(*(every[which] for every in self))

    def in_order(self) -> "Places":
        return self.some(np.lexsort(self))


def places_of(segment: int, kept: bytes) -> Places:
    """Return where the articles of a segment belong, of how it is kept.

    Raises:
        IndexDamaged: It cannot be read.
    """
    with damage_told():
        bare = opened(kept, segment, has_seal=True) if are_sealed(kept) else kept
        if not bare:
            raise damaged()  # no segment is without articles
        return Places(*np.frombuffer(bare, "<i8").reshape(3, -1))


def are_sealed(kept: bytes) -> bool:
    """Whether places, as they are kept, have a seal, as then has all of their segment."""
    return len(kept) % 8 != 0
