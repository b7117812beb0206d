"""A double of Slack's incoming webhooks."""

from typing import Any, ClassVar

from notifiers.api import Failure
from tests.answers import Seen
from tests.vendors.double import CANARY, Double, Meaning, Refused, Said, parsed
from tests.vendors.reading import Read

MOST_BLOCKS = 50
MOST_TEXT = 3000
MOST_TOP_TEXT = 40_000


def word(text: str, status: int, **headers: str) -> Said:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Said(status=status, body=text, headers=named, content_type="text/html")


class Slack(Double):
    """Takes blocks; says what it does not like in a word."""

    kind = "slack"
    path = f"/services/T0/B0/{CANARY}"
    per_window = (4, 4.0)
    refusals: ClassVar[dict[str, Meaning]] = {
        "rate limited": Meaning(
            said=word("rate_limited", 429, Retry_After="7"), failure=Failure.WAIT, seconds=7
        ),
        "bad payload": Meaning(said=word("invalid_payload", 400), failure=Failure.PERMANENT),
        "removed": Meaning(said=word("no_service", 404), failure=Failure.DISABLED),
        "archived": Meaning(said=word("channel_is_archived", 410), failure=Failure.DISABLED),
        "not allowed": Meaning(said=word("action_prohibited", 403), failure=Failure.DISABLED),
        "no channel": Meaning(said=word("channel_not_found", 404), failure=Failure.DISABLED),
        "rolled up": Meaning(said=word("rollup_error", 500), failure=Failure.RETRY),
    }

    def take(self, seen: Seen) -> Said:
        message = parsed(seen, lambda: word("invalid_payload", 400))
        blocks = message.get("blocks", [])
        fine = (
            (message.get("text") or blocks)
            and len(str(message.get("text", ""))) <= MOST_TOP_TEXT
            and len(blocks) <= MOST_BLOCKS
            and all(_is_block(block) for block in blocks)
        )
        if not fine:
            raise Refused(word("invalid_blocks", 400))
        self.kept.append(message)
        return Said(body=b"ok", content_type="text/html")

    def read(self, message: dict[str, Any]) -> Read:
        read = Read()
        for block in message["blocks"]:
            read += _read_block(block)
        # What stands beside blocks is for notifications; control sequences act there, too.
        if "<" in message["text"] or message.get("mrkdwn") is not False:
            read.stray.append(message["text"])
        return read


def _is_block(block: dict[str, Any]) -> bool:
    if block["type"] == "context":
        elements = block["elements"]
        return 0 < len(elements) <= 10 and all(
            element["type"] == "plain_text" and 0 < len(element["text"]) <= MOST_TEXT
            for element in elements
        )
    return block["type"] == "rich_text" and all(
        section["type"] in ("rich_text_section", "rich_text_quote") and _runs(section)
        for section in block["elements"]
    )


def _runs(section: dict[str, Any]) -> bool:
    runs = section["elements"]
    return bool(runs) and all(
        (run["type"] == "text" and run["text"])
        or (run["type"] == "link" and 0 < len(run["url"]) <= MOST_TEXT)
        for run in runs
    )


def _read_block(block: dict[str, Any]) -> Read:
    read = Read()
    for element in block["elements"]:
        for run in element["elements"] if block["type"] == "rich_text" else [element]:
            read.text += run["text"]
            read.links += [run["url"]] if run["type"] == "link" else []
            read.bold += [run["text"]] if run.get("style", {}).get("bold") else []
    return read
