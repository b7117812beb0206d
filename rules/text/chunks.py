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


def is_between_chunks(letter: str) -> bool:
    """Whether a letter stands between chunks, and in none."""
    return letter.isspace() or letter in _WIDE
