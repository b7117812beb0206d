"""What Slack, Discord, Teams and Mattermost are sent."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.channels.chat import (
    DISCORD_LIMIT,
    MATTERMOST_LIMIT,
    SLACK_LIMIT,
    TEAMS_BYTES,
    render_discord,
    render_mattermost,
    render_slack,
    render_teams,
)
from tests.unit.notifiers.samples import ENVELOPE, LINK, TITLE, facts

MENTIONS = (
    "@everyone @here <!channel> <@U123> <#C1> [x](javascript:alert(1)) *_~`| &amp; http://e.x"
)
LONG = "Ord " * 2000 + "Hanoi-konventionen" + " ord" * 2000


def hostile(text: str = MENTIONS) -> dict[str, Any]:
    return {
        "title": text,
        "text": f"{text} Hanoi-konventionen {text}",
        "rule": text,
        "source": text,
    }


def slack(**changes: Any) -> str:
    return str(json.loads(render_slack(facts(**changes), ENVELOPE))["text"])


def discord(**changes: Any) -> str:
    return str(json.loads(render_discord(facts(**changes), ENVELOPE))["content"])


def mattermost(**changes: Any) -> str:
    return str(json.loads(render_mattermost(facts(**changes), ENVELOPE))["text"])


def test_slack_gets_the_title_as_link_and_the_words_in_bold() -> None:
    text = slack()
    assert text.startswith(f"*<{LINK.replace('&', '&amp;')}|{TITLE}>*\n")
    assert "*Hanoi-konventionen* mot" in text
    assert text.endswith("Hanoi Convention #a1b2c3")


def test_slack_sees_no_markup_but_ours() -> None:
    text = slack(**hostile())
    assert text.startswith("*<https://news.example/")
    assert text.count("<") == 1
    assert [line[:1] for line in text.split("\n") if ">" in line[1:]] == ["*"]
    assert "&lt;!channel&gt;" in text
    assert "&amp;amp;" in text


def test_a_link_cannot_leave_slacks_brackets() -> None:
    text = slack(url="https://news.example/a|b>c<!here>")
    assert "<https://news.example/a%7Cb%3Ec%3C!here%3E|" in text


def test_discord_mentions_nobody() -> None:
    body = json.loads(render_discord(facts(**hostile()), ENVELOPE))
    assert body["allowed_mentions"] == {"parse": []}


def test_discord_gets_the_title_as_link_and_the_words_in_bold() -> None:
    text = discord()
    assert text.startswith(f"**[{TITLE}](<{LINK}>)**\n")
    assert "**Hanoi-konventionen** mot" in text


@pytest.mark.parametrize("say", [discord, mattermost])
def test_markdown_from_outside_is_escaped(say: Callable[..., str]) -> None:
    text = say(**hostile())
    body = text.replace(f"(<{LINK}>)", "").replace(f"({LINK})", "")
    assert not re.search(r"(?<!\\)\]\(", body.partition("\n")[2])
    assert "\\*\\_\\~\\`\\|" in body


def test_mattermost_mentions_nobody() -> None:
    text = mattermost(**hostile())
    assert not re.search(r"@(everyone|here|channel|all)", text)
    assert not re.search(r"<[!@#]", text)


def test_teams_gets_text_runs_which_hold_no_markup() -> None:
    body = json.loads(render_teams(facts(**hostile()), ENVELOPE))
    card = body["attachments"][0]["content"]
    assert body["type"] == "message"
    assert {each["type"] for each in card["body"]} == {"RichTextBlock"}
    runs = [run for block in card["body"] for run in block["inlines"]]
    assert {run["type"] for run in runs} == {"TextRun"}
    assert any(run["text"] == "Hanoi-konventionen" and run["weight"] == "Bolder" for run in runs)
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Read", "url": LINK}]


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("letter", ["x", "國", "👩", "&", "*", "<"])
def test_however_long_it_is_it_fits_and_its_link_is_whole(letter: str) -> None:
    long = letter * 5000
    link = "https://news.example/" + "a" * 1000
    made = facts(**hostile(long), url=link, summary=long, reasons=(long,) * 3)
    assert len(json.loads(render_slack(made, ENVELOPE))["text"]) <= SLACK_LIMIT
    assert utf16(json.loads(render_discord(made, ENVELOPE))["content"]) <= DISCORD_LIMIT
    assert len(json.loads(render_mattermost(made, ENVELOPE))["text"]) <= MATTERMOST_LIMIT
    assert len(render_teams(made, ENVELOPE)) <= TEAMS_BYTES
    for render in (render_slack, render_discord, render_mattermost, render_teams):
        assert link.encode() in render(made, ENVELOPE)


def test_a_link_that_fits_nowhere_is_left_out_whole() -> None:
    link = "https://news.example/" + "a" * 6000
    text = discord(url=link, text=LONG)
    assert "aaaa" not in text
    assert "#a1b2c3" in text


@given(st.text(st.characters(), min_size=1, max_size=400))
def test_nothing_that_is_said_breaks_a_limit(text: str) -> None:
    made = facts(**hostile(text))
    assert len(json.loads(render_slack(made, ENVELOPE))["text"]) <= SLACK_LIMIT
    assert utf16(json.loads(render_discord(made, ENVELOPE))["content"]) <= DISCORD_LIMIT
    assert not re.search(r"<[!@#]", json.loads(render_slack(made, ENVELOPE))["text"])
