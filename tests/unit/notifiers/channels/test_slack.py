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


def said(**changes: Any) -> str:
    return str(json.loads(slack.render(alert_content(**changes), ENVELOPE))["text"])


def test_slack_gets_the_title_as_link_and_the_words_in_bold() -> None:
    text = said()
    assert text.startswith(f"*<{LINK.replace('&', '&amp;')}|{TITLE}>*\n")
    assert "*Hanoi-konventionen* mot" in text
    assert text.endswith("Hanoi Convention #a1b2c3")


def test_slack_sees_no_markup_but_ours() -> None:
    text = said(**hostile())
    assert text.startswith("*<https://news.example/")
    assert text.count("<") == 1
    assert [line[:1] for line in text.split("\n") if ">" in line[1:]] == ["*"]
    assert "&lt;!channel&gt;" in text
    assert "&amp;amp;" in text


def test_a_link_cannot_leave_slacks_brackets() -> None:
    text = said(url="https://news.example/a|b>c<!here>")
    assert "<https://news.example/a%7Cb%3Ec%3C!here%3E|" in text


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (404, "no_service"),
        (410, "channel_is_archived"),
        (403, "action_prohibited"),
        (404, "channel_not_found\n"),
        (403, "invalid_token"),
    ],
)
def test_slack_closes_a_channel_with_a_word(status: int, text: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        slack.check(response(status, text), now=NOON)
    assert caught.value.failure is Failure.DISABLED
    assert text.strip() in str(caught.value)


@pytest.mark.parametrize(
    ("status", "text", "failure"),
    [
        (400, "invalid_payload", Failure.PERMANENT),
        (404, "<html>", Failure.RETRY),
        (500, "rollup_error", Failure.RETRY),
    ],
)
def test_slack_otherwise_means_what_others_mean(status: int, text: str, failure: Failure) -> None:
    with pytest.raises(DeliveryError) as caught:
        slack.check(response(status, text), now=NOON)
    assert caught.value.failure is failure
