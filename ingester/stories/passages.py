"""What an article says besides passages that others have word for word."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingester.stories.prints import Print
from ingester.stories.signs import Places, Signs, are_among


class Course(NamedTuple):
    """The words of an article in the order in which they stand.

    Attributes:
        words: The sign of each of the body.
        pieces: The hash of the piece that begins at each, as far as one does.
        title: The sign of each of the title.
        tokens, stems: The token and the sign of each of both.
    """

    words: Signs
    pieces: Signs
    title: Signs
    tokens: Signs
    stems: Signs


class Passages(NamedTuple):
    """Where passages of an article are that others have, too: from where to where.

    Attributes:
        length: Of the article, in words.
    """

    starts: Places
    ends: Places
    length: int

    def within(self, least: int) -> NDArray[np.bool_]:
        """Return which of its words stand in a passage of so many."""
        is_long = self.ends - self.starts >= least
        within = np.zeros(self.length + 1, dtype=np.int64)
        np.add.at(within, self.starts[is_long], 1)
        np.add.at(within, self.ends[is_long], -1)
        return within.cumsum()[:-1] > 0


def passages(course: Course, others: Sequence[Print]) -> Passages:
    """Return the passages that one of these others has, too.

    Of a long text only some pieces are kept: what stands between two of a passage is of it, if
    all pieces between them are that are kept.
    """
    size = len(course.words) - len(course.pieces) + 1
    starts, ends = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for other in others:
        kept = np.flatnonzero(course.pieces <= np.uint32(0xFFFFFFFF >> other.scale))
        found = are_among(course.pieces[kept], other.pieces)
        if found.any():
            edges = np.diff(found.astype(np.int8), prepend=0, append=0)
            starts.append(kept[np.flatnonzero(edges > 0)])
            ends.append(kept[np.flatnonzero(edges < 0) - 1] + size)
    return Passages(np.concatenate(starts), np.concatenate(ends), len(course.words))
