"""Text made shorter, with dots where something was cut, and no character cut in two."""

import unicodedata

_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
_FARTHEST_BACK = 64
"""Code points; so many marks in a row belong to no letter, and may be cut anywhere."""


def clip(text: str, limit: int, *, dots: str = "…", trim: bool = False) -> str:
    """Return at most `limit` characters, the last ones dots when something was cut.

    Args:
        trim: Whether space in front of the dots goes.
    """
    if len(text) <= limit:
        return text
    room = max(limit - len(dots), 0)
    head = text[: whole_character(text, room) or room]
    return (head.rstrip() if trim else head) + dots


_REACH = 30
"""How many characters from the limit a space is looked for."""


def clip_words(text: str, limit: int) -> str:
    """As `clip`, but cut at a space where there is one among the last 30 characters."""
    if len(text) <= limit:
        return text
    end = whole_character(text, max(limit - 1, 0))
    space = text.rfind(" ", max(0, end - _REACH), end + 1)
    return text[: space if space > 0 else end].rstrip() + "…"


def clip_front(text: str, limit: int) -> str:
    """Return the end of the text, dots in front when something was cut, at a space if one is near.

    It may be longer than `limit` by what belongs to one character.
    """
    if len(text) <= limit:
        return text
    start = whole_character(text, len(text) - max(limit - 1, 0))
    space = text.find(" ", start, start + _REACH)
    return "…" + text[space + 1 if space >= 0 else start :]


def whole_character(text: str, index: int) -> int:
    """Return the nearest place at or before `index` that does not cut a character in two.

    A letter is not parted from its marks, nor one emoji from what it is joined to.
    """
    end = index
    while 0 < end < len(text) and _belongs_together(text[end - 1], text[end]):
        end -= 1
        if index - end >= _FARTHEST_BACK:
            return index
    return end


def _belongs_together(before: str, after: str) -> bool:
    return (
        unicodedata.category(after)[0] == "M"
        or after in _JOINERS
        or before == "\u200d"
        or "\U0001f3fb" <= after <= "\U0001f3ff"
    )
