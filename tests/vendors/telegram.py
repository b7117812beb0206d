"""A double of Telegram's Bot API, as far as `sendMessage` goes."""

import itertools
import re
from typing import Any, ClassVar

from notifiers.api import Failure
from tests.answers import Seen
from tests.vendors.double import (
    CANARY,
    Double,
    Meaning,
    Refused,
    Said,
    parsed,
    said,
    units,
    without,
)
from tests.vendors.reading import Read, html

MOST_TEXT = 4096
MOST_ENTITIES = 100
TAGS = frozenset(
    ("a", "b", "strong", "i", "em", "u", "s", "code", "pre", "blockquote", "tg-spoiler")
)


def failed(status: int, description: str, **parameters: int) -> Said:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return said(body, status)


class Telegram(Double):
    """Takes messages in HTML for chats that it knows; `moved` are chats with a new id."""

    kind = "telegram"
    path = f"/bot12345:{CANARY}{CANARY}{CANARY}/sendMessage?chat_id=-100"
    per_window = (20, 60.0)
    refusals: ClassVar[dict[str, Meaning]] = {
        "limited": Meaning(
            said=failed(429, "Too Many Requests: retry after 5", retry_after=5),
            failure=Failure.WAIT,
            seconds=5,
        ),
        "bad token": Meaning(said=failed(401, "Unauthorized"), failure=Failure.DISABLED),
        "no such bot": Meaning(said=failed(404, "Not Found"), failure=Failure.DISABLED),
        "blocked": Meaning(
            said=failed(403, "Forbidden: bot was blocked by the user"), failure=Failure.DISABLED
        ),
        "kicked": Meaning(
            said=failed(403, "Forbidden: bot was kicked from the supergroup chat"),
            failure=Failure.DISABLED,
        ),
        "no chat": Meaning(
            said=failed(400, "Bad Request: chat not found"), failure=Failure.DISABLED
        ),
        "may not write": Meaning(
            said=failed(400, "Bad Request: not enough rights to send text messages to the chat"),
            failure=Failure.DISABLED,
        ),
        "too long": Meaning(
            said=failed(400, "Bad Request: message is too long"), failure=Failure.PERMANENT
        ),
        "bad markup": Meaning(
            said=failed(400, "Bad Request: can't parse entities"), failure=Failure.PERMANENT
        ),
        "down": Meaning(said=failed(502, "Bad Gateway"), failure=Failure.RETRY),
        "a page in a 200": Meaning(
            said=Said(body="<html>", content_type="text/html"), failure=Failure.UNKNOWN
        ),
        "not ok in a 200": Meaning(said=said({"ok": False}), failure=Failure.UNKNOWN),
    }

    def __init__(self) -> None:
        super().__init__()
        self.moved: dict[str, int] = {}
        self._ids = itertools.count(7)

    def take(self, seen: Seen) -> Said:
        message = parsed(seen, lambda: failed(400, "Bad Request: message text is empty"))
        chat = str(message.get("chat_id", ""))
        if not chat:
            raise Refused(failed(400, "Bad Request: chat_id is empty"))
        if chat in self.moved:
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(failed(400, description, migrate_to_chat_id=self.moved[chat]))
        read = self.read(message)
        if read.stray:
            raise Refused(failed(400, f"Bad Request: can't parse entities: {read.stray}"))
        if not 0 < units(read.text.strip()) <= MOST_TEXT:
            raise Refused(failed(400, "Bad Request: message is too long"))
        if "/editMessageText" in seen.path:
            edited = message.get("message_id")
            if not self.edit("message_id", edited, {**message, "chat": chat}):
                raise Refused(failed(400, "Bad Request: message to edit not found"))
            return said({"ok": True, "result": {"message_id": edited}})
        id_ = next(self._ids)
        self.kept.append({**message, "chat": chat, "message_id": id_})
        return said({"ok": True, "result": {"message_id": id_, "chat": {"id": chat}}})

    def payload(self, seen: Seen) -> bytes:
        return without(seen, "chat_id", "reply_parameters", "message_id")

    def thread_of(self, message: dict[str, Any]) -> object:
        reply = message.get("reply_parameters")
        return str(reply["message_id"]) if reply else None

    def read(self, message: dict[str, Any]) -> Read:
        assert message["parse_mode"] == "HTML"
        text = message["text"]
        read = html(text, TAGS, mentions=True)
        if text.count("</") > MOST_ENTITIES:
            read.stray.append("more entities than are shown")
        # Tapping one sends it to the chat's bots.
        read.mentions += re.findall(r"(?<![\w/])/(?!run monitor)\w+", re.sub("<[^>]*>", "", text))
        return read
