"""What articles say added up, and what stands for their texts: see `native/counted.c`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingester.stories.said import Said
from ingester.stories.signs import Floats, Places, Signs

_KERNEL = Path(__file__).parent / "native" / "counted.wasm"


class Counted(NamedTuple):
    """The signs of some articles, each once and in order, and how much each counts.

    Attributes:
        ends: Where those of each article end.
        written: Of each sign as it was met first.
        again: Which were met more than once.
    """

    signs: Signs
    counts: Floats
    ends: Sequence[int]
    written: Places
    again: NDArray[np.bool_]

    def slices(self) -> list[slice]:
        """Return where the signs of each article are."""
        return [*map(slice, (0, *self.ends[:-1]), self.ends)]


class Lowest(NamedTuple):
    """Of rows of hashes, those that stand for all.

    Attributes:
        left: The lowest of each row, each once and in order.
        ends: Where those of each row end.
        scales: Of one hash in 2**scale they are the lowest.
    """

    left: Signs
    ends: Sequence[int]
    scales: Sequence[int]


class Counter:
    """Counts what many articles say at once; not to be shared."""

    def __init__(self) -> None:
        from common.native.kernel import Kernel  # which is slow to import, and often not needed

        self._kernel = Kernel(_KERNEL)
        self._mark = self._kernel.mark()

    def counted(self, several: Sequence[Said], articles: int) -> Counted:
        """Add up what so many articles say."""
        kernel, count = self._kernel, sum(len(said.signs) for said in several)
        numbers, signs, weights, written = zip(*several, strict=True)
        given = [self._put(numbers), self._put(signs), self._put(weights)]
        first, again = kernel.take(count, np.uint32), kernel.take(count)
        ends = kernel.take(articles, np.uint32)
        met = kernel.call("add_up", *given, count, articles, first, again, ends)
        much = kernel.view(given[2], np.float64, met).astype(np.float32)
        much = np.where(much > 1, 1 + np.log(np.maximum(much, 1)), much).astype(np.float32)
        counted = Counted(
            kernel.view(given[1], np.uint32, met).copy(),
            much,
            kernel.view(ends, np.uint32, articles).tolist(),
            np.concatenate(written)[kernel.view(first, np.uint32, met)],
            kernel.view(again, np.uint8, met) > 0,
        )
        kernel.let_go(self._mark)
        return counted

    def _put(self, columns: Sequence[NDArray[Any]]) -> int:
        """Hand columns of one type over as one, joined where they are to lie."""
        count, dtype = sum(map(len, columns)), columns[0].dtype.type
        at = self._kernel.take(count, dtype)
        np.concatenate(columns, out=self._kernel.view(at, dtype, count))
        return at

    def lowest(self, hashes: Signs, starts: Places, ends: Places, most: int) -> Lowest:
        """Return of each row of hashes those that stand for all, so many at most."""
        kernel, rows = self._kernel, len(starts)
        given = [kernel.put(each.astype(np.uint32, copy=False)) for each in (hashes, starts, ends)]
        left, scales = kernel.take(len(hashes), np.uint32), kernel.take(rows, np.uint32)
        kernel.call("leave_lowest", *given, rows, most, left, scales)
        bounds = kernel.view(given[2], np.uint32, rows).tolist()
        lowest = Lowest(
            kernel.view(left, np.uint32, bounds[-1] if bounds else 0).copy(),
            bounds,
            kernel.view(scales, np.uint32, rows).tolist(),
        )
        kernel.let_go(self._mark)
        return lowest
