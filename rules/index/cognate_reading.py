"""One text, read for alternatives whose words may be spelled in another way."""

import itertools
from collections.abc import Iterable, Mapping, Sequence

from rules.data.tables import stop_words
from rules.index.cognates import LEAD, NO_ROLES, OTHER, SINGLE, Way, ways_in
from rules.index.far_words import FarPair
from rules.index.language_ways import LanguageWays
from rules.index.sounds import Sound
from rules.languages.match_types import MOST_PLACES
from rules.text.scanned import Scanned

Positions = dict[int, list[int]]

_SHORT_RUN = 2
_NEAR = 8


def read_cognates(
    ways: LanguageWays,
    scan: Scanned,
    literal: Positions,
    heads: Iterable[tuple[str, int]],
) -> dict[int, set[int]]:
    """Return terms that a text may hold in another spelling, and in which of its words.

    Args:
        literal: Where slots are answered by letters.
        heads: Words of rules with which words of the text begin, and go on.
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
        self._index = ways.cognates
        self._language = ways.language
        self._literal = literal
        self._found = found
        text = scan.text
        self._texts = [
            text[a:b] for a, b in zip(scan.froms.tolist(), scan.tos.tolist(), strict=True)
        ]
        self._folded = scan.words
        self._runs = scan.runs
        self._words: dict[int, tuple[int, ...]] = {}
        self._places: dict[int, frozenset[int]] = {}
        self._bits: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self._wanted: tuple[dict[int, int], dict[int, int], dict[int, int]] = ({}, {}, {})
        self._pairs: list[tuple[int, int, int]] = []
        self._compounds: list[tuple[int, int]] = []
        self._nearer: dict[tuple[int, int], list[int]] = {}
        self._far: set[FarPair] = set()
        self._heard: dict[int, int] = {}

    def read(self, heads: Iterable[tuple[str, int]]) -> None:
        """Note the terms."""
        index = self._index
        sounds = index.sounds(self._texts, self._folded, self._runs, self._language)
        leads, others = self._bits
        for slot, places in self._literal.items():
            lead, other = self._ways.literal_bits(slot)
            if lead or other:
                for place in places:
                    leads[place] = leads.get(place, 0) | lead
                    others[place] = others.get(place, 0) | other
        for folded, place in heads:
            if sounds[place] is not None:
                self._goes_on(folded, place)
        self._read_row(self._row(sounds))
        self._compare()
        for place, bits in itertools.islice(leads.items(), MOST_PLACES):
            for number in ways_in(bits & self._ways.long_bits):
                self._long(number, place)

    def _row(self, sounds: Sequence[Sound | None]) -> list[tuple[int, int, int, bool]]:
        """Return the words that count, each with the ways of which it may be a part.

        And whether it may stand between two words that count.
        """
        index, folded, runs = self._index, self._folded, self._runs
        leads, others = self._bits
        small = stop_words()
        row = []
        roles_of, words, mask = index.roles, self._words, self._ways.bits
        for place, each in enumerate(sounds):
            lead = other = 0
            if each is not None:
                roles = roles_of(each)
                if roles is not NO_ROLES:
                    lead, other, single, both, words[place] = roles
                    lead &= mask
                    other &= mask
                    single &= mask
                    both &= mask
                    self._heard[place] = lead | other
                    if single:
                        self._wanted[SINGLE][place] = single
                    if both:
                        self._compounds.append((both, place))
            if place in leads:
                lead |= leads[place]
                other |= others[place]
            is_small = folded[place] in small
            if runs and runs[place]:
                is_small = is_small or len(self._texts[place]) <= _SHORT_RUN
                if lead & other:
                    self._pair(lead & other, place, place)
            if lead or other or not is_small:
                row.append((place, lead, other, is_small))
        return row

    def _read_row(self, row: Sequence[tuple[int, int, int, bool]]) -> None:
        for at in range(1, len(row)):
            place, lead, other, _ = row[at]
            if not lead and not other:
                continue
            back = at - 1
            while back >= 0:
                before, lead_before, other_before, is_small = row[back]
                if lead & other_before:
                    self._pair(lead & other_before, place, before)
                if lead_before & other:
                    self._pair(lead_before & other, before, place)
                if not is_small:
                    break
                back -= 1

    def _compare(self) -> None:
        """Note what is alike of all that may be: what is too far is found out at once."""
        index = self._index
        asked: dict[str, set[tuple[int, bool]]] = {}
        for role, wanted in enumerate(self._wanted):
            literal: Mapping[int, int] = self._bits[role] if role != SINGLE else {}
            for place, bits in wanted.items():
                rest = bits & ~literal.get(place, 0)
                if not rest:
                    continue
                some = [w for w in self._words.get(place, ()) if index.word_bits(w, role) & rest]
                self._nearer[place, role] = some
                if some and not (self._runs and self._runs[place]):
                    asked.setdefault(self._texts[place], set()).update([(w, False) for w in some])
        compounds = [
            (way, place) for bits, place in self._compounds for way in map(index.way, ways_in(bits))
        ]
        for way, place in compounds:
            asked.setdefault(self._texts[place], set()).update([(w, True) for w in way.heads])
        self._far = far = index.far(asked, self._language)
        for place, bits in self._wanted[SINGLE].items():
            self._single(bits, place)
        for way, place in compounds:
            text = self._texts[place]
            if any((head, text, True) not in far for head in way.heads):
                self._compound(way, place)
        for bits, lead, other in self._pairs:
            self._really_pair(bits, lead, other)

    def _single(self, bits: int, place: int) -> None:
        for number in ways_in(self._really(bits, place, SINGLE)):
            self._add(self._index.way(number).term, place)

    def _compound(self, way: Way, place: int) -> None:
        if self._index.is_both(way, self._texts[place], self._folded[place], self._language):
            self._add(way.term, place)

    def _goes_on(self, head: str, place: int) -> None:
        """Note ways of which a word begins with one word and goes on with a cognate of another."""
        index = self._index
        rest = self._folded[place][len(head) :]
        for way, words in self._ways.partners(head):
            if any(index.goes_on(word, rest, self._language) for word in words):
                self._add(way.term, place)

    def _pair(self, bits: int, lead: int, other: int) -> None:
        """Note that two words may be those of some ways."""
        self._pairs.append((bits, lead, other))
        leads, others, _ = self._wanted
        leads[lead] = leads.get(lead, 0) | bits
        others[other] = others.get(other, 0) | bits

    def _really_pair(self, bits: int, lead: int, other: int) -> None:
        bits = self._really(bits, lead, LEAD)
        if bits:
            bits = self._really(bits, other, OTHER)
        for number in ways_in(bits):
            way = self._index.way(number)
            if len(way.words) > 2:
                self._long(number, lead)
            else:
                self._add(way.term, lead)
                self._add(way.term, other)

    def _really(self, bits: int, place: int, role: int) -> int:
        """Return those of some ways of which a word is a part indeed."""
        index = self._index
        found = bits & self._bits[role].get(place, 0) if role != SINGLE else 0
        rest = bits & ~found
        if rest:
            for word in self._nearer.get((place, role), ()):
                shared = index.word_bits(word, role) & rest
                if shared and self._is_alike(word, place):
                    found |= shared
                    rest &= ~shared
                    if not rest:
                        break
        return found

    def _long(self, number: int, place: int) -> None:
        """Note a way of more than two words if every word stands near a place."""
        way, bit = self._index.way(number), 1 << number
        reach = _NEAR * len(way.words)
        around = range(max(0, place - reach), min(len(self._texts), place + reach + 1))
        near = [each for each in around if self._heard.get(each, 0) & bit]
        rows = []
        for slot, words in zip(self._ways.slots_of(number), way.words, strict=True):
            literal = [each for each in self._places_of(slot) if each in around]
            heard = [(w, each) for each in near for w in words if w in self._words[each]]
            if not literal and not heard:
                return
            rows.append((literal, heard))
        places: list[int] = []
        for literal, heard in rows:
            alike = [each for word, each in heard if self._is_alike(word, each)]
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
        if (word, self._texts[place], False) in self._far:
            return False
        return self._index.is_alike(
            word,
            self._texts[place],
            self._folded[place],
            self._language,
            is_run=bool(self._runs) and self._runs[place],
        )

    def _add(self, term: int, place: int) -> None:
        self._found.setdefault(term, set()).add(place)
