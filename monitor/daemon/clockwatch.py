"""Notices that the wall clock was set: by hand, by a time server, by waking from sleep."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from monitor.app import App
from monitor.base import clock
from monitor.delivery import waits
from storage.api.storage import LongestWaits

log = logging.getLogger("monitor.clock")

TOLERATED = timedelta(seconds=5)

LAST_SEEN = "last_seen_at"
"""In the store's meta: what time it was when this was last noted."""

_TOLD = 5
"""So many of what waited too long are named one by one."""


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


def check(app: App) -> None:
    """Mend at start what was written by a clock that was ahead of what it is now."""
    with app.storage.reading() as tx:
        noted = tx.meta.get(LAST_SEEN)
    jump = timedelta(0) if noted is None else app.now() - datetime.fromisoformat(noted)
    if jump < -TOLERATED:
        seconds = round(-jump.total_seconds())
        log.warning("the clock is behind the store", extra={"seconds": seconds})
        app.storage.clock_jumped(jump)
        mend(app, waits.OWN)
    mend(app, waits.ANY)


def mend(app: App, longest: LongestWaits) -> None:
    """Let nothing wait longer than it may."""
    told = app.storage.too_far_ahead(longest, now=app.now(), mend=True)
    for sentence in told[:_TOLD]:
        log.warning("it waited for too long", extra={"what": sentence})
    if len(told) > _TOLD:
        log.warning("more waited for too long", extra={"count": len(told) - _TOLD})


def note(app: App) -> None:
    """Note what time it is, for the next start."""
    with app.storage.transaction() as tx:
        tx.meta.set(LAST_SEEN, app.now().isoformat())
