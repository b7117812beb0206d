"""Posting to a chat, and keeping silent when its service asks for that on all channels.

No chat can be told an id, so a repeat is visible there; the short code in the text lets a
reader see that it is one.
"""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from notifiers.api import DEADLINE_SECONDS, DeliveryError, Failure, Message, Settings
from notifiers.http.responses import Response

if TYPE_CHECKING:  # a short command needs no HTTP client
    import httpx


class Check(Protocol):
    """Says what a chat's response means: a receipt or None, or a DeliveryError raised."""

    def __call__(
        self, response: Response, *, now: datetime, secrets: Iterable[str] = ()
    ) -> str | None: ...


class ChatNotifier:
    """Implements `notifiers.api.Notifier` for one kind of chat; a channel has a `url`.

    Args:
        check: Says what this chat's responses mean.
        is_for_all: Whether a response that asks us to wait is meant for all of its channels.
        query: Added to the URL of each request.
    """

    def __init__(
        self,
        client: "httpx.Client",
        now: Callable[[], datetime],
        check: Check,
        *,
        is_for_all: Callable[[Response], bool] = lambda response: False,
        query: dict[str, str] | None = None,
        seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._client = client
        self._now = now
        self._check = check
        self._is_for_all = is_for_all
        self._query = query or {}
        self._seconds = seconds
        self._closed_until: datetime | None = None
        self._lock = threading.Lock()

    def send(self, message: Message, settings: Settings) -> str | None:
        """Post once, unless the service has asked for silence on all of its channels."""
        from notifiers.http.post import post
        from notifiers.http.urls import with_query

        with self._lock:
            until = self._closed_until
        if until is not None and (left := until - self._now()).total_seconds() > 0:
            raise DeliveryError("all of this service asked us to wait", Failure.WAIT, after=left)
        url = with_query(settings["url"], self._query)
        response = post(self._client, url, message.payload, {}, seconds=self._seconds)
        now = self._now()
        try:
            return self._check(response, now=now, secrets=(url,))
        except DeliveryError as error:
            if error.after is not None and self._is_for_all(response):
                with self._lock:
                    self._closed_until = now + error.after
            raise
