"""Names of months and days, as data, for `ingester.text.dates`.

Those of the languages that most feeds are in stand here, those of all others in months.tsv, which
is made of CLDR (`bench.making.months`) and read when a name is none of these.

One line a language, January first; a name's beginning (three letters or more) means the same
month as long as no other month of any line begins so, and English goes first (`mar` is March, not
Finnish November). Written without accents, as `fold` leaves them.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from common.patterns import pattern

MONTHS = """
january february march april may june july august september october november december
januar februar marz april mai juni juli august september oktober november dezember
janner feber maerz april mai juni juli august sept oktober november dezember
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro
januari februari maart april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november december
tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesakuuta \
heinakuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien
stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia
leden unor brezen duben kveten cerven cervenec srpen zari rijen listopad prosinec
ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince
januar februar marcius aprilis majus junius julius augusztus szeptember oktober november december
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik
januari februari maret april mei juni juli agustus september oktober november desember
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
январь февраль март апрель маи июнь июль август сентябрь октябрь ноябрь декабрь
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra
januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra
јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра
janvari februari marta aprili maija junija julija augusta septembri oktobri novembri decembri
ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου \
ιουλιου αυγουστου σεπτεμβριου οκτωβριου νοεμβριου δεκεμβριου
ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ
يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر
"""

CROATIAN = ("hr", "bs")
"""Languages in which months are called so; their neighbours call others by the same names."""

CROATIAN_MONTHS = {"lip": 6, "srp": 7, "studenog": 11}
CROATIAN_MONTHS |= dict.fromkeys(("lis", "listopad", "listopada", "listopadu"), 10)
"""What means another month in their languages, or is in no table; as whole words, because pages set
others before a date: `Svijet, 5. ožujka`."""

SHORT = {"mrz": 3}
"""Short forms that are no beginnings."""

NUMBERED = frozenset({"thang", "thg", "th"})
"""Vietnamese: `tháng 11`."""

WEEKDAYS_LIKE_MONTHS = frozenset(
    {"mar", "mart", "mars", "marti", "dic", "mei", "paz", "sub", "sze"}
)
"""Days of the week (a French Tuesday, a Romanian one, a Turkish Sunday): a month only where nothing
else is one."""

HOME_ZONE_HOURS = {"오전": 9, "오후": 9, "년": 9, "thứ": 7, "chủ": 7, "ngày": 7, "tháng": 7}
"""Words, with their accents, of languages that are at home in one time zone (`thu` is English):
a bare time next to them means that one."""


_WORD = pattern(
    # Vowels of Indian scripts, and what Thai, Lao, Burmese and Khmer write over and under letters,
    # are no letters to `re`.
    r"\d+|(?:[^\W\d_]|(?![\d\u0964\u0965\u0970\u104a-\u104f])[\u0900-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e"
    r"\u0eb1-\u0ebc\u0ec8-\u0ecd\u1000-\u109f\u17b4-\u17d3])+"
)
_OTHER_DIGIT = pattern("[^\\D0-9]")
_SHORTENED = pattern(r"(?<=[\u0e00-\u0eff])\.(?=[\u0e00-\u0eff])")
"""The point within a Thai or Lao short form: `พ.ย.`."""

_KHMER_MONTH = "ខែ"
"""The word for month, which is written together with its name."""

_NUKTA = 7
"""Combining class of the dot that Indian scripts set or leave out."""


def with_ascii_digits(text: str) -> str:
    """Return a text in which the digits of other scripts are those of ours.

    So are the numbers of a day that is written in Chinese characters: 二〇二六年十一月二十七日.
    """
    text = _OTHER_DIGIT.sub(lambda digit: str(int(digit[0])), text)
    return (
        _HAN_DAY.sub(lambda day: _HAN_NUMBER.sub(_of_han, day[0]), text) if "年" in text else text
    )


_HAN_NUMBER = re.compile("[〇○零一二三四五六七八九十]{1,4}")
_HAN_DAY = re.compile(rf"{_HAN_NUMBER.pattern}年{_HAN_NUMBER.pattern}月{_HAN_NUMBER.pattern}日")
_HAN_DIGITS = {han: str(n) for n, han in enumerate("〇一二三四五六七八九")} | {"○": "0", "零": "0"}


def _of_han(number: re.Match[str]) -> str:
    tens, ten, ones = number[0].rpartition("十")
    if not ten:
        return "".join(_HAN_DIGITS[han] for han in number[0])
    return f"{_HAN_DIGITS.get(tens, '1')}{_HAN_DIGITS.get(ones, '0')}"


def fold(text: str) -> str:
    """Return text in lower case, compatibility forms replaced and marks over letters removed.

    Hangul syllables stay whole, and the vowels of Indian scripts, of Thai and its neighbours stay.
    """
    lower = unicodedata.normalize("NFKC", text).casefold().replace("đ", "d").replace("ı", "i")
    return "".join(
        letter if "가" <= letter <= "힣" else _without_marks(letter) if letter > "\x7f" else letter
        for letter in lower
    )


def _without_marks(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", letter) if _is_kept(part))


def _is_kept(part: str) -> bool:
    category = unicodedata.category(part)
    if category == "Mn":
        return "\u0900" <= part < "\u1ab0" and unicodedata.combining(part) != _NUKTA
    return category != "Cf"  # marks of direction, which some programs write between numbers


def words_of(folded: str) -> list[str]:
    """Return the words and the numbers of a folded text."""
    return _WORD.findall(_SHORTENED.sub("", folded))


def month_of(word: str) -> int | None:
    """Return 1-12 for a folded month name or its beginning, else None."""
    return COMMON.get(word)


def croatian_month_of(word: str) -> int | None:
    """Return what `month_of` does, in a Croatian text."""
    return CROATIAN_MONTHS.get(word) or COMMON.get(word)


def rare_month_of(word: str) -> int | None:
    """Return 1-12 for a folded month name of a language that few feeds are in, else None.

    Args:
        word: One word, or two joined by "_".
    """
    return _rare().get(word.removeprefix(_KHMER_MONTH))


@cache
def _rare() -> Mapping[str, int]:
    table = files("ingester.text").joinpath("months.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines())
    return {name: int(number) for number, names in rows for name in names.split(" ")}


def _names() -> dict[str, int]:
    lines = [line.split() for line in MONTHS.strip().splitlines()]
    exact = {name: number for line in reversed(lines) for number, name in enumerate(line, start=1)}
    beginnings: dict[str, set[int]] = defaultdict(set)
    for line in lines:
        for short, number in _beginnings(line):
            beginnings[short].add(number)
    clear = {short: numbers.pop() for short, numbers in beginnings.items() if len(numbers) == 1}
    return clear | exact | dict(_beginnings(lines[0])) | SHORT


def _beginnings(line: list[str]) -> list[tuple[str, int]]:
    return [
        (name[:length], number)
        for number, name in enumerate(line, start=1)
        for length in range(3, len(name) + 1)
    ]


COMMON = _names()
"""Months by their names and beginnings in the languages above."""
