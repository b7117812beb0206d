"""Dates as the world writes them."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingester.text.dates import parse_date
from tests.places import SHARED

HANOI = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Tue, 24 Nov 2026 08:00:00 GMT", "2026-11-24 08:00:00", id="rfc 822"),
        pytest.param("24 Nov 26 08:00 Z", "2026-11-24 08:00:00", id="two-digit year"),
        pytest.param("Sun, 24 May 98 08:00 EST", "1998-05-24 13:00:00", id="last century"),
        pytest.param("Tue,24 Nov 2026 08:00:00 -0500", "2026-11-24 13:00:00", id="no blank"),
        pytest.param("Tue, 24 Nov, 2026 08:00 UTC", "2026-11-24 08:00:00", id="comma too many"),
        pytest.param("Tue Nov 24 08:00:00 PST 2026", "2026-11-24 16:00:00", id="asctime"),
        pytest.param("24-Nov-2026 08:00:00 EST", "2026-11-24 13:00:00", id="hyphens"),
        pytest.param("Nov 24, 2026 3:04 PM", "2026-11-24 15:04:00", id="American"),
        pytest.param("Nov 24, 2026 12:04 a.m.", "2026-11-24 00:04:00", id="midnight, half day"),
        pytest.param("11/24/2026 3:04 PM", "2026-11-24 15:04:00", id="month first if it must be"),
        pytest.param("2026-11-24T08:00:00Z", "2026-11-24 08:00:00", id="iso 8601"),
        pytest.param("2026-11-24T08:00:00.123456+07:00", "2026-11-24 01:00:00", id="fraction"),
        pytest.param("2026-11-24 08:00:00 +0700", "2026-11-24 01:00:00", id="iso, blanks"),
        pytest.param("2026-11-24T08:00:00−05:00", "2026-11-24 13:00:00", id="a true minus sign"),
        pytest.param("20261124T080000Z", "2026-11-24 08:00:00", id="compact iso"),
        pytest.param("2026-11-24T080000Z", "2026-11-24 08:00:00", id="half compact"),
        pytest.param("2026-328", "2026-11-24 00:00:00", id="day of the year"),
        pytest.param("2026-11", "2026-11-01 00:00:00", id="month"),
        pytest.param("Tue, 24 Nov 2026 08:00:00 GMT+7", "2026-11-24 01:00:00", id="GMT+7"),
        pytest.param("24 Nov 2026 08:00 +07", "2026-11-24 01:00:00", id="+07"),
        pytest.param("24/11/2026 08:00:00 GMT+7", "2026-11-24 01:00:00", id="slashes, GMT+7"),
        pytest.param("24/11/2026 08:00 (GMT+7)", "2026-11-24 01:00:00", id="zone in brackets"),
        pytest.param("Tue, 24 Nov 2026 08:00:00 ICT", "2026-11-24 01:00:00", id="Indochina"),
        pytest.param("24 Nov 2026 08:00 GMT -5", "2026-11-24 13:00:00", id="blank in the zone"),
        pytest.param("24 Nov 2026 08:00 America/New_York", "2026-11-24 13:00:00", id="place"),
        pytest.param("24 Nov 2026 08:00 Etc/GMT", "2026-11-24 08:00:00", id="Etc/GMT"),
        pytest.param("24/11/2026 08:00", "2026-11-24 08:00:00", id="no zone is UTC"),
        pytest.param("24.11.2026", "2026-11-24 00:00:00", id="day only"),
        pytest.param("08:00 - 24/11/2026", "2026-11-24 08:00:00", id="time first"),
        pytest.param("18:30 - 23 Nov 2026", "2026-11-23 18:30:00", id="a dash is not a zone"),
        pytest.param("Thứ ba, 24/11/2026 - 08:00", "2026-11-24 01:00:00", id="Vietnamese"),
        pytest.param("ngày 24 tháng 11 năm 2026", "2026-11-24 00:00:00", id="Vietnamese words"),
        pytest.param("2026년 11월 24일", "2026-11-24 00:00:00", id="a day in Korean words"),
        pytest.param("24/11/2026, 3:05 CH", "2026-11-24 15:05:00", id="Vietnamese afternoon"),
        pytest.param("Thu, 26 Nov 2026 08:00", "2026-11-26 08:00:00", id="Thursday is not thứ"),
        pytest.param("2026-11-24 오후 11:23:17", "2026-11-24 14:23:17", id="Korean afternoon"),
        pytest.param("2026年11月24日 08:00", "2026-11-24 08:00:00", id="Chinese"),
        pytest.param("24 novembre 2026 à 8h30", "2026-11-24 08:30:00", id="French"),
        pytest.param("mar, 24 nov 2026 10:00", "2026-11-24 10:00:00", id="mardi is not March"),
        pytest.param("mar, 3 mar 2026 10:00", "2026-03-03 10:00:00", id="mardi in March"),
        pytest.param("13 de noviembre de 2026", "2026-11-13 00:00:00", id="Spanish"),
        pytest.param("24. November 2026, 08:00 Uhr", "2026-11-24 08:00:00", id="German"),
        pytest.param("24 marraskuuta 2026 klo 8.30", "2026-11-24 08:30:00", id="Finnish"),
        pytest.param("11/7/2026 3:04:05 PM", "2026-11-07 15:04:05", id="America's programs"),
        pytest.param("24 ноября 2026 г. 08:00", "2026-11-24 08:00:00", id="Russian"),
        pytest.param("Τρί, 24 Νοέ 2026 08:00:00 EET", "2026-11-24 06:00:00", id="Greek"),
        pytest.param("2026-július-13T9:15-05:00", "2026-07-13 14:15:00", id="Hungarian"),
        pytest.param("24 ноября 2026 г. 11:00 МСК", "2026-11-24 08:00:00", id="zone in Cyrillic"),
        pytest.param("24 พฤศจิกายน 2569 08:00", "2026-11-24 01:00:00", id="Buddhist era"),
        pytest.param("٢٤/١١/٢٠٢٦ ٠٨:٠٠", "2026-11-24 08:00:00", id="Arabic digits"),
        pytest.param("1795478400", "2026-11-24 00:00:00", id="seconds"),
        pytest.param("1795478400000", "2026-11-24 00:00:00", id="milliseconds"),
        pytest.param("Tue, 24 Nov 2026 24:00:00 +0000", "2026-11-25 00:00:00", id="24:00:00"),
        pytest.param("Sat, 31 Dec 2016 23:59:60 GMT", "2016-12-31 23:59:59", id="leap second"),
        pytest.param("  2026-11-24\n08:00:00 ", "2026-11-24 08:00:00", id="blanks around"),
        pytest.param(
            "November 24th, 2026 at 8 PM", "2026-11-24 00:00:00", id="ordinal, hour alone"
        ),
        pytest.param("November 24th, 2026 at 8:00 PM", "2026-11-24 20:00:00", id="ordinal"),
        pytest.param("24 novembre 2026 ore 18.30", "2026-11-24 18:30:00", id="Italian clock"),
        pytest.param("24 nov. 2026 om 18.30 uur", "2026-11-24 18:30:00", id="Dutch clock"),
        pytest.param("24.11.2026, 18.30 Uhr", "2026-11-24 18:30:00", id="German clock"),
        pytest.param("om 12.11.2026", "2026-11-12 00:00:00", id="a date is no clock"),
        pytest.param("24. listopada 2026. u 18.30", "2026-10-24 18:30:00", id="Croatian"),
        pytest.param("24 listopada 2026", "2026-11-24 00:00:00", id="Polish"),
        pytest.param("24. novembra 2026, ob 18.30 h", "2026-11-24 18:30:00", id="Slovenian"),
        pytest.param("24. avgusta 2026.", "2026-08-24 00:00:00", id="Serbian"),
        pytest.param("24. јануара 2026. 18:30", "2026-01-24 18:30:00", id="Serbian in Cyrillic"),
        pytest.param("2026. gada 24. oktobrī", "2026-10-24 00:00:00", id="Latvian"),
        pytest.param("2026年11月24日 下午6:30", "2026-11-24 18:30:00", id="Chinese half day"),
        pytest.param("2026年11月24日 下午6點30分", "2026-11-24 18:30:00", id="Taiwanese clock"),
        pytest.param("2026年11月24日晚上8:05", "2026-11-24 20:05:00", id="Chinese evening"),
        pytest.param("2026年11月24日 凌晨12:05", "2026-11-24 00:05:00", id="Chinese small hours"),
        pytest.param("令和8年11月24日 午前0時5分", "2026-11-24 00:05:00", id="Japanese era"),
        pytest.param("令和元年5月1日", "2019-05-01 00:00:00", id="first year of an era"),
        pytest.param("民國115年11月24日", "2026-11-24 00:00:00", id="Taiwanese era"),
        pytest.param("24 พ.ย. 2569 08:00 น.", "2026-11-24 01:00:00", id="Thai clock"),
        pytest.param("24 พ.ย. 2569", "2026-11-24 00:00:00", id="Thai day"),
        pytest.param("24 พ.ย. 2569 เวลา 08.00 น.", "2026-11-24 01:00:00", id="Thai clock, point"),
    ],
)
def test_it_means(text: str, expected: str) -> None:
    assert parse_date(text) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "yesterday-ish",
        "24:00:00",
        "Mar, 24 Nov",
        "9999-12-31T00:00:00Z",
        "0000-01-01",
        "2026-13-01",
        "Tue, 31 Feb 2026 08:00:00 GMT",
        "Tue, 24 Nov 2026 25:00:00 GMT",
        "Tue, 24 Nov 2026 08:00:99 GMT",
        "Tue, 24 Nov 2026 08:00:00 -9999",
        "99999999999999999999",
        "2026-11-24" + " " * 120,
    ],
)
def test_it_means_nothing(text: str) -> None:
    assert parse_date(text) is None


def test_a_bare_time_is_at_home_in_the_zone_that_is_given() -> None:
    assert parse_date("24/11/2026 08:00", zone=HANOI) == datetime(2026, 11, 24, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-24", "2026-11-24T00:00:00", "20261124", "2026-328"])
def test_a_day_without_a_time_stays_that_day_in_every_zone(text: str) -> None:
    assert parse_date(text, zone=HANOI) == datetime(2026, 11, 24, tzinfo=UTC)


def test_a_zone_in_the_text_beats_the_zone_that_is_given() -> None:
    text = "Tue, 24 Nov 2026 08:00:00 +0200"
    assert parse_date(text, zone=HANOI) == datetime(2026, 11, 24, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language", "month"),
    [
        ("uto, 13 lis 2026 10:00", "hr", 10),
        ("13 listopada 2026", "hr-HR", 10),
        ("13 srpnja 2026", "bs", 7),
        ("pet, 13 lip 2026", "hr", 6),
        ("Tue, 13 Nov 2026", "hr", 11),
        ("13. studenog 2026", "hr", 11),
        ("Svijet, 13. ožujka 2026", "hr", 3),
        ("Pročitano 13. travnja 2026", "hr", 4),
        ("Kolumna 13. siječnja 2026", "bs", 1),
        ("13 lis 2026", "pl", 11),
        ("13 lip 2026", "pl", 7),
        ("13 listopadu 2026", "cs", 11),
        ("13 lis 2026", "", 11),
    ],
)
def test_the_language_says_which_month_slavs_mean(text: str, language: str, month: int) -> None:
    instant = parse_date(text, language=language)
    assert instant is not None
    assert (instant.month, instant.day) == (month, 13)


@given(st.text(alphabet="0123456789-/:.,+TZ apmGMTnovthứ年月日", max_size=60))
def test_any_text_is_a_utc_instant_or_nothing(text: str) -> None:
    instant = parse_date(text)
    assert instant is None or instant.utcoffset() == timedelta(0)


@given(st.integers(0, 7_000_000_000), st.integers(-14, 14))
def test_what_python_writes_is_read_back(seconds: int, hours: int) -> None:
    instant = datetime.fromtimestamp(seconds, timezone(timedelta(hours=hours)))
    assert parse_date(instant.isoformat()) == instant
    assert parse_date(instant.strftime("%a, %d %b %Y %H:%M:%S %z")) == instant


VECTORS = SHARED / "data" / "vectors" / "dates" / "feedparser-dates.json"

if VECTORS.exists():

    def test_dates_of_real_feeds_are_read() -> None:
        wrong = [
            case["input"]
            for case in json.loads(VECTORS.read_text("utf-8"))
            if parse_date(case["input"]) != _expected(case["expect"])
        ]
        assert set(wrong) <= {"-0312", "-03-12"}  # years without a century, months without a day

    def _expected(text: str) -> datetime:
        return datetime.fromisoformat(text.zfill(20))
