"""A double of Slack's `chat.postMessage`."""

import itertools
from typing import ClassVar

from notifiers.api import Failure
from tests.answers import Seen
from tests.vendors.double import CANARY, Meaning, Refused, Said, parsed, said, without
from tests.vendors.slack import Slack, word

CHANNEL = "C0123456789"


def no(error: str) -> Said:
    return said({"ok": False, "error": error})


class SlackBot(Slack):
    """Says no in a 200; keeps messages by their time stamp, replies under the first."""

    kind = "slack-bot"
    path = f"/api/chat.postMessage?channel={CHANNEL}"
    secret = f"xoxb-{CANARY}"
    refusals: ClassVar[dict[str, Meaning]] = {
        "rate limited": Meaning(
            said=word('{"ok":false,"error":"ratelimited"}', 429, Retry_After="30"),
            failure=Failure.WAIT,
            seconds=30,
        ),
        "bad token": Meaning(said=no("invalid_auth"), failure=Failure.DISABLED),
        "revoked": Meaning(said=no("token_revoked"), failure=Failure.DISABLED),
        "not invited": Meaning(said=no("not_in_channel"), failure=Failure.DISABLED),
        "archived": Meaning(said=no("is_archived"), failure=Failure.DISABLED),
        "too long": Meaning(said=no("msg_too_long"), failure=Failure.PERMANENT),
        "bad blocks": Meaning(said=no("invalid_blocks"), failure=Failure.PERMANENT),
        "internal": Meaning(said=no("internal_error"), failure=Failure.RETRY),
        "down": Meaning(said=Said(status=503), failure=Failure.RETRY),
        "a page in a 200": Meaning(
            said=Said(body="<html>", content_type="text/html"), failure=Failure.UNKNOWN
        ),
    }

    def __init__(self) -> None:
        super().__init__()
        self._stamps = (f"17723664{number:02d}.000100" for number in itertools.count())

    def take(self, seen: Seen) -> Said:
        if seen.headers.get("authorization") != f"Bearer {self.secret}":
            raise Refused(no("invalid_auth"))
        message = parsed(seen, lambda: no("invalid_json"))
        if message.get("channel") != CHANNEL:
            raise Refused(no("channel_not_found"))
        if seen.path == "/api/chat.update":
            if not self.edit("ts", message.get("ts"), message):
                raise Refused(no("message_not_found"))
            return said({"ok": True, "channel": CHANNEL, "ts": message["ts"]})
        known = {kept["ts"] for kept in self.kept}
        if message.get("thread_ts", "") not in {"", *known}:
            raise Refused(no("cannot_reply_to_message"))
        try:
            super().take(seen)
        except Refused:
            raise Refused(no("invalid_blocks")) from None
        stamp = next(self._stamps)
        self.kept[-1]["ts"] = stamp
        return said({"ok": True, "channel": CHANNEL, "ts": stamp})

    def payload(self, seen: Seen) -> bytes:
        return without(seen, "channel", "thread_ts", "ts")

    def thread_of(self, message: dict[str, object]) -> object:
        return message.get("thread_ts")
