"""Whether a rule finds much more than it is used to at this hour of the week. Pure.

The habit of an hour of the week is the mean of the same hour, the one before and the one after in
the last weeks, drawn towards the mean of all hours. A burst is so many mentions that chance would
bring them once in ten thousand hours.
"""

from collections.abc import Mapping
from math import exp

from common.records import dataclass

HOURS_OF_A_WEEK = 168
WEEKS = 4
KEPT_HOURS = WEEKS * HOURS_OF_A_WEEK
LEAST = 5
"""Fewer mentions in an hour are no burst."""
CHANCE = 1e-4
LEAST_HISTORY = 24
"""A rule that was followed for fewer hours counts as if it had been for so many."""
_DRAWN = 2
"""The mean of all hours counts like so many of the same hour."""


@dataclass(frozen=True, slots=True)
class Burst:
    """So many mentions in an hour that usually has others."""

    mentions: int
    usual: float

    def __str__(self) -> str:
        """Say it."""
        return f"{self.mentions} mentions this hour; usually {self.usual:.1f}"


def burst(mentions: Mapping[int, int], *, hour: int, followed: int) -> Burst | None:
    """Return the burst that an hour is, if it is one.

    Args:
        mentions: Of the rule by hours since 1970; hours without are missing.
        followed: For how many hours before this one the rule has been followed.
    """
    now = mentions.get(hour, 0)
    if now < LEAST:
        return None
    usual = _usual(mentions, hour, min(max(followed, LEAST_HISTORY), KEPT_HOURS))
    return Burst(now, usual) if _chance(now, usual) < CHANCE else None


def _usual(mentions: Mapping[int, int], hour: int, followed: int) -> float:
    first = hour - followed
    mean = sum(count for at, count in mentions.items() if first <= at < hour) / followed
    weeks = range(1, followed // HOURS_OF_A_WEEK + 1)
    same = [hour - week * HOURS_OF_A_WEEK + near for week in weeks for near in (-1, 0, 1)]
    found = sum(mentions.get(at, 0) for at in same) / 3
    return (found + _DRAWN * mean) / (len(weeks) + _DRAWN)


def _chance(count: int, usual: float) -> float:
    """Return how likely so many or more are, where so many are usual (Poisson)."""
    term, below = exp(-usual), 0.0
    for number in range(count):
        below += term
        term *= usual / (number + 1)
    return max(0.0, 1.0 - below)
