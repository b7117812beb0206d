"""Where sentences begin."""

_FARTHEST = 80
"""So many characters before a word are looked at for the end of a sentence."""
_OPENING = " \t\u00a0\"'«»„“”‘’¿¡([–—-"
_ENDS = frozenset(".!?…:\n\r")


def begins_sentence(text: str, start: int) -> bool:
    """Whether a sentence begins at a place of a text, or a line."""
    before = text[max(0, start - _FARTHEST) : start].rstrip(_OPENING)
    return not before or before[-1] in _ENDS
