"""Tables on a terminal: names get the room, the least important gives way, nothing is too wide."""

import click
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.widths import cell_width
from monitor.cli.layout import GAP, MOST_LINES, laid_out, lines_of
from monitor.cli.main import cli

SOURCES = ("ID", "NAME", "KIND", "STATE", "EVERY", "ARTICLES", "LAST OK", "NEXT", "ERROR")
NAME = "Ministry of Foreign Affairs, press releases and briefings"
ERROR = "HTTP 503 Service Unavailable; it asks to wait 5m"
ROW = ("a1b2c3d4", NAME, "feed", "active", "15m", "1240", "3m ago", "in 12m", ERROR)


def test_without_a_terminal_a_table_is_as_wide_as_it_is() -> None:
    layout = laid_out(SOURCES, [ROW], None)
    assert layout is not None
    assert layout.left_out == ()
    assert layout.widths[1] == len(ROW[1])


def test_on_eighty_columns_the_name_gets_the_room_and_the_least_gives_way() -> None:
    layout = laid_out(SOURCES, [ROW], 80)
    assert layout is not None
    assert layout.left_out == ("KIND", "EVERY", "ARTICLES")
    shown = dict(zip((SOURCES[at] for at in layout.shown), layout.widths, strict=True))
    assert shown["ID"] == 8
    assert shown["NAME"] >= 24
    assert sum(layout.widths) + GAP * (len(layout.widths) - 1) <= 80
    assert " ".join(lines_of(ROW[1], shown["NAME"])) == ROW[1]


def test_a_column_that_says_nothing_gives_way_before_all_others() -> None:
    row = (*ROW[:8], "-")
    layout = laid_out(SOURCES, [row], 100)
    assert layout is not None
    assert "ERROR" not in [SOURCES[at] for at in layout.shown]
    assert layout.left_out == ()


def test_a_rules_name_of_one_word_stays_in_one_piece() -> None:
    columns = ("ID", "RAISED", "RULE", "ARTICLES", "TITLE", "SOURCE", "LANGUAGE")
    title = "Attackers use a flaw of the mail server that was mended in the spring of last year"
    row = ("a1b2c3d4", "47s ago", "CVE-2026-12345", "1", title, "Security advisories", "en")
    layout = laid_out(columns, [row], 80)
    assert layout is not None
    shown = dict(zip((columns[at] for at in layout.shown), layout.widths, strict=True))
    assert lines_of("CVE-2026-12345", shown["RULE"]) == ["CVE-2026-12345"]
    assert shown["TITLE"] >= 24
    assert sum(layout.widths) + GAP * (len(layout.widths) - 1) <= 80


def test_an_address_is_not_cut_in_two_beside_what_is_broken_into_lines_anyway() -> None:
    columns = ("ID", "MADE", "CHANNEL", "TO", "ABOUT", "STATE", "NEXT", "TRIES")
    about = "Ferry line adds night crossings"
    row = ("ci4abdxr", "2s ago", "press", "ann@example.org", about, "held", "in 1h", "0")
    layout = laid_out(columns, [row], 80)
    assert layout is not None
    shown = dict(zip((columns[at] for at in layout.shown), layout.widths, strict=True))
    assert lines_of("ann@example.org", shown["TO"]) == ["ann@example.org"]
    assert len(lines_of(about, shown["ABOUT"])) == 2
    assert sum(layout.widths) + GAP * (len(layout.widths) - 1) <= 80


def test_of_two_long_columns_none_is_cut_for_the_other() -> None:
    columns = ("ID", "NAME", "KIND", "STATE", "WHEN", "WHY")
    when = "digest daily@07:00; zone Europe/Stockholm"
    row = (
        "a1b2c3d4",
        "morning",
        "email",
        "active",
        when,
        "no mail server is set: set MONITOR_SMTP_HOST",
    )
    layout = laid_out(columns, [row], 80)
    assert layout is not None
    assert layout.left_out == ()
    for at, width in enumerate(layout.widths):
        assert " ".join(lines_of(row[at], width)) == row[at]
    assert sum(layout.widths) + GAP * (len(columns) - 1) == 80


def test_a_terminal_too_narrow_for_what_matters_has_no_table() -> None:
    assert laid_out(SOURCES, [ROW], 30) is None


def test_a_cell_of_very_many_lines_ends_in_dots() -> None:
    lines = lines_of("word " * 100, 20)
    assert len(lines) == MOST_LINES
    assert lines[-1].endswith("...")


@given(st.text(max_size=200), st.integers(min_value=8, max_value=40))
@example(" 00000000", 8)
def test_no_line_of_a_cell_is_wider_than_its_column(cell: str, width: int) -> None:
    assert all(cell_width(line) <= width for line in lines_of(cell, width))


@pytest.mark.parametrize("room", [40, 60, 80, 100, 132])
def test_no_table_is_wider_than_the_terminal(room: int) -> None:
    layout = laid_out(SOURCES, [ROW], room)
    if layout is not None:
        assert sum(layout.widths) + GAP * (len(layout.widths) - 1) <= room


def test_no_help_is_laid_out_wider_than_eighty_columns() -> None:
    assert cli.context_settings["max_content_width"] == 80


@pytest.mark.parametrize("name", ["", *cli.list_commands(click.Context(cli))])
def test_no_line_of_a_help_breaks_out_of_eighty_columns(name: str) -> None:
    root = click.Context(cli, info_name="monitor", terminal_width=80, **cli.context_settings)
    asked = cli.get_command(root, name) if name else cli
    assert asked is not None
    ctx = click.Context(asked, parent=root, info_name=name, terminal_width=80) if name else root
    assert [line for line in asked.get_help(ctx).splitlines() if len(line) > 80] == []


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        (
            ("ID", "ABOUT", "UNTIL", "HELD", "REASON"),
            ("yi6zdw5c", 'rule "Hanoi Convention"', "2026-11-29 06:41 UTC", "0", "word " * 9),
        ),
        (
            ("STORY", "TITLE", "APPEARED", "OUTLETS", "LANGUAGES"),
            ("lwiwj6dh", "word " * 14, "2025-10-25 10:15 UTC", "9", "vi, en, ja, fr, es, ru, sv"),
        ),
    ],
    ids=["silences", "report"],
)
def test_ordinary_rows_are_a_table_on_eighty_columns(
    columns: tuple[str, ...], row: tuple[str, ...]
) -> None:
    layout = laid_out(columns, [row], 80)
    assert layout is not None
    assert layout.left_out == ()


def test_what_a_delivery_tells_has_room_before_to_whom() -> None:
    columns = ("ID", "CHANNEL", "TO", "ABOUT", "STATE", "TRIES", "NEXT", "WHY")
    title = "A gateway that nobody patched is exploited in three countries"
    row = ("3rzpbyis", "press-team", "ann@paper.example", title, "pending", "2", "in 3m", "no")
    layout = laid_out(columns, [row], 80)
    assert layout is not None
    widths = dict(zip((columns[at] for at in layout.shown), layout.widths, strict=True))
    assert widths["ABOUT"] >= 24
    assert sum(widths.values()) + GAP * (len(widths) - 1) <= 80
