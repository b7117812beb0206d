"""Which words of rules the words of a text may be, by their letters, in one language."""

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rules.index.engine import Rows, codes, spelled
from rules.languages.compounds import joins, usual_tails
from rules.languages.inflection import paradigms, prefixes
from rules.text.scanned import JOINTS, Scanned

if TYPE_CHECKING:
    from rules.index.term_table import TermTable

_SHORT = 3
_IS_RUN, _IS_JOINED = 1, 2


class Found(NamedTuple):
    """The words of rules that were found, and in which words of the text.

    Attributes:
        heads: With which word of rules which word of the text begins, and goes on.
    """

    places: dict[int, list[int]]
    heads: list[tuple[int, int]]


class WordForms:
    """The words of rules, by number, as texts of a language may hold them."""

    def __init__(self, language: str, table: "TermTable") -> None:
        self._table = table
        self._engine = table.engine
        self._added = bytearray()
        self._new: list[int] = []
        with self._engine.lock:
            self._number = self._engine.tell("open_tongue", _tongue(language))

    def add(self, number: int) -> None:
        """Look for a word."""
        self._added.extend(bytes(max(0, number + 1 - len(self._added))))
        if not self._added[number]:
            self._added[number] = 1
            self._new.append(number)

    def build(self) -> None:
        """Let all that was added be found."""
        self._table.hand_over()
        with self._engine.lock:
            self._engine.tell("count_words", self._new, of=(self._number,))
        self._new = []

    def found(self, scan: Scanned) -> Found:
        """Return which words of rules the words of a text may be."""
        count = len(scan.froms)
        flags = np.zeros(count, np.int32)
        if scan.runs:
            flags += np.array(scan.runs, np.int32) * _IS_RUN
        for place in np.flatnonzero(np.diff(scan.starts) < _SHORT).tolist():
            end = int(scan.tos[place])
            if scan.text[end : end + 1] in JOINTS:
                flags[place] |= _IS_JOINED
        letters = codes(scan.folded)
        with self._engine.lock:
            self._engine.give(scan.starts, flags, letters)
            size = self._engine.call("find", self._number, count, len(letters))
            numbers: list[int] = self._engine.answer(size).tolist()
        heads = 1 + 2 * numbers[0]
        places: dict[int, list[int]] = {}
        for word, place in zip(numbers[1:heads:2], numbers[2:heads:2], strict=True):
            known = places.get(word)
            if known is None:
                places[word] = [place]
            else:
                known.append(place)
        return Found(places, list(zip(numbers[heads::2], numbers[heads + 1 :: 2], strict=True)))


@cache
def _tongue(language: str) -> Rows:
    """Return what native code is told of a language."""
    every = paradigms(language)
    rows = [int(joins(language)), len(every)]
    for endings in every:
        rows += [len(endings), *spelled(endings)]
    before = prefixes(language)
    rows += [len(before), *spelled(before), *spelled(sorted(usual_tails(language)))]
    return np.array(rows, np.int32)
