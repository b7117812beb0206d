"""Places of runs that lie in one row, and what of a row is there once: asked for at once."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def spread(starts: NDArray[Any], counts: NDArray[Any]) -> NDArray[np.int64]:
    """Return so many places from each start on, one run after the other."""
    before = (counts.cumsum() - counts).repeat(counts)
    return np.asarray(starts.repeat(counts) + np.arange(int(counts.sum())) - before)


def each_once(values: NDArray[Any]) -> NDArray[Any]:
    """Return what is among the values, each once, in order.

    `numpy.unique` does so with a table of all values, which takes longer than to sort millions.
    """
    ordered = np.sort(values)
    is_first = np.ones(len(ordered), dtype=np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]
