"""How else names made of letters, digits and signs are written: F-16, COP30, H&M."""

import re

from rules.text.tokenizer import words

_LETTER_AND_NUMBER = re.compile(r"([A-ZА-Я])-([0-9]+[A-Z]?)")
_LETTERS_AND_NUMBER = re.compile(r"[A-Z][A-Za-z]{1,3}-[0-9]{1,3}")
_LETTERS_THEN_DIGITS = re.compile(r"([A-Z]{1,5})([0-9]{1,4})")
_INITIALS = re.compile(r"\w{1,2}(?:&\w{1,2})+")
_SMALL_WORDS = ("A", "I")
_LATIN, _CYRILLIC = "ABDEFGIKLMNOPRSTUVXZH", "АБДЕФГИКЛМНОПРСТУВХЗХ"
_IN_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_IN_LATIN = str.maketrans(_CYRILLIC[:-1], _LATIN[:-1])


_APART = re.compile(r"(?<=\d) (?=[A-Z]{2,}\b)|(?<=\b[A-Z]{2})[ -](?=\d)|(?<=\b[A-Z]{3})[ -](?=\d)")
_FEWEST_TO_JOIN = 3
_VERSION = re.compile(r"(?<=\s)(?:\d{1,4}|\d+(?:\.\d+)+)\Z")


def version_in(text: str) -> str:
    """Return the version of a thing that ends a keyword, 7.4.3 of FortiOS 7.4.3; "" for none."""
    found = _VERSION.search(text) if text[-1:].isdecimal() else None
    return found[0] if found else ""


def with_sign(text: str) -> str:
    """Return how the first number of a version is also written, v7 of FortiOS 7.4.3; or ""."""
    first, dot, _ = version_in(text).partition(".")
    return f"v{first}" if dot else ""


def with_joined_number(text: str) -> str:
    """Return a name of three words with its number and the capitals beside it as one; "" for none.

    Where no spaces stand between words there are none inside a name: ボーイング737MAX.
    """
    if not any(map(str.isdigit, text)) or len(words(text)) < _FEWEST_TO_JOIN:
        return ""
    joined = _APART.sub("", text)
    return joined if joined != text and " " in joined else ""


def is_of_one_letter(text: str) -> bool:
    """Whether a keyword is a letter and a number.

    Apart they would be two words of any text: a 10 percent cut is no A-10.
    """
    return _LETTER_AND_NUMBER.fullmatch(text) is not None


def without_spaces(text: str) -> str:
    """Return a keyword of initials with signs between as one: H&M for H & M; others as they are."""
    together = text.replace(" & ", "&")
    return together if _INITIALS.fullmatch(together) else text


def written_otherwise(text: str) -> list[str]:
    """Return how else texts write a keyword, letter by letter: С-400 and S 400 for S-400.

    Without a space where the letter alone is a word.
    """
    if found := _LETTER_AND_NUMBER.fullmatch(text):
        letter, number = found.groups()
        apart = [] if letter in _SMALL_WORDS else [f"{letter} {number}"]
        other = letter.translate(_IN_CYRILLIC) if letter.isascii() else letter.translate(_IN_LATIN)
        return [f"{letter}-{number}", f"{letter}-{number}s", f"{other}-{number}", *apart]
    if found := _LETTERS_THEN_DIGITS.fullmatch(text):
        return [] if found[1] in _SMALL_WORDS else [" ".join(found.groups())]
    if _LETTERS_AND_NUMBER.fullmatch(text):
        return [f"{text}s"]
    if _INITIALS.fullmatch(text):
        return [text.replace("&", " & ")]
    return []
