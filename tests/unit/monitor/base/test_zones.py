"""Time zones by name, and which is meant where there is none of this name."""

import pytest

from monitor.base.zones import zone_named


@pytest.mark.parametrize("name", ["Europe/Paris", " Asia/Ho_Chi_Minh ", "UTC", "CET"])
def test_a_zone_is_known_by_its_name(name: str) -> None:
    assert zone_named(name).key == name.strip()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Paris", "Europe/Paris"),
        ("paris", "Europe/Paris"),
        ("europe/paris", "Europe/Paris"),
        ("Ho Chi Minh", "Asia/Ho_Chi_Minh"),
        ("Europe/Stokholm", "Europe/Stockholm"),
        ("Stokholm", "Europe/Stockholm"),
        ("Asia/Paris", "Europe/Paris"),
        ("new york", "America/New_York"),
    ],
)
def test_the_zone_that_may_be_meant_is_named(typed: str, meant: str) -> None:
    with pytest.raises(ValueError, match=rf'^unknown time zone "{typed}"; did you mean {meant}\?$'):
        zone_named(typed)


@pytest.mark.parametrize("typed", ["", "+07:00", "../../etc/passwd", "x" * 5000, "a\0b", "posix"])
def test_what_is_like_no_zone_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValueError, match="write it as Europe/Stockholm") as refused:
        zone_named(typed)
    assert len(str(refused.value)) < 200
