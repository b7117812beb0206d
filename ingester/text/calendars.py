"""Dates of calendars other than the Gregorian one, as newspapers print them."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from common.patterns import pattern
from ingester.text.month_lengths import LUNAR_YEARS, NEPALI_YEARS, lunar_day, nepali_day

BUDDHIST_ERA = 543
_BUDDHIST_YEARS = range(2440, 2744)
_TAIWANESE_ERA = 1911
_TAIWANESE_YEARS = range(100, 200)
SOLAR_YEARS = range(1300, 1419)
"""Of Iran and Afghanistan, 1921 to 2040. Later ones are those of the lunar calendar."""
_SOLAR_EPOCH, _SOLAR_START = date(1600, 3, 20), 979
_MONTHS_OF_31_DAYS = 6

_ERA = pattern(r"(令和|平成|昭和|民國|民国)\s*(\d{1,3}|元)(?=\s*年)")
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
"""The year before the first of an era of Japan or of Taiwan."""

_SOLAR_MONTHS = {
    name: number
    for names in (
        "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر ابان اذر دی بهمن اسفند",
        "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
        "وری غویی غبرګولی چنګاښ زمری وږی تله لړم لیندی مرغومی سلواغه کب",
    )
    for number, name in enumerate(names.split(), start=1)
}
"""Iran's names, those of Afghanistan in Dari, and in Pashto."""
_LUNAR_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "محرم",
            "صفر",
            "ربيع_الاول ربیع_الاول",
            "ربيع_الاخر ربيع_الثاني ربیع_الثانی",
            "جمادى_الاولى جمادي_الاولى جمادى_الاول جمادی_الاول جمادی_الاولی",
            "جمادى_الاخرة جمادى_الثانية جمادى_الاخر جمادي_الاخرة جمادی_الثانی",
            "رجب",
            "شعبان",
            "رمضان",
            "شوال",
            "ذو_القعدة ذي_القعدة ذوالقعدة ذی_القعده ذی_قعده",
            "ذو_الحجة ذي_الحجة ذوالحجة ذی_الحجه ذی_حجه",
        ),
        start=1,
    )
    for name in names.split()
}
_NEPALI_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "वैशाख बैशाख",
            "जेठ जेष्ठ ज्येष्ठ",
            "असार आषाढ",
            "साउन श्रावण",
            "भदौ भाद्र भाद्रा",
            "असोज आश्विन",
            "कात्तिक कार्तिक",
            "मंसिर मङ्सिर मार्ग",
            "पुस पूस पौष",
            "माघ",
            "फागुन फाल्गुन",
            "चैत चैत्र",
        ),
        start=1,
    )
    for name in names.split()
}
_PERSIAN_LETTERS = str.maketrans("يىۍك", "یییک")


def with_gregorian_eras(text: str) -> str:
    """Return a text in which years of an era that it names (令和8年) are those of our calendar."""
    return _ERA.sub(_of_era, text)


def solar_month_of(word: str) -> int | None:
    """Return 1-12 for the folded name of a month of Iran or Afghanistan, else None."""
    return _SOLAR_MONTHS.get(word.translate(_PERSIAN_LETTERS))


def is_month(word: str) -> bool:
    """Whether a folded name, of two words with a `_` between, is a month of another calendar."""
    return word in _LUNAR_MONTHS or word in _NEPALI_MONTHS or solar_month_of(word) is not None


def named_elsewhere(words: Sequence[str]) -> tuple[int, int, int] | None:
    """Return the date, in our calendar, of folded words that name it in the lunar or Nepal's.

    Raises:
        ValueError: That calendar has no such day.
    """
    names = [*(f"{one}_{other}" for one, other in pairwise(words)), *words]
    numbers = [int(word) for word in words if word.isdecimal()]
    day = next((number for number in numbers if 1 <= number <= 32), None)
    for months, years, day_of in (
        (_LUNAR_MONTHS, LUNAR_YEARS, lunar_day),
        (_NEPALI_MONTHS, NEPALI_YEARS, nepali_day),
    ):
        month = next((months[name] for name in names if name in months), None)
        year = next((number for number in numbers if number in years), None)
        if month and year and day:
            same = day_of(year, month, day)
            return same.year, same.month, same.day
    return None


def of_nepal(year: int, month: int, day: int) -> tuple[int, int, int]:
    """Return a date in our calendar that is written in numbers, of Nepal's if its year is."""
    if year not in NEPALI_YEARS:
        return year, month, day
    same = nepali_day(year, month, day)
    return same.year, same.month, same.day


def gregorian(year: int, month: int, day: int) -> tuple[int, int, int]:
    """Return a date in our calendar, told from others by its year.

    A Buddhist year is 2440 to 2743, one of Taiwan 100 to 199, a solar one of Persia 1300 to 1418,
    a lunar one 1430 to 1500.

    Raises:
        ValueError: That calendar has no such day.
    """
    if year in _BUDDHIST_YEARS:
        return year - BUDDHIST_ERA, month, day
    if year in _TAIWANESE_YEARS:
        return year + _TAIWANESE_ERA, month, day
    if year in SOLAR_YEARS:
        same = _of_solar(year, month, day)
        return same.year, same.month, same.day
    if year in LUNAR_YEARS:
        same = lunar_day(year, month, day)
        return same.year, same.month, same.day
    return year, month, day


def _of_solar(year: int, month: int, day: int) -> date:
    """Return the day of a Persian date: of 33 years every fourth or fifth is a leap year."""
    long = month <= _MONTHS_OF_31_DAYS
    if not (1 <= month <= 12 and 1 <= day <= (31 if long else 30)):
        raise ValueError("no such day")
    since = year - _SOLAR_START
    days = 365 * since + since // 33 * 8 + (since % 33 + 3) // 4
    days += 31 * (month - 1) if long else 30 * (month - 1) + _MONTHS_OF_31_DAYS
    return _SOLAR_EPOCH + timedelta(days=days + day - 1)


def _of_era(match: re.Match[str]) -> str:
    return str(_ERAS[match[1]] + (1 if match[2] == "元" else int(match[2])))
