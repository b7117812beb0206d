"""Whether a text tells what is in the title of another: what sums its event up in a few words."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingester.stories.passages import Course
from ingester.stories.prints import Kind, Print, Tokens
from ingester.stories.signs import Signs, are_among

FEWEST = 2
"""So many words of a title that the other has not say something, if the other text has none."""
NUMBER = 2.0
"""A number in a title counts as so many words: it is of this event alone."""


def titles_told(own: Print, course: Course, words: Signs, others: Sequence[Print]) -> float:
    """Return which share of what one title has and the other not its other text tells.

    The most of both ways and of all others; 1 where titles say too little. What both titles have
    is whom or what they are about, which an outlet says each time; small words say nothing.

    Args:
        words: Of the others' texts, in order.
    """
    told = [_told(own, course, words, other) for other in others]
    return max((share for shares in told for share in shares), default=1.0)


def _told(own: Print, course: Course, words: Signs, other: Print) -> list[float]:
    mine, theirs = own.title >> np.uint32(2), other.title >> np.uint32(2)
    stems = course.title[: len(mine)]
    rest = ~np.isin(mine, theirs) & (stems & 1 == 0)
    shares = _share(own.title[rest], are_among(stems[rest], words))
    said = course.tokens >> np.uint32(2)
    small = said[course.stems & 1 == 1]
    rest = ~np.isin(theirs, mine) & ~np.isin(theirs, small)
    shares += _share(other.title[rest], np.isin(theirs[rest], said))
    return shares or [1.0]


def _share(tokens: Tokens, are_told: NDArray[np.bool_]) -> list[float]:
    """Return which share of a title's words is told, if there are enough of them."""
    if len(tokens) < FEWEST:
        return []
    return [float(np.average(are_told, weights=np.where(tokens & 3 == Kind.NUMBER, NUMBER, 1)))]
