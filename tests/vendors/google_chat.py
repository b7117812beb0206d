"""A double of the webhooks of a Google Chat space."""

import itertools
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from notifiers.api import Failure
from tests.answers import Seen
from tests.vendors.double import CANARY, Double, Meaning, Refused, Said, parsed, said
from tests.vendors.reading import Read, html

MOST_BYTES = 32_000
TAGS = frozenset(("b", "i", "u", "s", "font", "a", "br"))


def failed(status: int, message: str, word: str, *details: dict[str, Any]) -> Said:
    error: dict[str, Any] = {"code": status, "message": message, "status": word}
    if details:
        error["details"] = list(details)
    return said({"error": error}, status)


class GoogleChat(Double):
    """Takes cards; a request id that it knows gives the message that it made."""

    kind = "google-chat"
    path = f"/v1/spaces/AAAA/messages?key={CANARY}&token={CANARY}"
    per_window = (60, 60.0)
    is_once = True
    refusals: ClassVar[dict[str, Meaning]] = {
        "limited": Meaning(
            said=failed(429, "Resource has been exhausted", "RESOURCE_EXHAUSTED"),
            failure=Failure.RETRY,
        ),
        "limited, with a time": Meaning(
            said=failed(
                429,
                "Quota exceeded",
                "RESOURCE_EXHAUSTED",
                {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "30.5s"},
            ),
            failure=Failure.WAIT,
            seconds=30.5,
        ),
        "bad key": Meaning(
            said=failed(
                400,
                "API key not valid. Please pass a valid API key.",
                "INVALID_ARGUMENT",
                {"reason": "API_KEY_INVALID"},
            ),
            failure=Failure.DISABLED,
        ),
        "bad token": Meaning(
            said=failed(401, "Request had invalid credentials", "UNAUTHENTICATED"),
            failure=Failure.DISABLED,
        ),
        "not allowed": Meaning(
            said=failed(403, "The caller does not have permission", "PERMISSION_DENIED"),
            failure=Failure.DISABLED,
        ),
        "no space": Meaning(
            said=failed(404, "Space not found", "NOT_FOUND"), failure=Failure.DISABLED
        ),
        "bad card": Meaning(
            said=failed(400, "Invalid JSON payload received", "INVALID_ARGUMENT"),
            failure=Failure.PERMANENT,
        ),
        "down": Meaning(said=failed(503, "Unavailable", "UNAVAILABLE"), failure=Failure.RETRY),
    }

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, str] = {}
        self._ids = itertools.count(1)

    def take(self, seen: Seen) -> Said:
        bad = failed(400, "Invalid JSON payload received", "INVALID_ARGUMENT")
        message = parsed(seen, lambda: bad)
        query = parse_qs(urlsplit(seen.path).query)
        if (
            len(seen.body) > MOST_BYTES
            or len(message.get("thread", {}).get("threadKey", "")) > 4000
        ):
            raise Refused(bad)
        if self.read(message).stray:
            raise Refused(bad)
        id_ = query.get("requestId", [f"none {next(self._ids)}"])[0]
        if id_ not in self._made:
            self._made[id_] = f"spaces/AAAA/messages/{next(self._ids)}.{next(self._ids)}"
            self.kept.append(message)
        return said({"name": self._made[id_], "thread": {"name": "spaces/AAAA/threads/t"}})

    def read(self, message: dict[str, Any]) -> Read:
        read = Read()
        for card in message["cardsV2"]:
            for section in card["card"]["sections"]:
                for widget in section["widgets"]:
                    if "textParagraph" in widget:
                        read += html(widget["textParagraph"]["text"], TAGS)
        return read
