"""Tells systemd that the daemon is ready, alive and stopping, in the words of sd_notify."""

import os
import socket
from collections.abc import Callable, Mapping

from monitor.base import clock

HALF = 2
"""So much more often than it must, it says that it is alive."""


class Supervision:
    """Speaks to whoever supervises this process; to nobody where nobody does.

    It says that it is alive only while the daemon's own jobs run: a process whose threads are
    stuck answers signals and does nothing.
    """

    def __init__(
        self, environ: Mapping[str, str], *, seconds: Callable[[], float] = clock.elapsed
    ) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        self._every_s = _watchdog_s(environ) / HALF
        self._seconds = seconds
        self._beat_s = self._said_s = seconds()

    def ready(self) -> None:
        """Say that the daemon has begun."""
        self._say("READY=1\nSTATUS=polls and delivers")

    def stopping(self) -> None:
        """Say that it ends."""
        self._say("STOPPING=1")

    def beat(self) -> None:
        """Note that a job of the daemon has run."""
        self._beat_s = self._seconds()

    def watch(self) -> None:
        """Say that it is alive, when that is due and jobs have run since it was said last."""
        now = self._seconds()
        if self._every_s and now - self._said_s >= self._every_s and self._beat_s > self._said_s:
            self._said_s = now
            self._say("WATCHDOG=1")

    def _say(self, words: str) -> None:
        if not self._address:
            return
        place = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaking:
                speaking.connect(place)
                speaking.sendall(words.encode())
        except OSError:
            pass  # who supervised it has gone; the daemon goes on


def _watchdog_s(environ: Mapping[str, str]) -> float:
    """Return within how many seconds it must say that it is alive; 0 for never."""
    pid, text = environ.get("WATCHDOG_PID", ""), environ.get("WATCHDOG_USEC", "")
    if not text.isdecimal() or pid not in ("", str(os.getpid())):
        return 0.0
    return int(text) / 1_000_000
