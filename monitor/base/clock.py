"""What time it is: the only file that asks."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return this instant, UTC."""
    return datetime.now(UTC)


def elapsed() -> float:
    """Return seconds since some moment, those of sleep included, where the system tells them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


monotonic = time.monotonic
"""Returns seconds since some moment; never goes back, whatever happens to the clock."""
