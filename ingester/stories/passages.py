"""What an article says besides passages that others have word for word."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingester.stories.prints import Print
from ingester.stories.signs import Signs, are_among


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

    starts: Sequence[int]
    ends: Sequence[int]
    length: int

    def within(self, least: int) -> NDArray[np.bool_]:
        """Return which of its words stand in a passage of so many."""
        within = np.zeros(self.length, dtype=np.bool_)
        for start, end in zip(self.starts, self.ends, strict=True):
            if end - start >= least:
                within[start:end] = True
        return within


def passages(course: Course, others: Sequence[Print]) -> Passages:
    """Return the passages that one of these others has, too.

    Of a long text only some pieces are kept: what stands between two of a passage is of it, if
    all pieces between them are that are kept.
    """
    size = len(course.words) - len(course.pieces) + 1
    starts, ends = list[int](), list[int]()
    for other in others:
        pieces, kept = course.pieces, None
        if other.scale:
            kept = np.flatnonzero(pieces <= np.uint32(0xFFFFFFFF >> other.scale))
            pieces = pieces[kept]
        at = np.flatnonzero(are_among(pieces, other.pieces))
        if len(at):
            breaks = np.flatnonzero(np.diff(at) > 1)
            first, last = at[np.append(0, breaks + 1)], at[np.append(breaks, len(at) - 1)]
            starts += (first if kept is None else kept[first]).tolist()
            ends += ((last if kept is None else kept[last]) + size).tolist()
    return Passages(starts, ends, len(course.words))
