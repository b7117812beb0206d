"""Whether a text tells what is in the title of another: what sums its event up in a few words."""

from collections.abc import Sequence
from itertools import compress

import numpy as np

from ingester.stories.passages import Course
from ingester.stories.prints import Kind, Print
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
    said = course.tokens >> np.uint32(2)
    small, every = {*said[course.stems & 1 == 1].tolist()}, {*said.tolist()}
    mine, are_small = own.title.tolist(), (course.title & 1 > 0).tolist()
    are_told = are_among(course.title, words).tolist()
    bare = {token >> 2 for token in mine}
    shares = list[float]()
    for other in others:
        title = other.title.tolist()
        both = bare & {token >> 2 for token in title}
        rest = [
            (token, is_told)
            for token, is_small, is_told in zip(mine, are_small, are_told, strict=False)
            if not is_small and token >> 2 not in both
        ]
        theirs = [
            (token, token >> 2 in every)
            for token in title
            if token >> 2 not in both and token >> 2 not in small
        ]
        told = [_share(each) for each in (rest, theirs) if len(each) >= FEWEST]
        shares += told or [1.0]
    return max(shares, default=1.0)


def _share(told: Sequence[tuple[int, bool]]) -> float:
    """Return which share of tokens is told."""
    weights = [NUMBER if token & 3 == Kind.NUMBER else 1.0 for token, _ in told]
    return sum(compress(weights, (is_told for _, is_told in told))) / sum(weights)
