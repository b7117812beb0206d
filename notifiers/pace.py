"""How fast channels are sent to: no faster than their services take messages."""

import threading
from collections import deque
from datetime import datetime, timedelta

from notifiers.spec import Pace


class Pacer:
    """Remembers when each channel was sent to. Safe to use from many threads."""

    def __init__(self) -> None:
        self._sent: dict[str, deque[datetime]] = {}
        self._lock = threading.Lock()

    def sent(self, channel_id: str, pace: Pace, *, now: datetime) -> datetime | None:
        """Note that something was sent; return before when nothing more may be, None for now.

        Never more than `pace.messages` are sent within any `pace.seconds`.
        """
        with self._lock:
            times = self._sent.setdefault(channel_id, deque(maxlen=pace.messages))
            if times and now < times[-1]:  # the clock was set back
                times.clear()
            times.append(now)
            if len(times) < pace.messages:
                return None
            free = times[0] + timedelta(seconds=pace.seconds)
        return free if free > now else None
