"""What was changed in an article, word by word."""

import re
from difflib import SequenceMatcher
from typing import Literal

from common.records import dataclass

_MOST_WORDS = 3_000
"""Of longer texts only so much is compared: comparing takes the square of it."""

_AROUND = 60
"""So many characters of what stayed are kept at each side of a change."""

# A character of a script without spaces is a word here, so that a change of one shows as one.
_WORDS = re.compile(r"[฀-๿぀-ヿ㐀-鿿豈-﫿]|\s+|\w+|.", re.DOTALL)

Kind = Literal["same", "added", "removed", "left out"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the two texts, one after the other."""

    kind: Kind
    text: str


def changes(old: str, new: str) -> list[Piece]:
    """Return how a text became another; of long stretches that stayed only their ends."""
    before, after = _words(old), _words(new)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(after[j1:j2])))
            continue
        if i2 > i1:
            pieces.append(Piece("removed", "".join(before[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("added", "".join(after[j1:j2])))
    if len(before) == _MOST_WORDS or len(after) == _MOST_WORDS:
        pieces.append(Piece("left out", ""))
    return [short for place, piece in enumerate(pieces) for short in _short(pieces, place, piece)]


def _words(text: str) -> list[str]:
    words = []
    for found in _WORDS.finditer(text):
        words.append(found[0])
        if len(words) == _MOST_WORDS:
            break
    return words


def _short(pieces: list[Piece], place: int, piece: Piece) -> list[Piece]:
    begin = 0 if place == 0 else _AROUND
    end = 0 if place == len(pieces) - 1 else _AROUND
    if piece.kind != "same" or len(piece.text) <= begin + end + _AROUND:
        return [piece]
    head = [Piece("same", piece.text[:begin])] if begin else []
    tail = [Piece("same", piece.text[-end:])] if end else []
    return [*head, Piece("left out", ""), *tail]
