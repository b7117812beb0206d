"""Rows of a list page: what stands around a link and no other, and the days that it shows."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice, pairwise, takewhile

from lxml.html import HtmlElement

from ingester.pages.facts.dates import date_of_line, date_of_row, surer_of
from ingester.pages.facts.dom import pieces, some_text
from ingester.pages.lists.headlines import HEADINGS
from ingester.text.ago import how_long_ago
from ingester.text.language import primary
from ingester.urls.dates import home_zone, url_date

_LINES = frozenset(
    (*HEADINGS, "h6", "p", "div", "span", "dt", "th", "td", "li", "strong", "b", "time")
)
_FEWEST_SIGNS, _LONGEST_LINE = 6, 40
_FEW_PARTS = 3
_MOST_ABOVE = 20_000
"""Elements among which the days above rows are sought."""
_ROW, _TRIED = 600, 20
_FEWEST_TEASED = 40
"""Letters that a row says besides its headline, if it has a teaser."""

_MOST_PIECES, _SHORT = 12, 12
_AHEAD, _SEASON = timedelta(days=1), timedelta(days=120)
_YEAR = re.compile(r"\b(?:19|20|25)\d\d\b")
_DAY_AND_MONTH = re.compile(
    r"(?:[^\W\d]{2,12}[.,]?\s)?\W*(\d{1,2}(?:st|nd|rd|th|\.)?\s(?:de\s|d['’])?[^\W\d]{2,14}\.?|"
    r"[^\W\d]{2,14}\.?\s\d{1,2})(?:\W{1,3}(?:[^\W\d]{1,3}\.?\s)?\d{1,2}[:.h]\d{2}(?:\s?[ap]m)?)?\W*"
)
_DAY_IN_NUMBERS = re.compile(
    r"[\[(（]?(?:\D{2,10}[,،]\s)?(\d{1,2})\s?(?:[-/.月]|월 ?)\s?(\d{1,2})"
    r"(?:[日일]|\.(?!\d))?[\])）]?(?:\W{1,3}\d{1,2}[:.h]\d{2})?"
)
_MONTH_FIRST = frozenset(("zh", "ja", "ko", "hu", "lt", "mn"))
_FAR = timedelta(days=2)
_PARTED_DAY = re.compile(r"\d([/._-])\d{1,2}\1\d{1,2}(?!\d)|\d{12}")
"""In an address: figures that can be nothing but a day, or a time."""
_TIME_OF_DAY = re.compile(r"\W*([01]?\d|2[0-3])[:.h]([0-5]\d)\W*")
_FEWEST_ORDERED = 3
"""Times of day that follow another of the same day."""
_CLOCK = re.compile(r"\W*\d{1,2}[:.h]\d{2}\W*(?:[ap]\.?m\.?)?", re.I)
_DIGIT = re.compile(r"\d")


def ancestors(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the nearest twelve elements around one, inside of the page's body."""
    for count, box in enumerate(element.iterancestors()):
        if count >= 12 or box.tag in ("body", "html"):
            return
        yield box


def rows_of(links: Iterable[HtmlElement]) -> dict[HtmlElement, HtmlElement]:
    """Return the widest element around each link that holds no other of them."""
    links = list(links)
    held = Counter(box for link in links for box in ancestors(link))
    rows = {}
    for link in links:
        own = takewhile(lambda box: held[box] == 1, ancestors(link))
        rows[link] = deque((link, *own), maxlen=1)[0]
    return rows


def has_teaser(row: HtmlElement, headline: str) -> bool:
    """Whether a row says much besides its headline."""
    return len(some_text(row, _ROW)) - len(headline) >= _FEWEST_TEASED


def has_clock(row: HtmlElement) -> bool:
    """Whether a row shows a time of day by itself, as lists of the latest news do."""
    return any(_CLOCK.fullmatch(part) for part in islice(pieces(row, _ROW), _MOST_PIECES))


