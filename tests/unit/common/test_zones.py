"""Instants as people read them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from common.zones import shown_in


@pytest.mark.parametrize(
    ("month", "zone", "shown"),
    [
        (3, "UTC", "2026-03-02 12:00 UTC"),
        (3, "Europe/Stockholm", "2026-03-02 13:00 CET"),
        (7, "Europe/Stockholm", "2026-07-02 14:00 CEST"),
        (3, "Asia/Ho_Chi_Minh", "2026-03-02 19:00 UTC+07"),
        (3, "Asia/Kathmandu", "2026-03-02 17:45 UTC+05:45"),
    ],
)
def test_an_instant_is_shown_with_the_name_of_its_zone(month: int, zone: str, shown: str) -> None:
    assert shown_in(datetime(2026, month, 2, 12, 0, 30, tzinfo=UTC), ZoneInfo(zone)) == shown
