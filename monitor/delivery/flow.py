"""How a channel is being served: how quick its receiver is, and what is sent but not settled."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field

from common.records import dataclass
from notifiers.api import DeliveryError
from storage.api.outbox import Finish
from storage.model import Channel, Delivery

SHORTEST_S, LONGEST_S = 0.02, 0.2
"""What was sent is written down after about as long as writing down takes, within these bounds,
or when a batch is full. Whoever is killed in between has sent what will be sent again."""

QUICK_S = 0.02
"""Who takes a message in less is sent one after the other; others get several side by side."""

STUCK_S = 0.2
"""A send that takes longer holds up those behind it: others are begun beside it."""

_WEIGHT = 0.3
"""How much the newest send counts for how quick a receiver is."""


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt that has ended and is to be written down."""

    delivery: Delivery
    channel: Channel
    end: Finish
    error: DeliveryError | None = None


@dataclass(slots=True)
class Flow:
    """One channel's; shared by the threads that serve it.

    Attributes:
        seconds: A clock.
        usual_s: How long a send takes lately; None before the first.
        window_s: How long messages are sent before it is written down that they were.
        ended: What is to be written down, by whichever thread comes to that first.
    """

    seconds: Callable[[], float]
    usual_s: float | None = None
    window_s: float = SHORTEST_S
    ended: list[Ended] = field(default_factory=list)
    _serving: int = 0
    _since: dict[int, float] = field(default_factory=dict)
    _last: int = 1
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Count this thread among those that serve the channel."""
        with self._lock:
            self._serving += 1
        try:
            yield
        finally:
            with self._lock:
                self._serving -= 1

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Measure one send."""
        me, begun = threading.get_ident(), self.seconds()
        self._since[me] = begun
        try:
            yield
        finally:
            took = self.seconds() - begun
            with self._lock:
                del self._since[me]
                usual = took if self.usual_s is None else self.usual_s
                self.usual_s = usual + _WEIGHT * (took - usual)

    @property
    def is_slow(self) -> bool:
        """Whether its messages are to be sent side by side."""
        if self.usual_s is not None and self.usual_s > QUICK_S:
            return True
        now = self.seconds()
        with self._lock:
            return any(now - since > STUCK_S for since in self._since.values())

    @property
    def is_crowded(self) -> bool:
        """Whether one thread fewer would do as well."""
        return self._serving > 1 and not self.is_slow

    def size(self, most: int) -> int:
        """Return how many messages one thread may take now: as many as it sends in no time."""
        if self.usual_s is None or self.is_slow:
            self._last = 1
        else:
            quick = int(self.window_s / max(self.usual_s, self.window_s / most))
            self._last = max(1, min(quick, most, 8 * self._last))
        return self._last

    def wrote_down(self, seconds: float) -> None:
        """Note how long it took to write down what had ended."""
        self.window_s = min(max(seconds, SHORTEST_S), LONGEST_S)

    def add(self, ended: Ended) -> None:
        """Leave the end of an attempt to be written down."""
        with self._lock:
            self.ended.append(ended)

    def take(self) -> list[Ended]:
        """Return what is to be written down: by whoever calls, and nobody else."""
        with self._lock:
            taken, self.ended = self.ended, []
        return taken


class Flows:
    """Every channel's flow, by the channel's id."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._flows: dict[str, Flow] = {}
        self._lock = threading.Lock()

    def of(self, channel_id: str) -> Flow:
        """Return a channel's flow."""
        with self._lock:
            return self._flows.setdefault(channel_id, Flow(self._seconds))
