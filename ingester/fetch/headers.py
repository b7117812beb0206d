"""What HTTP headers say: how long to wait, what the body is."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=7)
"""No server can make us wait longer."""

_SECONDS = re.compile(r"[+-]?\d{1,20}(\.\d{0,20})?(e\d{1,3})?", re.IGNORECASE | re.ASCII)
_MAX_AGE = re.compile(r"max-age\s*=\s*\"?(\d{1,20})", re.IGNORECASE | re.ASCII)
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)


def retry_after(text: str | None, *, now: datetime) -> timedelta | None:
    """Return how long a Retry-After header asks to wait, between nothing and seven days.

    It holds seconds or an HTTP date; None if it holds anything else.
    """
    if text is None:
        return None
    text = text.strip()
    if _SECONDS.fullmatch(text):
        seconds = min(max(float(text), 0.0), LONGEST.total_seconds())
        return timedelta(seconds=seconds)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    try:
        wait = until - now
    except OverflowError:
        return LONGEST if until.year > now.year else timedelta(0)
    return min(max(wait, timedelta(0)), LONGEST)


def server_asks(headers: Mapping[str, str]) -> timedelta | None:
    """Return for how long Cache-Control calls the answer fresh, at most seven days.

    None if it does not say, or says that it must always be asked again.

    Args:
        headers: Names in lower case.
    """
    control = headers.get("cache-control", "")
    found = _MAX_AGE.search(control.lower().replace("s-maxage", ""))
    if found is None or re.search(r"\bno-(cache|store)\b", control, re.IGNORECASE):
        return None
    fresh = timedelta(seconds=min(int(found[1]), int(LONGEST.total_seconds())))
    return fresh or None


def content_type(text: str | None) -> tuple[str, str | None]:
    """Return the media type in lower case ("" if there is none) and the charset that it names."""
    if text is None:
        return "", None
    kind = text.partition(";")[0].strip().lower()
    found = _CHARSET.search(text)
    return kind, found[1].lower() if found else None
