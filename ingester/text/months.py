"""Names of months and days, as data, for `ingester.text.dates`.

One line a language, January first; a name's beginning (three letters or more) means the same
month as long as no other month of any line begins so, and English goes first (`mar` is March, not
Finnish November). Written without accents, as `fold` leaves them.
"""

import unicodedata
from collections import defaultdict

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
сичня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου \
ιουλιου αυγουστου σεπτεμβριου οκτωβριου νοεμβριου δεκεμβριου
ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ
يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر
มกราคม กมภาพนธ มนาคม เมษายน พฤษภาคม มถนายน กรกฎาคม สงหาคม กนยายน ตลาคม พฤศจกายน ธนวาคม
"""

SHORT = {"mrz": 3}
"""Short forms that are no beginnings."""

NUMBERED = frozenset({"thang", "thg", "th"})
"""Vietnamese: `tháng 11`."""

WEEKDAYS_LIKE_MONTHS = frozenset({"mar", "mart", "mars"})
"""French, Spanish and Italian Tuesdays: a month only where nothing else is one."""

HOME_ZONE_HOURS = {"오전": 9, "오후": 9, "년": 9, "thứ": 7, "chủ": 7, "ngày": 7, "tháng": 7}
"""Words, with their accents, of languages that are at home in one time zone (`thu` is English):
a bare time next to them means that one."""


def fold(text: str) -> str:
    """Return text in lower case, compatibility forms replaced and marks removed.

    Hangul syllables stay whole.
    """
    lower = unicodedata.normalize("NFKC", text).casefold().replace("đ", "d").replace("ı", "i")
    return "".join(
        letter if "가" <= letter <= "힣" else _without_marks(letter) if letter > "\x7f" else letter
        for letter in lower
    )


def _without_marks(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    return "".join(part for part in parts if unicodedata.category(part) != "Mn")


def month_of(word: str) -> int | None:
    """Return 1-12 for a folded month name or its beginning, else None."""
    return _NAMES.get(word)


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


_NAMES = _names()
