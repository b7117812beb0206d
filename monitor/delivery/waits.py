"""How long anything may wait: what lies further ahead was reckoned by a clock that was wrong."""

from datetime import UTC, datetime, timedelta

from ingester import schedule
from ingester.kinds import spec_of
from monitor.delivery import courier
from monitor.pipeline import intake
from notifiers import retry
from storage.api.storage import LongestWaits
from storage.model import Source

_SPREAD = 1.2
"""Waits for another try vary by a fifth."""

_SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def _own_wait(source: Source) -> timedelta:
    """Return how long a source waits by itself, when no server asks for more."""
    due_at = schedule.next_poll_at(
        now=_SOME_TIME,
        interval=source.every,
        server_asks=None,
        failures=source.failures,
        jitter=1.0,
        shortest=spec_of(source.kind).shortest,
    )
    return due_at - _SOME_TIME


def _wait_after(tries: int) -> timedelta:
    """Return how long a delivery waits by itself after so many tries."""
    waits = (timedelta(0), *retry.WAITS)
    return waits[min(tries, len(waits) - 1)] * _SPREAD


ANY = LongestWaits(
    poll=lambda source: schedule.LONGEST_WAIT,
    every_poll=schedule.LONGEST_WAIT,
    delivery=lambda tries: retry.LONGEST_WAIT * _SPREAD,
    channel=retry.LONGEST_WAIT,
    poll_lease=intake.LEASE,
    send_lease=courier.LEASE,
)
"""What a site or a receiver may have asked for is within these."""

OWN = LongestWaits(
    poll=_own_wait,
    delivery=_wait_after,
    channel=retry.LONGEST_WAIT,
    poll_lease=intake.LEASE,
    send_lease=courier.LEASE,
)
"""Without what sites have asked for: to hold once it is known that the clock was wrong."""
