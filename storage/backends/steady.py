"""A clock as a store goes by it: it takes no step before what is stored has taken it."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

TOLERATED = timedelta(seconds=5)
"""Less is no step: clocks are slewed all the time."""

BELIEVED_AFTER_S = 10.0
"""A step that nobody follows counts after so long: short commands do not watch the clock."""


def ticks_s() -> float:
    """Return seconds that go on whatever is done to the wall clock, through suspension too."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SteadyClock:
    """Tells the time of the host, or of a server, but goes on evenly while that is set.

    A step is what is more than is tolerated.
    Who moves the stored instants along with a step calls `follow` in the same transaction: an
    instant is then either written before and moved, or reckoned by the new time, never both.
    Safe to use from many threads.
    """

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        ticks: Callable[[], float] = ticks_s,
    ) -> None:
        self._wall = wall
        self._ticks = ticks
        self._lock = threading.Lock()
        self._good = wall(), ticks()
        self._stepped_s: float | None = None

    def now(self) -> datetime:
        """Return what time it is, UTC."""
        wall, seconds = self._wall(), self._ticks()
        with self._lock:
            even = self._even(seconds)
            if abs(wall - even) > TOLERATED:
                if self._stepped_s is None:
                    self._stepped_s = seconds
                if seconds - self._stepped_s < BELIEVED_AFTER_S:
                    return even
            self._good, self._stepped_s = (wall, seconds), None
            return wall

    def step(self) -> timedelta | None:
        """Return by how much the clock was set that is still to be followed, if it was."""
        wall, seconds = self._wall(), self._ticks()
        with self._lock:
            by = wall - self._even(seconds)
        return by if abs(by) > TOLERATED else None

    def follow(self) -> None:
        """Go by the time as it is again, whatever it has become."""
        wall, seconds = self._wall(), self._ticks()
        with self._lock:
            self._good, self._stepped_s = (wall, seconds), None

    def _even(self, seconds: float) -> datetime:
        then, then_seconds = self._good
        return then + timedelta(seconds=seconds - then_seconds)
