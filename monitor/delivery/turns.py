"""Turns at the store that come at the same time are taken together, in one transaction.

Who serves a channel writes down what has left and claims what leaves next. With many channels
most of what that costs is the transaction, so those who want a turn while others are about to
want theirs wait for them a moment. Whoever came first takes all; nobody waits who has only begun.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field
from typing import Any

from common.records import dataclass
from monitor.delivery.flow import Ended, Flow
from storage.model import Delivery

TOGETHER_S = 0.03
"""So long a turn waits for those who are sending and soon back."""

PATIENCE_S = 0.03
"""After so long others are taken beside a turn that is still under way."""

AT_ONCE = 5
"""So many are taken side by side: more wait for one another in the database anyway, and each has
a connection of its own, which costs a server most."""

MOST_TOGETHER = 512
"""About so many deliveries are written down in one transaction: what is new shall not wait."""


@dataclass(slots=True, eq=False)
class Turn:
    """What one thread has to write down of its channel, and whether it wants more of it.

    Attributes:
        ended: Attempts that have ended.
        left: What was claimed and not begun, to be given back.
        claims: Whether more is to be claimed.
        is_alone: Whether it is taken by itself, and at once.
        batch: What was claimed.
        trouble: Why it could not be taken.
    """

    flow: Flow
    channel_id: str
    ended: Sequence[Ended] = ()
    left: Sequence[Delivery] = ()
    claims: bool = True
    is_alone: bool = False
    batch: Any = None
    trouble: BaseException | None = None
    _is_over: bool = False
    _called: threading.Event = field(default_factory=threading.Event)

    @property
    def is_new(self) -> bool:
        """Whether it has sent nothing yet."""
        return not self.ended and not self.left


class Turns:
    """Brings turns together. Safe to use from many threads.

    Args:
        take: Takes some in one transaction: all of them, or it raises and none.
        seconds: A clock.
    """

    def __init__(
        self, take: Callable[[Sequence[Turn]], object], seconds: Callable[[], float]
    ) -> None:
        self._take = take
        self._seconds = seconds
        self._came = threading.Condition()
        self._waiting: list[Turn] = []
        self._away: list[Flow] = []
        self._is_gathering = False
        self._under_way = 0

    @contextmanager
    def away(self, flow: Flow) -> Iterator[None]:
        """Say that this thread is sending, and will want a turn when it is back."""
        with self._came:
            self._away.append(flow)
        try:
            yield
        finally:
            with self._came:
                self._away.remove(flow)

    def take(self, turn: Turn) -> None:
        """Have a turn taken, with others or by itself; when this returns it is.

        Raises:
            Exception: What went wrong, with this one or another that was taken with it.
        """
        if turn.is_alone:
            self._go(self._begun([turn]))
        else:
            with self._came:
                self._waiting.append(turn)
                leads = not self._is_gathering
                self._is_gathering = True
                if not leads:
                    self._came.notify_all()
            if not leads:
                turn._called.wait()
            if not turn._is_over:
                self._go(self._gathered())
        if turn.trouble is not None:
            raise turn.trouble

    def _gathered(self) -> list[Turn]:
        """Wait for others as long as that is worth it; return those to be taken together."""
        with self._came:
            until = self._seconds() + TOGETHER_S
            while self._someone_is_near():
                left_s = until - self._seconds()
                if left_s <= 0:
                    break
                self._came.wait(left_s)
            self._wait_for_room()
            some: list[Turn] = []
            count = 0
            while self._waiting and (not some or count < MOST_TOGETHER):
                count += len(self._waiting[0].ended)
                some.append(self._waiting.pop(0))
            self._under_way += 1
            self._is_gathering = bool(self._waiting)
            if self._waiting:
                self._waiting[0]._called.set()
            return some

    def _someone_is_near(self) -> bool:
        if any(turn.is_new for turn in self._waiting):
            return False
        if sum(len(turn.ended) for turn in self._waiting) >= MOST_TOGETHER:
            return False
        return any(not flow.is_slow for flow in self._away)

    def _begun(self, some: list[Turn]) -> list[Turn]:
        with self._came:
            self._wait_for_room()
            self._under_way += 1
        return some

    def _wait_for_room(self) -> None:
        """Wait until one ends; or until others may be taken beside those that last long."""
        until = self._seconds() + PATIENCE_S
        while self._under_way:
            left_s = until - self._seconds()
            if left_s <= 0 and self._under_way < AT_ONCE:
                return
            self._came.wait(left_s if left_s > 0 else None)

    def _go(self, some: Sequence[Turn]) -> None:
        trouble: BaseException | None = None
        try:
            self._take(some)
        except BaseException as error:
            trouble = error
        finally:
            with self._came:
                self._under_way -= 1
                self._came.notify_all()
            for turn in some:
                turn.trouble, turn._is_over = trouble, True
                turn._called.set()
