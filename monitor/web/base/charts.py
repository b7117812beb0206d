"""Counts as small charts, and the days that they stand over."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo

from markupsafe import Markup


def bars(counts: Sequence[int], label: str, most: int = 0) -> Markup:
    """Return a small chart: a bar for each count, and a thin line where there is none.

    Args:
        most: What a bar of full height stands for; 0 for the largest count.
    """
    highest = max(1, most, *counts) if counts else 1
    full: list[str] = []
    empty: list[str] = []
    for place, count in enumerate(counts):
        height = 0.0 if not count else max(1.0, round(19 * count / highest, 1))
        shape = f"M{place * 6} {20 - height:g}h4V20h-4z" if count else f"M{place * 6} 19h4v1h-4z"
        (full if count else empty).append(shape)
    return Markup(
        '<svg class="bars" viewBox="0 0 {} 20" role="img" aria-label="{}" '
        'preserveAspectRatio="none"><path d="{}"/><path class="zero" d="{}"/></svg>'
    ).format(max(1, len(counts)) * 6, label, "".join(full), "".join(empty))


def last_days(now: datetime, count: int, zone: tzinfo | None) -> tuple[date, ...]:
    """Return so many days up to today by somebody's calendar, oldest first."""
    today = now.astimezone(zone).date()
    return tuple(today - timedelta(days=ago) for ago in range(count - 1, -1, -1))


def midnights(days: Iterable[date], zone: tzinfo | None) -> list[datetime]:
    """Return when days begin by somebody's clock."""
    return [
        datetime(day.year, day.month, day.day, tzinfo=zone)
        if zone is not None
        else datetime(day.year, day.month, day.day).astimezone()
        for day in days
    ]
