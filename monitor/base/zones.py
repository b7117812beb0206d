"""Time zones by the names that people give them."""

import difflib
import zoneinfo
from collections.abc import Iterable

from monitor.base.errors import clipped, escaped

EXAMPLE = "Europe/Stockholm"


def known_zone(name: str) -> zoneinfo.ZoneInfo | None:
    """Return the time zone of this name, None when this machine knows none."""
    try:
        return zoneinfo.ZoneInfo(name.strip())
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_named(text: str) -> zoneinfo.ZoneInfo:
    """Return the time zone of a name such as Asia/Ho_Chi_Minh.

    Raises:
        ValueError: There is none of this name; the text says which may be meant.
    """
    zone = known_zone(text)
    if zone is not None:
        return zone
    near = _nearest(text.strip(), zoneinfo.available_timezones())
    hint = f"did you mean {escaped(near)}?" if near else f"write it as {EXAMPLE}"
    raise ValueError(f'unknown time zone "{clipped(text)}"; {hint}')


def _nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the zone of a city, in any case and with spaces, or one that is spelled alike."""
    typed = name.casefold().replace(" ", "_")[:100]
    zones = {zone.casefold(): zone for zone in sorted(known) if zone[:1].isupper()}
    cities = {zone.rpartition("/")[2]: zone for zone in zones if "/" in zone}
    for spelled in (typed, typed.rpartition("/")[2]):
        if spelled in zones and spelled == typed:
            return zones[spelled]
        if spelled in cities:
            return zones[cities[spelled]]
        for among in (zones, cities):
            if near := difflib.get_close_matches(spelled, among, n=1, cutoff=0.8):
                return zones[cities[near[0]] if among is cities else near[0]]
    return None