def days_of(
    rows: Mapping[HtmlElement, HtmlElement],
    *,
    url: str,
    language: str,
    now: datetime | None = None,
) -> dict[HtmlElement, datetime]:
    """Return when rows show that their articles were published, in UTC, by their links.

    A row says it itself; or the days stand above the rows that are of them; or it says how long
    ago that was, of which the day is taken.

    Args:
        url: Where the page is; it tells the zone of times.
        language: What the page says that it is in.
        now: When it was fetched; None: what is counted from then says nothing.
    """
    zone = home_zone(url, language)
    own = {
        link: day
        for link, row in rows.items()
        if (day := date_of_row(row, zone=zone, language=language) or _parted(row, language))
    }
    if 2 * len(own) >= len(rows):
        # The latest may say less than the older ones: "3 hours ago", "27 Nov".
        left = {link: row for link, row in rows.items() if link not in own}
        if now is None or not left:
            return own
        ago = _days_ago(left, now.astimezone(zone or UTC), language)
        return {**_days_without_year(left, now, language), **ago, **own}
    if now is not None and (near := _days_without_year(rows, now, language)):
        return {**near, **own}
    above = _days_above(rows, zone, language)
    if above or now is None:
        return {**above, **own}
    return {**_days_ago(rows, now.astimezone(zone or UTC), language), **own}


def days_with_addresses(
    urls: Mapping[HtmlElement, str], shown: Mapping[HtmlElement, datetime]
) -> dict[HtmlElement, datetime]:
    """Return when articles were published, by their links, as address and row say it together.

    Four figures behind a year may be a number of the site's (`/2026/1104.html`): where most rows
    show other days, they are one.
    """
    addressed = {link: url_date(url) for link, url in urls.items()}
    both = [
        abs(day - shown[link]) > _FAR
        for link, day in addressed.items()
        if day and link in shown and not _PARTED_DAY.search(urls[link])
    ]
    if 2 * sum(both) > len(both):
        addressed = {
            link: day if link not in shown or _PARTED_DAY.search(urls[link]) else None
            for link, day in addressed.items()
        }
    days = {link: surer_of(day, shown.get(link)) for link, day in addressed.items()}
    return {link: day for link, day in days.items() if day}


def with_clocks(
    rows: Mapping[HtmlElement, HtmlElement],
    days: dict[HtmlElement, datetime],
    zone: tzinfo | None,
) -> dict[HtmlElement, datetime]:
    """Return when articles were published, with the times of day that most rows show alone.

    They follow each other as news of a day do; how long films take does not.

    Args:
        zone: Where these times are at home.
    """
    timed: dict[HtmlElement, datetime] = {}
    for link, day in days.items():
        said = islice(pieces(rows[link], _ROW), _MOST_PIECES)
        clock = next((match for part in said if (match := _TIME_OF_DAY.fullmatch(part))), None)
        if clock and day == day.replace(hour=0, minute=0, second=0):
            timed[link] = day.replace(hour=int(clock[1]), minute=int(clock[2]), tzinfo=zone or UTC)
    for earlier, later in pairwise(timed.values()):
        if earlier.date() == later.date() and earlier < later:
            return days
    dates = {time.date() for time in timed.values()}
    if 2 * len(timed) <= len(days) or len(timed) < len(dates) + _FEWEST_ORDERED:
        return days
    return {**days, **{link: time.astimezone(UTC) for link, time in timed.items()}}


def _short_pieces(row: HtmlElement) -> Iterator[str]:
    """Yield what short pieces of a row say together, two or three in a row: "27", "Nov", "2026"."""
    said = [part for part in islice(pieces(row, _ROW), _MOST_PIECES)]
    for count in (3, 2):
        for start in range(len(said) - count + 1):
            parts = said[start : start + count]
            if all(len(part) <= _SHORT for part in parts):
                yield " ".join(parts)


def _parted(row: HtmlElement, language: str) -> datetime | None:
    """Return the day that a row shows in pieces, as on a sheet of a calendar, or None."""
    lines = (line for line in _short_pieces(row) if _YEAR.search(line))
    read = (date_of_line(line, language=language) for line in lines)
    return next(filter(None, read), None)


