"""Which stories an article may belong to: found by what tells most, in a table of fixed width.

Each key leads to the stories that were last filed under it, a few; older ones are forgotten there.
So looking up costs the same however many stories there are.
"""

from collections.abc import Sequence
from itertools import accumulate
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
        rows, weights: Where it was looked for, and how much each tells.
        places, scores: All that is filed there, in order, and how much of the keys each has.
        best: Places of those that have enough, best first, with how much each has.
        least: What is enough.
        known: So many places there were.
    """

    rows: list[int]
    weights: list[float]
    places: NDArray[np.int64]
    scores: NDArray[np.float64]
    best: dict[int, float]
    least: float
    known: int

    def score_of(self, place: int) -> float:
        """Return how much of the keys a story had."""
        if place >= self.known:
            return 0.0
        at = int(self.places.searchsorted(place))
        is_there = at < len(self.places) and self.places[at] == place
        return float(self.scores[at]) if is_there else 0.0


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
        # What was filed since something was looked up, by row; nothing is kept before that.
        self._recent: dict[int, list[int]] | None = None

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
        rows = self._rows(keys)
        place = self._places.get(id)
        if place is None:
            place = self._places[id] = len(self._ids)
            self._ids.append(id)
            self._seen.append(day)
        else:
            self._seen[place] = max(self._seen[place], day)
            rows = rows[~(self._filed[rows] == place).any(axis=1)]
        if self._recent is not None:
            for row in {*rows.tolist()}:
                self._recent.setdefault(row, []).append(place)
                del self._recent[row][:-OF_A_KEY]
        # A row that is there twice has one slot all the same.
        slots = self._next[rows]
        self._filed[rows, slots] = place
        self._next[rows] = (slots + 1) % OF_A_KEY

    def of(self, keys: Keys, *, day: float, within: float, most: int) -> list[str]:
        """Return the stories filed under most of these keys, by weight, told within so many days.

        Best first.
        """
        [looked] = self.look([keys])
        return self.near(looked, day=day, within=within, most=most)

    def look(self, several: Sequence[Keys]) -> list[Looked]:
        """Look up many at once, for `near`: what is found stands until the next time."""
        self._recent = {}
        return self._looked(several) if several else []

    def near(self, looked: Looked, *, day: float, within: float, most: int) -> list[str]:
        """Return of what was found, and filed since, the best that is told within so many days."""
        best, seen = self._with_recent(looked)[: 2 * most], self._seen
        near = [place for place in best if abs(seen[place] - day) <= within]
        return [self._ids[place] for place in near[:most]]

    def _with_recent(self, looked: Looked) -> list[int]:
        """Return the places found, best first, with what was filed since."""
        more: dict[int, float] = {}
        recent = self._recent or {}
        for at in [at for at, row in enumerate(looked.rows) if row in recent]:
            weight = looked.weights[at]
            for place in recent[looked.rows[at]]:
                more[place] = more.get(place, 0.0) + weight
        if not more:
            return [*looked.best]
        scores = {**looked.best}
        for place, score in more.items():
            score += looked.score_of(place)
            if score >= looked.least:
                scores[place] = score
        return [place for _, place in sorted((-score, place) for place, score in scores.items())]

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
        best = likely[np.lexsort((places[likely], -scores[likely], asker[likely]))]
        bounds = asker.searchsorted(np.arange(len(several) + 1)).tolist()
        ends = asker[best].searchsorted(np.arange(len(several) + 1)).tolist()
        keyed = [0, *accumulate(counts)]
        rows_, weights_ = rows.tolist(), weights.tolist()
        best_of = [*zip(places[best].tolist(), scores[best].tolist(), strict=True)]
        return [
            Looked(
                rows_[keyed[n] : keyed[n + 1]],
                weights_[keyed[n] : keyed[n + 1]],
                places[bounds[n] : bounds[n + 1]],
                scores[bounds[n] : bounds[n + 1]],
                dict(best_of[ends[n] : ends[n + 1]]),
                float(least[n]),
                len(self._ids),
            )
            for n in range(len(several))
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
