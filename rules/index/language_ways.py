"""The ways in which rules may be spelled otherwise in texts of one language, and its words' sounds.

In a language that a rule is written in, nothing is a guess at its words: its ways do not count.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from rules.index.cognates import CognateIndex
from rules.index.memory.kept import Lasting
from rules.index.memory.scan import Scan
from rules.index.sounds.hearing import Hearing
from rules.index.sounds.said import FIRST_WITH_SIGNS, Said
from rules.languages.scripts import has_other_letters
from rules.languages.syllables import FEWEST, SyllableReadings, is_hangul, readings

_COUNTS, _KNOWN, _OWN_NAME, _LEAD_KNOWN, _OTHER_KNOWN, _THIRD_KNOWN = (1 << n for n in range(6))
_SIGN = re.compile("[\u2e80-\U0010ffff]")
"""Signs of Han, kana and hangul come from here on, and what is one of them when it is folded."""

_THREE_SIGNS = re.compile("[1357](?=[2367][4567])")
"""Finds where a name may begin in what `_Places` say of letters, a bit for each place."""


class LanguageWays(Lasting):
    """Ways that count in texts of a language."""

    LASTING = ("_ready", "_number", "_has_ways")

    def __init__(self, language: str, cognates: CognateIndex) -> None:
        self.language = language
        self.cognates = cognates
        self._has_other_letters = has_other_letters(language)
        self._ready = 0
        self._number: int | None = None
        self._known = bytearray()  # of each set of languages, whether this is one of them
        self._has_ways = 0
        self._signs: dict[str, list[tuple[SyllableReadings, int]]] = {}
        self._places: _Places | None = None

    def take(self) -> None:
        """Learn of the ways that are new.

        In the rule's own language only a name of one word counts: Zelenskyy, Zelensky.
        """
        cognates, first = self.cognates, self._ready
        self._signs, self._places = {}, None  # of names that came there are more
        self._ready = len(cognates.lone)
        hearing = cognates.hearing
        if first == self._ready:
            return
        with hearing.engine.lock:
            if self._number is None:
                self._number = hearing.open_language(self.language)
            self._has_ways = hearing.count_ways(self._number, self._flags(first))
            hearing.forget(self._number)

    def _flags(self, first: int) -> NDArray[np.uint8]:
        """Return how ways count from one on."""
        cognates = self.cognates
        lone = np.frombuffer(bytes(cognates.lone[first:]), np.bool_)
        new = islice(cognates.languages, len(self._known), None)
        self._known += bytes([self.language in each for each in new])
        known = np.frombuffer(bytes(self._known), np.bool_)
        own, listed, lead, other, third = known[cognates.known_in[first * 5 :]].reshape(-1, 5).T
        own = own & bool(self.language)
        guessed = lone != self._has_other_letters  # a lone name may be spelled otherwise there
        flags = ~own * _COUNTS + (own & lone) * _OWN_NAME + (listed & guessed) * _KNOWN
        if self._has_other_letters:
            flags += lead * _LEAD_KNOWN + other * _OTHER_KNOWN + third * _THIRD_KNOWN
        told: NDArray[np.uint8] = flags.astype(np.uint8)
        return told

    def meet(self, tongue: int, scan: Scan) -> int:
        """Let native code meet a text, in which terms may stand in another spelling, too.

        Args:
            tongue: The language in native memory.

        Returns how many numbers it answers with: see `met` there.
        """
        hearing, number = self.cognates.hearing, self._number
        engine = hearing.engine
        if number is None or not self._has_ways:
            engine.call("meet", tongue)
        else:
            try:
                if count := engine.call("meet_and_read", tongue, number):
                    left = engine.answer(count).tolist() if count > 0 else hearing.look_up(number)
                    self._hear(left, scan, hearing, number)
                    engine.call("read", number)
            except BaseException:  # what was looked up is known now, though nothing of it is
                hearing.forget(number)
                raise
        if self.cognates.readings:
            self._find_signs(scan)
        return engine.call("met")

    def _hear(self, left: Sequence[int], scan: Scan, hearing: Hearing, language: int) -> None:
        """Hear words that were left, by where they stand, with flags."""
        ways, runs = Said([], []), scan.runs
        froms, tos, _ = scan.spans
        for number, (place, flags) in enumerate(zip(left[::2], left[1::2], strict=True)):
            text = scan.text[froms[place] : tos[place]]
            if runs and runs[place]:
                ways.add_run(number, text, flags)
            else:
                ways.add_word(number, text, scan.word(place), flags, self.language)
        hearing.hear(language, ways)

    def _find_signs(self, scan: Scan) -> None:
        """Note terms that are names, and may be written sign by sign, with the places."""
        if scan.text.isascii() or not _SIGN.search(scan.text):
            return
        folded, found, starts = scan.folded, list[int](), list[int]()
        if self._places is None:
            self._places = _Places(self._names())
        for begun in _THREE_SIGNS.finditer(folded.translate(self._places)):
            at, starts = begun.start(), starts or scan.starts.tolist()
            place = bisect_right(starts, at) - 1
            first, last = starts[place : place + 2]
            is_in_a_run = scan.runs and scan.runs[place] and folded[first] >= FIRST_WITH_SIGNS
            if is_in_a_run or (at == first and is_hangul(folded[at])):
                goes_on = folded[at + 1 : last]
                for name, term in self._signs_of(folded[at]):
                    if _is_said(name, goes_on):
                        found += (term, place)
        if found:
            self.cognates.hearing.engine.tell("note_said", found)

    def _names(self) -> Iterator[SyllableReadings]:
        """Yield the names that count, by each reading of their first sign."""
        for name, _, written_in in chain.from_iterable(self.cognates.readings.values()):
            if not (self.language and self.language in written_in):
                yield name

    def _signs_of(self, sign: str) -> list[tuple[SyllableReadings, int]]:
        """Return the names that a sign begins, with their terms."""
        names = self._signs.get(sign)
        if names is None:
            names = self._signs[sign] = [
                (name, term)
                for reading in readings(sign)
                for name, term, written_in in self.cognates.readings.get(reading, ())
                if not (self.language and self.language in written_in)
            ]
        return names


class _Places(dict[int, str]):
    """For each letter, by its code, in which of the first three places of names it may stand.

    As `_THREE_SIGNS` reads it. Most letters of a text begin no name, or none goes on behind them.
    """

    def __init__(self, names: Iterable[SyllableReadings]) -> None:
        first = zip(*[name[:FEWEST] for name in names], strict=True)
        self._read = [frozenset[str]().union(*there) for there in first]

    def __missing__(self, code: int) -> str:
        read = readings(chr(code))
        may = (2**n for n, there in enumerate(self._read) if not there.isdisjoint(read))
        self[code] = found = str(sum(may))
        return found


def _is_said(name: SyllableReadings, goes_on: str) -> bool:
    """Whether signs go on like a name behind its first one."""
    others = name[1:]
    return len(others) <= len(goes_on) and not any(
        one.isdisjoint(readings(sign)) for one, sign in zip(others, goes_on, strict=False)
    )
