"""A double of a Matrix homeserver, as far as sending into one room goes."""

import re
from typing import Any, ClassVar

from notifiers.api import Failure
from tests.answers import Seen
from tests.vendors.double import CANARY, Double, Meaning, Refused, Said, parsed, said, without
from tests.vendors.reading import Read, html

MOST_BYTES = 65_536
TAGS = frozenset(
    ("a", "b", "strong", "i", "em", "u", "del", "code", "pre", "p", "br", "blockquote", "ul")
)


def failed(status: int, code: str, error: str, **more: object) -> Said:
    return said({"errcode": code, "error": error, **more}, status)


class Matrix(Double):
    """Takes messages by transaction id: one that it knows is the same event."""

    kind = "matrix"
    path = f"/_matrix/client/v3/rooms/!{CANARY}:example.org"
    secret = f"syt_{CANARY}"
    is_once = True
    refusals: ClassVar[dict[str, Meaning]] = {
        "limited": Meaning(
            said=failed(429, "M_LIMIT_EXCEEDED", "Too many requests", retry_after_ms=2500),
            failure=Failure.WAIT,
            seconds=2.5,
        ),
        "limited, in the header": Meaning(
            said=Said(
                status=429, body='{"errcode":"M_LIMIT_EXCEEDED"}', headers={"Retry-After": "4"}
            ),
            failure=Failure.WAIT,
            seconds=4,
        ),
        "bad token": Meaning(
            said=failed(401, "M_UNKNOWN_TOKEN", "Unrecognised access token"),
            failure=Failure.DISABLED,
        ),
        "not in the room": Meaning(
            said=failed(403, "M_FORBIDDEN", "User not in room"), failure=Failure.DISABLED
        ),
        "too large": Meaning(
            said=failed(413, "M_TOO_LARGE", "event too large"), failure=Failure.PERMANENT
        ),
        "down": Meaning(said=Said(status=502, body=""), failure=Failure.RETRY),
        "a page in a 200": Meaning(
            said=Said(body="<html>", content_type="text/html"), failure=Failure.UNKNOWN
        ),
    }

    def __init__(self) -> None:
        super().__init__()
        self._events: dict[str, str] = {}

    def take(self, seen: Seen) -> Said:
        place = re.fullmatch(
            r"/_matrix/client/v3/rooms/%21(\w+)%3Aexample\.org/send/m\.room\.message/([^/?]+)",
            seen.path,
        )
        if seen.method != "PUT" or place is None:
            raise Refused(failed(404, "M_UNRECOGNIZED", "Unrecognized request"))
        if seen.headers.get("authorization") != f"Bearer {self.secret}":
            raise Refused(failed(401, "M_MISSING_TOKEN", "Missing access token"))
        message = parsed(seen, lambda: failed(400, "M_NOT_JSON", "Content not JSON."))
        if len(seen.body) > MOST_BYTES:
            raise Refused(failed(413, "M_TOO_LARGE", "event too large"))
        if place[2] not in self._events:
            self._events[place[2]] = f"${len(self._events)}{'e' * 40}"
            self._keep(message, self._events[place[2]])
        return said({"event_id": self._events[place[2]]})

    def _keep(self, message: dict[str, Any], event: str) -> None:
        relation = message.get("m.relates_to", {})
        replaces = relation.get("event_id") if relation.get("rel_type") == "m.replace" else None
        if replaces is None or not self.edit("event", replaces, message["m.new_content"]):
            self.kept.append({**message, "event": event})

    def payload(self, seen: Seen) -> bytes:
        return without(seen, "m.relates_to", "m.new_content")

    def thread_of(self, message: dict[str, Any]) -> object:
        relation = message.get("m.relates_to", {})
        return relation["event_id"] if relation.get("rel_type") == "m.thread" else None

    def read(self, message: dict[str, Any]) -> Read:
        assert message["msgtype"] == "m.text"
        assert message["format"] == "org.matrix.custom.html"
        read = html(message["formatted_body"], TAGS)
        read.mentions = list(message["m.mentions"])
        return read
