"""Durations and instants as people write them, read and written in one place."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from monitor.base.errors import clipped

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(\d{1,9})\s*([smhdw])")
_LONGEST = timedelta(days=36_500)

DURATION_FORMS = "a duration such as 15m, 24h or 7d (units: s, m, h, d, w)"
SINCE_FORMS = (
    f"{DURATION_FORMS}, today, yesterday, a day such as 2026-11-24, or an instant such as "
    "2026-11-24T08:00Z"
)

UNTIL_FORMS = (
    "a day such as 2026-12-31, a duration from now such as 30d, or an instant such as "
    "2026-12-31T08:00Z"
)


def parse_duration(text: str) -> timedelta:
    """Return `15m`, `24h`, `7d`, `1h30m`, ... as a duration above zero.

    Raises:
        ValueError: It is something else; the text lists the accepted forms.
    """
    compact = text.strip().lower()
    parts = _DURATION.findall(compact)
    seconds = 0
    if parts and "".join(_DURATION.sub("", compact).split()) == "":
        seconds = sum(int(count) * _UNITS[unit] for count, unit in parts)
    if not 0 < seconds <= _LONGEST.total_seconds():
        raise ValueError(f'expected {DURATION_FORMS}; got "{clipped(text)}"')
    return timedelta(seconds=seconds)


def show_duration(duration: timedelta) -> str:
    """Return the duration as `parse_duration` reads it: `1h30m`, `7d`; below a second, `0s`."""
    rest = int(duration.total_seconds())
    shown = []
    for unit in "dhms":
        count, rest = divmod(rest, _UNITS[unit])
        if count:
            shown.append(f"{count}{unit}")
    return "".join(shown) or "0s"


def show_span(span: timedelta) -> str:
    """Return how long something took in two figures or so: `12 ms`, `1.4 s`, `3m20s`, `2d4h`."""
    seconds = span.total_seconds()
    if seconds < 1:
        return f"{round(1000 * seconds)} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    for unit, smaller in (("d", 3600), ("h", 60), ("m", 1)):
        if seconds >= _UNITS[unit]:
            return show_duration(timedelta(seconds=round(seconds / smaller) * smaller))
    return show_duration(span)


def parse_since(text: str, *, now: datetime, zone: tzinfo | None = UTC) -> datetime:
    """Return the instant that `24h` (ago), `yesterday`, `2026-11-24` or an instant names.

    Args:
        zone: In which days begin at 00:00, and instants that name none are; None for this
            machine's own.

    Raises:
        ValueError: It is something else, or lies in the future.
    """
    instant = _instant(_day(text, now=now, zone=zone), zone=zone, day_ends=False)
    if instant is None:
        instant = _ago(text, now=now)
    if instant > now:
        raise ValueError(f'"{clipped(text)}" lies in the future')
    return instant


def parse_before(text: str, *, now: datetime, zone: tzinfo | None = UTC) -> datetime:
    """Return up to when something counts: `24h` (ago), `yesterday`, `2026-11-24`, an instant.

    As `parse_since`, but a day counts to its end, and what lies ahead is taken, too.

    Raises:
        ValueError: It is something else.
    """
    instant = _instant(_day(text, now=now, zone=zone), zone=zone, day_ends=True)
    return _ago(text, now=now) if instant is None else instant


def _day(text: str, *, now: datetime, zone: tzinfo | None) -> str:
    """Return the day that `today` and `yesterday` name; any other text as it is."""
    days = {"today": 0, "yesterday": 1}.get(text.strip().lower())
    if days is None:
        return text
    return (now.astimezone(zone).date() - timedelta(days=days)).isoformat()


def _ago(text: str, *, now: datetime) -> datetime:
    try:
        return now - parse_duration(text)
    except (ValueError, OverflowError):
        raise ValueError(f'expected {SINCE_FORMS}; got "{clipped(text)}"') from None


def parse_until(text: str, *, now: datetime, zone: tzinfo | None = UTC) -> datetime:
    """Return the instant that `30d` (from now), `2026-12-31` or an instant names.

    A day counts to its end, the last second before midnight.

    Args:
        zone: As for `parse_since`.

    Raises:
        ValueError: It is something else, or lies in the past.
    """
    instant = _instant(text, zone=zone, day_ends=True)
    if instant is None:
        try:
            instant = now + parse_duration(text)
        except (ValueError, OverflowError):
            raise ValueError(f'expected {UNTIL_FORMS}; got "{clipped(text)}"') from None
    if instant <= now:
        raise ValueError(f'"{clipped(text)}" lies in the past')
    return instant


def parse_end(text: str) -> datetime:
    """Return the instant that `2026-12-31` (to its end, UTC) or an instant names, past or not.

    Raises:
        ValueError: It is something else.
    """
    instant = _instant(text, zone=UTC, day_ends=True)
    if instant is None:
        raise ValueError(
            "expected a day such as 2026-12-31, or an instant such as 2026-12-31T08:00Z; "
            f'got "{clipped(text)}"'
        )
    return instant


def _instant(text: str, *, zone: tzinfo | None, day_ends: bool) -> datetime | None:
    bare = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", bare):
            clock = time(23, 59, 59) if day_ends else time()
            return _utc(datetime.combine(date.fromisoformat(bare), clock), zone)
        if not re.match(r"\d{4}-\d{2}-\d{2}[T ]", bare):
            return None
        parsed = datetime.fromisoformat(bare)
        return parsed.astimezone(UTC) if parsed.tzinfo else _utc(parsed, zone)
    except (ValueError, OverflowError):
        return None


def _utc(local: datetime, zone: tzinfo | None) -> datetime:
    # Without a zone, `astimezone` takes it for this machine's own.
    return (local if zone is None else local.replace(tzinfo=zone)).astimezone(UTC)


def show_instant(instant: datetime | None) -> str | None:
    """Return the instant as UTC ISO 8601 with Z, to the second, or None."""
    if instant is None:
        return None
    return instant.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def exact_instant(instant: datetime) -> str:
    """Return the instant as UTC ISO 8601 with Z, to the microsecond."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def show_age(instant: datetime | None, *, now: datetime) -> str:
    """Return how long ago, or how far ahead, in one unit for people: `5m ago`, `in 2h`, `-`."""
    if instant is None:
        return "-"
    seconds = (now - instant).total_seconds()
    for unit in "dhms":
        count = int(abs(seconds) // _UNITS[unit])
        if count:
            return f"{count}{unit} ago" if seconds > 0 else f"in {count}{unit}"
    return "now"
