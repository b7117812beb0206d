"""What a Retry-After header asks for (RFC 9110, 10.2.3)."""

import math
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from common.patterns import pattern

_SECONDS = pattern(r"\d+(\.\d*)?(e\+?\d+)?", re.IGNORECASE | re.ASCII)
_LONGEST_TEXT = 100


def retry_after(text: str | None, *, now: datetime, longest: timedelta) -> timedelta | None:
    """Return how long it asks to wait, between nothing and `longest`.

    It holds seconds, a whole number that is not negative, or an HTTP date. Broken seconds are
    taken too, since chat services send them. None if there is no header, or if it holds
    anything else, a negative number for one: it then says nothing.
    """
    text = (text or "").strip()[:_LONGEST_TEXT]
    if _SECONDS.fullmatch(text):
        return at_most(float(text), longest)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    try:
        return at_most((until - now).total_seconds(), longest)
    except OverflowError:
        return longest if until.year > now.year else timedelta(0)


def at_most(seconds: float, longest: timedelta) -> timedelta:
    """Return the seconds, between nothing and `longest`, to the microsecond above.

    Never below: whoever is asked to wait does not come early.
    """
    seconds = min(max(0.0, seconds), longest.total_seconds())  # in this order 0 for "not a number"
    return timedelta(microseconds=math.ceil(seconds * 1_000_000))
