"""The ways in which rules may be spelled otherwise in texts of one language.

In a language that a rule is written in, nothing is a guess at its words: its ways do not count.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rules.index.anchors import Alternative
from rules.index.cognates import CognateIndex, Way, ways_in
from rules.index.sounds import FIRST_WITH_SIGNS
from rules.languages.syllables import SyllableReadings, is_hangul, readings
from rules.text.scanned import Scanned

if TYPE_CHECKING:
    from rules.index.rule_index import IndexedTerm


class LanguageWays:
    """Ways, as bits, that count in texts of a language.

    Attributes:
        bits: All of them.
        long_bits: Those of more than two words.
    """

    def __init__(self, language: str, cognates: CognateIndex) -> None:
        self.language = language
        self.cognates = cognates
        self.bits = 0
        self.long_bits = 0
        self._slots: dict[int, tuple[int, ...]] = {}
        self._literal: dict[int, tuple[int, int]] = {}
        self._heads: dict[str, int] = {}
        self._partners: dict[str, list[tuple[Way, tuple[int, ...]]]] = {}
        self._signs: dict[str, list[tuple[SyllableReadings, int]]] = {}
        self._readings: dict[str, list[tuple[SyllableReadings, int]]] = {}

    def counts(self, indexed: "IndexedTerm", alternative: Alternative) -> bool:
        """Whether an alternative of a term may be spelled otherwise in a text of this language.

        In the rule's own only a name of one word may: Zelenskyy, Zelensky.
        """
        is_own = self.language and self.language in indexed.written_in
        if is_own and len(alternative.slots) > 1:
            return False
        return alternative.fuzzy or any(slot.signs for slot in alternative.slots)

    def add(
        self, indexed: "IndexedTerm", place: int, alternative: Alternative, slots: Sequence[int]
    ) -> None:
        """Add an alternative of a term that counts; `slots` are the numbers of its slots."""
        for slot in alternative.slots:
            for name in slot.signs:
                for reading in name[0]:
                    self._readings.setdefault(reading, []).append((name, indexed.number))
                self._signs = {}
        if not alternative.fuzzy:
            return
        number = self.cognates.way_of(indexed.number, place, alternative)
        if number is None:
            return
        way, bit = self.cognates.way(number), 1 << number
        self._slots[number] = tuple(slots)
        self.bits |= bit
        if len(slots) > 2:
            self.long_bits |= bit
        for at, slot_number in enumerate(slots if len(slots) > 1 else ()):
            lead, other = self._literal.get(slot_number, (0, 0))
            is_lead = at == way.leading
            self._literal[slot_number] = (lead | bit * is_lead, other | bit * (not is_lead))
        for words in way.words:
            if words:
                head = self.cognates.folded(words[0])
                self._heads[head] = self._heads.get(head, 0) | bit
                self._partners.pop(head, None)

    def __bool__(self) -> bool:
        return bool(self.bits)

    def slots_of(self, number: int) -> tuple[int, ...]:
        """Return the slots of a way."""
        return self._slots[number]

    def literal_bits(self, slot: int) -> tuple[int, int]:
        """Return the ways in which a slot is the leading one, and another."""
        return self._literal.get(slot, (0, 0))

    def partners(self, head: str) -> list[tuple[Way, tuple[int, ...]]]:
        """Return the ways that have a folded word, with their other words."""
        bits = self._heads.get(head)
        if not bits:
            return []
        ways = self._partners.get(head)
        if ways is None:
            cognates = self.cognates
            ways = []
            for number in ways_in(bits):
                way = cognates.way(number)
                first = [words[0] for words in way.words if words]
                after = [word for word in first if cognates.folded(word) != head] or first
                ways.append((way, tuple(after)))
            self._partners[head] = ways
        return ways

    def find_signs(self, scan: Scanned, found: dict[int, set[int]]) -> None:
        """Note terms that are names, and may be written sign by sign, with the places."""
        if not self._readings:
            return
        folded, starts, runs = scan.folded, scan.starts, scan.runs
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
                for name, term in self._signs_of(folded[at]):
                    end = at + len(name)
                    if end <= last and not any(
                        one.isdisjoint(readings(each))
                        for one, each in zip(name[1:], folded[at + 1 : end], strict=True)
                    ):
                        found.setdefault(term, set()).add(place)

    def _signs_of(self, sign: str) -> list[tuple[SyllableReadings, int]]:
        names = self._signs.get(sign)
        if names is None:
            names = self._signs[sign] = [
                each for reading in readings(sign) for each in self._readings.get(reading, ())
            ]
        return names
