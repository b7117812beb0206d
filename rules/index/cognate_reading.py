"""One text, read for alternatives whose words may be spelled in another way."""

import itertools
from collections.abc import Iterable, Sequence
from functools import partial
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from rules.data.tables import stop_words
from rules.index.language_ways import LanguageWays
from rules.index.sounds import Fresh
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
        self._small = stop_words()
        self._heard = ways.heard(self._texts, scan.words, scan.runs)
        self._masks = [heard.mask for heard in self._heard]
        self._mask_row: NDArray[np.int64] | None = None
        self._places: dict[int, frozenset[int]] = {}
        self._long_ways: dict[int, dict[int, None]] = {}
        self._near: dict[int, list[int]] = {}

    def read(self, heads: Iterable[tuple[int, int, int]]) -> None:
        """Note the terms."""
        for head in heads:
            self._goes_on(*head)
        for place, heard in enumerate(self._heard):
            for term in heard.terms:
                self._add(term, place)
            for number in heard.leads:
                self._led(number, [place], is_literal=False)
        for slot, places in self._literal.items():
            for number in self._ways.cognates.leads.get(slot, ()):
                if self._ways.has(number):
                    self._led(number, places, is_literal=True)
        for number, begun in self._long_ways.items():
            for place in itertools.islice(begun, MOST_PLACES):
                self._long(number, place)

    def _led(self, number: int, places: Sequence[int], *, is_literal: bool) -> None:
        """Note a way whose leading word stands at some places, if the others do, too."""
        if len(self._ways.cognates.ways[number].words) > 2:
            some = places if is_literal else filter(partial(self._has_beside, number), places)
            for place in some:
                self._long_ways.setdefault(number, {})[place] = None
        else:
            for place in places:
                self._beside(number, place, is_literal=is_literal)

    def _goes_on(self, slot: int, place: int, length: int) -> None:
        """Note ways of which a word begins with one word and goes on with a cognate of another."""
        rest = self._folded[place][length:]
        for term, words in self._ways.partners(slot):
            if any([self._ways.goes_on(word, rest) for word in words]):
                self._add(term, place)

    def _beside(self, number: int, place: int, *, is_literal: bool) -> None:
        """Note a way of two words if the other one stands beside a place where the first does.

        Args:
            is_literal: Whether it is the rule's own word, so that the other is spelled otherwise.
        """
        way = self._ways.cognates.ways[number]
        at = 1 - way.leading
        is_known = self._ways.has_known_others(way)
        slot = way.slots[at]
        for near in self._neighbours(place):
            if (not is_literal and near in self._places_of(slot)) or (
                not is_known and self._is_any(way.words[at], way.mask, near)
            ):
                self._add(way.term, place)
                self._add(way.term, near)

    def _has_beside(self, number: int, place: int) -> bool:
        """Whether any other word of a way stands beside a place."""
        way = self._ways.cognates.ways[number]
        others = [
            (slot, words)
            for at, (slot, words) in enumerate(zip(way.slots, way.words, strict=True))
            if at != way.leading
        ]
        return any(
            near in self._places_of(slot) or self._is_any(words, way.mask, near)
            for near in self._neighbours(place)
            for slot, words in others
        )

    def _neighbours(self, place: int) -> list[int]:
        """Return the words next to one, and those behind words that do not count.

        Of a run that word itself, too: it may hold both.
        """
        known = self._near.get(place)
        if known is None:
            known = self._near[place] = [place] if self._runs and self._runs[place] else []
            for step in (-1, 1):
                near = place + step
                while 0 <= near < len(self._texts):
                    known.append(near)
                    if not self._is_small(near):
                        break
                    near += step
        return known

    def _is_small(self, place: int) -> bool:
        if self._folded[place] in self._small:
            return True
        is_run = bool(self._runs) and self._runs[place]
        return is_run and len(self._texts[place]) <= _SHORT_RUN

    def _is_any(self, words: Iterable[int], mask: int, place: int) -> bool:
        """Whether a word of the text is a cognate of one of some words."""
        return bool(self._masks[place] & mask) and any(
            [self._is_alike(word, place) for word in words]
        )

    def _is_alike(self, word: int, place: int) -> bool:
        ways = self._ways
        if not ways.may_be(word, self._heard[place]):
            return False
        is_run = bool(self._runs) and self._runs[place]
        return ways.is_alike(word, Fresh(self._texts[place], self._folded[place], is_run))

    def _long(self, number: int, place: int) -> None:
        """Note a way of more than two words if every word stands near a place."""
        way = self._ways.cognates.ways[number]
        reach = _NEAR * len(way.words)
        around = range(max(0, place - reach), min(len(self._texts), place + reach + 1))
        places: list[int] = []
        spelled: list[tuple[bool, int, list[int]]] = []
        for at in way.by_rarity:
            literal = [each for each in self._places_of(way.slots[at]) if each in around]
            if not literal and not way.words[at]:
                return
            places += literal
            spelled.append((bool(literal), at, literal))
        for _, at, literal in sorted(spelled, key=itemgetter(0)):  # what may fail first
            words = way.words[at]
            alike = [at for word in words for at in self._alike(word, around)]
            if not literal and not alike:
                return
            places += alike
        for each in (*places, place):
            self._add(way.term, each)

    def _alike(self, word: int, around: range) -> list[int]:
        """Return the words of a part of the text that are cognates of a word."""
        if self._mask_row is None:
            self._mask_row = np.array(self._masks, np.int64)
        some = self._mask_row[around.start : around.stop] & self._ways.cognates.masks[word]
        found = (np.flatnonzero(some) + around.start).tolist()
        return [at for at in found if self._is_alike(word, at)]

    def _places_of(self, slot: int) -> frozenset[int]:
        """Return where a slot is answered by letters."""
        places = self._places.get(slot)
        if places is None:
            places = self._places[slot] = frozenset(self._literal.get(slot, ()))
        return places

    def _add(self, term: int, place: int) -> None:
        self._found.setdefault(term, set()).add(place)
