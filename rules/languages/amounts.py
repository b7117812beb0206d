"""Signs of amounts and how languages say them: 10% is 10 Prozent, $5 bn 5 Milliarden Dollar."""

import re
from functools import cache

from rules.data.tables import rows

_NUMBER = r"\d[\d.,]*"
_SCALES = {
    "m": "million",
    "mn": "million",
    "b": "billion",
    "bn": "billion",
    "tn": "trillion",
    "trn": "trillion",
}
_SCALE = r"(?:thousand|bn|мл[нр]д?|[mм][iиí]l\w*|billion|trillion|miljard\w*|miljoen)"
_SHORT_SCALE = re.compile(rf"(?<=[$€£])({_NUMBER}) ?(m|mn|b|bn|tn|trn)(?!\w)", re.IGNORECASE)
_APART = re.compile(r"(?:(?<!\w)US ?)?([$€£]) ?(?=\d)")
_PERCENT = "%％٪"
_PLAIN_I = str.maketrans("İı", "ii")
_BEHIND = 40
_BEFORE = 12
_LONGEST_WORD = 20


def with_signs(text: str) -> str:
    """Return a keyword with its amounts as signs: 10 percent as 10%, 5 bn dollars as $5 billion.

    The signs are found as every language says them, the words of one only as lists have them.
    """
    if not any(map(str.isdigit, text)):
        return text
    plain = _plain(text)
    for sign, called in _called().items():
        if any(each in plain for each in called):
            text = _spoken(sign).sub(sign if sign == "%" else rf"{sign}\1", text)
    text = _APART.sub(r"\1", text)
    return _SHORT_SCALE.sub(lambda found: f"{found[1]} {_SCALES[found[2].lower()]}", text)


def is_amount(sign: str) -> bool:
    """Whether a symbol beside a number says what is counted."""
    return sign in _words()


def is_unit(word: str) -> bool:
    """Whether a word says what an amount is of: евро."""
    return any(re.match(words, word, re.IGNORECASE) for words in _words().values())


def is_said(sign: str, text: str, start: int, end: int) -> bool:
    """Whether a number at a place of a text has a sign, or what a language calls it.

    Behind a number the word for money may stand after that for millions.
    """
    behind, before = _said()[sign]
    return bool(
        behind.match(text, end, end + _BEHIND)
        or before.search(text[max(0, start - _BEFORE) : start])
    )


@cache
def _rows() -> dict[str, list[str]]:
    """Return what each sign is called, the longest first."""
    called = {sign: cell.split(" | ") for sign, cell in rows("signs.tsv")}
    return {sign: sorted(words, key=len, reverse=True) for sign, words in called.items()}


@cache
def _words() -> dict[str, str]:
    """Return what each sign is called, as a pattern, the longest first."""
    return {sign: "|".join(map(re.escape, words)) for sign, words in _rows().items()}


@cache
def _called() -> dict[str, tuple[str, ...]]:
    """Return of each sign what any text has that says it: the sign, or what it is called."""
    signs = {sign: _PERCENT if sign == "%" else sign for sign in _rows()}
    return {sign: (*signs[sign], *map(_plain, words)) for sign, words in _rows().items()}


def _plain(text: str) -> str:
    """Return a text so that what matches in any case is the same: LİRA is lira."""
    return text.translate(_PLAIN_I).casefold()


@cache
def _spoken(sign: str) -> re.Pattern[str]:
    """Return how keywords say a sign of a number: that of money with the number.

    To compile it takes longer than to look for it in a thousand keywords.
    """
    words = _words()[sign]
    return re.compile(
        rf"(?<=\d)[ -]?(?:[{_PERCENT}]|(?:{words})(?!\w))"
        if sign == "%"
        else rf"(?<![\w$€£])({_NUMBER} {_SCALE})"
        rf"(?: (?:de|di|US|d['’])){{0,2}} ?(?:\{sign}|(?:{words})\w{{0,3}})(?!\w)",
        re.IGNORECASE,
    )


@cache
def _said() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """Return what stands behind a number that has a sign, and what before it."""
    return {
        sign: (
            re.compile(
                rf"(?:\W{{0,2}}[^\W\d]{{1,{_LONGEST_WORD}}}?){{0,{0 if sign == '%' else 2}}}?"
                rf"\W{{0,3}}?(?:{f'[{_PERCENT}]' if sign == '%' else re.escape(sign)}|{words})",
                re.IGNORECASE,
            ),
            re.compile(
                rf"(?:{f'[{_PERCENT}]' if sign == '%' else re.escape(sign)}|{words})\W?\Z",
                re.IGNORECASE,
            ),
        )
        for sign, words in _words().items()
    }
