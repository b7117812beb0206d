"""What an article says besides passages that others have word for word."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingester.stories.prints import Print
from ingester.stories.signs import Signs


class Course(NamedTuple):
    """The words of a body in the order in which they stand.

    Attributes:
        words: The sign of each.
        pieces: The hash of the piece that begins at each, as far as one does.
    """

    words: Signs
    pieces: Signs


def passages(course: Course, others: Iterable[Print], least: int) -> NDArray[np.bool_]:
    """Return which words stand in passages of so many that one of these others has, too.

    Of a long text only some pieces are kept: what stands between two of a passage is of it, if
    all pieces between them are that are kept.
    """
    size = len(course.words) - len(course.pieces) + 1
    within = np.zeros(len(course.words) + 1, dtype=np.int64)
    for other in others:
        kept = np.flatnonzero(course.pieces <= np.uint32(0xFFFFFFFF >> other.scale))
        found = np.isin(course.pieces[kept], other.pieces)
        edges = np.diff(found.astype(np.int8), prepend=0, append=0)
        firsts, ends = kept[np.flatnonzero(edges > 0)], kept[np.flatnonzero(edges < 0) - 1] + size
        is_long = ends - firsts >= least
        np.add.at(within, firsts[is_long], 1)
        np.add.at(within, ends[is_long], -1)
    return within.cumsum()[:-1] > 0
