"""A double of Discord's webhooks."""

import itertools
import re
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from notifiers.api import Failure
from tests.answers import Seen
from tests.vendors.double import CANARY, Double, Meaning, Refused, Said, parsed, said, units
from tests.vendors.reading import Read, markdown, plain

MOST = {"title": 256, "description": 4096}


class Discord(Double):
    """Takes embeds; answers with the message when it is asked to wait."""

    kind = "discord"
    path = f"/api/webhooks/123/{CANARY}"
    per_window = (5, 2.0)
    refusals: ClassVar[dict[str, Meaning]] = {
        "limited, in the body": Meaning(
            said=said({"message": "...", "retry_after": 64.57, "global": False}, 429),
            failure=Failure.WAIT,
            seconds=64.57,
        ),
        "limited everywhere": Meaning(
            said=said({"retry_after": 3, "global": True}, 429, X_RateLimit_Global="true"),
            failure=Failure.WAIT,
            seconds=3,
        ),
        "removed": Meaning(
            said=said({"message": "Unknown Webhook", "code": 10015}, 404),
            failure=Failure.DISABLED,
        ),
        "bad token": Meaning(
            said=said({"message": "Invalid Webhook Token", "code": 50027}, 401),
            failure=Failure.DISABLED,
        ),
        "bad form": Meaning(
            said=said({"message": "Invalid Form Body", "code": 50035}, 400),
            failure=Failure.PERMANENT,
        ),
        "down": Meaning(said=Said(status=502, body="bad gateway"), failure=Failure.RETRY),
    }

    def __init__(self) -> None:
        super().__init__()
        self._ids = itertools.count(1_100_000_000_000_000_000)

    def take(self, seen: Seen) -> Said:
        bad = said({"message": "Invalid Form Body", "code": 50035}, 400)
        message = parsed(seen, lambda: bad)
        embeds = message.get("embeds", [])
        if not message.get("content") and not embeds:
            raise Refused(said({"message": "Cannot send an empty message", "code": 50006}, 400))
        texts = [text for embed in embeds for text in _texts(embed)]
        fine = (
            len(embeds) <= 10
            and sum(map(units, texts)) <= 6000
            and all(_is_embed(embed) for embed in embeds)
            and units(message.get("content", "")) <= 2000
        )
        if not fine:
            raise Refused(bad)
        place = re.search(r"/messages/(\d+)", seen.path)
        if seen.method == "PATCH":
            if place is None or not self.edit("id", place[1], message):
                raise Refused(said({"message": "Unknown Message", "code": 10008}, 404))
            return said({"id": place[1], "type": 0})
        id_ = str(next(self._ids))
        self.kept.append({**message, "id": id_})
        if parse_qs(urlsplit(seen.path).query).get("wait") == ["true"]:
            return said({"id": id_, "type": 0})
        return Said(status=204)

    def read(self, message: dict[str, Any]) -> Read:
        read = Read()
        for embed in message["embeds"]:
            title = markdown(embed["title"])
            title.links += [embed["url"]] if "url" in embed else []
            read += title + markdown(embed.get("description", ""))
            read += plain(_foot(embed))
        if message.get("allowed_mentions") == {"parse": []}:
            read.mentions = []
        return read


def _texts(embed: dict[str, Any]) -> list[str]:
    return [embed.get("title", ""), embed.get("description", ""), _foot(embed)]


def _foot(embed: dict[str, Any]) -> str:
    return str(embed.get("footer", {}).get("text", ""))


def _is_embed(embed: dict[str, Any]) -> bool:
    return (
        all(units(embed.get(key, "")) <= most for key, most in MOST.items())
        and units(_foot(embed)) <= 2048
        and len(embed.get("url", "")) <= 2048
        and 0 <= embed.get("color", 0) <= 0xFFFFFF
    )
