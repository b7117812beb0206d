"""Digest schedules, quiet hours and days on a wall clock: texts to values, and when what is due.

Wall clocks jump. A time that a day does not have (the hour that spring skips) counts as much
later as the clock jumped; one that it has twice counts the first time.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from common.patterns import pattern
from common.records import dataclass
from monitor.base.errors import clipped
from monitor.base.zones import known_zone

HOURLY, DAILY, WEEKLY = "hourly", "daily", "weekly"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
USUAL_TIME = time(8)
STORY = "story"
"""Instead of a schedule, for a channel: what rules find of one story at once is one message."""

_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d"
_SCHEDULE = pattern(
    rf"(?P<period>hourly|daily|weekly)(?:@(?:(?P<day>[a-z]{{3}})-)?(?P<at>{_CLOCK}))?"
)
_HOURS = pattern(rf"({_CLOCK})\s*-\s*({_CLOCK})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When digests are sent.

    Attributes:
        weekday: 0 for Monday; None unless weekly.
    """

    period: str
    at: time = time(0)
    weekday: int | None = None

    def __str__(self) -> str:
        if self.period == HOURLY:
            return HOURLY
        day = f"{WEEKDAYS[self.weekday]}-" if self.weekday is not None else ""
        return f"{self.period}@{day}{self.at:%H:%M}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A part of each day, which may lie across midnight."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def on(self, day: date, zone: tzinfo | None) -> tuple[datetime, datetime]:
        """Return when those begin and end, UTC, that begin on this day."""
        ends_on = day if self.start < self.end else day + timedelta(days=1)
        return _at(day, self.start, zone), _at(ends_on, self.end, zone)


def parse_schedule(text: str, *, or_else: str = "") -> Schedule:
    """Return the schedule in `hourly`, `daily@08:00` or `weekly@mon-08:00`.

    Args:
        or_else: What else is expected there.

    Raises:
        ValueError: It is something else.
    """
    found = _SCHEDULE.fullmatch(text.strip().lower())
    expected = f'expected {or_else}hourly, daily@08:00 or weekly@mon-08:00; got "{clipped(text)}"'
    if found is None:
        raise ValueError(expected)
    period, day = found["period"], found["day"]
    if period == HOURLY:
        if found["at"]:
            raise ValueError(f"{expected}; hourly is at the full hour")
        return Schedule(period=HOURLY)
    if (day is not None and day not in WEEKDAYS) or (day is not None and period == DAILY):
        raise ValueError(expected)
    at = _clock(found["at"]) if found["at"] else USUAL_TIME
    if period == DAILY:
        return Schedule(period=DAILY, at=at)
    return Schedule(period=WEEKLY, at=at, weekday=WEEKDAYS.index(day or WEEKDAYS[0]))


def parse_hours(text: str) -> Hours:
    """Return the hours in `22:00-07:00`.

    Raises:
        ValueError: It is something else, or the whole day.
    """
    found = _HOURS.fullmatch(text.strip())
    if found is None or _clock(found[1]) == _clock(found[2]):
        raise ValueError(f'expected hours such as 22:00-07:00; got "{clipped(text)}"')
    return Hours(start=_clock(found[1]), end=_clock(found[2]))


def zone_of(name: str, usual: tzinfo | None) -> tzinfo | None:
    """Return the zone of this name; without one, or with one nobody knows, the usual one.

    The tables of this machine may be older than those it was chosen by.
    """
    return (known_zone(name) if name else None) or usual


def _clock(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))


def next_due(schedule: Schedule, now: datetime, zone: tzinfo | None) -> datetime:
    """Return when the next digest is sent, UTC, always after now."""
    if schedule.period == HOURLY:
        return next_hour(now, zone)
    today = now.astimezone(zone).date()
    for days in range(9):
        day = today + timedelta(days=days)
        if schedule.weekday is None or day.weekday() == schedule.weekday:
            due = _at(day, schedule.at, zone)
            if due > now:
                return due
    raise AssertionError("a week has every weekday")


def quiet_until(hours: Hours | None, now: datetime, zone: tzinfo | None) -> datetime | None:
    """Return when the quiet hours end in which this moment lies, UTC; None outside of them."""
    if hours is None:
        return None
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        # Moments are compared, as the wall clock may show a time of day for the second time.
        start, end = hours.on(day, zone)
        if start <= now < end:
            return end
    return None


def start_of_day(now: datetime, zone: tzinfo | None) -> datetime:
    """Return when the day began in which this moment lies, UTC."""
    return _at(now.astimezone(zone).date(), time(0), zone)


def next_day(now: datetime, zone: tzinfo | None) -> datetime:
    """Return when the next day begins, UTC."""
    return _at(now.astimezone(zone).date() + timedelta(days=1), time(0), zone)


def start_of_hour(now: datetime, zone: tzinfo | None) -> datetime:
    """Return when the hour of the wall clock began in which this moment lies, UTC."""
    local = now.astimezone(zone)
    into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return (now - into).astimezone(UTC)


def next_hour(now: datetime, zone: tzinfo | None) -> datetime:
    """Return when the next hour of the wall clock begins, UTC."""
    return start_of_hour(now, zone) + timedelta(hours=1)


def _at(day: date, at: time, zone: tzinfo | None) -> datetime:
    local = datetime.combine(day, at)
    # Without a zone, `astimezone` takes it for this machine's own.
    return (local if zone is None else local.replace(tzinfo=zone)).astimezone(UTC)
