"""What parts of articles say: signs as they are met, until they are added up (`counting.py`)."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.patterns import pattern
from ingester.stories.signs import Places, Sign, Signs, number_sign

_LENGTH_BITS = 8
UNKNOWN = 1 << 40
"""What is added to where a name is written that is no word which the lexicon has."""
_DECIMAL = pattern(
    r"(?:(?<![\d.,:/٫–-])|(?<=[^\W\d]{3}-))"
    r"(\d{1,3})([.,٫])(\d\d?)(?![\d–]|[.,٫:/-]\d|\.[^\W\d]|[十百千万萬亿億兆백천만억조])(\.?)"
)
"""A number with one or two decimals: no date or version with more parts, no range, no thousands.

A word may be joined to it on either side: magnitude-5.6, 5.6-magnitude.
"""
_LAST_DAY, _LAST_MONTH = 31, 12
_LAST_HOUR, _LAST_MINUTE = 24, 59
_HOURS_BEFORE = pattern(
    r"(?<!\w)(?:kl|klo|klockan|klokken|kello|kell|klukkan|godz|godzinie|ore|ora|ura|uri|pukul|jam)"
    r"\.?\s?$",
    re.IGNORECASE,
)
_HOURS_BEHIND = pattern(r"\s?(?:uhr|uur|[ap]\.?m|h|hrs|hours)(?!\w)", re.IGNORECASE)
"""What stands beside a time of day: kl. 17.30, 17.30 Uhr."""
_LONGEST_BEFORE = 12
SMALL, SMALL_TELLS = 10, 0.6
"""Below that are magnitudes and rates: a number with one decimal that two events may have, and
tells so much of what others do.
"""
MAY_BE_FIGURES = pattern(r"\d[-–比: .,٫]{1,3}\d")
"""What every result and every decimal has: few parts do, and looking for that takes little."""
THOUSAND, MILLION = 10**3, 10**6
_UNITS = {
    unit: value
    for value, units in (
        (10, "十"),
        (100, "百 백"),
        (10**3, "千 천 พัน हज़ार हजार হাজার ہزار ஆயிரம் వేల"),
        (10**4, "万 萬 만 หมื่น"),
        (10**5, "แสน लाख লাখ লক্ষ لاکھ லட்சம் లక్షల"),
        (10**6, "ล้าน"),
        (10**7, "करोड़ करोड कोटी কোটি کروڑ கோடி కోట్ల"),
        (10**8, "亿 億 억"),
        (10**12, "兆 조"),
    )
    for unit in units.split()
}
COUNTED_OTHERWISE = frozenset(("zh", "ja", "th", "ko", "hi", "mr", "ne", "bn", "ur", "ta", "te"))
"""They count by ten thousands, or by lakhs, or write what is counted onto the number."""
_UNIT = f"(?:{'|'.join(_UNITS)})"
_FIGURE = r"(?:\d[\d,]{0,11}(?:\.\d\d?)?|[一二两兩三四五六七八九])"
_COUNTED = rf"(?:{_FIGURE}\s?|(?=十[一二三四五六七八九万萬亿億])){_UNIT}+"
_AMOUNT = pattern(
    rf"(?<![\d.,])(?:{_COUNTED}(?:\s?{_COUNTED})*{_FIGURE}?|\d[\d,]{{1,11}}(?=[가-힣]))"
)
_IN_AMOUNTS = pattern(rf"{_FIGURE}|{_UNIT}")
_HAN = str.maketrans("一二两兩三四五六七八九", "12223456789", ",")
_AS_DECIMAL = 1 << 48
"""What is added to a decimal's hundredths where it is said how it is written."""


class Part(NamedTuple):
    """A part of an article, by its number among those that are read together."""

    article: int
    text: str
    weight: float
    language: str


class Said(NamedTuple):
    """Signs in order as articles say them, and how much each counts where it stands.

    Attributes:
        written: Of each sign, what the text is found by that it is shown as; nothing of words.
    """

    articles: NDArray[np.uint32]
    signs: Signs
    weights: NDArray[np.float64]
    written: Places

    def taken(self, places: Places) -> "Said":
        """Return what stands at these places."""
        return Said(
            self.articles[places], self.signs[places], self.weights[places], self.written[places]
        )


class Reading(NamedTuple):
    """What some parts say.

    Attributes:
        words, signs: Added up when all is read.
        text_of: Returns what a sign is shown as, from its `written`.
        tokens: What stands for their words where texts are compared word by word.
        stems: The signs of these words.
        ends: Where those of each part end.
    """

    words: Sequence[Said]
    signs: Sequence[Said]
    text_of: Callable[[int], str]
    tokens: Signs
    stems: Signs
    ends: Sequence[int]


