"""The words around a match, with the matched ones marked."""

import unicodedata
from collections.abc import Iterable, Sequence

from common.clip import whole_character
from common.records import dataclass
from notifiers.content.sanitize import MOST_MARKS, shown

WIDTH = 200
"""Characters of an excerpt, the marks of a cut not counted."""

_REACH = 30
"""How far a cut may move to fall between two words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """One safe line of text.

    Attributes:
        marks: Where the matched words are in `text`: (start, end), in order, apart.
    """

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    def parts(self) -> list[tuple[str, bool]]:
        """Return the text in pieces, each with whether it is marked; none is empty."""
        pieces = []
        at = 0
        for start, end in self.marks:
            pieces += [(self.text[at:start], False), (self.text[start:end], True)]
            at = end
        pieces.append((self.text[at:], False))
        return [piece for piece in pieces if piece[0]]

    def marked(self, before: str, after: str) -> str:
        """Return the text with these around each marked place."""
        return "".join(
            f"{before}{text}{after}" if is_marked else text for text, is_marked in self.parts()
        )


def excerpt_of(
    text: str, spans: Iterable[tuple[int, int]], *, around: int = 0, width: int = WIDTH
) -> Excerpt:
    """Return about `width` characters of the text around the index `around`.

    Args:
        spans: What to mark, as code points of `text`; what lies outside is left out.
    """
    spans = _merged(spans)
    around = min(max(around, 0), len(text))
    start, end = _apart_from(spans, *_window(text, around, width), around)
    wanted = _merged([(max(first, start), min(last, end)) for first, last in spans])
    return _safe(text, start, end, wanted)


def _window(text: str, around: int, width: int) -> tuple[int, int]:
    if len(text) <= width:
        return 0, len(text)
    start = max(0, min(around - width // 3, len(text) - width))
    end = min(len(text), start + width)
    if start > 0:
        start = _after_space(text, start, min(start + _REACH, around))
    if end < len(text):
        end = _before_space(text, max(end - _REACH, around + 1), end)
    return start, end


def _apart_from(
    spans: Sequence[tuple[int, int]], start: int, end: int, around: int
) -> tuple[int, int]:
    """Return a window that cuts nothing in two that is to be marked; `around` stays in it."""
    for first, last in spans:
        if first < start < last <= around:
            start = last
        elif around < first < end < last:
            end = first
    return start, end


def _after_space(text: str, low: int, high: int) -> int:
    for index in range(low, high + 1):
        if text[index - 1].isspace():
            return index
    return whole_character(text, low)


def _before_space(text: str, low: int, high: int) -> int:
    for index in range(high, low, -1):
        if text[index].isspace():
            return index
    return whole_character(text, high)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _safe(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> Excerpt:
    """Clean letter by letter, so that it stays known where each one went."""
    line = lead = "…" if start > 0 else ""
    places: dict[int, int] = {}
    marks = 0
    for index in range(start, end):
        places[index] = len(line)
        letter = text[index]
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        piece = shown(letter) if marks <= MOST_MARKS else ""
        if piece != " " or (line != lead and line[-1] != " "):
            line += piece
    places[end] = len(line.rstrip())
    line = line.rstrip() + ("…" if end < len(text) else "")
    placed = [(places[first], places[last]) for first, last in spans]
    trimmed = [(first, len(line[:last].rstrip())) for first, last in placed]
    return Excerpt(text=line, marks=tuple(mark for mark in trimmed if mark[0] < mark[1]))
