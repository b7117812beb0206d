"""Which hosts may be asked now: one request at a time, never one right after another."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta

from monitor.base import clock

SPACING = timedelta(seconds=1)
"""Between the end of one request to a host and the beginning of the next."""

REST = timedelta(minutes=10)
LONGEST_REST = timedelta(hours=6)

_MOST = 10_000


class HostLimiter:
    """Keeps requests to one host apart: one at a time, and never one right after another."""

    def __init__(self, seconds: Callable[[], float] = clock.monotonic) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._free_at: dict[str, float] = {}
        self._spacing: OrderedDict[str, timedelta] = OrderedDict()

    def enter(self, host: str) -> bool:
        """Take the host's turn; False while it is taken or has just been. "" is always free."""
        if not host:
            return True
        with self._lock:
            now = self._seconds()
            if host in self._busy or self._free_at.get(host, now) > now:
                return False
            self._busy.add(host)
            return True

    def leave(self, host: str, *, asked: bool = True) -> None:
        """Give the turn back, after a request unless `asked` is False."""
        if host:
            with self._lock:
                now = self._seconds()
                self._busy.discard(host)
                if not asked:
                    return
                self._free_at = {key: at for key, at in self._free_at.items() if at > now}
                spacing = self._spacing.get(host, SPACING)
                self._free_at[host] = now + spacing.total_seconds()

    def keep_apart(self, host: str, spacing: timedelta) -> None:
        """Have more time than usual between two requests to a host, which asks for it."""
        with self._lock:
            self._spacing[host] = max(spacing, SPACING)
            while len(self._spacing) > _MOST:
                self._spacing.popitem(last=False)


class Backoff:
    """Leaves hosts alone for a while whose pages could not be had several times in a row.

    The first rest is ten minutes; each failure after one doubles the next, up to six hours.
    """

    def __init__(self, seconds: Callable[[], float] = clock.monotonic) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, int] = OrderedDict()
        self._until: dict[str, float] = {}

    def is_resting(self, host: str) -> bool:
        """Whether a host is to be left alone now."""
        with self._lock:
            return self._until.get(host, 0.0) > self._seconds()

    def went_well(self, host: str) -> None:
        """Forget the failures of a host."""
        with self._lock:
            self._failures.pop(host, None)
            self._until.pop(host, None)

    def failed(self, host: str, *, patience: int, wait: timedelta | None = None) -> None:
        """Note a failure.

        Args:
            patience: After so many in a row the host is left alone.
            wait: For so long, at least, it asks not to be asked again.
        """
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
