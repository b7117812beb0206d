"""What an instant in the wild means: RFC 822, ISO 8601, and what people write instead.

A date is read only when day, month and year are all there and possible: a wrong date is worse
than none, because none becomes the time at which we first saw the article.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

from common.patterns import pattern
from ingester.text.calendars import (
    BUDDHIST_ERA,
    SOLAR_YEARS,
    gregorian,
    named_elsewhere,
    of_nepal,
    solar_month_of,
    with_gregorian_eras,
)
from ingester.text.month_lengths import LUNAR_YEARS
from ingester.text.months import (
    CROATIAN,
    HOME_ZONE_HOURS,
    NUMBERED,
    WEEKDAYS_LIKE_MONTHS,
    croatian_month_of,
    fold,
    month_of,
    rare_month_of,
    words_of,
)

LONGEST = 120
FIRST_YEAR, LAST_YEAR = 2, 2200
"""Year 1 is the zero of some programs' calendar, which they write where they know no date."""
WIDEST_ZONE = timedelta(hours=15)
THAILAND = timezone(timedelta(hours=7))
IRAN = timezone(timedelta(hours=3, minutes=30))
_FIRST_SHORT_YEAR = 50
"""Of two digits, in Thai; smaller ones are those of our calendar."""

# Hours from UTC; where a name means several zones, the one that feeds mean (RFC 822 first).
ZONES = {
    name: hours
    for hours, names in {
        0: "z utc gmt ut uct wet",
        -3.5: "nst",
        -2.5: "ndt",
        -2: "brst",
        -3: "adt brt art uyt clst",
        -4: "ast edt at clt bot vet",
        -5: "est cdt et cot pet ect",
        -6: "cst mdt ct",
        -7: "mst pdt mt",
        -8: "pst akdt pt",
        -9: "akst",
        -10: "hst",
        1: "cet met bst west wat mez",
        2: "cest mest eet sast cat mesz",
        3: "eest msk мск eat trt idt",
        3.5: "irst",
        4: "gst azt",
        4.5: "aft",
        5: "pkt uzt",
        5.5: "ist",
        5.75: "npt",
        6: "bdt",
        6.5: "mmt",
        7: "ict wib",
        8: "hkt sgt awst pht wita myt",
        9: "jst kst wit",
        9.5: "acst",
        10: "aest",
        10.5: "acdt",
        11: "aedt",
        12: "nzst",
        13: "nzdt",
    }.items()
    for name in names.split()
}

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_RFC_822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d{1,2}) ("
    + "|".join(_MONTHS)
    + r") (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|UTC|Z|([+-])(\d\d)(\d\d))",
    re.ASCII,
)
_ISO_8601 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|([+-])(\d\d):?(\d\d))",
    re.ASCII,
)
_EPOCH = pattern(r"(\d{9,10}|\d{12,13}|\d{16})(?:\.\d+)?")
_COMPACT = pattern(r"(\d{4}|\d{2})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?(?:[.,]\d+)?)?(.*)")
_ORDINAL = pattern(r"(\d{4})-?(\d{3})(?:t(.*))?|(\d{2})(\d{3})")
_TIME = pattern(
    r"(?<![\d:])(?P<before>am|pm|오전|오후|[上下]午|午[前後]|[凌清]晨|早上|晚上|晚[间間])?\s*(?P<hour>\d{1,2})"
    r"(?:(?:[:h]|\sh\s)(?P<minute>\d{1,2})|\s*(?:시|時|时|点|點)\s*(?P<cjk>\d{1,2})\s*(?:분|分))"
    r"(?:\s*[:초m]\s*(?P<second>\d{1,2})(?:[.,]\d+)?|\s*(?P<cjks>\d{1,2})\s*(?:초|秒))?(?![\d:])"
    r"\s*(?P<after>[ap]\.?\s?m\b\.?|sa\b|ch\b|uhr\b|صباحا?|مساء|[صم]\b)?"
)
_ZONE = pattern(
    r"[\s,(\[]*(?:(?P<name>utc|gmt|ut|z)?\s?(?P<sign>[+\-−])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?"
    r"(?!\d)|(?P<place>[a-z]+/[a-z_]+(?:/[a-z_]+)?)|(?P<letters>[a-zа-я]{1,5})\b)"
)
_YEAR_FIRST = pattern(
    r"(\d{2,4})\s*(?:[-/.년年]|оны?\b)\s*(\d{1,3})\s*(?:[-/.월月]|(?:-?р)?\s*сарын\b)\s*(\d{1,2})"
)
"""In Mongolian the year is followed by `оны`, the month by `сарын`."""
_DAY_FIRST = pattern(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})(?!\d)")
_MONTH_FIRST = ("en-us", "en-ph")
_HALF = pattern(r"\d:\d\d(?::\d\d)?\s?[ap]\.?m\b")
_SECONDS_OF_HALF = pattern(r"\d:\d\d:\d\d(?:[.,]\d+)?\s?[ap]m\b")
_BARE_CLOCK = pattern(r"(?<=-\d\d) (\d\d)(\d\d)(\d\d)(?!\d)")
_POINTED_CLOCK = pattern(
    # Nordic: kl. 8.30; Dutch, Italian and Slavic: om, ore, u 8.30; German: 8.30 Uhr
    r"\b(?:klo?|om|ore|alle|um|u|v|o|ob)\b\.?\s*(\d{1,2})[.:](\d{2})(?![.\d])"
    r"|(?<![.\d])(\d{1,2})\.(\d{2})(?=\s*(?:(?:uhr|uur|hod|h|gmt|[bc]es?t|[ap]\.?\s?m)\b|น\.))"
    # Behind a date, with nothing but a sign or a blank between
    r"|(?:(?<=\d{4}-\d\d-\d\d)|(?<=\d{4})\s?[-–—|,]?)\s([01]?\d|2[0-3])\.([0-5]\d)(?![.\d])"
)
_CROATIAN_DAY = pattern(r"\d\.\s*listopada\b")  # a Pole sets no point behind the day
_FOUR_DIGITS = pattern(r"\d{4}")
_THAI = pattern("[\u0e01-\u0e5b]")
_MONTH_ONLY = pattern(r"(\d{4})(?:-(\d{2}))?")


