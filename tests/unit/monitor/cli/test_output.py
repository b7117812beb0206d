"""Tables that fit, and lines that are valid and harmless."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.base.checkout import command_name
from monitor.base.errors import escaped
from monitor.cli import output
from monitor.cli.output import broken, details, json_line, prose_lines, table


@given(st.dictionaries(st.text(max_size=5), st.text(st.characters(), max_size=20), max_size=3))
def test_json_lines_are_one_harmless_line_and_read_back(thing: dict[str, str]) -> None:
    line = json_line(thing)
    assert json.loads(line) == thing
    assert not [letter for letter in line if ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0]
    assert len(line.splitlines()) == 1


def test_prose_is_broken_between_words_and_what_is_bold_stays_so() -> None:
    parts = [("The ministers signed the ", False), ("Hanoi Convention", True), (" \x1b", False)]
    whole = "  text: The ministers signed the \x1b[1m[Hanoi Convention]\x1b[0m \\x1b"
    assert prose_lines(parts, indent="  ", label="text: ", room=None) == [whole]
    assert prose_lines(parts, indent="  ", label="text: ", room=44) == [
        "  text: The ministers signed the \x1b[1m[Hanoi",
        "  Convention]\x1b[0m \\x1b",
    ]


def test_sentences_are_broken_between_words_but_not_what_is_there_to_be_copied() -> None:
    command = f"{command_name()} enable-channel 'the desk of the harbour office'"
    said = f"Nothing is sent to this channel for now; mend it and run: {command}"
    assert broken(said, room=None) == said
    assert broken(said, room=40).splitlines() == [
        "Nothing is sent to this channel for now;",
        "  mend it and run:",
        f"  {command}",
    ]
    setting = f"MONITOR_DATABASE_URL=sqlite:////srv/m.db {command_name()} migrate"
    assert broken(f"It is older; first: {setting}", room=30).splitlines()[1] == f"  {setting}"
    setting = "  export MONITOR_DATABASE_URL=sqlite:////srv/monitor/monitor.db"
    assert broken(setting, room=30) == setting
    url = "https://example.org/a/very/long/address/of/an/article.html"
    assert broken(f"See {url} for it", room=30).splitlines() == ["See", f"  {url}", "  for it"]


def test_what_is_there_to_be_copied_stands_below_its_row_where_it_does_not_fit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "https://example.org/" + "a" * 30
    rows = [("feed", url, "The Gazette")]
    monkeypatch.setattr(output, "terminal_columns", lambda: 40)
    table(("KIND", "URL", "TITLE"), rows, whole="URL")
    assert capsys.readouterr().out.splitlines() == [
        "KIND  TITLE",
        "feed  The Gazette",
        f"  {url}",
    ]
    monkeypatch.setattr(output, "terminal_columns", lambda: 100)
    table(("KIND", "URL", "TITLE"), rows, whole="URL")
    assert capsys.readouterr().out.splitlines()[1] == f"feed  {url}  The Gazette"


def test_sentences_that_do_not_fit_stand_below_their_rows_and_nothing_below_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    why = "its host name hooks.example cannot be resolved"
    rows = [("desk", "pending", why), ("press", "delivered", None)]
    monkeypatch.setattr(output, "terminal_columns", lambda: 40)
    table(("CHANNEL", "STATE", "WHY"), rows, whole="WHY")
    assert capsys.readouterr().out.splitlines() == [
        "CHANNEL  STATE",
        "desk     pending",
        "  its host name hooks.example cannot be",
        "  resolved",
        "press    delivered",
    ]


def test_values_are_broken_below_each_other_to_fit_a_terminal_but_addresses_stay_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "https://example.org/" + "a" * 30
    pairs = [
        ("title", "大臣たちが条約に署名した"),
        ("source", "The Gazette of the Harbours"),
        ("url", url),
    ]
    details(pairs)
    assert len(capsys.readouterr().out.splitlines()) == len(pairs), "as wide as it is when piped"
    monkeypatch.setattr(output, "terminal_columns", lambda: 24)
    details(pairs)
    assert capsys.readouterr().out.splitlines() == [
        "title:  大臣たちが条約に",
        "        署名した",
        "source: The Gazette of",
        "        the Harbours",
        f"url:    {url}",
    ]


def test_marks_of_direction_stay_and_what_turns_other_text_round_is_written_out() -> None:
    title = "\u200fהשביתה\u200f: \u200eMicrosoft\u200e"
    assert escaped(title) == title
    assert escaped("\u202etxt.exe\u2066\ufeff") == "\\u202etxt.exe\\u2066\\ufeff"


def test_a_phrase_stands_in_its_own_quotes() -> None:
    texts = ("rail", '"rail strike"', '"a" OR "b"', '"', '""')
    assert [*map(output.quoted, texts)] == [
        '"rail"',
        '"rail strike"',
        '“"a" OR "b"”',
        '“"”',
        '“""”',
    ]
