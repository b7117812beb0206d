"""Which hosts may be asked now: one request at a time, never one right after another."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Protocol

from monitor.base import clock

SPACING = timedelta(seconds=1)
"""Between the end of one request to a host and the beginning of the next."""

REST = timedelta(minutes=10)
LONGEST_REST = timedelta(hours=6)

_MOST = 10_000
_FEW = 100
_MOST_KEPT = 1_000
"""So many turns of a server are kept through their pause: each takes some of its memory."""


class HostTurns(Protocol):
    """Whose turn it is at a host: one request at a time, and never one right after another.

    Shared by all that ask hosts, so that they are polite together; safe to use from many threads.
    """

    def enter(self, host: str) -> bool:
        """Take the host's turn; False while it is taken or has just been. "" is always free."""
        ...

    def leave(self, host: str, *, asked: bool = True) -> None:
        """Give the turn back, after a request unless `asked` is False."""
        ...

    def keep_apart(self, host: str, spacing: timedelta) -> None:
        """Have more time than usual between two requests to a host, which asks for it."""
        ...

    def let_others(self) -> None:
        """Let others have the turns whose pause is over; called now and then."""
        ...


class HostRests(Protocol):
    """Which hosts are left alone for a while, because they could not be asked several times."""

    def is_resting(self, host: str) -> bool:
        """Whether a host is to be left alone now."""
        ...

    def went_well(self, host: str) -> None:
        """Forget the failures of a host."""
        ...

    def failed(self, host: str, *, patience: int, wait: timedelta | None = None) -> None:
        """Note a failure.

        Args:
            patience: After so many in a row the host is left alone: for `REST`, and twice as
                long after each further one, up to `LONGEST_REST`.
            wait: For so long, at least, it asks not to be asked again.
        """
        ...


class HostLimiter:
    """Implements `HostTurns` for one process, in memory."""

    def __init__(self, seconds: Callable[[], float] = clock.monotonic) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._free_at: dict[str, float] = {}
        self._look_through_at = _FEW
        self._spacing: OrderedDict[str, timedelta] = OrderedDict()

    def enter(self, host: str) -> bool:
        if not host:
            return True
        with self._lock:
            now = self._seconds()
            if host in self._busy or self._free_at.get(host, now) > now:
                return False
            self._busy.add(host)
            return True

    def leave(self, host: str, *, asked: bool = True) -> None:
        if host:
            with self._lock:
                now = self._seconds()
                self._busy.discard(host)
                if not asked:
                    return
                spacing = self._spacing.get(host, SPACING)
                self._free_at[host] = now + spacing.total_seconds()
                if len(self._free_at) > self._look_through_at:
                    self._free_at = {key: at for key, at in self._free_at.items() if at > now}
                    self._look_through_at = 2 * len(self._free_at) + _FEW

    def keep_apart(self, host: str, spacing: timedelta) -> None:
        with self._lock:
            self._spacing[host] = max(spacing, SPACING)
            while len(self._spacing) > _MOST:
                self._spacing.popitem(last=False)

    def let_others(self) -> None:
        """Nothing: there are no others."""

    def pause_after(self, host: str) -> float:
        """Return for how many seconds a host that has just been asked is left in peace."""
        with self._lock:
            return self._spacing.get(host, SPACING).total_seconds()


class Turns(Protocol):
    """What processes that work on one store take turns by: part of `storage.api.storage`."""

    def take_turn(self, name: str) -> bool:
        """Take a turn that one process at a time may have; False while another has it."""
        ...

    def give_turns(self, names: Collection[str]) -> None:
        """Give back turns that this process has taken."""
        ...


class SharedTurns:
    """Implements `HostTurns` for all processes that work on one store.

    A host's turn is kept through the pause that follows a request, and given back when somebody
    looks: `let_others`.
    """

    def __init__(self, turns: Turns, seconds: Callable[[], float] = clock.monotonic) -> None:
        self._turns = turns
        self._seconds = seconds
        self._own = HostLimiter(seconds)
        self._lock = threading.Lock()
        self._until: dict[str, float] = {}

    def enter(self, host: str) -> bool:
        self.let_others()
        if not self._own.enter(host):
            return False
        if not host:
            return True
        with self._lock:
            is_kept = self._until.pop(host, None) is not None
        if is_kept:
            # Its pause has ended since we looked: taken twice, it had to be given back twice.
            self._turns.give_turns([_turn(host)])
        if self._turns.take_turn(_turn(host)):
            return True
        self._own.leave(host, asked=False)
        return False

    def leave(self, host: str, *, asked: bool = True) -> None:
        if not host:
            return
        if asked:
            with self._lock:
                self._until[host] = self._seconds() + self._own.pause_after(host)
        else:
            self._turns.give_turns([_turn(host)])
        self._own.leave(host, asked=asked)

    def keep_apart(self, host: str, spacing: timedelta) -> None:
        self._own.keep_apart(host, spacing)

    def let_others(self) -> None:
        with self._lock:
            now = self._seconds()
            over = [host for host, until in self._until.items() if until <= now]
            if (spare := len(self._until) - len(over) - _MOST_KEPT) > 0:
                left = self._until.keys() - set(over)
                over += sorted(left, key=self._until.__getitem__)[:spare]
            for host in over:
                del self._until[host]
            if over:
                # Under the lock: none of them may be taken anew before.
                self._turns.give_turns([_turn(host) for host in over])


def _turn(host: str) -> str:
    return f"host {host}"


class Backoff:
    """Implements `HostRests` for one process, in memory."""

    def __init__(self, seconds: Callable[[], float] = clock.monotonic) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, int] = OrderedDict()
        self._until: dict[str, float] = {}

    def is_resting(self, host: str) -> bool:
        with self._lock:
            return self._until.get(host, 0.0) > self._seconds()

    def went_well(self, host: str) -> None:
        with self._lock:
            self._failures.pop(host, None)
            self._until.pop(host, None)

    def failed(self, host: str, *, patience: int, wait: timedelta | None = None) -> None:
        with self._lock:
            count = self._failures.pop(host, 0) + 1
            self._failures[host] = count
            rest = min(wait or timedelta(0), LONGEST_REST)
            if count >= patience:
                rest = max(rest, min(REST * 2 ** min(count - patience, 10), LONGEST_REST))
            if rest:
                self._until[host] = self._seconds() + rest.total_seconds()
            while len(self._failures) > _MOST:
                self._until.pop(self._failures.popitem(last=False)[0], None)