def _days_without_year(
    rows: Mapping[HtmlElement, HtmlElement], now: datetime, language: str
) -> dict[HtmlElement, datetime]:
    """Return for each link the last day of the name that its row shows: "27 Nov".

    They are believed only if most rows show one, none of them older than a season: what else is
    so dated is still to come, and would be a year old.
    """
    days: dict[HtmlElement, datetime] = {}
    for tried, (link, row) in enumerate(rows.items()):
        if tried == _TRIED and not days:
            break
        said = (*islice(pieces(row, _ROW), _MOST_PIECES), *_short_pieces(row))
        for day in filter(None, (_day_and_month(line, language) for line in said)):
            known = (
                date_of_line(day.format(year), language=language)
                for year in (now.year, now.year - 1)
            )
            past = next((each for each in known if each and each <= now + _AHEAD), None)
            if past:
                days[link] = past
                break
    is_recent = all(now - day <= _SEASON for day in days.values())
    return days if 2 * len(days) >= len(rows) and is_recent else {}


def _day_and_month(line: str, language: str) -> str:
    """Return a line that is a day without its year, with {} where that may stand, or ""."""
    if named := _DAY_AND_MONTH.fullmatch(line):
        return f"{named[1].rstrip('., ')} {{}}"
    numbered = _DAY_IN_NUMBERS.fullmatch(line)
    if numbered is None or primary(language) == "en":  # American or British
        return ""
    day, month = numbered[1], numbered[2]
    if primary(language) in _MONTH_FIRST:
        day, month = month, day
    return f"{{}}-{month:0>2}-{day:0>2}"


def _days_above(
    rows: Mapping[HtmlElement, HtmlElement], zone: tzinfo | None, language: str
) -> dict[HtmlElement, datetime]:
    """Return for each link the day in the nearest line above that is nothing but a day.

    There are several such lines that look alike: one alone may be today's, in the head of the
    page. A heading that says something else ends what a day is said of.
    """
    around = {box for link in rows for box in ancestors(link)}
    shown: dict[HtmlElement, tuple[tuple[str, str], datetime]] = {}
    current: tuple[tuple[str, str], datetime] | None = None
    for element in islice(next(iter(rows)).getroottree().iter(), _MOST_ABOVE):
        if element in rows and current is not None:
            shown[element] = current
        elif element.tag not in _LINES or element in around:
            continue
        elif day := _day_in(element, zone, language):
            current = ((element.tag, element.get("class") or ""), day)
        elif element.tag in HEADINGS and not any(a in rows for a in element.iterancestors("a")):
            current = None
    days: dict[tuple[str, str], set[datetime]] = {}
    for shape, day in shown.values():
        days.setdefault(shape, set()).add(day)
    return {link: day for link, (shape, day) in shown.items() if len(days[shape]) > 1}


def _day_in(element: HtmlElement, zone: tzinfo | None, language: str) -> datetime | None:
    """Return the day that is all of an element's text, or stands first in a term, or None."""
    if len(element) > _FEW_PARTS:
        return None
    has_label = element.tag == "dt" and len(element)
    text = " ".join((element.text or "").split()) if has_label else ""
    text = text or some_text(element, _LONGEST_LINE + 1)
    if not _FEWEST_SIGNS <= len(text) <= _LONGEST_LINE or not _DIGIT.search(text):
        return None
    return date_of_line(text, zone=zone, language=language)


def _days_ago(
    rows: Mapping[HtmlElement, HtmlElement], now: datetime, language: str
) -> dict[HtmlElement, datetime]:
    """Return for each link the day from which its row counts, if the first rows count at all."""
    days: dict[HtmlElement, datetime] = {}
    for tried, (link, row) in enumerate(rows.items()):
        if tried == _TRIED and not days:
            break
        known = (how_long_ago(part, language) for part in pieces(row, _ROW))
        if (ago := next((ago for ago in known if ago is not None), None)) is not None:
            day = now - ago
            days[link] = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return days
