"""What a receiver's response means in general; its kind's own file knows more. Pure."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from common.records import dataclass
from common.retry_after import retry_after
from notifiers.api import DeliveryError, Failure
from notifiers.http.redact import redacted

LONGEST_WAIT = timedelta(hours=24)
HELD_AFTER = timedelta(hours=24)
"""How long a receiver may say "not you, not here" before its channel is switched off."""

_MAY_GET_BETTER = (408, 425, 429)
_WRONG_PLACE = (401, 403, 404)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a receiver said.

    Attributes:
        headers: Names in lower case.
        text: The beginning of its body, at most 64 KiB.
        scheme: What we asked with, to tell a redirect from http to https.
    """

    status: int
    headers: Mapping[str, str]
    text: str
    host: str = ""
    scheme: str = ""


def check(response: Response, *, now: datetime, secrets: Iterable[str] = ()) -> None:
    """Return for any 2xx, else raise what it means.

    Args:
        secrets: What the error's text must not repeat, whatever the receiver says.

    Raises:
        DeliveryError: With WAIT when a time was named, RETRY for what may get better by
            itself, DISABLED for 410, PERMANENT for what this message will always get.
    """
    status = response.status
    if 200 <= status < 300:
        return
    said = redacted(response.text, secrets) if _is_text(response) else ""
    text = f"HTTP {status}: {said}" if said else f"HTTP {status}"
    if 300 <= status < 400:
        raise DeliveryError(_moved(response), Failure.RETRY, hold_after=HELD_AFTER)
    if status >= 500 or status in _MAY_GET_BETTER or status < 200:
        raise may_get_better(text, asked(response, now=now))
    if status == 410:
        raise DeliveryError(f"{text} (gone: it asks for no more)", Failure.DISABLED)
    if status in _WRONG_PLACE:
        raise DeliveryError(text, Failure.RETRY, hold_after=HELD_AFTER)
    raise DeliveryError(text, Failure.PERMANENT)


def may_get_better(text: str, after: timedelta | None) -> DeliveryError:
    """Return WAIT when a time was named; else RETRY, so that the schedule is the answer."""
    if not after:
        return DeliveryError(text, Failure.RETRY)
    return DeliveryError(text, Failure.WAIT, after=after)


def asked(response: Response, *, now: datetime) -> timedelta | None:
    """Return how long the header Retry-After asks for, at most a day; None when for nothing."""
    return retry_after(response.headers.get("retry-after"), now=now, longest=LONGEST_WAIT)


def _is_text(response: Response) -> bool:
    if response.headers.get("content-encoding", "identity") != "identity":
        return False
    kind = response.headers.get("content-type", "text/plain").partition(";")[0].strip().lower()
    return kind in ("text/plain", "application/problem+json") or kind.endswith("json")


def _moved(response: Response) -> str:
    """Say where to, by its host alone: what follows it may be a token."""
    start = f"HTTP {response.status}: redirects are not followed"
    try:
        parts = urlsplit(response.headers.get("location", ""))
        host = parts.hostname or response.host
    except ValueError:
        return f"{start}, and where to cannot be read"
    if host != response.host:
        place = f"at {redacted(host)}"
    elif parts.scheme == "https" and response.scheme == "http":
        place = "that begins with https"
    else:
        place = "with another path on the same host"
    return f"{start}: change the channel's URL to the one {place}"


def check_closed(
    response: Response, statuses: tuple[int, ...], secrets: Iterable[str] = ()
) -> None:
    """Return unless this is one of the statuses by which a receiver closes a channel.

    Raises:
        DeliveryError: DISABLED.
    """
    if response.status in statuses:
        said = redacted(response.text, secrets) if _is_text(response) else ""
        raise DeliveryError(f"HTTP {response.status}: {said}".rstrip(": "), Failure.DISABLED)


def json_object(text: str) -> dict[str, object]:
    """Return the JSON object that the text is, {} when it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
