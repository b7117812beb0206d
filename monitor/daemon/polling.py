"""Handing sources that are due to whoever polls them, until none is left."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from monitor.daemon.dispatch import Dispatcher, NotTaken
from monitor.pipeline.poll import Claimed, Poller
from storage.model import Source

log = logging.getLogger("monitor.daemon")

ROOM_SECONDS = 1.0
"""After so long the store is asked again, though nobody has ended: others may be due."""


def poll_all_due(poller: Poller, dispatcher: Dispatcher, stop: Callable[[], bool]) -> None:
    """Begin polls as there is room for them, until nothing more is due that may be polled."""
    poller.wake()
    while not stop() and (round_ := _poll_due(poller, dispatcher)).begun and not round_.was_all:
        dispatcher.wait_for_room(seconds=ROOM_SECONDS)


def poll_until_next(
    poller: Poller, dispatcher: Dispatcher, stop: Callable[[], bool]
) -> timedelta | None:
    """Poll all that is due; return how long it is until the next one, None if there is none.

    Not over 0 when one is due that cannot be polled now.
    """
    wait = None
    for _ in range(2):
        poll_all_due(poller, dispatcher, stop)
        wait = poller.next_due_in()
        if wait is None or wait > timedelta(0):
            break
        # It has come due since we looked, and nobody would be called when it does.
    return wait


def poll_round(
    poller: Poller,
    dispatcher: Dispatcher,
    *,
    seconds: float,
    wake: Callable[[], object] = lambda: None,
) -> None:
    """Poll what is due, and what waits for its host; give up when nothing begins for so long.

    Args:
        wake: Takes in polls that have waited long enough for others.
    """
    waiting: set[str] = set()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        wake()
        # Asked first: a poll that ends now may be due again at once.
        idle = dispatcher.wait(seconds=0)
        claimed = _poll_due(poller, dispatcher).claimed
        waiting = (waiting | claimed.waiting) - {source.id for source in claimed.taken}
        if claimed.taken:
            until = time.monotonic() + seconds
            dispatcher.wait_for_room(seconds=0.2)
        elif idle and not waiting:
            return
        elif idle:
            time.sleep(0.2)  # the others of a host wait their turn
        else:
            dispatcher.wait(seconds=0.2)


class _Round(NamedTuple):
    """What became of what was due.

    Attributes:
        begun: How many polls have begun.
        was_all: There was room for more than was due.
    """

    begun: int = 0
    claimed: Claimed = Claimed(taken=(), waiting=frozenset())
    was_all: bool = False


def _poll_due(poller: Poller, dispatcher: Dispatcher) -> _Round:
    """Begin as many polls as there is room for.

    Raises:
        Exception: One of them could not be put back. The others have begun all the same: of what
            is taken here and then forgotten, nobody could ask the host any more.
    """
    room, for_slow = dispatcher.room, dispatcher.room_for_slow
    if not room and not for_slow:
        return _Round()
    with poller.right_of_way.news():
        claimed = poller.claim(limit=room, slow_limit=for_slow)
        begun = 0
        trouble: Exception | None = None
        for source in claimed.taken:
            try:
                begun += _poll(poller, dispatcher, source)
            except Exception as error:
                trouble = trouble or error
    if trouble is not None:
        raise trouble
    was_all = len(claimed.taken) + len(claimed.waiting) < min(room, for_slow or room)
    return _Round(begun, claimed, was_all)


def _poll(poller: Poller, dispatcher: Dispatcher, source: Source) -> bool:
    """Have a claimed source polled, or put it back; tell whether its poll has begun."""
    try:
        dispatcher.poll(source, is_slow=source.id in poller.slow)
    except NotTaken as error:
        log.warning("cannot poll now", extra={"source": source.name, "why": str(error)})
        poller.put_back(source)
        return False
    return True
