"""The time of publication that a URL itself carries, as many news sites' do."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from ingester.urls.parts import split_url
from ingester.urls.zones import OF_SEVERAL_ZONES, VIETNAM, zone_of_host, zone_of_language

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Before that there was no news on the web: the digits mean something else."""

_AHEAD = timedelta(days=1)

_MONTHS = dict(
    jan=1, feb=2, mar=3, apr=4, may=5, jun=6, jul=7, aug=8, sep=9, oct=10, nov=11, dec=12
)

_ARCHIVE = "web.archive.org"
_ARCHIVED = re.compile(r"^/web/\d+[a-z_]*/")  # when the copy was made, not the page

# Most telling first. `(?<!\d)` and `(?!\d)` keep them from matching inside longer numbers.
_STAMP = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)"
    r"(?P<hour>\d\d)(?P<minute>\d\d)(?:(?P<second>\d\d)(?:\d{3})?)?(?!\d)"
)
# Vietnamese sites of one publishing system: three digits of the site, then yymmddhhmmss and more.
_SITE_STAMP = re.compile(
    r"(?<!\d)[1-9]\d\d(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)"
    r"(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)\d{3}(?!\d)"
)
_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        # /2025/10/26/  /2025-10/26/  /2025/1026/  /2025/oct/26/  /2025/10-26/
        r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>\d{1,2}|[a-z]{3})[/-](?P<day>\d{1,2})(?=[/_.-]|$)",
        r"/(?P<year>(?:19|20)\d\d)/(?P<month>\d\d)(?P<day>\d\d)(?=[/_.-]|$)",
        # 2025-10-26 or 2025_10_26 anywhere between other things
        r"(?<![0-9])(?P<year>(?:19|20)\d\d)([-_.])(?P<month>\d\d)\2(?P<day>\d\d)(?![0-9])",
        # /26-10-2025/ alone: in a longer name it is the day of what the article is about
        r"/(?P<day>\d\d)-(?P<month>\d\d)-(?P<year>20\d\d)(?=[/.]|$)",
        # 20251026
        r"(?<![0-9])(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?![0-9])",
    )
)


def url_date(url: str, *, now: datetime | None = None) -> datetime | None:
    """Return when a URL says that its page was published, in UTC; None if it does not say.

    A clock time is read in the zone of the host's country. A day without a time is given as its
    midnight in UTC, so that it reads as that day. Only the path counts: parameters say when
    something else happened. Dates before 1995, and more than a day after `now`, are no dates.
    Never raises.
    """
    try:
        parts = split_url(url)
    except ValueError:
        return None
    path = _ARCHIVED.sub("/", parts.path.lower()) if parts.host == _ARCHIVE else parts.path.lower()
    zone = zone_of_host(parts.host)
    latest = None if now is None else now + _AHEAD
    site_stamps = getattr(zone, "key", "") == VIETNAM
    for candidate in _candidates(path, site_stamps=site_stamps):
        instant = _instant(candidate.groupdict(), zone)
        if instant is not None and instant >= EARLIEST and (latest is None or instant <= latest):
            return instant
    return None


def home_zone(url: str, language: str = "") -> tzinfo | None:
    """Return the zone of the country of a URL's host, or else of a language; None if none is told.

    Never raises.

    Args:
        language: What the page or the feed there says that it is in.
    """
    try:
        host = split_url(url).host
    except ValueError:
        host = ""
    said = "" if host.rpartition(".")[2] in OF_SEVERAL_ZONES else language
    return zone_of_host(host) or zone_of_language(said)


def _candidates(path: str, *, site_stamps: bool) -> Iterator[re.Match[str]]:
    # The end of a path is its article, the beginning its shelf.
    yield from reversed(list(_STAMP.finditer(path)))
    if site_stamps:
        yield from reversed(list(_SITE_STAMP.finditer(path)))
    for pattern in _DAYS:
        yield from pattern.finditer(path)


def _instant(fields: dict[str, str], zone: tzinfo | None) -> datetime | None:
    month = _MONTHS.get(fields["month"]) or (
        int(fields["month"]) if fields["month"].isdecimal() else 0
    )
    year = int(fields["year"])
    try:
        return datetime(
            year + 2000 if year < 100 else year,
            month,
            int(fields["day"]),
            int(fields.get("hour") or 0),
            int(fields.get("minute") or 0),
            int(fields.get("second") or 0),
            tzinfo=(zone if "hour" in fields else None) or UTC,
        ).astimezone(UTC)
    except ValueError:
        return None
