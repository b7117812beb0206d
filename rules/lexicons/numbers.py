"""A lexicon of what numbers are called: 7th is 7., 7e, седьмой; 5 billion 50億; F-35 إف-35."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from rules.data.tables import rows
from rules.languages.amounts import with_signs
from rules.lexicons.api import Form, NoHeadwords

SOURCE = "numbers"
_SCORE = 0.92
_ORDINAL = re.compile(r"([1-9][0-9]?)(?:st|nd|rd|th)", re.IGNORECASE)
_TYPE = re.compile(r"([A-Z]|[A-Z][A-Za-z]{1,4})-?([0-9]{1,4}[A-Z]?)")
_AMOUNT = re.compile(r"([$€£]?)([0-9]{1,3}(?:\.[0-9])?) (million|billion|trillion)", re.IGNORECASE)
_POWERS = {"million": 6, "billion": 9, "trillion": 12}
_SHORT = {"million": ("m",), "billion": ("bn", "b"), "trillion": ("tn",)}
_OF_EAST_ASIA = {
    "zh": ((12, "万亿"), (8, "亿"), (4, "万")),
    "ja": ((12, "兆"), (8, "億"), (4, "万")),
    "ko": ((12, "조"), (8, "억"), (4, "만")),
}
"""By which powers of ten languages count that have no word for a million."""
_MONEY = {
    "zh": {"$": "美元", "€": "欧元", "£": "英镑"},
    "ja": {"$": "ドル", "€": "ユーロ", "£": "ポンド"},
    "ko": {"$": " 달러", "€": " 유로", "£": " 파운드"},
    "es": {"$": " de dólares", "€": " de euros", "£": " de libras"},
}
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_MOST_ROMAN = 39
_TELLING, _OF_ROMANS = ("V", "X"), ("es", "pt", "it", "ca", "ro", "pl")
"""What one sign says, and where: I is a word, and elsewhere V is seldom a number."""
_FIRST_OF_ANY_CASE = 4
"""What is not written with a capital may be something else: a second, a third party."""
_CYRILLIC = dict(zip("ABDEFGIKLMNOPRSTUVXZH", "АБДЕФГИКЛМНОПРСТУВХЗХ", strict=True)) | {"C": "К"}
_IN_CYRILLIC = ("ru", "uk", "bg", "be", "sr", "mk", "kk")


class NumberLexicon(NoHeadwords):
    """Implements `rules.lexicons.api.Lexicon` for ordinals, amounts and types of things."""

    def forms(self, term: str, written_in: Collection[str] = ()) -> Iterator[Form]:
        """Yield what an English ordinal or amount, or a type of any language, is elsewhere."""
        if found := _TYPE.fullmatch(term):
            yield from _types(*found.groups())
        elif written_in and "en" not in written_in:
            return
        elif (number := _ordinal(term)) is not None:
            yield from _ordinals(number, term)
        elif found := _AMOUNT.fullmatch(with_signs(term)):
            yield from _amounts(*found.groups())


def _ordinal(term: str) -> int | None:
    if found := _ORDINAL.fullmatch(term):
        return int(found[1])
    number = _english().get(term.lower())
    if number is None or (term.islower() and number < _FIRST_OF_ANY_CASE):
        return None
    return number


@cache
def _english() -> dict[str, int]:
    words = next(words for language, _, words in rows("ordinals.tsv") if language == "en")
    return {word: number for number, word in enumerate(words.split(), 1)}


def _ordinals(number: int, term: str) -> Iterator[Form]:
    for language, digits, words in rows("ordinals.tsv"):
        ways = (way.rstrip(".") for way in digits.split(" | ") if way != "-")
        texts = [way.replace("#", str(number)) for way in ways]
        spelled = words.split()
        if number <= len(spelled):
            texts.append(spelled[number - 1].replace("_", " "))
        if language == "en":
            texts = [text for text in texts if not text[0].isdigit() or text == _in_english(number)]
        yield from (Form(language, text, SOURCE, _SCORE) for text in texts if text != term)
    roman = _roman(number)
    if len(roman) > 1:
        yield Form("", roman, SOURCE, _SCORE, kind="acronym")
        yield Form("fr", f"{roman}e", SOURCE, _SCORE)
    elif roman in _TELLING:
        yield from (Form(each, roman, SOURCE, _SCORE, kind="acronym") for each in _OF_ROMANS)


def _in_english(number: int) -> str:
    is_teen = 10 < number < 14
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _roman(number: int) -> str:
    roman = ""
    for value, sign in _ROMAN if number <= _MOST_ROMAN else ():
        roman += sign * (number // value)
        number %= value
    return roman


def _amounts(sign: str, count: str, scale: str) -> Iterator[Form]:
    scale = scale.lower()
    for short in _SHORT[scale]:
        yield Form("en", f"{sign}{count}{short}", SOURCE, _SCORE)
    tenths = round(float(count) * 10) * 10 ** (_POWERS[scale] - 1)
    for language, powers in _OF_EAST_ASIA.items():
        power, word = next(each for each in powers if tenths >= 10 ** each[0])
        if tenths % 10**power == 0:
            text = f"{tenths // 10**power}{word}{_MONEY[language].get(sign, '')}"
            yield Form(language, text, SOURCE, _SCORE)
    if scale == "billion" and "." not in count:
        for thousands in (f"{count}.000", f"{count}000", f"{count} 000"):
            text = f"{thousands} millones{_MONEY['es'].get(sign, '')}"
            yield Form("es", text, SOURCE, _SCORE)


def _types(letters: str, number: str) -> Iterator[Form]:
    written = [*_named().get(letters, ())]
    if all(letter.upper() in _CYRILLIC for letter in letters):
        spelled = "С" if letters == "C" else "".join(map(_cyrillic, letters))
        written += [(language, spelled) for language in _IN_CYRILLIC]
    for language, begun in written:
        yield from (
            Form(language, f"{begun}{joint}{number}", SOURCE, _SCORE) for joint in _joints(begun)
        )


def _cyrillic(letter: str) -> str:
    other = _CYRILLIC[letter.upper()]
    return other if letter.isupper() else other.lower()


def _joints(begun: str) -> Iterable[str]:
    """Return what may stand between letters and a number: of one letter, no space."""
    return ("-", "") if len(begun) == 1 else ("-", "", " ")


@cache
def _named() -> dict[str, list[tuple[str, str]]]:
    """Return what letters before numbers are called, and in which language."""
    named: dict[str, list[tuple[str, str]]] = {}
    for letters, language, cell in rows("designations.tsv"):
        named.setdefault(letters, []).extend((language, each) for each in cell.split(" | "))
    return named
