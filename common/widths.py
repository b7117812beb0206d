"""How many columns of a terminal text takes, and how to fit it into fewer."""

import unicodedata


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
