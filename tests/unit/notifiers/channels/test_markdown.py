"""What all chats share in how they lay a message out."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.channels import discord, mattermost, slack, teams
from tests.unit.notifiers.samples import (
    ENVELOPE,
    LINK,
    alert_content,
    hostile,
)

LONG = "Ord " * 2000 + "Hanoi-konventionen" + " ord" * 2000


def in_discord(**changes: Any) -> str:
    return str(json.loads(discord.render(alert_content(**changes), ENVELOPE))["content"])


def in_mattermost(**changes: Any) -> str:
    return str(json.loads(mattermost.render(alert_content(**changes), ENVELOPE))["text"])


@pytest.mark.parametrize("say", [in_discord, in_mattermost])
def test_markdown_from_outside_is_escaped(say: Callable[..., str]) -> None:
    text = say(**hostile())
    body = text.replace(f"(<{LINK}>)", "").replace(f"({LINK})", "")
    assert not re.search(r"(?<!\\)\]\(", body.partition("\n")[2])
    assert "\\*\\_\\~\\`\\|" in body


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("letter", ["x", "國", "👩", "&", "*", "<"])
def test_however_long_it_is_it_fits_and_its_link_is_whole(letter: str) -> None:
    long = letter * 5000
    link = "https://news.example/" + "a" * 1000
    made = alert_content(**hostile(long), url=link, summary=long, reasons=(long,) * 3)
    assert len(json.loads(slack.render(made, ENVELOPE))["text"]) <= slack.LIMIT
    assert utf16(json.loads(discord.render(made, ENVELOPE))["content"]) <= discord.LIMIT
    assert len(json.loads(mattermost.render(made, ENVELOPE))["text"]) <= mattermost.LIMIT
    assert len(teams.render(made, ENVELOPE)) <= teams.MOST_BYTES
    for render in (slack.render, discord.render, mattermost.render, teams.render):
        assert link.encode() in render(made, ENVELOPE)


def test_a_link_that_fits_nowhere_is_left_out_whole() -> None:
    link = "https://news.example/" + "a" * 6000
    text = in_discord(url=link, text=LONG)
    assert "aaaa" not in text
    assert "#a1b2c3" in text


@given(st.text(st.characters(), min_size=1, max_size=400))
def test_nothing_that_is_said_breaks_a_limit(text: str) -> None:
    made = alert_content(**hostile(text))
    assert len(json.loads(slack.render(made, ENVELOPE))["text"]) <= slack.LIMIT
    assert utf16(json.loads(discord.render(made, ENVELOPE))["content"]) <= discord.LIMIT
    assert not re.search(r"<[!@#]", json.loads(slack.render(made, ENVELOPE))["text"])
