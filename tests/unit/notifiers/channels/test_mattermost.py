"""What Mattermost is sent, and what its responses mean."""

import json
import re

import pytest

from notifiers.api import DeliveryError, Failure
from notifiers.channels import mattermost
from tests.unit.notifiers.samples import (
    ENVELOPE,
    NOON,
    alert_content,
    hostile,
    response,
)


def test_mattermost_mentions_nobody() -> None:
    [attachment] = json.loads(mattermost.render(alert_content(**hostile()), ENVELOPE))[
        "attachments"
    ]
    # Titles and footers mention nobody; what stands in the text, and in notifications, would.
    for text in (attachment["text"], attachment["fallback"]):
        assert not re.search(r"@(everyone|here|channel|all)", text)
    assert not re.search(r"<[!@#]", attachment["text"])


def test_a_title_without_a_link_is_markdown() -> None:
    made = alert_content(**hostile(), url="")
    [attachment] = json.loads(mattermost.render(made, ENVELOPE))["attachments"]
    assert "title" not in attachment
    assert attachment["text"].startswith("**\\@\u200beveryone")


@pytest.mark.parametrize("status", [403, 404])
def test_mattermost_has_removed_the_webhook(status: int) -> None:
    with pytest.raises(DeliveryError) as caught:
        mattermost.check(response(status), now=NOON)
    assert caught.value.failure is Failure.DISABLED
