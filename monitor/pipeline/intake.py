"""Polls that come home at the same time are taken in together, by one of the threads that poll.

One transaction for all of them costs little more than one for each. Nobody waits: who finds
another thread taking in leaves what was brought to it. A poll that comes home alone is taken in
at once.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from monitor.pipeline.ingest import Brought

MOST_POLLS = 64
MOST_ENTRIES = 300
"""So much is taken in together: others want to write, too, and news shall not wait for much."""


class Home(NamedTuple):
    """A poll that has come home, and when it began, on a clock that nobody can set."""

    brought: Brought
    began_s: float


class Intake:
    """Collects polls until somebody takes them in. Safe to use from many threads."""

    def __init__(self) -> None:
        self._waiting: deque[Home] = deque()
        self._taking = threading.Lock()

    def bring(self, home: Home, take_in: Callable[[Sequence[Home]], object]) -> None:
        """Have a poll taken in; when this returns it is, or another thread is about to.

        Raises:
            Exception: What `take_in` raised of this poll or of others; all that waits was tried.
        """
        self._waiting.append(home)
        trouble: Exception | None = None
        # Looked at again after the lock is free: who came in between has relied on us.
        while self._waiting and self._taking.acquire(blocking=False):
            try:
                if some := self._some():
                    take_in(some)
            except Exception as error:
                trouble = trouble or error
            finally:
                self._taking.release()
        if trouble is not None:
            raise trouble

    def _some(self) -> list[Home]:
        some: list[Home] = []
        entries = 0
        while self._waiting and len(some) < MOST_POLLS:
            entries += len(self._waiting[0].brought.polled.entries)
            if some and entries > MOST_ENTRIES:
                break
            some.append(self._waiting.popleft())
        return some
