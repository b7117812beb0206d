"""One written form for many: case, width, accents, letter variants, invisible characters.

Marks are dropped only where they are accents (Latin, Greek, Cyrillic, Hebrew, Arabic); in
Indic and South-East Asian scripts they are vowels and stay.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from common.patterns import pattern
from rules.data.tables import simplified_han

_DROPPED_RANGES = (
    (0x0300, 0x036F),  # accents of Latin, Greek, Cyrillic
    (0x0483, 0x0489),
    (0x0591, 0x05C7),  # Hebrew points
    (0x0610, 0x061A),  # Arabic vowel signs
    (0x064B, 0x065F),
    (0x06D6, 0x06ED),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x200B, 0x200F),  # joiners and directions
    (0x202A, 0x202E),
    (0x2060, 0x2064),
    (0x2066, 0x206F),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFE20, 0xFE2F),
)
_DROPPED = "\u00ad\u0640\u0670\ufeff'’ʼʹʻ׳״\"."
_LETTERS: dict[str, str | None] = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "ħ": "h",
    "ŧ": "t",
    "ŋ": "n",
    "ƒ": "f",
    "ǝ": "ə",
    "ĸ": "k",
    "ß": "ss",
    "ґ": "г",
    "ٱ": "ا",
    "ى": "ي",
    "ة": "ه",
    "ک": "ك",
    "ی": "ي",
    "ھ": "ه",
    "ہ": "ه",
    "ە": "ه",
    "ך": "כ",
    "ם": "מ",
    "ן": "נ",
    "ף": "פ",
    "ץ": "צ",
    "ɓ": "b",
    "ɗ": "d",
    "ƙ": "k",
    "ƴ": "y",
    "ଵ": "ୱ",
    "ൺ": "ണ്",  # consonants without a vowel, written with a joiner as well
    "ൻ": "ന്",
    "ർ": "ര്",
    "ൽ": "ല്",
    "ൾ": "ള്",
    "ൿ": "ക്",
}
_FIRST_DIGITS = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0E50, 0x0ED0, 0x1040, 0x17E0)


_FIRST_HAN = 0x2E80


class _Table(dict[int, str | int | None]):
    """What becomes of characters; of others, that they stay, once they were met.

    `translate` takes twice as long where it has to find out that a character is not there. Han
    characters are many and most texts have none: what becomes of them is read with the first one.
    """

    def __missing__(self, character: int) -> int:
        is_plain = character < _FIRST_HAN
        plain = character if is_plain else simplified_han().get(character, character)
        self[character] = plain
        return plain


def _table() -> _Table:
    table = _Table({ord(letter): plain for letter, plain in _LETTERS.items()})
    for first, last in _DROPPED_RANGES:
        table.update(dict.fromkeys(range(first, last + 1)))
    table.update(dict.fromkeys(map(ord, _DROPPED)))
    for first in _FIRST_DIGITS:
        table.update({first + digit: str(digit) for digit in range(10)})
    return table


_TABLE = _table()


def fold(text: str) -> str:
    """Return the form in which words are compared; folding twice changes nothing."""
    if text.isascii():
        lower = text.lower()  # `translate` takes ten times as long
        if lower.isalnum():
            return lower
        return lower.replace(".", "").replace("'", "").replace('"', "")
    return _folded(text, _TABLE)


def fold_once(text: str) -> str:
    """Return the text as `fold` does, of letters that hardly any text has: remembers none."""
    return _folded(text, _Table(_TABLE))


def _folded(text: str, table: _Table) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    text = unicodedata.normalize("NFD", text).translate(table)
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=20_000)
def fold_again(text: str) -> str:
    """Return the text as `fold` does; remembers it, because rules share the forms of lists."""
    return fold(text)


_TONE_FIRST = pattern(
    "([oO])([\u0300\u0301\u0303\u0309\u0323])([aeAE])|([uU])([\u0300\u0301\u0303\u0309\u0323])([yY])"
)


def settled(text: str) -> str:
    """Return the text with white space and the places of Vietnamese tones made one.

    "hòa" and "hoà" are the same word, written in the old and in the new way.
    """
    text = _TONE_FIRST.sub(r"\1\3\2\4\6\5", unicodedata.normalize("NFD", text))
    return " ".join(unicodedata.normalize("NFC", text).split())


_MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323đ"
_IN_MARKS = frozenset(_MARKS)


@lru_cache(maxsize=1_000)
def marks_of(letter: str) -> int:
    """Return the marks of a letter that make other words of words, as a number; 0 for none.

    Words that are the same but for case, and where tones stand, have the same sum: `settled`.
    """
    parts = unicodedata.normalize("NFD", letter.casefold())
    return sum(1 << 3 * _MARKS.index(part) for part in parts if part in _MARKS)


_MARKED_BLOCKS = ((0x80, 0x530), (0x1E00, 0x1F00))
"""Where Latin, Greek and Cyrillic letters stand: no others before 0x1F00 have such marks."""


@cache
def marked_letters() -> dict[str, int]:
    """Return the letters of Latin and its neighbours that have such marks, with these."""
    letters = [chr(code) for first, end in _MARKED_BLOCKS for code in range(first, end)]
    parts = unicodedata.normalize("NFD", "\n".join(letters).casefold()).split("\n")
    pairs = zip(letters, parts, strict=True)
    return {letter: marks_of(letter) for letter, some in pairs if not _IN_MARKS.isdisjoint(some)}


def differs_in_marks(one: str, other: str) -> bool:
    """Whether two words that fold to one both have marks, and other ones: họa, hòa."""
    if one.isascii() or other.isascii():
        return False
    return settled(one).casefold() != settled(other).casefold()


_OF_OTHER_WORDS = (*range(0x0300, 0x0370), 0x0654, 0x0655)
"""Accents of Latin, Greek and Cyrillic, and the hamza of Arabic (but above and below an alef)."""
_ONE_LETTER = str.maketrans("ёşţõûأإآ", "еșțőűااا")
_WITHOUT_DOTS = {**_ONE_LETTER, ord("ı"): ord("i")}


@cache
def _spelling() -> _Table:
    """Return what becomes of characters of which texts write some in two ways."""
    table = _Table(_TABLE)
    for code in (*_OF_OTHER_WORDS, *(ord(letter) for letter in _LETTERS if letter < "ʰ")):
        table.pop(code, None)
    return table


def is_other_word(written: str, wanted: str) -> bool:
    """Whether two words that fold to one have other marks, and so are two: sertés, sértés.

    A letter that texts write in two ways is one (самолёт and самолет, Romanian ţ and ț,
    Hungarian õ and ő, Arabic أ and ا, 國 and 国), and so is an acronym with any quotes in it
    (או״ם); capitals leave accents out (ΣΕΙΣΜΟΣ), as who types Greek in haste does, and I and İ
    are those of ı and i, or both of i (SIĞINMA, İltica).
    """
    if written == wanted or written.isascii() or wanted.isascii():
        return False
    may_leave_out = written.isupper() or "α" <= written[-1] <= "ω"
    if may_leave_out and fold(written) == written.casefold():
        return False
    letters = _WITHOUT_DOTS if "I" in written or "I" in wanted else _ONE_LETTER
    one, other = (
        _folded(unicodedata.normalize("NFC", text).casefold().translate(letters), _spelling())
        for text in (written.replace("İ", "i"), wanted.replace("İ", "i"))
    )
    return differs_in_marks(one, other)


@lru_cache(maxsize=256)
def fold_with_offsets(text: str) -> tuple[str, Sequence[int]]:
    """Return the folded text and, for each of its characters and its end, the place in `text`.

    A base character and its marks are folded together, so a find never begins inside one.
    """
    if _PLAIN_HAN.fullmatch(text):
        return fold(text), list(range(len(text) + 1))
    folded: list[str] = []
    offsets: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and _continues(text[end]):
            end += 1
        piece = fold(text[at:end])
        folded.append(piece)
        offsets.extend([at] * len(piece))
        at = end
    offsets.append(len(text))
    return "".join(folded), offsets


# Han and hiragana without marks: each character folds to one character.
_PLAIN_HAN = pattern("[\u3041-\u3096\u3400-\u4dbf\u4e00-\u9fff]+")


def _continues(character: str) -> bool:
    """Whether it is written onto the character before it."""
    return unicodedata.combining(character) != 0 or character in "ﾞﾟ\u200c\u200d\ufe0f"