def parse_date(text: str, *, zone: tzinfo | None = None, language: str = "") -> datetime | None:
    """Return the instant that a text means, in UTC, or None when it means none.

    Args:
        text: As published. Longer than 120 characters means nothing.
        zone: Where a time without a zone of its own is at home. Without it that is the zone of
            the text's language where it has only one (Vietnamese, Korean, Thai), else UTC. A day
            without a time, or at midnight, stays that day: midnight in UTC.
        language: What the text is said to be in ("hr", "pl-PL"), or "": `listopad` is October in
            Croatian and November in Polish.
    """
    if not text or len(text) > LONGEST:
        return None
    try:
        if usual := _usual(text):
            return usual
        plain = " ".join(fold(text).split())
        return (
            _epoch(plain)
            or _compact(plain, zone)
            or _written(text, plain, zone, language)
            or _short(plain, zone)
        )
    except (ValueError, OverflowError):
        return None  # month 13, 30 February, hour 25, a zone of 99 hours


def _usual(text: str) -> datetime | None:
    """Read what nearly all feeds write, as what follows would read it, only sooner."""
    if match := _RFC_822.fullmatch(text):
        day, name, year, hour, minute, second, sign, hours, minutes = match.groups()
        month = _MONTHS[name]
    elif match := _ISO_8601.fullmatch(text):
        year, number, day, hour, minute, second, sign, hours, minutes = match.groups()
        month = int(number)
    else:
        return None
    if int(hour) > 23 or int(second) > 59 or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return None
    local = datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    if sign is None:
        return local
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    if ahead > WIDEST_ZONE or int(minutes) > 59:
        return None
    return local - ahead if sign == "+" else local + ahead


def _epoch(plain: str) -> datetime | None:
    match = _EPOCH.fullmatch(plain)
    if not match:
        return None
    digits = match[1]
    seconds = int(digits) / 10 ** (len(digits) - 10 if len(digits) > 10 else 0)
    if len(digits) == 12:
        seconds = int(digits) / 1000
    return datetime.fromtimestamp(int(seconds), UTC)


def _compact(plain: str, zone: tzinfo | None) -> datetime | None:
    if not re.match(r"\d{6}", plain):
        return None
    match = _COMPACT.fullmatch(plain)
    if not match:
        return None
    year, month, day, hour, minute, second, rest = match.groups()
    if hour is None and rest:
        return None
    offset = _offset(rest) if rest else None
    if rest and offset is None:
        return None
    clock = (int(hour or 0), int(minute or 0), int(second or 0))
    return _instant(_year(year), int(month), int(day), clock, offset or _home(zone, clock))


