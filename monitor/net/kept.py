"""Connections that are kept for a moment, for the next request to the same place."""

import select
import socket
import threading
from itertools import chain

from common.records import dataclass
from monitor.base import clock

IDLE_S = 2.0
"""So long a connection is kept: a server that closes it may take what is sent then, or not."""

OLDEST_S = 60.0
"""After so long it is opened anew: the guard looks at the address again."""

MOST_KEPT = 32
"""So many are kept in all."""

Place = tuple[str, str, int]
"""Scheme, host and port."""


@dataclass(slots=True)
class Kept:
    """An open connection between two requests."""

    socket: socket.socket
    opened_s: float
    idle_s: float

    @property
    def is_usable(self) -> bool:
        """Whether nothing has come since the answer: neither its end nor what nobody asked for."""
        now = clock.monotonic()
        if now - self.idle_s > IDLE_S or now - self.opened_s > OLDEST_S:
            return False
        poll = select.poll()
        try:
            poll.register(self.socket, select.POLLIN)
            return not poll.poll(0)
        except (OSError, ValueError):
            return False


class KeptConnections:
    """Those of one client, by place. Safe to use from many threads."""

    def __init__(self) -> None:
        self._kept: dict[Place, list[Kept]] = {}
        self._lock = threading.Lock()

    def take(self, place: Place) -> Kept | None:
        """Return one that can be used, the one used last; None for none."""
        while True:
            with self._lock:
                waiting = self._kept.get(place)
                kept = waiting.pop() if waiting else None
            if kept is None:
                return None
            if kept.is_usable:
                return kept
            kept.socket.close()

    def give(self, place: Place, sock: socket.socket, since: float) -> None:
        """Keep one whose answer has been read to its end.

        Args:
            since: When it was opened.
        """
        with self._lock:
            self._kept.setdefault(place, []).append(Kept(sock, since, clock.monotonic()))
        if len(self) > MOST_KEPT:
            self.tidy()

    def close(self) -> None:
        """Close all of them."""
        self.tidy(most=0)

    def tidy(self, *, most: int = MOST_KEPT) -> None:
        """Close those that have been kept for too long, and the oldest beyond `most`."""
        since = clock.monotonic() - IDLE_S
        with self._lock:
            every = chain.from_iterable(self._kept.values())
            newest = sorted(every, key=lambda kept: -kept.idle_s)
            stay = {id(kept) for kept in newest[:most] if kept.idle_s >= since}
            self._kept = {
                place: left
                for place, waiting in self._kept.items()
                if (left := [kept for kept in waiting if id(kept) in stay])
            }
        for kept in newest:
            if id(kept) not in stay:
                kept.socket.close()

    def __len__(self) -> int:
        with self._lock:
            return sum(map(len, self._kept.values()))
