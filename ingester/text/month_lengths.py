"""Calendars whose months are as long as was seen or decreed: the lunar one of Islam, that of Nepal.

Lunar dates are those of Umm al-Qura, as Saudi Arabia reckons them; elsewhere the same name may be a
day off. Nepal's lengths are those of the Bikram Sambat almanacs.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import chain

LUNAR_YEARS = range(1430, 1501)
_LUNAR_START = date(2008, 12, 29)
_LUNAR = """
655 6a9 754 b6a 56c aad 555 b29 b92 ba9 5d4 ada 55a aab 595 749 764 baa 5b5 2b6 a56 d2a e95 72a 755
35a 95d 49b a4d d26 d53 5aa aad 4b6 a57 527 a95 b4a b55 36c 9ae 4b6 a96 b4a da5 5d2 5d9 2dc 96d 4ad
655 6d2 b69 374 9b6 4d7 2ab 54b 6a5 752 b69 56b 2ad 94d c95 d4a ea5 6ca ad5 556 c97
"""
"""A year each, its months as bits, the first the highest: 30 days where it is set, else 29."""

NEPALI_YEARS = range(2070, 2100)
_NEPALI_START = date(2013, 4, 14)
_NEPALI = """
222322011011 223222101011 232321101011 232321110012 222322101011 223222101011 232321110011
232321110102 222322101011 223222101011 232321110011 232321110102 223222101011 223222101011
223221110111 232312110111 132321110111 223222101111 123312110111 132321110111 132321110111
223222110111 123321110111 132321110111 223221110111 223222101111 123321101011 232321110111
223222010102 223222100111
"""
"""A year each: by how much each of its twelve months is longer than 29 days."""


def lunar_day(year: int, month: int, day: int) -> date:
    """Return the day of a date of the lunar calendar, of a year in `LUNAR_YEARS`.

    Raises:
        ValueError: It has no such day.
    """
    return _day(_LUNAR_START, _lunar(), (year - LUNAR_YEARS.start) * 12 + month - 1, month, day)


def nepali_day(year: int, month: int, day: int) -> date:
    """Return the day of a date of Nepal's calendar, of a year in `NEPALI_YEARS`.

    Raises:
        ValueError: It has no such day.
    """
    return _day(_NEPALI_START, _nepali(), (year - NEPALI_YEARS.start) * 12 + month - 1, month, day)


def _day(start: date, lengths: Sequence[int], index: int, month: int, day: int) -> date:
    if not (1 <= month <= 12 and 1 <= day <= lengths[index]):
        raise ValueError("no such day")
    return start + timedelta(days=sum(lengths[:index]) + day - 1)


def _lunar() -> list[int]:
    years = (int(bits, 16) for bits in _LUNAR.split())
    return [29 + (year >> place & 1) for year in years for place in range(11, -1, -1)]


def _nepali() -> list[int]:
    return [29 + int(more) for more in chain.from_iterable(_NEPALI.split())]
