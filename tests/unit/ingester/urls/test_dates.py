"""Dates in URLs: read where sites put them, and nowhere else."""

from datetime import UTC, datetime, timedelta

import pytest

from ingester.urls.dates import url_date


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # year, month, day and on


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        # with a clock time, in the zone of the site's country
        ("https://dantri.com.vn/a/b-20251026174836264.htm", utc(2025, 10, 26, 10, 48, 36)),
        ("https://m.dantri.com.vn/a/b-20251026003000264.htm?x=1", utc(2025, 10, 25, 17, 30)),
        ("http://tuoitre.vn/b-20251026174836264.htm", utc(2025, 10, 26, 10, 48, 36)),
        ("https://example.vn/b-185251102103926921.htm", utc(2025, 11, 2, 3, 39, 26)),
        ("https://example.jp/20251026174836", utc(2025, 10, 26, 8, 48, 36)),
        ("https://example.in/202510261748/x", utc(2025, 10, 26, 12, 18)),
        ("https://example.com/x-20251026174836.html", utc(2025, 10, 26, 17, 48, 36)),
        # a day
        ("https://example.com/2025/10/26/x", utc(2025, 10, 26)),
        ("https://example.com/2025/10/26", utc(2025, 10, 26)),
        ("https://example.com/news/2018/12/4/x-y", utc(2018, 12, 4)),
        ("https://example.com/world/2025/oct/26/x", utc(2025, 10, 26)),
        ("https://example.com/world/2025/OCT/26/x", utc(2025, 10, 26)),
        ("https://example.com/2025-10-26/x", utc(2025, 10, 26)),
        ("https://example.com/2025-10/26/c_1.htm", utc(2025, 10, 26)),
        ("https://example.com/n1/2025/1026/c1.html", utc(2025, 10, 26)),
        ("https://example.com/2025-10-26-title.html", utc(2025, 10, 26)),
        ("https://example.com/title-2025-10-26", utc(2025, 10, 26)),
        ("https://example.com/title_2025_10_26.html", utc(2025, 10, 26)),
        ("https://example.com/20251026/x", utc(2025, 10, 26)),
        ("https://example.com/x-20251026", utc(2025, 10, 26)),
        ("https://example.com/x-20251026.html", utc(2025, 10, 26)),
        ("https://example.vn/2025/10/26/x", utc(2025, 10, 26)),
        ("https://example.com/2024/02/29/x", utc(2024, 2, 29)),
        # several: the clock time wins, then the folder
        ("https://example.com/2024/01/02/x-20251026174836", utc(2025, 10, 26, 17, 48, 36)),
        ("https://example.com/2025/10/26/a-look-back-at-2001-09-11", utc(2025, 10, 26)),
        ("https://web.archive.org/web/20190717140047/http://a.de/2014/01/27/x", utc(2014, 1, 27)),
        # impossible first, possible after
        ("https://example.com/2025/13/45/2025/10/26/x", utc(2025, 10, 26)),
        # none
        ("https://example.com/2025/10/", None),
        ("https://example.com/2025/10/x", None),
        ("https://example.com/2025/02/29/x", None),
        ("https://example.com/2025/00/01/x", None),
        ("https://example.com/2025/foo/01/x", None),
        ("https://example.com/1994/12/31/x", None),
        ("https://example.com/9999/12/31/x", None),
        ("https://example.com/post/792052800476594176", None),
        ("https://example.com/b-185251102103926921.htm", None),
        ("https://example.com/x-4812345.html", None),
        ("https://example.com/1202510261", None),
        ("https://example.com/x-20251399", None),
        ("https://example.com/x?date=2025-10-26", None),
        ("https://web.archive.org/web/20190717140047/http://a.de/x", None),
        ("https://example.com/", None),
        ("ftp://example.com/2025/10/26/", None),
        ("/2025/10/26/", None),
        ("", None),
        ("https://example.com/" + "2025" * 2000, None),
    ],
)
def test_the_date_in_a_url(url: str, expected: datetime | None) -> None:
    assert url_date(url) == expected


def test_a_date_in_the_future_is_none() -> None:
    url = "https://example.com/20251026174836"
    said = utc(2025, 10, 26, 17, 48, 36)
    assert url_date(url, now=said - timedelta(days=1)) == said
    assert url_date(url, now=said - timedelta(days=1, seconds=1)) is None
