"""A double of a Teams workflow that posts an Adaptive Card."""

from typing import Any, ClassVar

from notifiers.api import Failure
from tests.answers import Seen
from tests.vendors.double import CANARY, Double, Meaning, Refused, Said, parsed, said
from tests.vendors.reading import Read

MOST_BYTES = 28 * 1024


class Teams(Double):
    """Takes one card; answers 202 with nothing in it."""

    kind = "teams"
    path = f"/workflows/{CANARY}/triggers/manual/paths/invoke?sig={CANARY}"
    per_window = (4, 1.0)
    refusals: ClassVar[dict[str, Meaning]] = {
        "limited": Meaning(
            said=Said(status=429, headers={"Retry-After": "9"}), failure=Failure.WAIT, seconds=9
        ),
        "limited, inside a 200": Meaning(
            said=Said(
                body="Webhook message delivery failed with error: Microsoft Teams endpoint "
                "returned HTTP error 429 with ContextId tcid=0",
                content_type="text/plain",
            ),
            failure=Failure.RETRY,
        ),
        "too long, inside a 200": Meaning(
            said=Said(body="endpoint returned HTTP error 413 with", content_type="text/plain"),
            failure=Failure.PERMANENT,
        ),
        "a page in a 200": Meaning(
            said=Said(body="<html>log in</html>", content_type="text/html"),
            failure=Failure.UNKNOWN,
        ),
        "workflow off": Meaning(
            said=said({"error": {"code": "WorkflowTriggerIsNotEnabled"}}, 400),
            failure=Failure.DISABLED,
        ),
        "workflow gone": Meaning(said=Said(status=404), failure=Failure.DISABLED),
        "retired": Meaning(said=Said(status=410), failure=Failure.DISABLED),
    }

    def take(self, seen: Seen) -> Said:
        bad = said({"error": {"code": "InvalidRequestContent"}}, 400)
        message = parsed(seen, lambda: bad)
        if len(seen.body) > MOST_BYTES:
            raise Refused(said({"error": {"code": "RequestEntityTooLarge"}}, 413))
        [attachment] = message["attachments"]
        card = attachment["content"]
        fine = (
            message["type"] == "message"
            and attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
            and card["type"] == "AdaptiveCard"
            and card["version"] in ("1.0", "1.2", "1.4", "1.5")
            and all(run["text"] for run in _runs(card))
        )
        if not fine:
            raise Refused(bad)
        self.kept.append(card)
        return Said(status=202)

    def read(self, message: dict[str, Any]) -> Read:
        read = Read()
        for run in _runs(message):
            read.text += f"{run['text']}\n"
            read.bold += [run["text"]] if run.get("weight") == "Bolder" else []
            read.links += [run["selectAction"]["url"]] if "selectAction" in run else []
        return read


def _runs(card: dict[str, Any]) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = []
    for block in card["body"]:
        items = block["items"] if block["type"] == "Container" else [block]
        for item in items:
            assert item["type"] == "RichTextBlock"
            runs += item["inlines"]
    return runs
