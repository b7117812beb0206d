"""What the store lately failed with in this process: said once a minute, and asked by probes."""

import re
import threading
from collections.abc import Callable

from monitor.base import clock

LATELY_S = 15.0
"""What waits for a store tries every second; a failure so long ago is over."""

SAID_EVERY_S = 60.0

_NUMBER = re.compile(r"\d+")


class StoreTrouble:
    """Remembers failures of the store. Safe to use from many threads."""

    def __init__(self, seconds: Callable[[], float] = clock.monotonic) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._said: dict[str, float] = {}
        self._why, self._at, self._since = "", 0.0, 0.0

    def failed(self, why: str) -> bool:
        """Note a failure; return whether it is to be said, which the same is once a minute."""
        with self._lock:
            now = self._seconds()
            self._since = self._since if self._why else now
            self._why, self._at = why, now
            self._said = {text: at for text, at in self._said.items() if now - at < SAID_EVERY_S}
            what = _NUMBER.sub("", why)  # of a full disk it says how full, which changes
            is_new = what not in self._said
            if is_new:
                self._said[what] = now
            return is_new

    def recovered(self) -> float | None:
        """Return once, when the store can be used again, for how many seconds it could not."""
        with self._lock:
            if not self._why or self._seconds() - self._at <= LATELY_S:
                return None
            self._why = ""
            return self._at - self._since

    @property
    def lately(self) -> str:
        """Why the store cannot be used now; "" when it can, for all that is known."""
        with self._lock:
            is_over = not self._why or self._seconds() - self._at > LATELY_S
            return "" if is_over else self._why


STORE = StoreTrouble()
"""This process's: it works with one store."""