class Forms(NamedTuple):
    """Forms of several words or signs, from where to where; once for each concept they name."""

    starts: Places
    ends: Places
    numbers: Places

    @property
    def shares(self) -> Places:
        """Among how many concepts of its form each is."""
        _, form, counts = np.unique(self.starts, return_inverse=True, return_counts=True)
        return np.asarray(counts[form])

    @property
    def written(self) -> Places:
        """Where they stand, each as one number, less than 0: `where` takes it apart."""
        return ~(self.starts << _LENGTH_BITS | (self.ends - self.starts))


def where(written: int) -> slice:
    """Return from where to where a form stands."""
    start, length = divmod(~written, 1 << _LENGTH_BITS)
    return slice(start, start + length)


def longest(found: Sequence[Forms]) -> Forms:
    """Return of the forms that begin at one place the longest, in order."""
    if not found:
        nowhere = np.zeros(0, dtype=np.int64)
        return Forms(nowhere, nowhere, nowhere)
    starts, ends, numbers = (np.concatenate(each) for each in zip(*found, strict=True))
    order = np.lexsort((numbers, -ends, starts))
    starts, ends, numbers = starts[order], ends[order], numbers[order]
    kept = ends == ends[starts.searchsorted(starts)]
    kept[1:] &= (starts[1:] != starts[:-1]) | (numbers[1:] != numbers[:-1])
    return Forms(starts[kept], ends[kept], numbers[kept])


def joined(several: Sequence[Said]) -> Said:
    """Return what is said one after the other."""
    return Said(
        np.concatenate([said.articles for said in several]),
        np.concatenate([said.signs for said in several]),
        np.concatenate([said.weights for said in several]),
        np.concatenate([said.written for said in several]),
    )


def said_decimals(parts: Sequence[Part]) -> Said:
    """Return the numbers with decimals that parts say, of whichever mark: 5.6 or 5,6.

    A magnitude, a rate or a sum in thousand millions is the same in every language, and tells more
    than its digits on both sides of the mark do.
    """
    told = [each for part in parts for each in (*_decimals(part), *_amounts(part))]
    return Said(
        np.array([article for article, _, _, _ in told], dtype=np.uint32),
        np.array([sign for _, sign, _, _ in told], dtype=np.uint32),
        np.array([weight for _, _, weight, _ in told], dtype=np.float64),
        np.array([written for _, _, _, written in told], dtype=np.int64),
    )


def _decimals(part: Part) -> Iterator[tuple[int, Sign, float, int]]:
    for found in _DECIMAL.finditer(part.text):
        whole, mark, decimals, point = found.groups()
        is_date = mark == point and int(whole) <= _LAST_DAY and int(decimals) <= _LAST_MONTH
        hundredths = int(whole) * 100 + int(decimals.ljust(2, "0"))
        if hundredths % 100 and not is_date and not _is_time(part.text, found):
            written = _AS_DECIMAL | hundredths
            tells = SMALL_TELLS if hundredths < 100 * SMALL else 1.0
            yield part.article, number_sign(decimal(written)), part.weight * tells, written


def _amounts(part: Part) -> Iterator[tuple[int, Sign, float, int]]:
    """Yield large numbers as others say them: 7亿4000万 as 740 million, 2 करोड़ as 20."""
    if part.language not in COUNTED_OTHERWISE:
        return
    for found in _AMOUNT.finditer(part.text):
        whole = value = _value(found[0])
        while whole >= MILLION and value >= THOUSAND:
            value /= THOUSAND
        is_exact = abs(value - round(value, 2)) < 1e-6 or whole > MILLION**2
        written = _AS_DECIMAL | round((value if is_exact else whole) * 100)
        if sign := number_sign(decimal(written)):
            yield part.article, sign, part.weight, written


def _value(amount: str) -> float:
    """Return the value of a large number: each unit counts what is smaller before it."""
    parts = [0.0]
    for each in _IN_AMOUNTS.findall(amount):
        if unit := _UNITS.get(each):
            counted = sum(part for part in parts if part < unit) or 1
            parts = [*(part for part in parts if part >= unit), counted * unit]
        else:
            parts.append(float(each.translate(_HAN)))
    return sum(parts)


def _is_time(text: str, found: re.Match[str]) -> bool:
    """Whether what looks like a number with two decimals is a time of day."""
    hour, _, minute, _ = found.groups()
    if len(minute) < 2 or int(hour) > _LAST_HOUR or int(minute) > _LAST_MINUTE:
        return False
    before = text[max(0, found.start() - _LONGEST_BEFORE) : found.start()]
    return bool(_HOURS_BEFORE.search(before) or _HOURS_BEHIND.match(text, found.end(3)))


def decimal(written: int) -> str:
    """Return the number with decimals that is written so; "" of what is none."""
    if written < _AS_DECIMAL:
        return ""
    return f"{(written - _AS_DECIMAL) / 100:.2f}".rstrip("0").rstrip(".")
