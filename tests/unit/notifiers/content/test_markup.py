"""How the chats write what is laid out: nothing from outside is markup, and all of it fits."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifiers.channels import discord, gotify, matrix, mattermost, slack, teams, telegram
from notifiers.content.markup import (
    clip_to,
    escape_markdown,
    guarded,
    parted,
    utf8_bytes,
    utf16_units,
)
from tests.unit.notifiers.samples import ENVELOPE, LINK, alert_content, hostile
from tests.vendors.doubles import DOUBLES
from tests.vendors.reading import markdown

RENDERS = {
    "slack": slack.render,
    "discord": discord.render,
    "teams": teams.render,
    "mattermost": mattermost.render,
    "telegram": telegram.render,
    "matrix": matrix.render,
    "gotify": gotify.render,
}


@pytest.mark.parametrize("letter", ["x", "國", "👩", "&", "*", "<"])
@pytest.mark.parametrize("kind", RENDERS)
def test_however_long_it_is_its_link_is_whole(kind: str, letter: str) -> None:
    long = letter * 5000
    link = "https://news.example/" + "a" * 1000
    made = alert_content(**hostile(long), url=link, summary=long, reasons=(long,) * 3)
    assert link.encode() in RENDERS[kind](made, ENVELOPE)


@settings(deadline=None)
@given(text=st.text(st.characters(), min_size=1, max_size=400))
def test_nothing_that_is_said_becomes_markup(text: str) -> None:
    made = alert_content(**hostile(text))
    for kind, render in RENDERS.items():
        double = DOUBLES[kind]()
        message = json.loads(render(made, ENVELOPE))
        shown = message["attachments"][0]["content"] if kind == "teams" else message
        read = double.read(shown)
        assert read.stray == [], kind
        assert set(read.links) == {LINK}, kind


@given(st.text(st.characters(exclude_characters="\n\r\u200b", exclude_categories=["Cs"])))
def test_markdown_that_is_escaped_reads_as_it_was(text: str) -> None:
    read = markdown(guarded(escape_markdown(text)), mentions=False)
    assert read.text == f"{text}\n"
    assert (read.bold, read.links, read.stray) == ([], [], [])


@pytest.mark.parametrize(
    ("line", "safe"),
    [
        ("- a", r"\- a"),
        ("+ a", r"\+ a"),
        ("  - a", r"  \- a"),
        ("12. a", r"12\. a"),
        ("3) a", r"3\) a"),
        ("=== ", r"\=== "),
        ("a - b", "a - b"),
        ("2026 was", "2026 was"),
    ],
)
def test_a_line_begins_no_list(line: str, safe: str) -> None:
    assert guarded(line) == safe


def test_a_mention_is_parted_from_its_sign() -> None:
    assert parted("@here a@b", "@") == "@\u200bhere a@\u200bb"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(5, 60))
def test_what_is_clipped_is_no_longer_than_allowed(text: str, limit: int) -> None:
    for size in (utf16_units, utf8_bytes):
        assert size(clip_to(text, limit, size)) <= limit


def test_what_is_to_be_typed_can_be_copied_from_telegram() -> None:
    told = "is switched off; then: ./run monitor enable-channel desk"
    assert telegram.escape(told) == told
    for tapped in ("/run", "./start", "./run", "/run monitor", "./run monitors"):
        assert telegram.escape(tapped) == tapped.replace("/", "/\u200b")
