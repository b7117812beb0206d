"""How the daemon is told to end, from its first moment on: SIGTERM, SIGINT, SIGHUP."""

import logging
import os
import signal
import threading
from types import FrameType

log = logging.getLogger("monitor.daemon")

LONGEST_STOP_SECONDS = 9.0
"""A stop takes at most 10 s, even when the database keeps us waiting."""


def told_to_stop() -> threading.Event:
    """Return what is set when this process is told to end; from now on it is no more killed by it.

    Asked for before the store is opened: who is told to end while it starts, or migrates, ends
    once that is done as it would a moment later, and leaves nothing for another to take back.
    """
    told = threading.Event()
    is_asked = False

    def stop(number: int, _: FrameType | None) -> None:
        nonlocal is_asked
        # The end of a session is SIGTERM and SIGHUP at once, in either order, and asks once.
        if number != signal.SIGHUP:
            if is_asked:
                # Go at once. Nothing is lost; claims are taken back at the next start.
                os._exit(128 + number)
            is_asked = True
        told.set()
        # However long a database keeps us: what is not given back is taken back later.
        watchdog = threading.Timer(LONGEST_STOP_SECONDS, os._exit, args=(0,))
        watchdog.daemon = True
        watchdog.start()

    def stay(number: int, _: FrameType | None) -> None:
        log.warning("settings are read at the start: restart it to follow what has changed")

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    # A terminal that is closed says so, and so does who wants settings read anew; where it is
    # ignored (nohup), neither is meant.
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, stop if _has_terminal() else stay)
    return told


def _has_terminal() -> bool:
    """Whether we were started at a terminal, in whose session we still are."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
