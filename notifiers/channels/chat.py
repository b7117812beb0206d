"""Posting to a chat, and keeping silent when its service asks for that on all channels.

Few chats can be told an id, so a repeat is visible there; the short code in the text lets a
reader see that it is one.
"""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from common.records import dataclass
from notifiers.api import DEADLINE_SECONDS, DeliveryError, Failure, Message, Settings
from notifiers.http.responses import Response

if TYPE_CHECKING:  # a short command needs no HTTP client
    from notifiers.http.post import Poster


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of a chat. Never logged: its URL and headers may be secret."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Check(Protocol):
    """Says what a chat's response means: a receipt or None, or a DeliveryError raised."""

    def __call__(
        self, response: Response, *, now: datetime, secrets: Iterable[str] = ()
    ) -> str | None: ...


def to_url(message: Message, settings: Settings) -> Request:
    """Return the frozen bytes, posted to the channel's URL."""
    return Request(url=settings["url"], body=message.payload)


def bearer(settings: Settings) -> dict[str, str]:
    """Return the header that carries the channel's token; none when it has none."""
    token = settings.get("secret", "").strip()
    return {"authorization": f"Bearer {token}"} if token else {}


def check_token(text: str) -> None:
    """Check a secret that is sent in a header.

    Raises:
        ValueError: It cannot be; the sentence does not repeat it.
    """
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError("the secret is no token: one line of ASCII letters without spaces")


def with_fields(payload: bytes, fields: Mapping[str, object]) -> bytes:
    """Return a JSON object with these fields before its own."""
    if not fields:
        return payload
    front = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    return front[:-1] + b"," + payload[1:] if payload != b"{}" else front


class ChatNotifier:
    """Implements `notifiers.api.Notifier` for one kind of chat; a channel has a `url`.

    Args:
        check: Says what this chat's responses mean.
        request: Says how it is asked, when that is not by posting to the channel's URL.
        is_for_all: Whether a response that asks us to wait is meant for all of its channels.
    """

    def __init__(
        self,
        client: "Poster",
        now: Callable[[], datetime],
        check: Check,
        *,
        request: Callable[[Message, Settings], Request] = to_url,
        is_for_all: Callable[[Response], bool] = lambda response: False,
        seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._client = client
        self._now = now
        self._check = check
        self._request = request
        self._is_for_all = is_for_all
        self._seconds = seconds
        self._closed_until: datetime | None = None
        self._lock = threading.Lock()

    def send(self, message: Message, settings: Settings) -> str | None:
        """Post once, unless the service has asked for silence on all of its channels."""
        with self._lock:
            until = self._closed_until
        if until is not None and (left := until - self._now()).total_seconds() > 0:
            raise DeliveryError("all of this service asked us to wait", Failure.WAIT, after=left)
        asked = self._request(message, settings)
        response = self.exchange(asked)
        now = self._now()
        try:
            return self._check(response, now=now, secrets=(asked.url, *settings.values()))
        except DeliveryError as error:
            if error.after is not None and self._is_for_all(response):
                with self._lock:
                    self._closed_until = now + error.after
            raise

    def exchange(self, asked: Request) -> Response:
        """Ask, and return whatever the answer is; raises as `notifiers.http.post.post`."""
        from notifiers.http.post import post

        return post(
            self._client,
            asked.url,
            asked.body,
            asked.headers,
            method=asked.method,
            seconds=self._seconds,
        )
