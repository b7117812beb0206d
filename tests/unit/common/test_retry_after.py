"""What a Retry-After header asks for."""

from datetime import UTC, datetime, timedelta

import pytest

from common.retry_after import at_most, retry_after

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
NOTHING = timedelta(0)
WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("120", timedelta(minutes=2)),
        (" 120 ", timedelta(minutes=2)),
        ("64.57", timedelta(seconds=64.57)),
        ("0", NOTHING),
        ("-1", None),
        ("-5", None),
        ("+5", None),
        ("604800", WEEK),
        ("604801", WEEK),
        ("1e9", WEEK),
        ("1000000000", WEEK),
        ("1e999", WEEK),
        ("1e-3", None),
        ("9" * 20, WEEK),
        ("Mon, 04 May 2026 13:00:00 GMT", timedelta(hours=1)),
        ("Monday, 04-May-26 13:00:00 GMT", timedelta(hours=1)),
        ("Mon May  4 13:00:00 2026", timedelta(hours=1)),
        ("Mon, 04 May 2026 15:00:00 +0200", timedelta(hours=1)),
        ("Mon, 04 May 2026 11:00:00 GMT", NOTHING),
        ("Fri, 31 Dec 9999 23:59:59 GMT", WEEK),
        ("Fri, 31 Dec 9999 23:59:59 -2359", WEEK),
        ("Mon, 01 Jan 0001 00:00:00 +2359", NOTHING),
        (None, None),
        ("", None),
        ("soon", None),
        ("120 seconds", None),
        ("nan", None),
        ("inf", None),
        ("0x10", None),
        ("１２", None),
        ("9" * 5000, WEEK),
        ("Mon, 99 Foo 2026 99:99:99 GMT", None),
        ("Thu, 01 Jan 0000 00:00:00 +9999", None),
        ("Mon, 04 May 99999999999999999999 13:00:00 GMT", None),
    ],
)
def test_a_wait_is_between_nothing_and_a_week(text: str | None, expected: timedelta | None) -> None:
    assert retry_after(text, now=NOON, longest=WEEK) == expected


def test_who_is_asked_to_wait_never_comes_early() -> None:
    assert at_most(1.0000001, WEEK) == timedelta(seconds=1, microseconds=1)
    assert retry_after("0.00000001", now=NOON, longest=WEEK) == timedelta(microseconds=1)


@pytest.mark.parametrize("seconds", [-1, float("-inf"), float("nan")])
def test_what_is_no_time_is_no_wait(seconds: float) -> None:
    assert at_most(seconds, WEEK) == NOTHING


def test_a_wait_without_end_ends() -> None:
    assert at_most(float("inf"), WEEK) == at_most(10**400, WEEK) == WEEK
