"""What Teams is sent, and what its responses mean."""

import json

import pytest

from notifiers.api import DeliveryError, Failure
from notifiers.channels import teams
from tests.unit.notifiers.samples import (
    ENVELOPE,
    LINK,
    NOON,
    alert_content,
    hostile,
    response,
)


def test_teams_gets_text_runs_which_hold_no_markup() -> None:
    body = json.loads(teams.render(alert_content(**hostile()), ENVELOPE))
    card = body["attachments"][0]["content"]
    assert body["type"] == "message"
    blocks = [block["items"][0] if "items" in block else block for block in card["body"]]
    assert {block["type"] for block in blocks} == {"RichTextBlock"}
    runs = [run for block in blocks for run in block["inlines"]]
    assert {run["type"] for run in runs} == {"TextRun"}
    assert any(run["text"] == "Hanoi-konventionen" and run["weight"] == "Bolder" for run in runs)
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Read", "url": LINK}]


@pytest.mark.parametrize(("status", "text"), [(200, "1"), (200, ""), (202, ""), (202, "anything")])
def test_teams_accepts(status: int, text: str) -> None:
    assert teams.check(response(status, text), now=NOON) is None


@pytest.mark.parametrize(
    ("status", "text", "failure"),
    [
        pytest.param(
            200,
            "Webhook message delivery failed with error: Microsoft Teams endpoint returned "
            "HTTP error 429 with ContextId tcid=0",
            Failure.RETRY,
            id="a 429 in a 200",
        ),
        pytest.param(
            200,
            "... endpoint returned HTTP error 413 with ContextId",
            Failure.PERMANENT,
            id="a 413 in a 200",
        ),
        pytest.param(200, "<html>log in</html>", Failure.UNKNOWN, id="a page in a 200"),
        pytest.param(404, "", Failure.DISABLED, id="404"),
        pytest.param(410, "", Failure.DISABLED, id="410"),
        pytest.param(
            400, '{"error":{"code":"WorkflowTriggerIsNotEnabled"}}', Failure.DISABLED, id="off"
        ),
        pytest.param(400, "bad card", Failure.PERMANENT, id="400"),
        pytest.param(502, "", Failure.RETRY, id="502"),
    ],
)
def test_teams_means(status: int, text: str, failure: Failure) -> None:
    with pytest.raises(DeliveryError) as caught:
        teams.check(response(status, text), now=NOON)
    assert caught.value.failure is failure
