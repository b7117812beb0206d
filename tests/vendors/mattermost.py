"""A double of Mattermost's incoming webhooks."""

from typing import Any, ClassVar

from notifiers.api import Failure
from tests.answers import Seen
from tests.vendors.double import CANARY, Double, Meaning, Refused, Said, parsed, said
from tests.vendors.reading import Read, markdown, plain

HOOK = (CANARY.lower() * 3)[:26]


class Mattermost(Double):
    """Takes attachments whose text is Markdown; a title beside a link is text."""

    kind = "mattermost"
    path = f"/hooks/{HOOK}?key={CANARY}"
    refusals: ClassVar[dict[str, Meaning]] = {
        "limited": Meaning(
            said=Said(
                status=429,
                body="limit exceeded",
                headers={"Retry-After": "1", "X-RateLimit-Reset": "1"},
                content_type="text/plain",
            ),
            failure=Failure.WAIT,
            seconds=1,
        ),
        "removed": Meaning(
            said=said({"id": "web.incoming_webhook.invalid.app_error", "status_code": 404}, 404),
            failure=Failure.DISABLED,
        ),
        "no permission": Meaning(
            said=said({"id": "web.incoming_webhook.permissions.app_error"}, 403),
            failure=Failure.DISABLED,
        ),
        "bad": Meaning(
            said=said({"id": "web.incoming_webhook.parse.app_error"}, 400),
            failure=Failure.PERMANENT,
        ),
    }

    def take(self, seen: Seen) -> Said:
        bad = said({"id": "web.incoming_webhook.parse.app_error", "status_code": 400}, 400)
        message = parsed(seen, lambda: bad)
        attachments = message.get("attachments", [])
        if not message.get("text") and not attachments:
            raise Refused(said({"id": "web.incoming_webhook.text.app_error"}, 400))
        if any(len(each.get("text", "")) > 4000 for each in attachments):
            raise Refused(bad)
        self.kept.append(message)
        return Said(body=b"ok", content_type="text/plain")

    def read(self, message: dict[str, Any]) -> Read:
        read = Read()
        for attachment in message["attachments"]:
            if "title_link" in attachment:
                read += Read(text=attachment["title"], links=[attachment["title_link"]])
            else:
                read += markdown(attachment.get("title", ""))
            read += markdown(attachment["text"])
            read += plain(attachment.get("footer", "")[:300])
        return read
