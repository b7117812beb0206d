"""Signed JSON to a URL, as the Standard Webhooks describe it."""

from collections.abc import Callable
from datetime import datetime

import httpx

from notifiers.api import DeliveryError, Failure, Message, Settings
from notifiers.channels.signature import keys_of, sign
from notifiers.http import responses
from notifiers.http.post import DEADLINE_SECONDS, post


class WebhookNotifier:
    """Implements `notifiers.api.Notifier`.

    A channel's settings are `url` and, when messages are to be signed, `secret`: one key a
    line (`notifiers.channels.signature.keys_of`); with two, both sign.

    Args:
        client: Refuses addresses by itself; its User-Agent is the one that receivers see.
        seconds: How long one send may take in all.
    """

    def __init__(
        self,
        client: httpx.Client,
        now: Callable[[], datetime],
        *,
        seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._client = client
        self._now = now
        self._seconds = seconds

    def send(self, message: Message, settings: Settings) -> str | None:
        """Post the frozen bytes under the delivery's id; the time and signature are of now."""
        seconds = int(self._now().timestamp())
        headers = {"webhook-id": message.id, "webhook-timestamp": str(seconds)}
        secret = settings.get("secret", "")
        if secret:
            headers["webhook-signature"] = sign(message.id, seconds, message.payload, _keys(secret))
        url = settings["url"]
        answer = post(self._client, url, message.payload, headers, seconds=self._seconds)
        responses.check(answer, now=self._now(), secrets=(url, *secret.splitlines()))
        return None


def _keys(secret: str) -> tuple[bytes, ...]:
    try:
        return keys_of(secret)
    except ValueError as error:
        problem = str(error)
    raise DeliveryError(problem, Failure.DISABLED)
