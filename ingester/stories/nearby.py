"""Which stories an article may belong to: found by what tells most, in a table of fixed width.

Each key leads to the stories that were last filed under it, a few; older ones are forgotten there.
So looking up costs the same however many stories there are.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingester.stories.signs import Floats, Signs

OF_A_KEY = 8
MOST_STORIES = 1 << 17
_LEAST_BITS, _MOST_BITS = 16, 20
_SPREAD = np.uint32(0x9E3779B1)
_ROUNDED = 1e-6
_HALF, _PLACE = 32, 0xFFFFFFFF


class Keys(NamedTuple):
    """By what an article finds stories and is found.

    Attributes:
        weights: How much each tells.
        least: So much a story must have of these to be worth a look.
    """

    signs: Signs
    weights: Floats
    least: float = 0.0


class Looked(NamedTuple):
    """What was found under some keys.

    Attributes:
        rows: Where it was looked for.
        places: Of stories, best first.
    """

    rows: list[int]
    places: list[int]


class Nearby:
    """An index of stories by their keys, each story known by its place.

    Args:
        stories: How many there will be, about.
    """

    def __init__(self, stories: int = 0) -> None:
        bits = (stories * 8).bit_length()
        self._bits = min(max(bits, _LEAST_BITS), _MOST_BITS)
        size = 1 << self._bits
        self._filed = np.zeros((size, OF_A_KEY), dtype=np.uint32)
        self._next = np.zeros(size, dtype=np.uint8)
        self._places: dict[str, int] = {}
        self._ids: list[str] = [""]
        self._seen: list[float] = [0.0]
        self._touched: set[int] = set()

    def __len__(self) -> int:
        return len(self._ids) - 1

    @property
    def is_full(self) -> bool:
        """Whether it should be made anew: it is too small, or holds what is long forgotten."""
        if self._bits < _MOST_BITS:
            return len(self) * 8 > len(self._next)
        return len(self) > 2 * MOST_STORIES

    def file(self, id: str, keys: Signs, day: float) -> None:
        """File a story, told so lately, under these keys; also when it is filed under others."""
        rows = np.array([*{*self._rows(keys).tolist()}], dtype=np.intp)
        place = self._places.get(id)
        if place is None:
            place = self._places[id] = len(self._ids)
            self._ids.append(id)
            self._seen.append(day)
        else:
            self._seen[place] = max(self._seen[place], day)
            rows = rows[~(self._filed[rows] == place).any(axis=1)]
        self._touched.update(rows.tolist())
        slots = self._next[rows]
        self._filed[rows, slots] = place
        self._next[rows] = (slots + 1) % OF_A_KEY

    def of(self, keys: Keys, *, day: float, within: float, most: int) -> list[str]:
        """Return the stories filed under most of these keys, by weight, told within so many days.

        Best first.
        """
        filed = self._filed[self._rows(keys.signs)].ravel()
        order = filed.argsort()
        filed = filed[order]
        last = np.flatnonzero(np.append(filed[1:] != filed[:-1], len(filed) > 0))
        added = keys.weights.astype(np.float64).repeat(OF_A_KEY)[order].cumsum()[last]
        scores, places = np.diff(added, prepend=0.0), filed[last]
        likely = np.flatnonzero((scores >= keys.least - _ROUNDED) & (places > 0))
        best = sorted(zip((-scores[likely]).tolist(), places[likely].tolist(), strict=True))
        looked = Looked([], [place for _, place in best])
        return self.near(looked, day=day, within=within, most=most)

    def look(self, several: Sequence[Keys]) -> list[Looked]:
        """Look up many at once; what is found stands while it is `current`, until the next time."""
        self._touched.clear()
        return self._looked(several) if several else []

    def is_current(self, looked: Looked) -> bool:
        """Whether nothing was filed since that would be found, too, or instead."""
        return self._touched.isdisjoint(looked.rows)

    def near(self, looked: Looked, *, day: float, within: float, most: int) -> list[str]:
        """Return of what was found the best that is told within so many days."""
        best, seen = looked.places[: 2 * most], self._seen
        near = [place for place in best if abs(seen[place] - day) <= within]
        return [self._ids[place] for place in near[:most]]

    def _looked(self, several: Sequence[Keys]) -> list[Looked]:
        counts = [len(keys.signs) for keys in several]
        rows = self._rows(np.concatenate([keys.signs for keys in several]))
        asker = np.arange(len(several)).repeat(counts)
        filed = (asker[:, None] << _HALF | self._filed[rows]).ravel()
        order = filed.argsort()
        filed = filed[order]
        last = np.flatnonzero(np.append(filed[1:] != filed[:-1], len(filed) > 0))
        weights = np.concatenate([keys.weights for keys in several]).astype(np.float64)
        added = weights.repeat(OF_A_KEY)[order].cumsum()[last]
        scores, found = np.diff(added, prepend=0.0), filed[last]
        least = np.array([keys.least for keys in several]) - _ROUNDED
        places, asker = found & _PLACE, found >> _HALF
        likely = np.flatnonzero((places > 0) & (scores >= least[asker]))
        places, asker = places[likely], asker[likely]
        best = np.lexsort((places, -scores[likely], asker))
        of_each = np.bincount(asker, minlength=len(several)).cumsum().tolist()
        ordered, rows_ = places[best].tolist(), rows.tolist()
        return [
            Looked(rows_[first:end], ordered[start:stop])
            for (first, end), (start, stop) in zip(
                pairwise((0, *accumulate(counts))), pairwise((0, *of_each)), strict=True
            )
        ]

    def last_day(self, id: str) -> float:
        """Return when a story that is filed was told last."""
        return self._seen[self._places[id]]

    def forget(self, id: str) -> None:
        """Find a story no more."""
        place = self._places.pop(id, None)
        if place is not None:
            self._seen[place] = -np.inf

    def _rows(self, keys: Signs) -> NDArray[np.intp]:
        return ((keys * _SPREAD) >> np.uint32(32 - self._bits)).astype(np.intp)
