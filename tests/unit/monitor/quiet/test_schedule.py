"""Digest schedules, quiet hours and days on wall clocks, also where clocks jump."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.quiet.schedule import (
    next_day,
    next_due,
    next_hour,
    parse_hours,
    parse_schedule,
    quiet_until,
    start_of_day,
    zone_of,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
KOLKATA = ZoneInfo("Asia/Kolkata")


def at(text: str, zone: ZoneInfo = STOCKHOLM) -> datetime:
    """A moment as a clock on the wall shows it, the first time that it does."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("hourly", "hourly"),
        ("daily@08:00", "daily@08:00"),
        ("Daily@8:05", "daily@08:05"),
        ("daily", "daily@08:00"),
        ("weekly@mon-08:00", "weekly@mon-08:00"),
        ("weekly@sun-23:59", "weekly@sun-23:59"),
        ("weekly", "weekly@mon-08:00"),
        ("weekly@07:30", "weekly@mon-07:30"),
    ],
)
def test_a_schedule_is_read_and_written(text: str, shown: str) -> None:
    assert str(parse_schedule(text)) == shown
    assert parse_schedule(shown) == parse_schedule(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "never", "daily@", "daily@25:00", "daily@8", "daily@08:60", "daily@mon-08:00"),
        *("weekly@day-08:00", "hourly@08:00", "monthly@1-08:00", "daily@08:00 daily@09:00"),
    ],
)
def test_what_is_no_schedule_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected hourly, daily@08:00 or weekly@mon-08:00"):
        parse_schedule(text)


@pytest.mark.parametrize(
    "text", ["", "22:00", "22-07", "07:00-07:00", "24:00-07:00", "22:00-07:00x"]
)
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected hours such as 22:00-07:00"):
        parse_hours(text)


def test_a_zone_is_known_by_its_name_and_one_nobody_knows_is_the_usual() -> None:
    assert zone_of("", STOCKHOLM) is STOCKHOLM
    assert zone_of("Nowhere/Ever", STOCKHOLM) is STOCKHOLM
    assert zone_of("Asia/Ho_Chi_Minh", STOCKHOLM) == HANOI


@pytest.mark.parametrize(
    ("schedule", "zone", "now", "due"),
    [
        ("hourly", STOCKHOLM, "2026-01-10T08:15", "2026-01-10T09:00"),
        ("hourly", STOCKHOLM, "2026-01-10T08:00", "2026-01-10T09:00"),
        ("hourly", KOLKATA, "2026-01-10T08:59:59.999999", "2026-01-10T09:00"),
        ("daily@08:00", STOCKHOLM, "2026-01-10T07:59", "2026-01-10T08:00"),
        ("daily@08:00", STOCKHOLM, "2026-01-10T08:00", "2026-01-11T08:00"),
        ("daily@08:00", HANOI, "2026-01-10T23:30", "2026-01-11T08:00"),
        ("weekly@mon-08:00", STOCKHOLM, "2026-01-05T07:00", "2026-01-05T08:00"),
        ("weekly@mon-08:00", STOCKHOLM, "2026-01-05T08:00", "2026-01-12T08:00"),
        ("weekly@sun-00:00", STOCKHOLM, "2026-01-05T08:00", "2026-01-11T00:00"),
        # Spring: 02:00 to 03:00 on 29 March is skipped.
        ("daily@02:30", STOCKHOLM, "2026-03-28T12:00", "2026-03-29T03:30"),
        ("daily@02:30", STOCKHOLM, "2026-03-29T03:30", "2026-03-30T02:30"),
        ("daily@08:00", STOCKHOLM, "2026-03-28T08:00", "2026-03-29T08:00"),
        ("hourly", STOCKHOLM, "2026-03-29T01:30", "2026-03-29T03:00"),
        ("weekly@sun-02:15", STOCKHOLM, "2026-03-29T01:00", "2026-03-29T03:15"),
        # Autumn: 02:00 to 03:00 on 25 October comes twice, and one digest is sent in it.
        ("daily@02:30", STOCKHOLM, "2026-10-25T01:00", "2026-10-25T02:30"),
        ("daily@02:30", STOCKHOLM, "2026-10-25T02:30", "2026-10-26T02:30"),
        ("daily@08:00", STOCKHOLM, "2026-10-24T08:00", "2026-10-25T08:00"),
    ],
)
def test_the_next_digest_is_sent_by_the_readers_clock(
    schedule: str, zone: ZoneInfo, now: str, due: str
) -> None:
    assert next_due(parse_schedule(schedule), at(now, zone), zone) == at(due, zone)


def test_a_digest_is_sent_once_in_the_hour_that_comes_twice() -> None:
    daily = parse_schedule("daily@02:30")
    first = at("2026-10-25T02:30")
    assert next_due(daily, first + timedelta(minutes=5), STOCKHOLM) == at("2026-10-26T02:30")
    again = first + timedelta(minutes=59)  # 02:29 for the second time
    assert next_due(daily, again, STOCKHOLM) == at("2026-10-26T02:30")


def test_hourly_digests_go_on_through_the_hour_that_comes_twice() -> None:
    due = at("2026-10-25T01:30")
    times = []
    for _ in range(4):
        due = next_due(parse_schedule("hourly"), due, STOCKHOLM)
        times.append(due.astimezone(STOCKHOLM).strftime("%H:%M"))
    assert times == ["02:00", "02:00", "03:00", "04:00"]


