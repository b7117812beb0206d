"""Places of runs that lie in one row: asked for at once, not run by run."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def spread(starts: NDArray[Any], counts: NDArray[Any]) -> NDArray[np.int64]:
    """Return so many places from each start on, one run after the other."""
    before = (counts.cumsum() - counts).repeat(counts)
    return np.asarray(starts.repeat(counts) + np.arange(int(counts.sum())) - before)
