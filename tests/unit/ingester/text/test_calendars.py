"""Dates of other calendars, and those of which only the place says what comes first."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from ingester.text.calendars import gregorian
from ingester.text.dates import parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("۴ آذر ۱۴۰۵", "2026-11-25 00:00"),
        ("چهارشنبه ۴ آذر ۱۴۰۵ - ۰۸:۳۰", "2026-11-25 05:00"),
        ("۱۴۰۵/۰۹/۰۴", "2026-11-25 00:00"),
        ("1405/9/4 08:30", "2026-11-25 05:00"),
        ("۴ قوس ۱۴۰۵", "2026-11-25 00:00"),
        ("لیندۍ ۴ ۱۴۰۵", "2026-11-25 00:00"),
        ("30 اسفند 1403", "2025-03-20 00:00"),
        ("民國115年11月25日", "2026-11-25 00:00"),
        ("115年11月25日", "2026-11-25 00:00"),
        ("115/11/25", "2026-11-25 00:00"),
        ("昭和64年1月7日", "1989-01-07 00:00"),
        ("25 พ.ย. 69", "2026-11-25 00:00"),
        ("25/11/2569", "2026-11-25 00:00"),
        ("2026 оны 11 сарын 25", "2026-11-25 00:00"),
        ("2026 оны 11-р сарын 25 08:30", "2026-11-25 08:30"),
        ("ថ្ងៃទី២៥ ខែវិច្ឆិកា ឆ្នាំ២០២៦", "2026-11-25 00:00"),
    ],
)
def test_a_date_of_another_calendar_is_that_day_of_ours(text: str, expected: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert f"{found:%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize("text", ["۳۱ آذر ۱۴۰۵", "1405/13/1", "۴ آذر", "4 آذر 2026", "2 رجب 1448"])
def test_what_is_no_day_of_a_calendar_is_no_date(text: str) -> None:
    found = parse_date(text)
    assert found is None


def test_the_persian_calendar_has_each_day_once() -> None:
    lengths = [31] * 6 + [30] * 5
    days = [
        gregorian(year, month, day)
        for year in range(1380, 1414)
        for month, length in enumerate([*lengths, 29], start=1)
        for day in range(1, length + 1)
    ]
    steps = [date(*after) - date(*before) for before, after in pairwise(days)]
    assert set(steps) == {timedelta(1), timedelta(2)}  # two at the end of a leap year
    assert date(*days[0]) == date(2001, 3, 21)
    assert steps.count(timedelta(2)) == 8


@pytest.mark.parametrize(
    ("text", "language", "month"),
    [
        ("11/7/2026 6:30 PM", "", 11),
        ("11/7/2026 6:30 p.m.", "en", 11),
        ("11/7/2026", "en_US", 11),
        ("11/7/2026", "en", 7),
        ("11/7/2026 6:30 PM", "en-GB", 7),
        ("11/7/2026 6:30 p. m.", "es", 7),
        ("25/7/2026 6:30 PM", "en-US", 7),
    ],
)
def test_whether_the_month_comes_first_is_told_by_place_and_clock(
    text: str, language: str, month: int
) -> None:
    found = parse_date(text, language=language)
    assert found is not None
    assert found.month == month
    assert ":" not in text or found.hour == 18
