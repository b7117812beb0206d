"""What HTTP headers say: how long an answer stays fresh, what the body is."""

import re
from collections.abc import Mapping
from datetime import timedelta

from common.patterns import pattern

LONGEST = timedelta(days=7)
"""No server can make us wait longer."""

_MAX_AGE = pattern(r"max-age\s*=\s*\"?(\d{1,20})", re.IGNORECASE | re.ASCII)
_CHARSET = pattern(r";\s*charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)


def server_asks(headers: Mapping[str, str]) -> timedelta | None:
    """Return for how long Cache-Control calls the answer fresh, at most seven days.

    None if it does not say, or says that it must always be asked again.

    Args:
        headers: Names in lower case.
    """
    control = headers.get("cache-control", "")
    match = _MAX_AGE.search(control.lower().replace("s-maxage", ""))
    if match is None or re.search(r"\bno-(cache|store)\b", control, re.IGNORECASE):
        return None
    fresh = timedelta(seconds=min(int(match[1]), int(LONGEST.total_seconds())))
    return fresh or None


def content_type(text: str | None) -> tuple[str, str | None]:
    """Return the media type in lower case ("" if there is none) and the charset that it names."""
    if text is None:
        return "", None
    kind = text.partition(";")[0].strip().lower()
    match = _CHARSET.search(text)
    return kind, match[1].lower() if match else None