def _written(text: str, plain: str, zone: tzinfo | None, language: str) -> datetime | None:
    """Read a text whose parts are told apart by blanks, signs and names."""
    separated = re.sub(r"(?<=\d)t(?=\d)", " ", plain)
    separated = _BARE_CLOCK.sub(r" \1:\2:\3", with_gregorian_eras(separated))
    clock, offset, rest = _clock(_POINTED_CLOCK.sub(r" \1\3\5:\2\4\6", separated))
    date = _american(plain, rest, language) or _numeric(rest) or _named(rest, language)
    if date is None:
        return None
    if language.lower().startswith("ne"):
        date = of_nepal(*date)
    if _THAI.search(plain):
        date = _of_thailand(*date, rest)
    if offset is None:
        offset = _home(zone or _zone_told(text, plain, date[0]), clock)
    return _instant(*gregorian(*date), clock, offset)


def _home(zone: tzinfo | None, clock: tuple[int, int, int]) -> tzinfo | None:
    """Return where a time is at home; a day alone is everywhere that day."""
    return zone if clock != (0, 0, 0) else None


def _zone_told(text: str, plain: str, year: int) -> tzinfo | None:
    """Return the zone of the country whose words or calendar a time is written in, or None."""
    if _THAI.search(plain):
        return THAILAND
    return IRAN if year in SOLAR_YEARS else _home_zone(text)


def _of_thailand(year: int, month: int, day: int, rest: str) -> tuple[int, int, int]:
    """Return a date whose year of two digits is a Buddhist one: 69 is 2569."""
    is_short = year % 100 >= _FIRST_SHORT_YEAR and not _FOUR_DIGITS.search(rest)
    return (2500 - BUDDHIST_ERA + year % 100 if is_short else year), month, day


def _short(plain: str, zone: tzinfo | None) -> datetime | None:
    """Read a day of the year (2026-328), a month (2026-11) or a year."""
    if match := _ORDINAL.fullmatch(plain):
        year = _year(match[1] or match[4])
        days = int(match[2] or match[5])
        if not 1 <= days <= 366:
            return None
        clock, offset, _ = _clock(match[3] or "")
        start = _instant(year, 1, 1, clock, offset or _home(zone, clock))
        return start + timedelta(days=days - 1)
    if match := _MONTH_ONLY.fullmatch(plain):
        return _instant(int(match[1]), int(match[2] or 1), 1, (0, 0, 0), None)
    return None


def _clock(plain: str) -> tuple[tuple[int, int, int], tzinfo | None, str]:
    """Return the time of day, its zone if it names one, and the text without both."""
    match = _TIME.search(plain)
    if not match:
        return (0, 0, 0), None, plain
    hour = _hour(int(match["hour"]), match["before"] or match["after"] or "")
    clock = (hour, int(match["minute"] or match["cjk"]), int(match["second"] or match["cjks"] or 0))
    after = plain[match.end() :]
    offset = _offset(after)
    zone = _ZONE.match(after)
    if offset is not None and zone:
        after = after[zone.end() :]
    return clock, offset, f"{plain[: match.start()]} {after}"


def _hour(hour: int, half: str) -> int:
    half = half.replace(".", "").replace(" ", "")
    if half in ("pm", "오후", "下午", "午後", "晚上", "晚间", "晚間", "ch", "م", "مساء"):
        return hour + 12 if hour < 12 else hour
    if half in ("am", "오전", "上午", "午前", "凌晨", "清晨", "早上", "sa", "ص", "صباح", "صباحا"):
        return 0 if hour == 12 else hour
    return hour


def _offset(text: str) -> tzinfo | None:
    """Return the zone at the beginning of a text, or None; a zone that cannot be is an error."""
    match = _ZONE.match(text)
    if not match:
        return None
    if match["sign"]:
        if re.match(r"[+\-−]?\d{0,2}[/.]", text[match.start("sign") :]):
            return None  # a date behind the time: 08:00 -24/11/2026
        ahead = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
        if ahead > WIDEST_ZONE or int(match["minutes"] or 0) > 59:
            raise ValueError("no such zone")
        return timezone(ahead if match["sign"] == "+" else -ahead)
    if match["place"]:
        return _place(match["place"])
    hours = ZONES.get(match["letters"])
    return None if hours is None else timezone(timedelta(hours=hours))


def _place(name: str) -> tzinfo | None:
    parts = ["_".join(word.capitalize() for word in part.split("_")) for part in name.split("/")]
    if parts[0] == "Etc":
        return UTC if parts[1] in ("Gmt", "Utc", "Uct") else None
    try:
        return ZoneInfo("/".join(parts))
    except (OSError, ValueError, KeyError):  # not found is a KeyError, a directory an OSError
        return None


