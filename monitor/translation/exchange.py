"""Talking to a translator: JSON over the one HTTP client, within one budget of time and size."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx

from common.records import dataclass
from common.retry_after import retry_after
from ingester.fetch.headers import LONGEST
from ingester.text.json import bounded_json
from monitor.base import clock
from notifiers.http.redact import redacted

MOST_BYTES = 1 << 20
TRIES = 3
_PAUSE = timedelta(seconds=1)
"""Before the second try of a request that failed without saying how long to wait; then twice."""

_MAY_GET_BETTER = frozenset({408, 425, 429})
_REFUSED = frozenset({401, 403, 404, 405, 410})
_WORTH_A_TRY = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)


class TranslatorError(Exception):
    """A translator did not answer; the text is a clause without secrets.

    Attributes:
        final: Whether asking for something else is in vain, too.
    """

    def __init__(self, text: str, *, final: bool = False) -> None:
        super().__init__(text)
        self.final = final


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a translator said: a status that is neither a refusal nor its own trouble.

    Attributes:
        value: Its body as JSON.
        said: What it says about an error, fit to be shown; "" if nothing.
    """

    status: int
    value: Any
    said: str = ""

    @property
    def ok(self) -> bool:
        return self.status == HTTPStatus.OK


class Exchange:
    """Requests that share a budget of time, and what is known of the other side's patience.

    Safe to use from many threads.
    """

    def __init__(
        self,
        client: httpx.Client,
        *,
        budget: timedelta,
        now: Callable[[], datetime],
        secrets: tuple[str, ...] = (),
        monotonic: Callable[[], float] = clock.monotonic,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        """Begin; the time runs from now.

        Args:
            secrets: What no error may repeat.
            pause: Waits so many seconds; ends early when everything is stopped, if None.
        """
        self._client = client
        self._now = now
        self._secrets = secrets
        self._monotonic = monotonic
        self._stop = threading.Event()
        self._pause = self._stop.wait if pause is None else pause
        self._budget = budget
        self._end = monotonic() + budget.total_seconds()
        self._not_before = 0.0
        self._lock = threading.Lock()
        self._why: TranslatorError | None = None

    def stop(self, why: TranslatorError) -> None:
        """Let every further request fail for this reason."""
        with self._lock:
            self._why = self._why or why
        self._stop.set()

    def get(self, url: str) -> Reply:
        """Get JSON; raises as `post`."""
        return self._tried("GET", url, None, {})

    def post(self, url: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> Reply:
        """Post JSON and return what came back, errors about the request (4xx) included.

        What may get better is tried again while there is time, as late as the other side asks.

        Raises:
            TranslatorError: It did not answer, refuses us, or does not speak JSON.
        """
        return self._tried("POST", url, body, headers)

    def _tried(
        self, method: str, url: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> Reply:
        for attempt in range(TRIES):
            self._wait()
            wait = _PAUSE * 2**attempt
            try:
                reply, asked = self._once(method, url, body, headers)
            except _WORTH_A_TRY as error:
                failure = TranslatorError(_broken(error), final=True)
            except httpx.TransportError as error:
                raise self._failure(error) from None
            else:
                if reply.status not in _MAY_GET_BETTER and reply.status < 500:
                    return reply
                failure = TranslatorError(_status(reply, asked))
                wait = asked if asked is not None else wait
            if attempt + 1 < TRIES:
                self._hold(wait, failure)
        raise failure

    def _wait(self) -> None:
        """Wait until the other side may be asked again.

        Raises:
            TranslatorError: There is no time left, or everything was stopped.
        """
        with self._lock:
            wait = self._not_before - self._monotonic()
        if wait > 0 and self._why is None:
            self._pause(wait)
        if self._why is not None:
            raise self._why
        if self._left() <= 0:
            raise self._too_late()

    def _hold(self, wait: timedelta, failure: TranslatorError) -> None:
        """Let nobody ask before the wait is over; give up when that is too late."""
        if wait.total_seconds() >= self._left():
            raise TranslatorError(str(failure), final=True)
        with self._lock:
            until = self._monotonic() + wait.total_seconds()
            self._not_before = max(self._not_before, until)

    def _left(self) -> float:
        return self._end - self._monotonic()

    def _too_late(self) -> TranslatorError:
        return TranslatorError(
            f"no answer within {self._budget.total_seconds():g} s (translator_timeout)", final=True
        )

    def _once(
        self, method: str, url: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> tuple[Reply, timedelta | None]:
        """Make one request; return the reply and how long it asks to wait."""
        left = max(self._left(), 0.001)
        request = self._client.build_request(
            method,
            url,
            json=body,
            headers={"Accept": "application/json", **headers},
            timeout=left,
            extensions={
                "head_timeout": left,
                "total_timeout": left,
                "wire_limit": MOST_BYTES + (64 << 10),
            },
        )
        response = self._client.send(request, stream=True)
        try:
            content = response.read()
        finally:
            response.close()
        status = response.status_code
        if 300 <= status < 400:
            raise TranslatorError(_moved(response), final=True)
        value, problem = _json(content)
        said = redacted(_said(value), self._secrets)
        reply = Reply(status=status, value=value, said=said)
        if status in _REFUSED:
            raise TranslatorError(_refusal(reply), final=True)
        if problem and 200 <= status < 300:
            raise TranslatorError(problem, final=True)
        asked = response.headers.get("retry-after")
        return reply, retry_after(asked, now=self._now(), longest=LONGEST)

    def _failure(self, error: httpx.TransportError) -> TranslatorError:
        match error:
            case httpx.UnsupportedProtocol():
                return TranslatorError(redacted(str(error), self._secrets), final=True)
            case httpx.ConnectError():
                where = error.request.url.netloc.decode("ascii", "replace")  # without a user name
                text = f"no connection to {where} (translator_url): {_reason(error)}"
                return TranslatorError(text, final=True)
            case httpx.TimeoutException():
                return self._too_late()
            case httpx.LocalProtocolError():
                return TranslatorError("its answer is too large", final=True)
            case _:
                return TranslatorError(_broken(error), final=True)


def _json(content: bytes) -> tuple[Any, str]:
    """Return the value of a body, and what is wrong with it."""
    if len(content) > MOST_BYTES:
        return None, "its answer is too large"
    try:
        return bounded_json(content.decode("utf-8-sig")), ""
    except (ValueError, RecursionError):
        start = content[:200].lstrip().lower()
        if start.startswith((b"<!doctype", b"<html", b"<?xml")):
            return None, "it answers with a web page; translator_url must be that of its API"
        return None, "its answer is not JSON"


def _said(value: Any) -> str:
    """Return the sentence of an error in any of the usual shapes, or ""."""
    for _ in range(3):
        if isinstance(value, dict):
            keys = ("error", "message", "detail")
            value = next((value[key] for key in keys if value.get(key)), "")
    return value if isinstance(value, str) else ""


def _status(reply: Reply, asked: timedelta | None = None) -> str:
    try:
        phrase = f"HTTP {reply.status} {HTTPStatus(reply.status).phrase}"
    except ValueError:
        phrase = f"HTTP {reply.status}"
    phrase += f": {reply.said}" if reply.said else ""
    return f"{phrase} (it asks to wait {asked.total_seconds():g} s)" if asked else phrase


def _refusal(reply: Reply) -> str:
    if reply.status in (401, 403):
        return f"{_status(reply)}; check translator_key"
    return f"{_status(reply)}; check translator_url and translator_model"


def _moved(response: httpx.Response) -> str:
    start = f"HTTP {response.status_code}: redirects are not followed"
    try:
        host = urlsplit(response.headers.get("location", "")).hostname or ""
    except ValueError:
        host = ""
    where = f" at {redacted(host)}" if host else ""
    return f"{start}; set translator_url to the address it moved to{where}"


def _broken(error: httpx.TransportError) -> str:
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error):
        return "its answer is not HTTP"
    return "the connection broke"


def _reason(error: httpx.ConnectError) -> str:
    return str(error) or "no reason given"


def described(reply: Reply) -> str:
    """Return a refused request in a clause, for errors."""
    return _status(reply)
