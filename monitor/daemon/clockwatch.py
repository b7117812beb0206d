"""Notices that the wall clock was set: by hand, by a time server, by waking from sleep."""

from collections.abc import Callable
from datetime import datetime, timedelta

from monitor.base import clock

TOLERATED = timedelta(seconds=5)


class ClockWatch:
    """Compares the wall clock with one that nobody can set."""

    def __init__(
        self,
        now: Callable[[], datetime] = clock.now,
        seconds: Callable[[], float] = clock.elapsed,
    ) -> None:
        self._now = now
        self._seconds = seconds
        self._last = now(), seconds()

    def jump(self) -> timedelta | None:
        """Return by how much the wall clock has jumped since the last call, if it has.

        Ahead is positive. Less than 5 s is none: clocks are slewed all the time.
        """
        then, then_seconds = self._last
        self._last = now, now_seconds = self._now(), self._seconds()
        by = (now - then) - timedelta(seconds=now_seconds - then_seconds)
        return by if abs(by) > TOLERATED else None
