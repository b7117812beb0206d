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
    text = json.loads(mattermost.render(alert_content(**hostile()), ENVELOPE))["text"]
    assert not re.search(r"@(everyone|here|channel|all)", text)
    assert not re.search(r"<[!@#]", text)


@pytest.mark.parametrize("status", [403, 404])
def test_mattermost_has_removed_the_webhook(status: int) -> None:
    with pytest.raises(DeliveryError) as caught:
        mattermost.check(response(status), now=NOON)
    assert caught.value.failure is Failure.DISABLED
