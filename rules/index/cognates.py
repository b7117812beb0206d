"""Which alternatives of terms may be spelled in another way, by the sounds of their words.

A word in another spelling counts only right beside another word of its term, or in one word with
it. So of the words of such an alternative (a "way") only the rarest, which leads, is listened for
in every word of a text; the others only beside it. Words that are the only one of a way are
listened for, too, and two words as one. What all languages share is here.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.evaluate.counting import LONG_WITHOUT_VOWELS
from rules.index.anchors import Alternative, FuzzyWord, Slot
from rules.index.sounds import FOREIGN, LATIN, TOGETHER
from rules.index.wanted_sounds import wanted_of, wanted_of_both
from rules.languages.bulk_similarity import Numbers, WantedSounds
from rules.languages.phonemes import DEPTH
from rules.languages.phonetic_keys import THINNED, keys_of, keys_of_both
from rules.languages.similarity import known
from rules.languages.syllables import SyllableReadings
from rules.patterns.dictionary import LEAST_OF_A_TAIL
from rules.patterns.term import RuleWord
from rules.patterns.variants_in import Languages
from rules.text.folding import fold

if TYPE_CHECKING:
    from rules.index.rule_index import IndexedTerm

IN_CAPITALS, IN_LONG_WORDS, WITH_VOWELS = 1, 2, 4
"""Which words of texts only may be a word of rules."""


class Way(NamedTuple):
    """An alternative whose words may be spelled in another way.

    Attributes:
        words: Of each slot.
        slots: Their numbers.
        written_in: The languages of its rule.
        known_in: For each slot, the languages in which a list has its words, so that nothing else
            is guessed to be one.
        is_lone: Whether it is a name of one word, which only a word with a capital may be.
        by_rarity: The places of the slots, by their consonants; the rarest one leads.
        mask: As `mask_of` the keys of the words of the others.
    """

    term: int
    words: tuple[tuple[int, ...], ...]
    slots: tuple[int, ...]
    written_in: Languages
    known_in: tuple[frozenset[str], ...]
    is_lone: bool
    by_rarity: tuple[int, ...]
    mask: int

    @property
    def leading(self) -> int:
        """The place of the slot that leads."""
        return self.by_rarity[0]


class Entry:
    """What is listened for: a word, or two as one.

    Attributes:
        words: One or two.
        leads: The ways that it leads.
        alone: Those that it is all of.
    """

    __slots__ = ("alone", "leads", "words")

    def __init__(self, words: tuple[int, ...]) -> None:
        self.words = words
        self.leads: list[int] = []
        self.alone: list[int] = []


_NOWHERE: frozenset[str] = frozenset()
_NO_NUMBERS: Numbers = np.zeros(0, np.intp)


class CognateIndex:
    """The alternatives of many terms that may be spelled in another way.

    Attributes:
        leads, others: For each slot, the ways in which it leads, and in which it does not.
        readings: Names that may be written sign by sign, by the readings of their first sign, with
            their terms and the languages of their rules.
        entries: What is listened for.
        wanted: What it sounds like.
    """

    def __init__(self) -> None:
        self.ways: list[Way] = []
        self.words: list[RuleWord] = []
        self.lone: list[bool] = []
        self.masks: list[int] = []
        self.keys: list[frozenset[str]] = []
        self.entries: list[Entry] = []
        self.wanted = WantedSounds()
        self._only = bytearray()
        self._only_row = np.zeros(0, np.uint8)
        self.leads: dict[int, list[int]] = {}
        self.others: dict[int, list[int]] = {}
        self.readings: dict[str, list[tuple[SyllableReadings, int, Languages]]] = {}
        self._word_ids: dict[FuzzyWord, int] = {}
        self._entry_ids: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._entries_of: list[tuple[int, ...]] = []
        self._by_key: tuple[dict[str, list[int]], ...] = ({}, {}, {})
        self._under: dict[tuple[int, bool], dict[str, Numbers]] = {}

    def add(
        self, indexed: "IndexedTerm", place: int, alternative: Alternative, slots: Sequence[int]
    ) -> None:
        """Add an alternative of a term.

        Args:
            place: Which of the term's alternatives it is.
            slots: The numbers of its slots.
        """
        for slot in alternative.slots:
            for name in slot.signs:
                for reading in name[0]:
                    filed = self.readings.setdefault(reading, [])
                    filed.append((name, indexed.number, indexed.written_in))
        if alternative.fuzzy:
            self._new_way(indexed, place, alternative, slots)

    def _new_way(
        self, indexed: "IndexedTerm", place: int, alternative: Alternative, slots: Sequence[int]
    ) -> None:
        heard = [
            tuple(self._word(word) for word in slot.fuzzy if keys_of(word.text))
            for slot in alternative.slots
        ]
        if not any(heard):
            return
        places = range(len(heard))
        by_rarity = sorted(places, key=lambda place: self._commonness(heard[place]))
        leading = by_rarity[0]
        mask = 0
        for place, words in enumerate(heard):
            for word in words if place != leading else ():
                mask |= self.masks[word]
        number = len(self.ways)
        is_lone = place == 0 and len(heard) == 1 and indexed.strictness == "all"
        known_in = tuple(
            _known_in(indexed, slot, is_lone=is_lone) if place == 0 else _NOWHERE
            for slot in alternative.slots
        )
        self.ways.append(
            Way(
                indexed.number,
                tuple(heard),
                tuple(slots),
                indexed.written_in,
                known_in,
                is_lone,
                tuple(by_rarity),
                mask,
            )
        )
        for at, slot in enumerate(slots if len(slots) > 1 else ()):
            filed = self.leads if at == leading else self.others
            filed.setdefault(slot, []).append(number)
        listened: list[int] = []
        for word in heard[leading]:
            listened += self._listen((word,))
        for entry in listened:
            every = self.entries[entry]
            (every.alone if len(heard) == 1 else every.leads).append(number)
        for entry in self._both([words[0] for words in heard if words]):
            self.entries[entry].alone.append(number)
            listened.append(entry)
        self._entries_of.append(tuple(listened))

    def _both(self, first: Sequence[int]) -> Iterable[int]:
        """Return what is listened for in words that are two of some as one."""
        found: dict[int, None] = {}
        for place, head in enumerate(first):
            for tail in first[place + 1 :]:
                if self.words[tail].known.whole.weight >= LEAST_OF_A_TAIL:
                    found.update(dict.fromkeys(self._listen((head, tail))))
        return found

    def entries_of(self, way: int) -> tuple[int, ...]:
        """Return what is listened for because of a way."""
        return self._entries_of[way]

    def _word(self, fuzzy: FuzzyWord) -> int:
        number = self._word_ids.get(fuzzy)
        if number is None:
            number = self._word_ids[fuzzy] = len(self.words)
            text, phonetic, together, in_hangul, lone = fuzzy
            folded = "" if phonetic else fold(text)
            self.words.append(
                RuleWord(
                    text,
                    folded,
                    known(text),
                    phonetic=phonetic,
                    together=together,
                    in_hangul=in_hangul,
                )
            )
            self.lone.append(lone)
            self.keys.append(keys_of(text))
            self.masks.append(mask_of(self.keys[number]))
        return number

    def _listen(self, words: tuple[int, ...]) -> tuple[int, ...]:
        """Listen for a word, or for two as one, and return the numbers of what is listened for."""
        numbers = self._entry_ids.get(words)
        if numbers is not None:
            return numbers
        first = self.words[words[0]]
        if len(words) == 1:
            lone = self.lone[words[0]]
            kind = TOGETHER if first.together else FOREIGN if first.phonetic else LATIN
            every, keys = [wanted_of(first, lone=lone)], keys_of(first.text)
            is_brief = len(fold(first.text)) < LONG_WITHOUT_VOWELS
            only = IN_CAPITALS | WITH_VOWELS * is_brief if lone else 0
        else:
            second = self.words[words[1]]
            kind, only = LATIN, IN_LONG_WORDS
            every = list(wanted_of_both(first, second))
            keys = frozenset(
                key[: DEPTH + len(THINNED)] if key.startswith(THINNED) else key[:DEPTH]
                for key in keys_of_both(first.text, second.text)
            )
        numbers = tuple(self.wanted.add(wanted) for wanted in every)
        for number in numbers:
            self.entries.append(Entry(words))
            self._only.append(only)
            for key in keys:
                self._by_key[kind].setdefault(key, []).append(number)
        self._under = {}
        self._entry_ids[words] = numbers
        return numbers

    def only(self) -> NDArray[np.uint8]:
        """Return for each entry which words of texts only may be it."""
        if len(self._only_row) < len(self._only):
            self._only_row = np.frombuffer(bytes(self._only), np.uint8)
        return self._only_row

    def _commonness(self, words: tuple[int, ...]) -> float:
        """Return how likely a word of a text shares a key: less for more consonants."""
        if not words:
            return 9.0
        return sum(6.0 ** -len(key) for word in words for key in keys_of(self.words[word].text))

    def under(self, group: int, *, drops: bool) -> "dict[str, Numbers]":
        """Return what is listened for by the keys of words as a group of scripts writes them."""
        found = self._under.get((group, drops))
        if found is None:
            found = self._under[group, drops] = _Under(self._by_key[: group + 1], drops=drops)
        return found


class _Under(dict[str, Numbers]):
    """What is listened for, by the key of a word of a text: it begins with a key of that."""

    def __init__(self, by_key: Sequence[dict[str, list[int]]], *, drops: bool) -> None:
        super().__init__()
        self._by_key = by_key
        self._mark = THINNED if drops else ""

    def __missing__(self, key: str) -> Numbers:
        found: list[int] = []
        for end in range(1, len(key) + 1):
            begun = self._mark + key[:end]
            for filed in self._by_key:
                found += filed.get(begun, ())
        numbers = self[key] = np.array(found, np.intp) if found else _NO_NUMBERS
        return numbers


def _known_in(indexed: "IndexedTerm", slot: Slot, *, is_lone: bool) -> frozenset[str]:
    """Return the languages in which a list has all words of a slot.

    Of several words, only those in Latin letters: as `rules.evaluate.counting` has it.
    """
    every = [
        frozenset(indexed.known.get(fold(word.text), ()))
        if is_lone or word.text.isascii()
        else _NOWHERE
        for word in slot.fuzzy
    ]
    return frozenset.intersection(*every) if every else _NOWHERE


def mask_of(keys: Iterable[str]) -> int:
    """Return a number that has a bit in common with `mask_of_heard` what may sound alike."""
    mask = 0
    for key in keys:
        mask |= _bit(key[: _BRIEF + key.startswith(THINNED)])
    return mask


def mask_of_heard(keys: Iterable[str]) -> int:
    """Return the same for the keys of a word of a text: their beginnings count."""
    mask = 0
    for key in keys:
        mask |= _bits(key)
    return mask


@cache
def _bits(key: str) -> int:
    groups = key.removeprefix(THINNED)
    mark = key[: len(key) - len(groups)]
    bits = 0
    for end in range(1, min(_BRIEF, len(groups)) + 1):
        bits |= _bit(mark + groups[:end])
    return bits


_BRIEF = 2
_GROUPS = "KLMPST"
_PLAIN_BITS = len(_GROUPS) * (len(_GROUPS) + 1)
_BITS = 63


def _bit(key: str) -> int:
    """Return the bit of one or two groups of consonants; those with a mark share the upper ones."""
    groups = key.removeprefix(THINNED)
    number = _GROUPS.index(groups[0]) * (len(_GROUPS) + 1)
    if len(groups) > 1:
        number += _GROUPS.index(groups[1]) + 1
    if groups != key:
        number = _PLAIN_BITS + number % (_BITS - _PLAIN_BITS)
    return 1 << number
