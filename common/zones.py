"""Instants as people read them, in their own time zone."""

from datetime import datetime, tzinfo


def shown_in(instant: datetime, zone: tzinfo | None) -> str:
    """Return `2026-11-27 17:05 CET`: to the minute, with the name of the zone or its offset.

    Args:
        zone: None for this machine's own.
    """
    local = instant.astimezone(zone)
    name = local.tzname() or ""
    if not name.isalpha():
        offset = f"{local:%z}"
        name = f"UTC{offset[:3]}" + (f":{offset[3:5]}" if offset[3:5] != "00" else "")
    return f"{local:%Y-%m-%d %H:%M} {name}"