def _american(plain: str, rest: str, language: str) -> tuple[int, int, int] | None:
    """Read what is written in America, month first: 11/7/2026 6:30 PM.

    So do all who write the seconds, which programs do; else those who write English as in America,
    and those of whom nothing but that half of the day is known.
    """
    match = _DAY_FIRST.search(rest)
    if match is None or match[2] != "/":
        return None
    said = language.lower().replace("_", "-")
    is_american = said in _MONTH_FIRST or (said in ("", "en") and _HALF.search(plain))
    if not is_american and not _SECONDS_OF_HALF.search(plain):
        return None
    month, day = int(match[1]), int(match[3])
    return (_year(match[4]), month, day) if month <= 12 else None


def _numeric(rest: str) -> tuple[int, int, int] | None:
    if match := _YEAR_FIRST.search(rest):
        year, month, day = match.groups()
        is_long = len(year) == 4 or (len(year) == 3 and year.startswith("1"))
        if is_long or (len(year) == 2 and not _DAY_FIRST.search(rest)):
            return _year(year), int(month), int(day)
        if len(year) == 2 and len(day) == 2 and not re.match(r"\d", rest[match.end() :]):
            first, second = int(year), int(month)
            if first > 31 or (len(match[2]) == 2 and "-" in match[0] and second <= 12):
                return _year(year), second, int(day)
    if match := _DAY_FIRST.search(rest):
        day, month, year = int(match[1]), int(match[3]), _year(match[4])
        return (year, day, month) if month > 12 >= day else (year, month, day)
    return None


def _named(rest: str, language: str) -> tuple[int, int, int] | None:
    """Read a day, a month's name and a year in any order, other words between them."""
    words = words_of(rest)
    is_croatian = language.lower().startswith(CROATIAN) or _CROATIAN_DAY.search(rest)
    month, place = _month_among(words, croatian_month_of if is_croatian else month_of)
    if month is None:
        return _solar(words) or named_elsewhere(words)
    numbers = [word for index, word in enumerate(words) if word.isdecimal() and index != place]
    if len(numbers) < 2:
        return None
    years = [word for word in numbers if len(word) == 4]
    # Beside one of another calendar, as on Arabic pages, it is the later one.
    year = max(years, default=None)
    if year is None:
        first, second = numbers[:2]
        return (
            (_year(first), month, int(second))
            if int(first) > 31
            else (
                _year(second),
                month,
                int(first),
            )
        )
    if int(year) in SOLAR_YEARS or int(year) in LUNAR_YEARS:
        return None  # a day of our own Middle Ages: months of those calendars have other names
    near = words[: words.index(year)] if len(years) > 1 else words
    days = [*_days(word for word in near if word.isdecimal())] or [*_days(numbers)]
    day = next(iter(days[-1:] if len(years) > 1 else days), None)
    return None if day is None else (_year(year), month, day)


def _solar(words: list[str]) -> tuple[int, int, int] | None:
    """Read a day, a month of Iran's or Afghanistan's calendar and a year of it."""
    month = next((number for word in words if (number := solar_month_of(word))), None)
    numbers = [int(word) for word in words if word.isdecimal()]
    year = next((number for number in numbers if number in SOLAR_YEARS), None)
    day = next((number for number in numbers if 1 <= number <= 31), None)
    return (year, month, day) if year and month and day else None


def _days(numbers: Iterable[str]) -> Iterator[int]:
    return (int(word) for word in numbers if len(word) <= 2)


def _month_among(words: list[str], month_of: Callable[[str], int | None]) -> tuple[int | None, int]:
    """Return the month and the index of its number, -1 when it is a name."""
    for index, (word, number) in enumerate(pairwise(words)):
        if word in NUMBERED and number.isdecimal() and 1 <= int(number) <= 12:
            return int(number), index + 1
    months = [word for word in words if month_of(word)]
    if sure := [word for word in months if word not in WEEKDAYS_LIKE_MONTHS]:
        return month_of(sure[0]), -1
    names = (*(f"{one}_{other}" for one, other in pairwise(words)), *words)
    rare = next((month for name in names if (month := rare_month_of(name))), None)
    return rare or (month_of(months[0]) if months else None), -1


def _home_zone(text: str) -> tzinfo | None:
    for word in words_of(unicodedata.normalize("NFKC", text).casefold()):
        hours = HOME_ZONE_HOURS.get(word)
        if hours is not None:
            return timezone(timedelta(hours=hours))
    return None


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year < 70 else 1900)


def _instant(
    year: int, month: int, day: int, clock: tuple[int, int, int], zone: tzinfo | None
) -> datetime:
    hour, minute, second = clock
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError("no year of news")
    next_day = (hour, minute, second) == (24, 0, 0)
    local = datetime(
        year, month, day, 0 if next_day else hour, minute, min(second, 59), tzinfo=zone or UTC
    )
    if second > 60:
        raise ValueError("no such second")
    return (local + timedelta(days=next_day)).astimezone(UTC)
