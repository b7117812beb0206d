"""What the program says when it will not or cannot do what somebody asked for."""

import difflib
from collections.abc import Iterable


class Refusal(Exception):
    """One clear sentence: where, what, why, what to do.

    Attributes:
        misuse: Whether asking differently helps (exit 2), rather than that something is not
            there, or in the way (exit 1).
    """

    def __init__(self, text: str, *, misuse: bool = True) -> None:
        super().__init__(text)
        self.misuse = misuse


def clipped(text: str, limit: int = 80) -> str:
    """Return text that is safe and short enough to quote: at most `limit` characters."""
    shown = escaped(text)
    return shown if len(shown) <= limit else shown[: limit - 3] + "..."


def escaped(text: str) -> str:
    """Return the text with everything that could act on a terminal written as an escape.

    Control characters, direction overrides, line separators and lone surrogates; letters,
    marks and joiners of any script stay.
    """
    return "".join(_shown(letter) for letter in text)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean "..."?` for the nearest known word, or ""."""
    lowered = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(word.casefold()[:200], lowered, n=1, cutoff=0.6)
    return f'; did you mean "{escaped(lowered[near[0]])}"?' if near else ""


_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _shown(letter: str) -> str:
    code = ord(letter)
    if 0x20 <= code < 0x7F or (code >= 0xA0 and not _acts(code)):
        return letter
    return _SHORT.get(letter) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def _acts(code: int) -> bool:
    return (
        code in (0x061C, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF)
        or 0x202A <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
        or 0xD800 <= code <= 0xDFFF
    )
