"""What Slack is sent, and what its responses mean."""

import json
from typing import Any

import pytest

from notifiers.api import DeliveryError, Failure
from notifiers.channels import slack
from tests.unit.notifiers.samples import (
    ENVELOPE,
    LINK,
    NOON,
    TITLE,
    alert_content,
    hostile,
    response,
)


def said(**changes: Any) -> dict[str, Any]:
    made = json.loads(slack.render(alert_content(**changes), ENVELOPE))
    assert isinstance(made, dict)
    return made


def test_slack_gets_the_title_as_link_and_the_words_in_bold() -> None:
    title, byline, quote, why, foot = said()["blocks"]
    [headline] = title["elements"][0]["elements"]
    assert headline == {"type": "link", "url": LINK, "text": TITLE, "style": {"bold": True}}
    assert byline["elements"][0]["text"].startswith("Dagens Prov · Swedish · ")
    marked = [run for run in quote["elements"][0]["elements"] if "style" in run]
    assert [run["text"] for run in marked] == ["Hanoi-konventionen"]
    assert quote["elements"][0]["type"] == "rich_text_quote"
    assert "for Hanoi Convention" in why["elements"][0]["elements"][0]["text"]
    assert foot["elements"][0]["text"] == "Hanoi Convention · #a1b2c3"


def test_slack_parses_no_text_for_markup() -> None:
    made = said(**hostile())
    assert {block["type"] for block in made["blocks"]} == {"rich_text", "context"}
    assert made["mrkdwn"] is False
    # Control sequences would act all the same.
    assert "&lt;!channel&gt;" in made["text"]
    assert "<" not in made["text"]


def test_a_link_is_what_it_was_and_no_control_sequence() -> None:
    made = said(url="https://news.example/a|b>c<!here>")
    [headline] = made["blocks"][0]["elements"][0]["elements"]
    assert headline["url"] == "https://news.example/a%7Cb%3Ec%3C!here%3E"


@pytest.mark.parametrize(
    ("status", "text", "failure"),
    [
        (404, "channel_not_found\n", Failure.DISABLED),
        (403, "invalid_token", Failure.DISABLED),
        (404, "<html>", Failure.RETRY),
        (400, "invalid_payload", Failure.PERMANENT),
    ],
)
def test_slack_closes_a_channel_with_a_word(status: int, text: str, failure: Failure) -> None:
    with pytest.raises(DeliveryError) as caught:
        slack.check(response(status, text), now=NOON)
    assert caught.value.failure is failure
    assert failure is Failure.RETRY or text.strip() in str(caught.value)