@pytest.mark.parametrize(
    ("hours", "zone", "now", "until"),
    [
        ("22:00-07:00", STOCKHOLM, "2026-01-10T21:59:59", None),
        ("22:00-07:00", STOCKHOLM, "2026-01-10T22:00", "2026-01-11T07:00"),
        ("22:00-07:00", STOCKHOLM, "2026-01-11T06:59:59", "2026-01-11T07:00"),
        ("22:00-07:00", STOCKHOLM, "2026-01-11T07:00", None),
        ("12:00-13:30", STOCKHOLM, "2026-01-10T13:29", "2026-01-10T13:30"),
        ("12:00-13:30", STOCKHOLM, "2026-01-10T13:30", None),
        ("22:00-07:00", HANOI, "2026-01-10T23:00", "2026-01-11T07:00"),
        # The night in which clocks jump is an hour shorter, or longer.
        ("22:00-07:00", STOCKHOLM, "2026-03-28T22:00", "2026-03-29T07:00"),
        ("22:00-07:00", STOCKHOLM, "2026-10-24T22:00", "2026-10-25T07:00"),
        ("22:00-02:30", STOCKHOLM, "2026-03-28T23:00", "2026-03-29T03:30"),
    ],
)
def test_quiet_hours_end_by_the_readers_clock(
    hours: str, zone: ZoneInfo, now: str, until: str | None
) -> None:
    expected = at(until, zone) if until else None
    assert quiet_until(parse_hours(hours), at(now, zone), zone) == expected


@pytest.mark.parametrize(
    ("zone", "hours", "first", "until"),
    [
        ("Europe/Stockholm", "22:00-02:30", "2026-10-25T02:20", None),
        ("Europe/Stockholm", "01:30-02:30", "2026-10-25T02:00", None),
        ("Europe/Stockholm", "02:30-07:00", "2026-10-25T02:10", "2026-10-25T07:00"),
        ("America/Havana", "23:30-00:30", "2026-11-01T00:10", None),
        ("America/St_Johns", "22:00-01:15", "2026-11-01T01:00", None),
    ],
)
def test_hours_that_end_in_the_hour_that_comes_twice_end_the_first_time(
    zone: str, hours: str, first: str, until: str | None
) -> None:
    reader = ZoneInfo(zone)
    again = at(first, reader) + timedelta(hours=1)
    assert again.astimezone(reader).strftime("%H:%M") == first[-5:]
    expected = at(until, reader) if until else None
    assert quiet_until(parse_hours(hours), again, reader) == expected


@pytest.mark.parametrize(
    ("zone", "noon"),
    [
        ("Europe/Stockholm", "2026-03-28T12:00"),
        ("Europe/Stockholm", "2026-10-24T12:00"),
        ("America/St_Johns", "2026-03-07T12:00"),  # its time is half an hour off
        ("America/St_Johns", "2026-10-31T12:00"),
        ("Australia/Lord_Howe", "2026-04-04T12:00"),  # its clocks jump by half an hour
        ("Australia/Lord_Howe", "2026-10-03T12:00"),
        ("Pacific/Chatham", "2026-04-04T12:00"),
        ("Africa/Cairo", "2026-04-23T12:00"),  # at midnight
        ("Africa/Cairo", "2026-10-29T12:00"),
        ("America/Havana", "2026-10-31T12:00"),
    ],
)
@pytest.mark.parametrize(
    ("hours", "length"),
    [
        *(("22:00-07:00", 9), ("22:00-02:30", 4.5), ("01:30-02:30", 1), ("02:30-07:00", 4.5)),
        *(("23:30-00:30", 1), ("00:00-06:00", 6), ("12:30-11:30", 23), ("02:15-02:45", 0.5)),
    ],
)
def test_who_waits_for_the_end_of_a_night_waits_for_one_moment_and_no_day_longer(
    zone: str, noon: str, hours: str, length: float
) -> None:
    reader, quiet = ZoneInfo(zone), parse_hours(hours)
    longest = timedelta(hours=length + 1)
    promised: datetime | None = None
    for minutes in range(0, 36 * 60, 5):
        now = at(noon, reader) + timedelta(minutes=minutes)
        until = quiet_until(quiet, now, reader)
        assert until is None or now < until <= now + longest
        assert promised is None or now >= promised or until == promised
        promised = until


def test_nothing_is_quiet_without_hours() -> None:
    assert quiet_until(None, at("2026-01-10T23:00"), STOCKHOLM) is None


def test_a_night_in_spring_is_an_hour_shorter() -> None:
    night = at("2026-03-28T22:00")
    until = quiet_until(parse_hours("22:00-07:00"), night, STOCKHOLM)
    assert until is not None
    assert until - night == timedelta(hours=8)


def test_days_and_hours_begin_by_the_readers_clock() -> None:
    now = at("2026-03-29T12:34:56", STOCKHOLM)
    assert start_of_day(now, STOCKHOLM) == at("2026-03-29T00:00")
    assert next_day(now, STOCKHOLM) - start_of_day(now, STOCKHOLM) == timedelta(hours=23)
    assert next_hour(at("2026-03-29T12:34", KOLKATA), KOLKATA) == at("2026-03-29T13:00", KOLKATA)


def test_without_a_zone_the_clock_is_this_machines() -> None:
    now = datetime(2026, 1, 10, 12, 20, tzinfo=UTC)
    due = next_due(parse_schedule("daily@08:00"), now, None)
    assert due.astimezone().strftime("%H:%M") == "08:00"
    assert timedelta(0) < due - now <= timedelta(days=1)
