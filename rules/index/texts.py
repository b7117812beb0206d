"""Texts that stand for parts of terms, numbered by what they say in native memory."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from rules.data.tables import has_tones
from rules.index.anchors import Text, text_of
from rules.index.engine import Engine, Rows, codes
from rules.index.kept import Lasting
from rules.languages.inflection import shortest_stem
from rules.text.folding import marked_letters

_TONED, _AS_WRITTEN = 1, 2
_FIRST_FLAGS = 1
_END = "\x1e"
"""What stands behind a text."""

_LEFT, _UNKNOWN = -1, -2
_LETTERS, _HAS_SEVERAL = 0xFF, 8
_MOST_REMEMBERED = 5_000


class Written(NamedTuple):
    """A text as a variant has it.

    Attributes:
        as_written: As `rules.index.anchors.text_of` has it.
    """

    language: str
    text: str
    as_written: bool = False


class Texts(Lasting):
    """Texts by their numbers.

    Attributes:
        letters: Of each, how many the longest of its words has.
        has_several: Of each, whether it has several words.
    """

    LASTING = ("letters", "has_several", "_knows_marks")

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.letters = bytearray()
        self.has_several = bytearray()
        self._knows_marks = False
        self._own: dict[Text, int] = {}

    def of_terms(self, texts: Iterable[Text]) -> dict[Text, int]:
        """Return the numbers of words of terms; those that nobody had get one."""
        every = dict.fromkeys(texts)
        new = [text for text in every if text not in self._own]
        if len(self._own) + len(new) > _MOST_REMEMBERED:
            self._own.clear()
            new = list(every)
        if new:
            self._own.update(zip(new, self._numbered(new, adds=True), strict=True))
        return {text: self._own[text] for text in every}

    def know_marks(self) -> None:
        """Let native code know which letters have marks that make other words of words."""
        if not self._knows_marks:
            pairs = marked_letters().items()
            rows = [number for letter, marks in pairs for number in (ord(letter), marks)]
            self._engine.tell("know_marks", rows)
            self._knows_marks = True

    def of_variants(self, every: Sequence[Written]) -> list[int]:
        """Return the numbers of texts; those that nobody had get one."""
        return self._of_variants(every, adds=True)

    def known(self, every: Sequence[Written]) -> list[int | None]:
        """Return the numbers of those texts that have one."""
        found = self._of_variants(every, adds=False)
        return [None if number == _UNKNOWN else number for number in found]

    def _of_variants(self, every: Sequence[Written], *, adds: bool) -> list[int]:
        if not every:
            return []
        toned = {language: has_tones(language) for language in {each.language for each in every}}
        if any(toned.values()):
            self.know_marks()
        flags = [
            chr(_FIRST_FLAGS + _TONED * toned[language] + _AS_WRITTEN * as_written)
            for language, _, as_written in every
        ]
        # What parts words parts them as well: of a group no text has an end, but of a rule it may.
        parted = (each.text.replace(_END, " ") for each in every)
        lines = [f"{flag}{text}{_END}" for flag, text in zip(flags, parted, strict=True)]
        numbers = self._asked("number_written", codes("".join(lines)), len(every), adds=adds)
        left = [place for place, number in enumerate(numbers) if number == _LEFT]
        if left:
            texts = [
                text_of(text, language, as_written=as_written)
                for language, text, as_written in map(every.__getitem__, left)
            ]
            for place, number in zip(left, self._numbered(texts, adds=adds), strict=True):
                numbers[place] = number
        return numbers

    def _numbered(self, texts: Sequence[Text], *, adds: bool) -> list[int]:
        rows: list[int] = []
        for words, joined, length, is_wide, marks in texts:
            rows += (length, is_wide, len(words), joined is not None, bool(marks))
            for folded, kind, named in (*words, joined) if joined else words:
                rows += (kind, shortest_stem(folded, named=named), len(folded))
                rows += map(ord, folded)
            rows += marks
        return self._asked("number_texts", rows, len(texts), adds=adds)

    def _asked(
        self, name: str, given: Sequence[int] | Rows, count: int, *, adds: bool
    ) -> list[int]:
        """Return the numbers of so many texts, and learn of those that are new."""
        engine = self._engine
        with engine.lock:
            answer = engine.answer(engine.tell(name, given, of=(adds,)))
        new = answer[count:]
        self.letters += (new & _LETTERS).astype(np.uint8).tobytes()
        self.has_several += (new >> _HAS_SEVERAL).astype(np.uint8).tobytes()
        numbers: list[int] = answer[:count].tolist()
        return numbers
