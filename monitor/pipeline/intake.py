"""Polls that come home at the same time are taken in together, by one of the threads that poll.

One transaction for all of them costs little more than one for each. Nobody waits: who finds
another thread taking in leaves what was brought to it, unless so much waits already that it would
grow old. A poll that comes home alone is taken in at once, and what lies on this machine first.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from ingester.entry import Entry, Polled
from ingester.fingerprints import Sighting
from ingester.kinds import LOCAL
from storage.model import Source

MOST_POLLS = 64
MOST_ENTRIES = 300
"""So much is taken in together: others want to write, too, and news shall not wait for much."""

MOST_WAITING = 4 * MOST_POLLS
"""Where more wait, sites are asked faster than is taken in: who brings the next one waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What a poll added. `revised` are known articles of which it brought a new version."""

    articles: int = 0
    revised: int = 0
    alerts: int = 0
    updates: int = 0
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a poll has brought home, to be taken in.

    Attributes:
        next_poll_at: Returns it, given what time it is when the poll is recorded.
        may_alert: Marks of the entries about which rules may speak; None: as the source says.
        sightings: What was already made of some of the entries.
        lasting: Those of the poll's notices that tell of how the source is now: no others do.
            None: it tells nothing of that.
    """

    source: Source
    polled: Polled
    next_poll_at: Callable[[datetime], datetime]
    may_alert: frozenset[str] | None = None
    sightings: Mapping[Entry, Sighting] = field(default_factory=dict)
    lasting: frozenset[str] | None = None


class Home(NamedTuple):
    """A poll that has come home, and when it began, on a clock that nobody can set."""

    brought: Brought
    began_s: float


class Intake:
    """Collects polls until somebody takes them in. Safe to use from many threads."""

    def __init__(self) -> None:
        self._waiting: deque[Home] = deque()
        self._taking = threading.Lock()

    def bring(
        self,
        home: Home,
        take_in: Callable[[Sequence[Home]], object],
        taken: Callable[[], None] = lambda: None,
    ) -> None:
        """Have a poll taken in; when this returns it is, or another thread is about to.

        Args:
            taken: Called when this thread has taken it in and goes on with those of others.

        Raises:
            Exception: What `take_in` raised of this poll or of others; all that waits was tried.
        """
        is_local = home.brought.source.kind in LOCAL
        (self._waiting.appendleft if is_local else self._waiting.append)(home)
        trouble: Exception | None = None
        # Looked at again after the lock is free: who came in between has relied on us.
        while self._waiting and self._taking.acquire(blocking=self._is_late() and not is_local):
            some: Sequence[Home] = ()
            try:
                if some := self._some():
                    take_in(some)
            except Exception as error:
                trouble = trouble or error
            finally:
                self._taking.release()
                if any(each is home for each in some):
                    taken()
        if trouble is not None:
            raise trouble

    def _is_late(self) -> bool:
        return len(self._waiting) > MOST_WAITING

    def _some(self) -> list[Home]:
        some: list[Home] = []
        entries = 0
        while self._waiting and len(some) < MOST_POLLS:
            entries += len(self._waiting[0].brought.polled.entries)
            if some and entries > MOST_ENTRIES:
                break
            some.append(self._waiting.popleft())
        return some
