"""One text, read for alternatives whose words may be spelled in another way."""

import itertools
from collections.abc import Iterable

from rules.data.tables import stop_words
from rules.index.cognates import LEAD, OTHER, ways_in
from rules.index.language_ways import LanguageWays
from rules.languages.match_types import MOST_PLACES
from rules.text.scanned import Scanned

Positions = dict[int, list[int]]

_SHORT_RUN = 2
_NEAR = 8


def read_cognates(
    ways: LanguageWays,
    scan: Scanned,
    literal: Positions,
    heads: Iterable[tuple[int, int, int]],
) -> dict[int, set[int]]:
    """Return terms that a text may hold in another spelling, and in which of its words.

    Args:
        literal: Where slots are answered by letters.
        heads: Slots that beginnings of words of the text answer: slot, place, and what length.
    """
    found: dict[int, set[int]] = {}
    ways.find_signs(scan, found)
    if ways:
        _Reading(ways, scan, literal, found).read(heads)
    return found


class _Reading:
    """One text, read for alternatives that may be spelled in another way."""

    def __init__(
        self,
        ways: LanguageWays,
        scan: Scanned,
        literal: Positions,
        found: dict[int, set[int]],
    ) -> None:
        self._ways = ways
        self._literal = literal
        self._found = found
        text = scan.text
        self._texts = [
            text[a:b] for a, b in zip(scan.froms.tolist(), scan.tos.tolist(), strict=True)
        ]
        self._folded = scan.words
        self._runs = scan.runs
        self._heard = ways.heard(self._texts, scan.words, scan.runs)
        self._places: dict[int, frozenset[int]] = {}
        self._any: dict[int, int] = {}
        self._bits: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self._begun: dict[tuple[int, int], None] = {}

    def read(self, heads: Iterable[tuple[int, int, int]]) -> None:
        """Note the terms."""
        leads, others = self._bits
        for slot, places in self._literal.items():
            lead, other = self._ways.literal_bits(slot)
            if lead or other:
                for place in places:
                    leads[place] = leads.get(place, 0) | lead
                    others[place] = others.get(place, 0) | other
        for head in heads:
            self._goes_on(*head)
        self._read_row()
        for number, place in self._begun:
            self._long(number, place)
        self._read_long()

    def _read_row(self) -> None:
        """Note what neighbours are together: only words that do not count stand between them."""
        small, folded, runs = stop_words(), self._folded, self._runs
        leads, others = self._bits
        before: list[tuple[int, int, int]] = []
        for place, heard in enumerate(self._heard):
            lead, other = heard.lead, heard.other
            for term in heard.terms:
                self._add(term, place)
            if place in leads:
                lead |= leads[place]
                other |= others[place]
            is_small = folded[place] in small
            if runs and runs[place]:
                is_small = is_small or len(self._texts[place]) <= _SHORT_RUN
                if lead & other:
                    self._pair(lead & other, place, place)
            if lead or other:
                self._any[place] = lead | other
                self._beside(place, lead, other, before)
                if is_small:
                    before.append((place, lead, other))
            if not is_small:
                before = [(place, lead, other)]

    def _beside(
        self, place: int, lead: int, other: int, before: Iterable[tuple[int, int, int]]
    ) -> None:
        for near, lead_near, other_near in before:
            if lead & other_near:
                self._pair(lead & other_near, place, near)
            if lead_near & other:
                self._pair(lead_near & other, near, place)

    def _goes_on(self, slot: int, place: int, length: int) -> None:
        """Note ways of which a word begins with one word and goes on with a cognate of another."""
        rest = self._folded[place][length:]
        for term, words in self._ways.partners(slot):
            if any([self._ways.goes_on(word, rest) for word in words]):
                self._add(term, place)

    def _pair(self, bits: int, lead: int, other: int) -> None:
        """Note the ways of which two words are parts indeed, of those that they may be."""
        for number in ways_in(bits):
            if self._is_part(number, lead, LEAD) and self._is_part(number, other, OTHER):
                way = self._ways.cognates.ways[number]
                if len(way.words) > 2:  # looked at when the whole text is read
                    self._begun[number, lead] = None
                else:
                    self._add(way.term, lead)
                    self._add(way.term, other)

    def _is_part(self, number: int, place: int, role: int) -> bool:
        """Whether a word is the leading word of a way, or another."""
        if self._bits[role].get(place, 0) >> number & 1:
            return True
        words = self._ways.cognates.ways[number].leads[role]
        return any([self._is_alike(word, place) for word in words])

    def _read_long(self) -> None:
        """Note ways of more than two words whose leading word is there, beside any other."""
        leads, others = self._bits
        long_bits = self._ways.long_bits
        if not long_bits or not leads:
            return
        seen = 0
        for heard in self._heard:
            seen |= heard.other
        for bits in others.values():
            seen |= bits
        for place, bits in itertools.islice(leads.items(), MOST_PLACES):
            for number in ways_in(bits & long_bits & seen):
                self._long(number, place)

    def _long(self, number: int, place: int) -> None:
        """Note a way of more than two words if every word stands near a place."""
        way, bit = self._ways.cognates.ways[number], 1 << number
        reach = _NEAR * len(way.words)
        around = range(max(0, place - reach), min(len(self._texts), place + reach + 1))
        bits_at = self._any
        near = [at for at in around if at in bits_at and bits_at[at] & bit]
        if len(near) * 2 < len(way.words):  # a word may be two of them
            return
        rows = []
        for slot, words in zip(self._ways.slots_of(number), way.words, strict=True):
            literal = [each for each in self._places_of(slot) if each in around]
            if not literal and not words:
                return
            rows.append((literal, words))
        places: list[int] = []
        for literal, words in sorted(rows, key=lambda row: bool(row[0])):  # what may fail first
            alike = [at for word in words for at in near if self._is_alike(word, at)]
            if not literal and not alike:
                return
            places += alike
            places += literal
        for each in (*places, place):
            self._add(way.term, each)

    def _places_of(self, slot: int) -> frozenset[int]:
        """Return where a slot is answered by letters."""
        places = self._places.get(slot)
        if places is None:
            places = self._places[slot] = frozenset(self._literal.get(slot, ()))
        return places

    def _is_alike(self, word: int, place: int) -> bool:
        sound = self._heard[place].sound
        if sound is None:
            return False
        is_run = bool(self._runs) and self._runs[place]
        return self._ways.is_alike(
            word, self._texts[place], self._folded[place], sound, is_run=is_run
        )

    def _add(self, term: int, place: int) -> None:
        self._found.setdefault(term, set()).add(place)
