"""Durations and instants as people write them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.base.times import (
    parse_before,
    parse_duration,
    parse_since,
    parse_until,
    show_age,
    show_duration,
    show_instant,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15m", timedelta(minutes=15)),
        ("24h", timedelta(hours=24)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(weeks=2)),
        ("90s", timedelta(seconds=90)),
        (" 1H30M ", timedelta(minutes=90)),
    ],
)
def test_durations(text: str, expected: timedelta) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "-5m",
        "0",
        "0m",
        "5",
        "1e99d",
        "999999999d",
        "999999999w",
        "9" * 5_000 + "d",
        "5mm",
        "m5",
        "5 m 3",
        "٥m x",
    ],
)
def test_what_is_no_duration_is_answered_with_what_is(text: str) -> None:
    with pytest.raises(ValueError, match="expected a duration such as 15m, 24h or 7d"):
        parse_duration(text)


@given(st.integers(min_value=1, max_value=36_500 * 86_400))
def test_a_shown_duration_is_read_back(seconds: int) -> None:
    duration = timedelta(seconds=seconds)
    assert parse_duration(show_duration(duration)) == duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("24h", "2026-03-01T12:00:00Z", id="ago"),
        pytest.param("2026-02-28", "2026-02-28T00:00:00Z", id="a day begins at midnight"),
        pytest.param("2026-03-02T08:00", "2026-03-02T08:00:00Z", id="without a zone it is UTC"),
        pytest.param("2026-03-02 08:00+07:00", "2026-03-02T01:00:00Z", id="with a zone"),
        pytest.param("2026-03-02T08:00:01Z", "2026-03-02T08:00:01Z", id="Z"),
    ],
)
def test_since(text: str, expected: str) -> None:
    assert show_instant(parse_since(text, now=NOON)) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tomorrow", "expected a duration"),
        ("2026-13-40", "expected a duration"),
        ("2026-02-30T10:00", "expected a duration"),
        ("2026-03-03", "lies in the future"),
        ("0001-01-01T00:00+14:00", "expected a duration"),
    ],
)
def test_since_refuses(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_since(text, now=NOON)


def test_until_counts_a_day_to_its_end_and_refuses_the_past() -> None:
    assert show_instant(parse_until("2026-03-02", now=NOON)) == "2026-03-02T23:59:59Z"
    assert show_instant(parse_until("30d", now=NOON)) == "2026-04-01T12:00:00Z"
    with pytest.raises(ValueError, match="lies in the past"):
        parse_until("2026-03-01", now=NOON)
    with pytest.raises(ValueError, match="expected"):
        parse_until("never", now=NOON)


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=59), "59s ago"),
        (timedelta(minutes=61), "1h ago"),
        (timedelta(days=3, hours=23), "3d ago"),
        (-timedelta(minutes=5), "in 5m"),
    ],
)
def test_ages_are_in_one_unit(ago: timedelta, shown: str) -> None:
    assert show_age(NOON - ago, now=NOON) == shown
    assert show_age(None, now=NOON) == "-"


def test_an_early_year_keeps_its_four_digits() -> None:
    assert show_instant(datetime(7, 1, 2, 3, 4, 5, 999, tzinfo=UTC)) == "0007-01-02T03:04:05Z"


HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("text", "since", "before"),
    [
        pytest.param("today", "2026-03-01T17:00:00Z", "2026-03-02T16:59:59Z", id="today"),
        pytest.param("Yesterday", "2026-02-28T17:00:00Z", "2026-03-01T16:59:59Z", id="yesterday"),
        pytest.param("2026-02-27", "2026-02-26T17:00:00Z", "2026-02-27T16:59:59Z", id="a day"),
        pytest.param(
            "2026-03-02T08:00", "2026-03-02T01:00:00Z", "2026-03-02T01:00:00Z", id="an instant"
        ),
        pytest.param("24h", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z", id="ago"),
    ],
)
def test_days_are_those_of_the_readers_zone(text: str, since: str, before: str) -> None:
    assert show_instant(parse_since(text, now=NOON, zone=HANOI)) == since
    assert show_instant(parse_before(text, now=NOON, zone=HANOI)) == before


def test_a_last_day_ends_in_the_readers_zone() -> None:
    until = parse_until("2026-03-04", now=NOON, zone=HANOI)
    assert show_instant(until) == "2026-03-04T16:59:59Z"


def test_what_no_moment_is_before_is_answered_with_what_is() -> None:
    with pytest.raises(ValueError, match="today, yesterday"):
        parse_before("soon", now=NOON)
