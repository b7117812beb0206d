"""The ways in which rules may be spelled otherwise in texts of one language, and its words' sounds.

In a language that a rule is written in, nothing is a guess at its words: its ways do not count.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rules.data.tables import has_plain_j, stop_words
from rules.index.cognates import CognateIndex
from rules.index.hearing import Hearing
from rules.index.sounds import FIRST_WITH_SIGNS, Fresh, said
from rules.languages.inflection import ending_phonemes
from rules.languages.scripts import scripts_of
from rules.languages.syllables import SyllableReadings, is_hangul, readings
from rules.text.scanned import Scanned

_SHORT_RUN = 2
_COUNTS, _KNOWN, _OWN_NAME = 1, 2, 4
_IS_SMALL, _IS_RUN = 1, 2
_HANGUL = re.compile("[\uac00-\ud7a3]")


class LanguageWays:
    """Ways that count in texts of a language."""

    def __init__(self, language: str, cognates: CognateIndex) -> None:
        self.language = language
        self.cognates = cognates
        self._has_other_letters = bool(scripts_of(language)) and "latin" not in scripts_of(language)
        self._ready = 0
        self._number: int | None = None
        self._has_ways = self._has_names = False
        self._only_names = True
        self._signs: dict[str, list[tuple[SyllableReadings, int]]] = {}

    def take(self) -> None:
        """Learn of the ways that are new.

        In the rule's own language only a name of one word counts: Zelenskyy, Zelensky.
        """
        cognates, first = self.cognates, self._ready
        self._signs = {}
        self._ready = len(cognates.lone)
        hearing = cognates.hearing
        if first == self._ready or hearing is None:
            return
        with hearing.engine.lock:
            if self._number is None:
                plain_j = has_plain_j(self.language)
                self._number = hearing.open_language(
                    ending_phonemes(self.language), plain_j=plain_j
                )
            flags = self._flags(first)
            hearing.count_ways(self._number, flags)
            hearing.forget(self._number)
        counting = (flags & _COUNTS) != 0
        lone = np.frombuffer(bytes(cognates.lone[first:]), np.bool_)
        self._has_ways = self._has_ways or bool(counting.any())
        self._only_names = self._only_names and not bool((counting & ~lone).any())
        self._has_names = self._has_names or bool((flags & _OWN_NAME).any())

    def _flags(self, first: int) -> NDArray[np.uint8]:
        """Return how ways count from one on."""
        cognates = self.cognates
        lone = np.frombuffer(bytes(cognates.lone[first:]), np.bool_)
        own = self._is_in(cognates.written_in[first:]) & bool(self.language)
        guessed = lone | self._has_other_letters
        flags = ~own * _COUNTS + (own & lone) * _OWN_NAME
        flags += (self._is_in(cognates.known_in[first:]) & guessed) * _KNOWN
        return flags.astype(np.uint8)

    def _is_in(self, numbers: Sequence[int]) -> NDArray[np.bool_]:
        """Return which of some sets of languages have this one."""
        values, language = self.cognates.languages.values, self.language
        return np.array([language in values[number] for number in numbers], np.bool_)

    def find(
        self,
        scan: Scanned,
        literal: Mapping[int, Sequence[int]],
        heads: Iterable[tuple[int, int, int]],
    ) -> dict[int, set[int]]:
        """Return terms that a text may hold in another spelling, and in which of its words.

        Args:
            literal: Where slots are answered by letters.
            heads: Slots that beginnings of words of the text answer: slot, place, what length.
        """
        found: dict[int, set[int]] = {}
        if self.cognates.readings:
            self._find_signs(scan, found)
        hearing = self.cognates.hearing
        if hearing is None or self._number is None or not (self._has_ways or self._has_names):
            return found
        slots: list[int] = []
        in_ways, known = self.cognates.in_ways, len(self.cognates.in_ways)
        for slot, places in literal.items():
            if slot < known and in_ways[slot]:
                each = sorted(places)
                slots += (slot, len(each), *each)
        begun: list[int] = []
        rests: list[str] = []
        for slot, place, length in heads:
            if slot < known and in_ways[slot]:
                begun += (slot, place)
                rests.append(scan.word(place)[length:])
        with hearing.engine.lock:
            fresh = hearing.look_up(self._number, scan)
            try:
                if fresh:
                    self._hear(fresh, scan, hearing, self._number)
            except BaseException:  # what was looked up is known now, though nothing of it is
                hearing.forget(self._number)
                raise
            rows = hearing.read(self._number, slots, begun, "\n".join(rests))
        for term, place in rows.tolist():
            found.setdefault(term, set()).add(place)
        return found

    def _hear(self, fresh: Iterable[int], scan: Scanned, hearing: Hearing, language: int) -> None:
        """Hear words that are new, by where they stand."""
        text, runs, small = scan.text, scan.runs, stop_words()
        some: list[Fresh] = []
        flags: list[int] = []
        letters: list[str] = []
        for place in fresh:
            word, folded = text[scan.froms[place] : scan.tos[place]], scan.word(place)
            is_run = bool(runs) and runs[place]
            does_not_count = folded in small or (is_run and len(word) <= _SHORT_RUN)
            flags.append(_IS_SMALL * does_not_count | _IS_RUN * is_run)
            letters.append("" if is_run else folded)
            some.append(Fresh(word, folded, is_run))
        ways = said(some, self.language, only_names=self._only_names)
        written = "\n".join(letters)
        hearing.hear(language, flags, ways, written, has_names=self._has_names)

    def _find_signs(self, scan: Scanned, found: dict[int, set[int]]) -> None:
        """Note terms that are names, and may be written sign by sign, with the places."""
        folded, runs = scan.folded, scan.runs
        if not runs and not _HANGUL.search(folded):
            return
        starts: list[int] = scan.starts.tolist()
        known = self._signs
        for place in range(len(starts) - 1):
            first, last = starts[place], starts[place + 1]
            sign = folded[first]
            if runs and runs[place] and sign >= FIRST_WITH_SIGNS:
                places = range(first, last)
            elif is_hangul(sign):
                places = range(first, first + 1)
            else:
                continue
            for at in places:
                names = known.get(folded[at])
                if names is None:
                    names = self._signs_of(folded[at])
                for name, term in names:
                    end = at + len(name)
                    if end <= last and not any(
                        one.isdisjoint(readings(each))
                        for one, each in zip(name[1:], folded[at + 1 : end], strict=True)
                    ):
                        found.setdefault(term, set()).add(place)

    def _signs_of(self, sign: str) -> list[tuple[SyllableReadings, int]]:
        names = self._signs[sign] = [
            (name, term)
            for reading in readings(sign)
            for name, term, written_in in self.cognates.readings.get(reading, ())
            if not (self.language and self.language in written_in)
        ]
        return names
