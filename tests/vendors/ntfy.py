"""A double of an ntfy server."""

import re
from typing import Any, ClassVar

from notifiers.api import Failure
from tests.answers import Seen
from tests.vendors.double import CANARY, Double, Meaning, Refused, Said, parsed, said, without
from tests.vendors.reading import Read, plain

MOST_MESSAGE_BYTES = 4096


def failed(code: int, error: str) -> Said:
    return said({"code": code, "http": code // 100, "error": error}, code // 100)


class Ntfy(Double):
    """Takes JSON at its root alone, with the topic in it."""

    kind = "ntfy"
    path = f"/{CANARY}"
    secret = f"tk_{CANARY}"
    per_window = (60, 300.0)
    refusals: ClassVar[dict[str, Meaning]] = {
        "limited": Meaning(
            said=failed(42901, "limit reached: too many requests"), failure=Failure.RETRY
        ),
        "day's share used": Meaning(
            said=failed(42908, "limit reached: daily message quota reached"),
            failure=Failure.RETRY,
        ),
        "bad token": Meaning(said=failed(40101, "unauthorized"), failure=Failure.DISABLED),
        "not allowed": Meaning(said=failed(40301, "forbidden"), failure=Failure.DISABLED),
        "bad": Meaning(
            said=failed(40024, "invalid request: body must be message JSON"),
            failure=Failure.PERMANENT,
        ),
        "too large": Meaning(said=failed(41303, "JSON body too large"), failure=Failure.PERMANENT),
        "down": Meaning(said=Said(status=502, body=""), failure=Failure.RETRY),
    }

    def take(self, seen: Seen) -> Said:
        if seen.path != "/":
            raise Refused(failed(40401, "page not found"))
        if seen.headers.get("authorization") != f"Bearer {self.secret}":
            raise Refused(failed(40101, "unauthorized"))
        message = parsed(seen, lambda: failed(40024, "body must be message JSON"))
        if not re.fullmatch(r"[-_A-Za-z0-9]{1,64}", message.get("topic", "")):
            raise Refused(failed(40009, "topic invalid"))
        priority, actions = message.get("priority", 3), message.get("actions", [])
        if priority not in range(1, 6) or len(actions) > 3:
            raise Refused(failed(40007, "priority or actions invalid"))
        if len(message["message"].encode()) > MOST_MESSAGE_BYTES:
            raise Refused(failed(40014, "it would become an attachment"))
        self.kept.append(message)
        return said({"id": "xE73Iyuabi" + str(len(self.kept)), "event": "message"})

    def payload(self, seen: Seen) -> bytes:
        return without(seen, "topic")

    def read(self, message: dict[str, Any]) -> Read:
        # Where nothing is markup, signs of the news stand for those that mark its words.
        read = plain(f"{message['title']}\n{message['message']}".replace("∗", "*"))
        read.links = [message["click"]] if "click" in message else []
        read.bold = re.findall(r"\*([^*]+)\*", message["message"])
        return read
