"""Texts that stand for parts of terms, numbered by what they say in native memory."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from common.neighbours import neighbours_of
from rules.data.tables import has_tones, languages
from rules.index.anchors import Text, text_of
from rules.index.memory.engine import Engine, Rows, codes, spelled
from rules.index.memory.kept import Lasting
from rules.languages.inflection import shortest_stem

_TONED, _AS_WRITTEN = 1, 2
_FIRST_FLAGS = 1
_END = "\x1e"
"""What stands behind a text."""

_LEFT, _UNKNOWN = -1, -2
_MOST_REMEMBERED = 5_000


class Written(NamedTuple):
    """A text as a variant has it.

    Attributes:
        as_written: As `rules.index.anchors.text_of` has it.
    """

    language: str
    text: str
    as_written: bool = False


class Counting(NamedTuple):
    """The languages of which variants count in a text.

    Attributes:
        rows: Of each whether it has tones, its length and its letters.
        others: Whether others count as well, none of which has tones.
    """

    rows: list[int]
    others: bool

    @classmethod
    @cache
    def in_texts_of(cls, language: str) -> "Counting":
        """Return the languages that count in a text of one; all of them if it is not known."""
        among = neighbours_of(language) if language else filter(has_tones, languages())
        rows = [number for each in sorted(among) for number in (has_tones(each), *spelled([each]))]
        return cls(rows, not language)


@lru_cache(maxsize=200)  # lists have most in the same ones
def _languages_in(line: str) -> frozenset[str]:
    return frozenset(line.split())


class Texts(Lasting):
    """Texts by their numbers.

    Attributes:
        letters: Of each, how many the longest of its words has.
    """

    LASTING = ("letters",)

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.letters = bytearray()
        self._own: dict[int, int] = {}

    def of_terms(self, texts: Iterable[Text]) -> Mapping[int, int]:
        """Return the numbers of words of terms by their hashes, among others; new ones get one."""
        every = {hash(text): text for text in texts}
        new = [text for text in every if text not in self._own]
        if len(self._own) + len(new) > _MOST_REMEMBERED:
            self._own = {}
            new = list(every)
        if new:
            numbers = self._numbered([every[text] for text in new], adds=True)
            self._own.update(zip(new, numbers, strict=True))
        return self._own

    def known(self, every: Sequence[Written]) -> list[int | None]:
        """Return the numbers of those texts of variants that have one."""
        if not every:
            return []
        flags = [
            chr(_FIRST_FLAGS + _TONED * has_tones(language) + _AS_WRITTEN * as_written)
            for language, _, as_written in every
        ]
        # What parts words parts them as well: of a group no text has an end, but of a rule it may.
        parted = (each.text.replace(_END, " ") for each in every)
        lines = [f"{flag}{text}{_END}" for flag, text in zip(flags, parted, strict=True)]
        numbers = self._asked("number_written", codes("".join(lines)), len(every), adds=False)
        left = [one for one, number in zip(every, numbers, strict=True) if number == _LEFT]
        read = iter(self._read(left, adds=False))
        known = (next(read) if number == _LEFT else number for number in numbers)
        return [None if number == _UNKNOWN else number for number in known]

    def learn_groups(
        self, groups: Sequence[tuple[str, bool]]
    ) -> tuple[list[float], list[frozenset[str]]]:
        """Take in what groups say, and whether as acronyms; return how common, and languages."""
        if not groups:
            return [], []
        packed = [said.encode("utf-8", "surrogatepass") for said, _ in groups]
        pairs = zip(packed, groups, strict=True)
        rows = [number for one, (_, is_acronym) in pairs for number in (len(one), is_acronym)]
        all_bytes = b"".join([*packed, bytes(-sum(map(len, packed)) % 4)])
        engine = self._engine
        with engine.lock:
            count = engine.tell("learn_groups", rows, all_bytes, of=(len(groups),))
            answer = engine.answer(count)
        common, codes = np.split(answer, [2 * len(groups)])
        lines = codes.tobytes().decode("utf-8", "surrogatepass").split("\n")[: len(groups)]
        return common.view(np.float64).tolist(), [*map(_languages_in, lines)]

    def file_slots(self, first: int, end: int, counting: Counting, tongue: int = -1) -> None:
        """File what answers slots that were noted, in a language or in all of them (-1)."""
        engine, of = self._engine, (tongue, first, end)
        with engine.lock:
            of_rows = (*of, counting.others)
            answer = engine.answer(engine.tell("number_slots", counting.rows, of=of_rows))
            self._learned(answer[answer[0] :])
            left = [self._left(*row) for row in answer[1 : answer[0]].reshape(-1, 5).tolist()]
            engine.tell("file_slots", self._read(left, adds=True), of=of)

    def _left(self, at: int, length: int, of: int, of_length: int, as_written: int) -> Written:
        """Return a text that native code left, by where it and its language lie."""
        memory = self._engine.memory
        parts = (memory[at : at + length], memory[of : of + of_length])
        text, language = (part.tobytes().decode("utf-8", "surrogatepass") for part in parts)
        return Written(language, text, bool(as_written))

    def _read(self, every: Sequence[Written], *, adds: bool) -> list[int]:
        """Return the numbers of texts that native code left."""
        texts = [
            text_of(text, language, as_written=as_written) for language, text, as_written in every
        ]
        return self._numbered(texts, adds=adds) if texts else []

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
        self, name: str, given: Sequence[int] | bytes, count: int, *, adds: bool
    ) -> list[int]:
        """Return the numbers of so many texts, and learn of those that are new."""
        engine = self._engine
        with engine.lock:
            answer = engine.answer(engine.tell(name, given, of=(adds,)))
        self._learned(answer[count:])
        numbers: list[int] = answer[:count].tolist()
        return numbers

    def _learned(self, new: Rows) -> None:
        """Learn of the next texts what native code says of them."""
        self.letters += new.astype(np.uint8).tobytes()
