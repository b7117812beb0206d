"""Running a job of the scheduler sooner than it would run by itself."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.base import clock

if TYPE_CHECKING:
    from apscheduler.job import Job

SHORTEST_WAIT = timedelta(milliseconds=10)
"""A job that is still ending would not begin again."""


class Wakeup:
    """Plans the next run of one job; safe to use from many threads.

    Whoever plans it may know less than who planned it before: it is never put off.
    """

    def __init__(self, job: "Job", *, now: Callable[[], datetime] = clock.now) -> None:
        self._job = job
        self._now = now
        self._lock = threading.Lock()

    def within(self, wait: timedelta) -> None:
        """Have the job run after this time at the latest; not at all where its scheduler ended."""
        from apscheduler.jobstores.base import JobLookupError  # one round needs none

        now = self._now()
        at = now + max(wait, SHORTEST_WAIT)
        with self._lock:
            planned = self._job.next_run_time
            if planned is not None and planned <= now:
                # It is being run, or about to be, and nobody knows whether it will see what we
                # have seen; when it runs next is not planned yet.
                at = now + SHORTEST_WAIT
            elif planned is not None and planned <= at:
                return
            with suppress(JobLookupError):  # a step that goes on while we are stopping
                self._job.modify(next_run_time=at)
