"""What a receiver's answer means, for each kind of receiver: pure tables."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from common.retry_after import at_most, retry_after
from notifiers.api import DeliveryError, Failure
from notifiers.http.redact import redacted

LONGEST_WAIT = timedelta(hours=24)
HELD_AFTER = timedelta(hours=24)
"""How long a receiver may say "not you, not here" before its channel is switched off."""

_MAY_GET_BETTER = (408, 425, 429)
_WRONG_PLACE = (401, 403, 404)
_SLACK_CLOSED = frozenset(
    {
        "action_prohibited",
        "channel_is_archived",
        "channel_not_found",
        "invalid_token",
        "no_active_hooks",
        "no_service",
        "no_service_id",
        "no_team",
        "posting_to_general_channel_denied",
        "team_disabled",
        "user_not_found",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
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


def check(answer: Answer, *, now: datetime, secrets: Iterable[str] = ()) -> None:
    """Return for any 2xx, else raise what the answer means.

    Args:
        secrets: What the error's text must not repeat, whatever the receiver says.

    Raises:
        DeliveryError: With WAIT when a time was named, RETRY for what may get better by
            itself, DISABLED for 410, PERMANENT for what this message will always get.
    """
    status = answer.status
    if 200 <= status < 300:
        return
    said = redacted(answer.text, secrets) if _is_text(answer) else ""
    text = f"HTTP {status}: {said}" if said else f"HTTP {status}"
    if 300 <= status < 400:
        raise DeliveryError(_moved(answer), Failure.RETRY, hold_after=HELD_AFTER)
    if status >= 500 or status in _MAY_GET_BETTER or status < 200:
        raise may_get_better(text, _asked(answer, now))
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


def _asked(answer: Answer, now: datetime) -> timedelta | None:
    return retry_after(answer.headers.get("retry-after"), now=now, longest=LONGEST_WAIT)


def _is_text(answer: Answer) -> bool:
    if answer.headers.get("content-encoding", "identity") != "identity":
        return False
    kind = answer.headers.get("content-type", "text/plain").partition(";")[0].strip().lower()
    return kind in ("text/plain", "application/problem+json") or kind.endswith("json")


def _moved(answer: Answer) -> str:
    """Say where to, by its host alone: what follows it may be a token."""
    start = f"HTTP {answer.status}: redirects are not followed"
    try:
        parts = urlsplit(answer.headers.get("location", ""))
        host = parts.hostname or answer.host
    except ValueError:
        return f"{start}, and where to cannot be read"
    if host != answer.host:
        place = f"at {redacted(host)}"
    elif parts.scheme == "https" and answer.scheme == "http":
        place = "that begins with https"
    else:
        place = "with another path on the same host"
    return f"{start}: change the channel's URL to the one {place}"


# --- chats ---------------------------------------------------------------------------------


def check_slack(answer: Answer, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """As `check`, and know the words with which Slack closes a webhook."""
    word = answer.text.strip()[:100]
    if answer.status in (400, 403, 404, 410) and word in _SLACK_CLOSED:
        raise DeliveryError(f"HTTP {answer.status}: {word}", Failure.DISABLED)
    check(answer, now=now, secrets=secrets)
    return None


def check_mattermost(answer: Answer, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """As `check`; 403 and 404 mean that the webhook was removed or switched off."""
    _closed(answer, (403, 404), secrets)
    check(answer, now=now, secrets=secrets)
    return None


def check_discord(answer: Answer, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """As `check`, and return the id of the message.

    401, 403 and 404 close the channel at once: more calls get our address banned.
    """
    _closed(answer, (401, 403, 404), secrets)
    said = _object(answer.text)
    if answer.status == 429:
        body = said.get("retry_after")
        named = at_most(body, LONGEST_WAIT) if isinstance(body, int | float) else None
        raise may_get_better("HTTP 429", _asked(answer, now) or named)
    check(answer, now=now, secrets=secrets)
    id_ = said.get("id")
    return id_ if isinstance(id_, str) and id_.isdecimal() and len(id_) <= 30 else None


def is_global(answer: Answer) -> bool:
    """Whether Discord's 429 is meant for everything that we send to it."""
    headers = answer.headers
    return answer.status == 429 and (
        headers.get("x-ratelimit-global", "").lower() == "true"
        or headers.get("x-ratelimit-scope") == "global"
        or _object(answer.text).get("global") is True
    )


def check_teams(answer: Answer, *, now: datetime, secrets: Iterable[str] = ()) -> str | None:
    """As `check`, and read what a 200 says: Teams reports errors in it."""
    _closed(answer, (404,), secrets)
    if answer.status == 400 and "WorkflowTriggerIsNotEnabled" in answer.text:
        raise DeliveryError("HTTP 400: the workflow is switched off", Failure.DISABLED)
    check(answer, now=now, secrets=secrets)
    if answer.status != 200 or answer.text.strip().lower() in ("", "1", "ok", "accepted"):
        return None
    inner = re.search(r"HTTP error (\d{3})", answer.text)
    if inner is None:
        raise DeliveryError(
            f"answered 200, but not as Teams does: {redacted(answer.text, secrets)}",
            Failure.UNKNOWN,
        )
    status = int(inner[1])
    try:
        check(Answer(status=status, headers={}, text=""), now=now)
    except DeliveryError as error:
        raise DeliveryError(
            f"answered 200, and in it: {error}", error.failure, hold_after=error.hold_after
        ) from None
    return None


def _closed(answer: Answer, statuses: tuple[int, ...], secrets: Iterable[str]) -> None:
    if answer.status in statuses:
        said = redacted(answer.text, secrets) if _is_text(answer) else ""
        raise DeliveryError(f"HTTP {answer.status}: {said}".rstrip(": "), Failure.DISABLED)


def _object(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
