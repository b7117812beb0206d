"""Steps that the daemon takes again and again, until it ends."""

import threading
from collections.abc import Callable

from monitor.daemon.threads import guarded
from storage.api.errors import StorageError


class Steps:
    """Takes steps in the threads of whoever asks; the store is closed when all have ended."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._under_way = 0
        self._is_closing = False

    def take(self, step: Callable[[], object]) -> None:
        """Take a step, unless we are ending; what goes wrong is logged."""
        with self._changed:
            if self._is_closing:
                return
            self._under_way += 1
        try:
            guarded(lambda: self._take(step))
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def _take(self, step: Callable[[], object]) -> None:
        try:
            step()
        except StorageError:
            if not self._is_closing:  # else it was closed while the step took too long
                raise

    def close(self, *, seconds: float) -> bool:
        """Begin none any more, and wait for those under way; False if one still is."""
        with self._changed:
            self._is_closing = True
            return self._changed.wait_for(lambda: not self._under_way, timeout=seconds)
