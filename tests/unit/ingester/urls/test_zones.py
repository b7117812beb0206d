"""The zone that the end of a host names: a country's, or none."""

from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest

from ingester.urls.dates import home_zone
from ingester.urls.zones import _ENDS, _LANGUAGES, zone_of_host, zone_of_language


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


@pytest.mark.parametrize(
    ("language", "hours"),
    [("ko", 9), ("vi_VN", 7), ("sr-Latn", 2), ("zh-Hant-TW", 8), ("pt-BR", -3), ("fr-CH", 2)],
)
def test_a_host_of_no_country_is_at_home_where_its_language_is(language: str, hours: float) -> None:
    zone = home_zone("https://paper.com/1", language)
    assert zone is not None
    offset = datetime(2026, 7, 1, tzinfo=UTC).astimezone(zone).utcoffset()
    assert offset is not None
    assert offset.total_seconds() == 3600 * hours


def test_the_country_of_the_host_goes_before_that_of_the_language() -> None:
    assert home_zone("https://blatt.ch/1", "ko") == zone_of_host("blatt.ch")
    assert home_zone("https://[broken", "ko") == zone_of_language("ko")
    assert home_zone("https://gazeta.ca/1", "ru") is None, "one of several zones, none of Russia's"


@pytest.mark.parametrize("language", ["", "en", "en-US", "es", "es-ES", "es-419", "ar", "xx", "-"])
def test_a_language_of_many_countries_tells_no_zone(language: str) -> None:
    assert zone_of_language(language) is None


def test_every_language_names_a_country_that_is_known() -> None:
    assert set(_LANGUAGES.values()) <= set(_ENDS)
