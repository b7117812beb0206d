"""What time it is: the only file that asks."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return this instant, UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Return seconds since some moment; never goes back, whatever happens to the clock."""
    return time.monotonic()
