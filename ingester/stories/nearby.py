"""Which stories an article may belong to: found by what tells most, in a table of fixed width.

Each key leads to the stories that were last filed under it, a few; older ones are forgotten there.
So looking up costs the same however many stories there are.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingester.stories.signs import Floats, Signs

OF_A_KEY = 8
MOST_STORIES = 1 << 17
_LEAST_BITS, _MOST_BITS = 16, 20
_SPREAD = np.uint32(0x9E3779B1)


class Keys(NamedTuple):
    """By what an article finds stories and is found.

    Attributes:
        weights: How much each tells.
        least: So much a story must have of these to be worth a look.
    """

    signs: Signs
    weights: Floats
    least: float = 0.0


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
        place = self._places.get(id)
        if place is None:
            place = self._places[id] = len(self._ids)
            self._ids.append(id)
            self._seen.append(day)
        else:
            self._seen[place] = max(self._seen[place], day)
        rows = np.unique(self._rows(keys))
        rows = rows[~(self._filed[rows] == place).any(axis=1)]
        self._filed[rows, self._next[rows]] = place
        self._next[rows] = (self._next[rows] + 1) % OF_A_KEY

    def of(self, keys: Keys, *, day: float, within: float, most: int) -> list[str]:
        """Return the stories filed under most of these keys, by weight, told within so many days.

        Best first.
        """
        filed = self._filed[self._rows(keys.signs)].ravel()
        order = filed.argsort(kind="stable")
        filed = filed[order]
        starts = np.flatnonzero(np.concatenate(([True], filed[1:] != filed[:-1])))
        scores = np.add.reduceat(np.repeat(keys.weights, OF_A_KEY)[order], starts)
        likely = np.flatnonzero((scores >= keys.least) & (filed[starts] > 0))
        ordered = likely[(-scores[likely]).argsort(kind="stable")][: 2 * most]
        places: list[int] = filed[starts[ordered]].tolist()
        near = [place for place in places if abs(self._seen[place] - day) <= within]
        return [self._ids[place] for place in near[:most]]

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
