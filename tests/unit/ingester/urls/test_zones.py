"""The zone that the end of a host names: a country's, or none."""

from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest

from ingester.urls.zones import _ENDS, zone_of_host


@pytest.mark.parametrize(
    ("host", "hours"),
    [
        ("www.blatt.de", 2),
        ("news.paper.co.uk", 1),
        ("bao.com.vn", 7),
        ("vnexpress.net", 7),
        ("www.khabar.in", 5.5),
        ("periodico.com.co", -5),
        ("xn--80aa5bbq.xn--p1ai", 3),
        ("xn--3e0b707e", 9),
        ("paper.xn--mgberp4a5d4ar", 3),
        ("paper.gov.la", 7),
    ],
)
def test_a_host_is_at_home_where_its_end_says(host: str, hours: float) -> None:
    zone = zone_of_host(host)
    assert zone is not None
    offset = datetime(2026, 7, 1, tzinfo=UTC).astimezone(zone).utcoffset()
    assert offset is not None
    assert offset.total_seconds() == 3600 * hours


@pytest.mark.parametrize(
    "host",
    [
        "paper.com",
        "startup.io",
        "x.co",
        "paper.com.au",
        "x.la",
        "xn--",
        "x.xn--9",
        "x.xn--é",
        "",
        "[::1]",
    ],
)
def test_an_end_that_is_no_countrys_or_one_of_several_zones_names_none(host: str) -> None:
    assert zone_of_host(host) is None


def test_every_zone_that_is_named_is_one() -> None:
    assert set(_ENDS.values()) <= available_timezones()


def test_ends_in_letters_of_their_own_are_those_that_hosts_are_asked_for_by() -> None:
    own = [end for end in _ENDS if not end.isascii()]
    assert own
    for end in own:
        assert zone_of_host(f"paper.{end.encode('idna').decode()}") is not None, end
