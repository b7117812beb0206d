"""An article cut into folded words by native code, for whoever asks about single words."""

from array import array
from functools import cached_property

import numpy as np

from rules.index.memory.engine import Engine, Rows, codes
from rules.text.tokenizer import JOINTS, words

_IS_RUN, _IS_JOINED = 1, 2
_SHORT = 3


class Scan:
    """The words of a text, as they lie in native memory until the next one is cut.

    Attributes:
        text: As written.
    """

    def __init__(self, engine: Engine, text: str) -> None:
        self.text = text
        self._engine = engine
        self._count = engine.tell("scan", codes(text))
        if self._count < 0:
            self._count = self._cut_by_hand()

    def _cut_by_hand(self) -> int:
        """Cut what only the analysis knows that knows every case."""
        found = words(self.text)
        starts, flags = [0], []
        for word in found:
            starts.append(starts[-1] + len(word.folded))
            is_short = len(word.folded) < _SHORT and self.text[word.end : word.end + 1] in JOINTS
            flags.append(_IS_RUN * word.is_run | _IS_JOINED * is_short)
        froms, tos = [word.start for word in found], [word.end for word in found]
        letters = codes("".join(word.folded for word in found))
        rows = array("i", [*starts, *froms, *tos, *flags])
        self._engine.give(rows.tobytes() + letters)
        self._engine.call("take_scan", len(found), starts[-1])
        return len(found)

    @cached_property
    def _rows(self) -> Rows:
        return self._engine.answer(self._engine.call("scanned"))

    @cached_property
    def starts(self) -> Rows:
        """For each word, its place in `folded`, and at last the end."""
        return self._rows[: self._count + 1]

    @cached_property
    def spans(self) -> Rows:
        """Where in `text` all words begin, where they end, and flags."""
        count = self._count
        return self._rows[count + 1 : count * 4 + 1].reshape(3, count)

    @cached_property
    def runs(self) -> list[bool]:
        """For each word, whether it is a run of a script without spaces; empty if none is."""
        runs = self.spans[2] & _IS_RUN
        return runs.astype(np.bool_).tolist() if runs.any() else []

    @cached_property
    def folded(self) -> str:
        """The folded letters of all words."""
        return self._rows[self._count * 4 + 1 :].tobytes().decode("utf-32-le", "surrogatepass")

    def word(self, place: int) -> str:
        """Return a word, folded."""
        starts = self.starts
        return self.folded[starts[place] : starts[place + 1]]
