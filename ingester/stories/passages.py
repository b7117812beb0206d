"""What stands in a text: passages that others have word for word, and words side by side."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.records import dataclass
from common.stems import SPACELESS
from ingester.stories.prints import Print
from ingester.stories.signs import Signs, are_among

ENDING, LEAST_OF_A_FORM = 2, 4
"""So many letters at a word's end may differ from form to form, and so many begin all its forms."""
_BETWEEN = re.compile(r"[\s\-‑–·・'’\"“”„«»]{0,2}")
"""What may stand between words that stand side by side: a space, a hyphen, quotes."""
_LETTER, _LETTERS = re.compile(r"\w"), re.compile(r"\w*")


@dataclass(slots=True, eq=False)
class Course:
    """The words of an article in the order in which they stand.

    Attributes:
        words: The sign of each of the body.
        pieces: The hash of the piece that begins at each, as far as one does.
        title: The sign of each of the title.
        tokens, stems: The token and the sign of each of both.
    """

    words: Signs
    pieces: Signs
    title: Signs
    tokens: Signs
    stems: Signs
    _said: tuple[set[int], set[int]] | None = None

    def said(self) -> tuple[set[int], set[int]]:
        """Return what small words and all words stand for, whatever each is: of many stories."""
        if self._said is None:
            said = self.tokens >> np.uint32(2)
            self._said = {*said[self.stems & 1 == 1].tolist()}, {*said.tolist()}
        return self._said


class Passages(NamedTuple):
    """Where passages of an article are that others have, too: from where to where.

    Attributes:
        length: Of the article, in words.
    """

    starts: Sequence[int]
    ends: Sequence[int]
    length: int

    def within(self, least: int) -> NDArray[np.bool_]:
        """Return which of its words stand in a passage of so many."""
        within = np.zeros(self.length, dtype=np.bool_)
        for start, end in zip(self.starts, self.ends, strict=True):
            if end - start >= least:
                within[start:end] = True
        return within


def passages(course: Course, others: Sequence[Print]) -> Passages:
    """Return the passages that one of these others has, too.

    Of a long text only some pieces are kept: what stands between two of a passage is of it, if
    all pieces between them are that are kept.
    """
    size = len(course.words) - len(course.pieces) + 1
    starts, ends = list[int](), list[int]()
    for other in others:
        pieces, kept = course.pieces, None
        if other.scale:
            kept = np.flatnonzero(pieces <= np.uint32(0xFFFFFFFF >> other.scale))
            pieces = pieces[kept]
        at = np.flatnonzero(are_among(pieces, other.pieces))
        if len(at):
            breaks = np.flatnonzero(np.diff(at) > 1)
            first, last = at[np.append(0, breaks + 1)], at[np.append(breaks, len(at) - 1)]
            starts += (first if kept is None else kept[first]).tolist()
            ends += ((last if kept is None else kept[last]) + size).tolist()
    return Passages(starts, ends, len(course.words))


def stand_side_by_side(words: set[str], text: str, language: str) -> bool:
    """Whether words, each with that beside it, make one row: here or there, in any order."""
    if len(words) < 2:
        return bool(words)
    found = sorted((*span, word) for word in words for span in _forms(word, text, language))
    rows = [{word} for word in words]
    for (_, end, word), (start, _, after) in pairwise(found):
        if _BETWEEN.fullmatch(text, end, max(end, start)):
            beside = [row for row in rows if word in row or after in row]
            rows = [row for row in rows if row not in beside] + [set[str]().union(*beside)]
    return len(rows) == 1


def _forms(word: str, text: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield from where to where forms of a word stand: no pattern is made for each."""
    has_spaces = language not in SPACELESS
    begun = word[: max(LEAST_OF_A_FORM, len(word) - ENDING)] if has_spaces else word
    start = text.find(begun)
    while start >= 0 and begun:
        end = start + len(begun)
        if has_spaces and start and _LETTER.match(text, start - 1):
            end = start + 1  # within another word
        else:
            found = _LETTERS.match(text, end) if has_spaces else None
            end = found.end() if found else end
            yield start, end
        start = text.find(begun, end)
