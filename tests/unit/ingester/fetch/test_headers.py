"""Waiting times and media types in headers, as servers really write them."""

from datetime import UTC, datetime, timedelta

import pytest

from ingester.fetch.headers import content_type, server_asks

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
NOTHING = timedelta(0)


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
