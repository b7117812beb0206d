"""Chunks: what of a text is looked at as one, between white space or wide signs.

Where words stand without spaces, signs of whole width part clauses: no word goes on behind one, and
a clause is looked at once where a text without any space would be looked at anew for each rule.
"""

import re

_WIDE = "、。〈〉《》「」『』【】〔〕〖〗！（），：；？…"
BETWEEN_CHUNKS = rf"[\s{_WIDE}]"
"""The pattern of a letter between chunks."""

_CHUNK = re.compile(rf"[^\s{_WIDE}]+")


def chunks(text: str) -> list[str]:
    """Return the chunks of a text, in order."""
    return _CHUNK.findall(text)


def chunk_around(text: str, start: int, end: int) -> str:
    """Return the chunk of a text of which a part begins and ends at these places."""
    while start and not is_between_chunks(text[start - 1]):
        start -= 1
    behind = _CHUNK.match(text, end)
    return text[start : behind.end() if behind else end]


def is_between_chunks(letter: str) -> bool:
    """Whether a letter stands between chunks, and in none."""
    return letter.isspace() or letter in _WIDE
