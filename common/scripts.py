"""Scripts: where Unicode keeps their letters, and which put no space between words."""

from collections.abc import Mapping
from types import MappingProxyType

LETTERS: Mapping[str, tuple[tuple[int, int], ...]] = MappingProxyType(
    {
        "han": (
            (0x3005, 0x3007),
            (0x3400, 0x4DBF),
            (0x4E00, 0x9FFF),
            (0xF900, 0xFAFF),
            (0x20000, 0x323AF),
        ),
        "hiragana": ((0x3041, 0x309F),),
        "katakana": ((0x30A1, 0x30FA), (0x30FC, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9F)),
        "hangul": ((0xAC00, 0xD7A3),),
        "thai": ((0x0E01, 0x0E3A), (0x0E40, 0x0E4E)),
        "lao": ((0x0E81, 0x0ECE), (0x0EDC, 0x0EDF)),
        "tibetan": ((0x0F40, 0x0FBC),),
        "myanmar": ((0x1000, 0x103F), (0x1050, 0x109F), (0xAA60, 0xAA7F)),
        "khmer": ((0x1780, 0x17D3),),
    }
)
"""First and last code points of a script's letters and of the marks that are written onto them.

Digits, signs of money and the end of a sentence are left out: they are no part of a word.
"""

WITHOUT_SPACES = frozenset(LETTERS) - {"hangul"}
"""Scripts in which a space, where there is one, ends a sentence or a phrase and not a word."""

DENSE = frozenset(LETTERS)
"""Scripts in which one sign says as much as several letters of others."""


def ranges(scripts: frozenset[str]) -> tuple[tuple[int, int], ...]:
    """Return first and last code points of the letters of these scripts, in order."""
    return tuple(sorted(pair for script in scripts for pair in LETTERS[script]))


def letters(scripts: frozenset[str]) -> str:
    """Return the letters of these scripts as the inside of a character class: "a-zα-ω"."""
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges(scripts))
