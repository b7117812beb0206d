"""How many columns of a terminal text takes, and how to fit it into fewer."""

import re
import unicodedata
from collections.abc import Iterator


def cell_width(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(letter_width(letter) for letter in text)


def letter_width(letter: str) -> int:
    """Return 0 for marks and joiners, 2 for wide letters, else 1."""
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def shortened(text: str, width: int) -> str:
    """Return the text in at most `width` columns, with dots at the end of what was cut."""
    if cell_width(text) <= width:
        return text
    dots = "..." if width > len("...") else ""
    taken, room = [], width - len(dots)
    for letter in text:
        room -= letter_width(letter)
        if room < 0:
            break
        taken.append(letter)
    return "".join(taken).rstrip() + dots


def wrapped(
    text: str, *, width: int, indent: str = "", hang: str | None = None, whole: str = ""
) -> list[str]:
    """Break at spaces; in scripts without them, and inside very long words, anywhere.

    Args:
        hang: Stands before each line but the first; None for `indent`.
        whole: A pattern of what stays in one piece, though it is longer than a line.
    """
    lines: list[str] = []
    line = ""
    hang = indent if hang is None else hang
    narrowest = width - max(len(indent), len(hang))
    for word in _pieces(text, narrowest, whole):
        before = hang if lines else indent
        room = width - len(before)
        needs = cell_width(word.rstrip())
        if cell_width(line) + needs > room:
            if line.strip():
                lines.append(before + line.rstrip())
                line = ""
            elif needs <= room:
                line = ""  # spaces before the first word, beside which it has no room
        line += word
    return [*lines, (hang if lines else indent) + line.rstrip()]


_NEVER_FIRST = frozenset("、。，．！？：；）」』】》〉〕”’ーっッ")
"""What no line of Chinese or Japanese begins with."""


def _pieces(text: str, width: int, whole: str) -> Iterator[str]:
    """Yield words with the space that follows; longer ones, and wide letters, in pieces."""
    for kept, word in re.findall(rf"((?:{whole or '(?!)'})\s*)|(\S+\s*|\s+)", text):
        if kept:
            yield kept
            continue
        if cell_width(word) <= width and not any(letter_width(letter) == 2 for letter in word):
            yield word
            continue
        piece = ""
        for letter in word:
            if (
                piece
                and letter_width(letter)
                and (
                    (letter_width(letter) == 2 and letter not in _NEVER_FIRST)
                    or cell_width(piece) + letter_width(letter) > width
                )
            ):
                yield piece
                piece = ""
            piece += letter
        yield piece
