"""How long ago something was, in the words of sites: "3 hours ago", "2 giờ trước"."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from ingester.text.language import primary

_LONGEST = 32
_AGO = re.compile(r"[^\d\n]{0,16}\d{1,3}(?::\d\d)?\D{0,24}")
"""A number or a clock, and words: what may say how long ago something was published."""
_SOME_NOON = datetime(2026, 6, 15, 12, tzinfo=UTC).replace(tzinfo=None)
"""From which is counted what is kept for any time."""
_LONGEST_AGO_KNOWN = timedelta(days=3_660)
_KEPT = 4_096
_SPELT = (("ที่แล้ว", "ที่ผ่านมา"), ("πριν ", "πριν από "), ("منذ ", "قبل "))
"""What sites write, and what the library that reads it knows."""


_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_UNCOUNTED = (
    (
        timedelta(0),
        "just now|a minute ago|vừa xong|刚刚|剛剛|방금|たった今|только что|щойно|az önce|الآن",
    ),
    (
        _HOUR,
        "an hour ago|vor einer stunde|il y a une heure|hace una hora|há uma hora|un'ora fa|"
        "een uur geleden|för en timme sedan|for en time siden|tunti sitten|godzinę temu|час назад|"
        "годину тому|před hodinou|bir saat önce|sejam yang lalu|sejam lalu|منذ ساعة|قبل ساعة|"
        "לפני שעה|एक घंटा पहले",
    ),
    (2 * _HOUR, "منذ ساعتين|قبل ساعتين|לפני שעתיים"),
    (
        _DAY,
        "yesterday|a day ago|gestern|vor einem tag|il y a un jour|ayer|hace un día|ontem|"
        "há um dia|ieri|un giorno fa|gisteren|een dag geleden|igår|i går|eilen|wczoraj|včera|"
        "вчера|вчора|учора|день назад|χθες|χτες|dün|bir gün önce|kemarin|sehari yang lalu|semalam|"
        "hôm qua|昨天|昨日|어제|เมื่อวาน|เมื่อวานนี้|أمس|منذ يوم|قبل يوم|دیروز|אתמול|গতকাল",
    ),
    (2 * _DAY, "منذ يومين|قبل يومين|לפני יומיים|позавчера|vorgestern|anteayer|前天|一昨日|그저께"),
    (7 * _DAY, "a week ago|vor einer woche|hace una semana|il y a une semaine|منذ أسبوع|منذ اسبوع"),
    (14 * _DAY, "منذ أسبوعين|منذ اسبوعين"),
)
_WITHOUT_NUMBER = {said: ago for ago, words in _UNCOUNTED for said in words.split("|")}
"""What counts back without a number, in one language or another."""


def how_long_ago(text: str, language: str) -> timedelta | None:
    """Return how long ago a line says that something was, or None if it says nothing else.

    Args:
        language: What it is said to be in ("vi", "pt-BR").
    """
    if (known := _WITHOUT_NUMBER.get(text[:_LONGEST].strip(" .·|-").lower())) is not None:
        return known
    return _ago(text, primary(language)) if _AGO.fullmatch(text[: _LONGEST + 1]) else None


@lru_cache(_KEPT)
def _ago(text: str, language: str) -> timedelta | None:
    """Return how long ago "3 hours ago" is, or in days "hôm qua 16:20", or None.

    "3 hours" alone is how long something takes.
    """
    import dateparser  # a tenth of a second, and few lists need it

    for sites, known in _SPELT:
        text = text if known in text else text.replace(sites, known)
    settings = {
        "PARSERS": ["relative-time"],
        "RELATIVE_BASE": _SOME_NOON,
        "PREFER_DATES_FROM": "future",  # so is what says not that it is past
    }
    try:
        found = dateparser.parse(text, languages=[language], settings=settings)
    except ValueError:
        return None  # a language that nobody knows
    if found is None:
        return None
    ago = _SOME_NOON.date() - found.date() if ":" in text else _SOME_NOON - found
    return ago if timedelta(0) <= ago <= _LONGEST_AGO_KNOWN else None
