"""Waiting times and media types in headers, as servers really write them."""

from datetime import UTC, datetime, timedelta

import pytest

from ingester.fetch.headers import content_type, retry_after, server_asks

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
NOTHING = timedelta(0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("120", timedelta(minutes=2)),
        (" 120 ", timedelta(minutes=2)),
        ("64.57", timedelta(seconds=64.57)),
        ("0", NOTHING),
        ("-1", NOTHING),
        ("-99999999999", NOTHING),
        ("604800", WEEK),
        ("604801", WEEK),
        ("1e9", WEEK),
        ("1000000000", WEEK),
        ("1e999", WEEK),
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
        ("9" * 5000, None),
        ("Mon, 99 Foo 2026 99:99:99 GMT", None),
        ("Mon, 04 May 99999999999999999999 13:00:00 GMT", None),
    ],
)
def test_a_wait_is_between_nothing_and_a_week(text: str | None, expected: timedelta | None) -> None:
    assert retry_after(text, now=NOON) == expected


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        ("max-age=600", timedelta(minutes=10)),
        ("public, Max-Age = 600, must-revalidate", timedelta(minutes=10)),
        ('max-age="600"', timedelta(minutes=10)),
        ("s-maxage=5, max-age=600", timedelta(minutes=10)),
        ("s-maxage=600", None),
        ("max-age=31536000", WEEK),
        ("max-age=" + "9" * 20, WEEK),
        ("max-age=0", None),
        ("max-age=-5", None),
        ("max-age=abc", None),
        ("no-cache, max-age=600", None),
        ("max-age=600, no-store", None),
        ("", None),
    ],
)
def test_freshness_is_a_wish_to_be_left_alone(control: str, expected: timedelta | None) -> None:
    assert server_asks({"cache-control": control}) == expected


def test_no_header_asks_for_nothing() -> None:
    assert server_asks({}) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, ("", None)),
        ("", ("", None)),
        ("text/xml", ("text/xml", None)),
        ("Text/XML ; Charset=UTF-8", ("text/xml", "utf-8")),
        ("text/xml; charset='iso-8859-1'; x=y", ("text/xml", "iso-8859-1")),
        ('text/xml;charset="utf-8"', ("text/xml", "utf-8")),
        ("text/xml; charset=", ("text/xml", None)),
        ("; charset=utf-8", ("", "utf-8")),
    ],
)
def test_a_media_type_is_read(text: str | None, expected: tuple[str, str | None]) -> None:
    assert content_type(text) == expected
