"""Who goes first where one process does it all: news, before work that may take long.

A thread that computes without a pause keeps every other one waiting for milliseconds each time
that one has asked a file or a site for something; news asks a hundred times on its way. So long
work is done in small pieces, and between two of them it stands aside while there is news.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from common.records import dataclass
from monitor.base import clock

SHORT_S = 0.1
"""Who asks a site or a receiver is still working on news for so long: most answer sooner."""

BETWEEN_S = 0.02
"""After a step of news the next one follows within so long, if one does: a poll owes deliveries."""

LONGEST_WAIT_S = 1.0
WORK_S = 0.05
"""Where news never ends, long work goes on for so long after each longest wait."""


@dataclass(slots=True)
class _Step:
    """What one thread does for news; since when it waits for somebody else, or None."""

    waits_since_s: float | None = None


class RightOfWay:
    """Knows whether somebody works on news. Safe to use from many threads."""

    def __init__(
        self,
        seconds: Callable[[], float] = clock.monotonic,
        *,
        longest_wait_s: float = LONGEST_WAIT_S,
        between_s: float = BETWEEN_S,
        changed: threading.Condition | None = None,
    ) -> None:
        self._seconds = seconds
        self._longest_wait_s = longest_wait_s
        self._between_s = between_s
        self._changed = changed or threading.Condition()
        self._steps: dict[int, _Step] = {}
        self._ended_s = -between_s
        self._may_work_until_s = 0.0

    @property
    def is_taken(self) -> bool:
        """Whether somebody works on news, or is about to."""
        return self._busy_for(self._seconds()) > 0

    def news(self) -> AbstractContextManager[object]:
        """Return what goes before long work for as long as a block runs."""
        return _NOTHING if threading.get_ident() in self._steps else _News(self)

    def waiting(self) -> AbstractContextManager[object]:
        """Return what says that a block waits for somebody else, who may take long.

        Of no consequence in a thread that does not work on news.
        """
        step = self._steps.get(threading.get_ident())
        return _NOTHING if step is None else _Waiting(self, step)

    def begin(self) -> None:
        """Note that this thread works on news."""
        self._steps[threading.get_ident()] = _Step()

    def end(self) -> None:
        """Note that it has ended that."""
        with self._changed:
            del self._steps[threading.get_ident()]
            self._ended_s = self._seconds()
            self._changed.notify_all()

    def pause(self, step: _Step) -> None:
        """Note that a step waits for somebody else from now on."""
        with self._changed:
            step.waits_since_s = self._seconds()
            self._changed.notify_all()

    def give_way(self) -> None:
        """Wait while somebody works on news: long work calls this after each small piece."""
        now = self._seconds()
        if self._busy_for(now) <= 0 or now < self._may_work_until_s:
            return
        until = now + self._longest_wait_s
        with self._changed:
            while (busy := self._busy_for(now)) > 0 and now < until:
                self._changed.wait(min(busy, until - now))
                now = self._seconds()
        if busy > 0:
            self._may_work_until_s = now + WORK_S

    def _busy_for(self, now: float) -> float:
        """Return how long somebody works on news at most, if nothing changes; 0 if nobody does."""
        busy = self._ended_s + self._between_s - now
        for step in tuple(self._steps.values()):
            if step.waits_since_s is None:
                return threading.TIMEOUT_MAX
            busy = max(busy, step.waits_since_s + SHORT_S - now)
        return max(0.0, busy)


_NOTHING = nullcontext()


class _News:
    """A block of news; a generator in its place would take longer than all it does."""

    __slots__ = ("_way",)

    def __init__(self, way: RightOfWay) -> None:
        self._way = way

    def __enter__(self) -> None:
        self._way.begin()

    def __exit__(self, *_: object) -> None:
        self._way.end()


class _Waiting:
    """A block that waits for somebody else."""

    __slots__ = ("_step", "_way")

    def __init__(self, way: RightOfWay, step: _Step) -> None:
        self._way = way
        self._step = step

    def __enter__(self) -> None:
        self._way.pause(self._step)

    def __exit__(self, *_: object) -> None:
        self._step.waits_since_s = None
