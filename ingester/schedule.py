"""When to poll a source again."""

from datetime import datetime, timedelta

LONGEST_WAIT = timedelta(days=7)

LONGEST_AFTER_FAILURES = timedelta(days=1)
LONGEST_ASKED = timedelta(days=7)
"""A server that asks for more gets this much."""

_MOST_DOUBLINGS = 10


def next_poll_at(
    *,
    now: datetime,
    interval: timedelta,
    server_asks: timedelta | None,
    failures: int,
    jitter: float,
    shortest: timedelta = timedelta(minutes=1),
) -> datetime:
    """Return when the source should be polled next.

    The interval doubles with each failure in a row, up to a day (or the interval itself, where
    its owner wants it slower), gives way to a server that asks for more time, up to seven days,
    and is stretched by up to a tenth so that sources added together drift apart. A poll is never
    earlier than the server asked.

    Args:
        now: When the poll that has just ended began.
        interval: What the owner of the source configured.
        server_asks: From Retry-After, Cache-Control or the feed's own ttl.
        failures: Failed polls in a row; 0 after a good one.
        jitter: A random number in [0, 1), passed in so that this stays pure.
        shortest: Between two polls, whatever its owner configured.
    """
    # Bounded before it is multiplied: a timedelta overflows.
    wished = min(max(interval, shortest), LONGEST_ASKED)
    asked = timedelta(0) if server_asks is None else min(server_asks, LONGEST_ASKED)
    wait = max(wished * (1 << max(0, min(failures, _MOST_DOUBLINGS))), asked)
    wait += wait * (min(max(jitter, 0.0), 1.0) / 10)
    return now + min(wait, max(LONGEST_AFTER_FAILURES, wished, asked))
