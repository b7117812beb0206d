"""How many segments are asked at once, and how what they say is taken bit by bit."""

from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest
from sqlalchemy import Connection

from storage.api.lookup import Has
from storage.postings.remembered import Memory
from storage.sql.archive.lookups import Found, Looking, Turning, _Segment

LARGE = 5_000


class _Counting(Looking):
    """Says of each segment that so many of its articles fit."""

    def __init__(self, fits: int) -> None:
        super().__init__(cast(Connection, None), Memory(most_bytes=1), Has("rail"))
        self.fits = fits
        self.asked: list[int] = []

    def look_into(self, some: Sequence[_Segment]) -> list[Found]:
        self.asked.append(len(some))
        return [_found(*range(each.newest - self.fits + 1, each.newest + 1)) for each in some]


def _found(*seen: int) -> Found:
    return Found(np.array(seen, np.int64), np.array(seen, np.int64))


def _segments(*articles: int) -> list[_Segment]:
    """Return segments of so many articles, each older than the one before."""
    ends = range(100 * len(articles), 0, -100)
    return [
        _Segment(number, 1, count, end - 99, end)
        for number, (count, end) in enumerate(zip(articles, ends, strict=True))
    ]


@pytest.mark.parametrize(
    ("articles", "fits", "asked"),
    [
        pytest.param([500] * 60, 1, [2, 32, 26], id="few fit: sixteen times as many"),
        pytest.param([500] * 60, 6, [2, 8, 32, 18], id="several fit: four times"),
        pytest.param([LARGE, *[500] * 50], 12, [1, 40, 10], id="of what was asked, though more"),
        pytest.param([500, LARGE], 1, [1, 1], id="no more than so many together"),
    ],
)
def test_more_and_more_segments_are_asked(articles: list[int], fits: int, asked: list[int]) -> None:
    looking, every = _Counting(fits), _segments(*articles)
    found = list(looking._fitting(every, -(2**62), 2**62, 1_000))
    assert looking.asked == asked
    seen = [at for part in found for at in reversed(part.seen.tolist())]
    assert len(seen) == fits * len(articles)
    assert seen == sorted(seen, reverse=True)


def test_what_is_within_older_segments_waits_for_them() -> None:
    looking = _Counting(3)
    wide = [_Segment(0, 1, 900, 0, 100), _Segment(1, 1, 900, 0, 99)]
    first, last = looking._fitting(wide, 99, 2**62, 1_000)
    assert (first.seen.tolist(), last.seen.tolist()) == ([100], [99, 99])


def test_what_is_taken_is_the_newest_and_what_is_given_back_is_taken_again() -> None:
    parts = iter([_found(8, 9, 9), _found(4, 5), _found(1)])
    turning = Turning(parts, None)
    assert turning.take(1, 0).seen.tolist() == [9, 9]  # those of one moment together
    some = turning.take(2, 0)
    assert some.seen.tolist() == [5, 8]
    turning.give_back(some.some(slice(1)))
    assert turning.take(1, 1).seen.tolist() == [4, 5]
    assert turning.take(None, 10).seen.tolist() == [1]
    assert not len(turning.take(1, 10).seen)


def test_more_is_taken_only_where_that_asks_nobody() -> None:
    parts = iter([_found(8, 9), _found(4, 5)])
    assert Turning(parts, None).take(1, 10).seen.tolist() == [8, 9]
    assert next(parts).seen.tolist() == [4, 5]
