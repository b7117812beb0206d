"""Which alternatives of terms may be spelled in another way, by the sounds of their words.

A word in another spelling counts only right beside another word of its term, or in one word with
it. So of the words of such an alternative (a "way") only the rarest, which leads, is listened for
in every word of a text; the others only beside it. Words that are the only one of a way are
listened for, too, and two words as one. What all languages share is here; what is listened for
goes into native memory.
"""

from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from rules.data.tables import says_as_listed
from rules.evaluate.brief_names import are_brief
from rules.evaluate.heard_together import are_names, may_be_one
from rules.evaluate.lone_names import least_by_consonants
from rules.index.anchors import Alternative, Slot
from rules.index.memory.engine import Engine
from rules.index.memory.kept import Lasting
from rules.index.sounds.hearing import Hearing
from rules.index.sounds.name_letters import name_row
from rules.index.sounds.spoken import FOREIGN, LATIN, TOGETHER
from rules.index.sounds.wanted_sounds import heard_as_one, wanted_of
from rules.languages.phonetic_keys import consonants_of, is_heard
from rules.languages.similarity import known
from rules.languages.syllables import SyllableReadings
from rules.patterns.dictionary import LEAST_OF_A_TAIL
from rules.patterns.term import FuzzyWord
from rules.patterns.variants_in import Known, Languages, known_of
from rules.text.folding import fold

if TYPE_CHECKING:
    from rules.index.indexed_term import IndexedTerm

IN_CAPITALS, WITH_VOWELS = 1, 4
"""Which words of texts only may be a word of rules."""

_WORD, _ENTRY, _WAY, _BOTH = range(4)
_IS_LONE, _LEADS_BEHIND, _OF_NAMES, _NEVER_ONE = 1, 2, 4, 8
_NOWHERE: frozenset[str] = frozenset()
_RAREST = 3
_NOWHERE_KNOWN = [_NOWHERE] * (1 + _RAREST)

_Numbered = tuple[FuzzyWord, int]
"""A word with its number."""


class CognateIndex(Lasting):
    """The alternatives of many terms that may be spelled in another way.

    Attributes:
        hearing: Where they are listened for.
        readings: Names that may be written sign by sign, by the readings of their first sign, with
            their terms and the languages of their rules.
        lone: For each way, whether it is a name of one word, which only a word with a capital is.
        languages: Sets of languages, with their numbers, from the first on.
        known_in: For each way, five of these sets: in which its rule is written, or nothing else
            says its several words than lists; in which a list has the word of a way that has only
            one, so that nothing else is guessed to be it; and the same of the rarest three words
            of another, which may be borrowed together, though.
    """

    LASTING = ("hearing", "readings", "lone", "languages", "known_in", "_words", "_entries")

    def __init__(self, engine: Engine) -> None:
        self.hearing = Hearing(engine)
        self.readings: dict[str, list[tuple[SyllableReadings, int, Languages]]] = {}
        self.lone = bytearray()
        self.languages: dict[frozenset[str], int] = {}
        self.known_in = array("i")
        self._words = self._entries = 0
        self._numbers: dict[int, int] = {}  # of words, by hashes
        self._listened: dict[int, int] = {}  # the first entry of a word, or of two in 32 bits each
        self._rows: list[int] = []

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
                    filed = (name, indexed.number, indexed.written_in)
                    self.readings.setdefault(reading, []).append(filed)
        if alternative.fuzzy:
            self._new_way(indexed, place, alternative, slots)

    def _new_way(
        self, indexed: "IndexedTerm", place: int, alternative: Alternative, slots: Sequence[int]
    ) -> None:
        heard = [[word for word in slot.fuzzy if is_heard(word.text)] for slot in alternative.slots]
        if not any(heard):
            return
        several = len(heard) > 1  # which may be borrowed together, though each is known
        by_rarity = [0]
        if several:
            by_rarity = sorted(range(len(heard)), key=[*map(_commonness, heard)].__getitem__)
        first, is_lone = by_rarity[0], not (place or several) and indexed.strictness == "all"
        sets = [frozenset(indexed.written_in), *_NOWHERE_KNOWN]
        if indexed.groups and alternative.is_listed and (several or not place):
            known = _known_of(indexed)
            every = [_known_in(known, each, is_lone) for each in alternative.slots if known]
            for at, each in enumerate(by_rarity[:_RAREST] if known else (), 1 + several):
                sets[at] = every[each]
            if several and known:
                sets[0] = sets[0].union(filter(says_as_listed, frozenset.intersection(*every)))
        self.lone.append(is_lone)
        self.known_in.extend([self.languages.setdefault(e, len(self.languages)) for e in sets])
        numbers = [[*map(self._word, words)] for words in heard]
        entries = [*map(self._listen, heard[first], numbers[first])]
        is_so = _IS_LONE * is_lone
        if several:
            firsts = zip(heard, numbers, strict=True)
            entries += self._as_one([(words[0], of[0]) for words, of in firsts if words])
        if len(heard) == 2:
            is_so |= _LEADS_BEHIND * first
            names = [some[0].text for some in heard if some and not some[0].phonetic]
            if not alternative.ordered and len(names) == 2 and are_names(names):
                is_so |= _OF_NAMES * (not are_brief(names)) | _NEVER_ONE * (not may_be_one(names))
        least = int(1000 * alternative.least)
        row = [_WAY, len(entries), is_so, least, *entries, indexed.number, len(slots)]
        for at in by_rarity:
            row += (slots[at], len(numbers[at]), *numbers[at])
        self._rows += row

    def alone(self, *words: FuzzyWord) -> int | None:
        """Listen for a word whatever stands beside it, or for two as one.

        Returns the number of the way, None if they have no sound. Only for an index of such ways.
        """
        if not all(is_heard(word.text) for word in words):
            return None
        numbers = [self._word(word) for word in words]
        if len(words) == 1:
            entries = [self._listen(words[0], numbers[0])]
        else:
            entries = [*self._listen_to_both(*zip(words, numbers, strict=True))]
        self._rows += [_WAY, len(entries), 0, 0, *entries, 0, 1, 0, len(numbers), *numbers]
        self.lone.append(False)
        return len(self.lone) - 1

    def _as_one(self, first: Sequence[_Numbered]) -> Iterable[int]:
        """Return what is listened for in words that are two of some as one."""
        found: dict[int, None] = {}
        for place, head in enumerate(first):
            for tail in first[place + 1 :]:
                if known(tail[0].text).whole.weight >= LEAST_OF_A_TAIL:
                    found.update(dict.fromkeys(self._listen_to_both(head, tail)))
        return found

    def _word(self, fuzzy: FuzzyWord) -> int:
        number = self._numbers.setdefault(hash(fuzzy), self._words)
        if number == self._words:
            self._words += 1
            heard, folded = known(fuzzy.text), "" if fuzzy.phonetic else fold(fuzzy.text)
            wanted = wanted_of(self.hearing, fuzzy, heard, folded)
            stem = len(heard.stem.text) if heard.stem else 0
            is_name = fuzzy.lone and not fuzzy.phonetic
            letters = name_row(fuzzy.text) if is_name else [*map(ord, folded)]
            row = (_WORD, _group_of(fuzzy), int(heard.whole.profile.is_abjad), stem)
            self._rows += (*row, *wanted, len(letters), *letters)
        return number

    def _listen(self, word: FuzzyWord, number: int) -> int:
        """Listen for a word that has a number, and return that of what is listened for."""
        entry = self._listened.setdefault(number, self._entries)
        if entry == self._entries:
            self._entries += 1
            is_vague = word.phonetic or least_by_consonants(word.text) is None
            only = IN_CAPITALS | WITH_VOWELS * is_vague if word.lone else 0
            self._rows += (_ENTRY, number, _group_of(word), only)
        return entry

    def _listen_to_both(self, head: _Numbered, tail: _Numbered) -> Iterable[int]:
        """Listen for two words as one: for all of the first one, and for its stem if it has any."""
        (first, number), (second, other) = head, tail
        heard = known(first.text)
        has_stem = heard.stem is not None
        entry = self._listened.setdefault((number + 1 << 32) + other, self._entries)
        if entry == self._entries:
            self._entries += 1 + has_stem
            as_one = heard_as_one(self.hearing, heard, known(second.text))
            self._rows += (_BOTH, number, other, *as_one, has_stem)
        return range(entry, entry + 1 + has_stem)

    def listen(self) -> None:
        """Let all that was added be listened for."""
        if self._rows:
            self.hearing.engine.tell("learn", self._rows)
            self._rows = []


@lru_cache(maxsize=1)  # its alternatives come one by one
def _known_of(indexed: "IndexedTerm") -> Known:
    return known_of(indexed.term, indexed.groups)


def _commonness(words: Sequence[FuzzyWord]) -> float:
    """Return how likely a word of a text shares a key: less for more consonants."""
    if not words:
        return 9.0
    return sum([6.0 ** -consonants_of(word.text) for word in words])


def _group_of(fuzzy: FuzzyWord) -> int:
    return TOGETHER if fuzzy.together else FOREIGN if fuzzy.phonetic else LATIN


def _known_in(known: Known, slot: Slot, is_lone: bool) -> frozenset[str]:
    """Return the languages in which a list has all words of a slot: `rules.evaluate.counting`."""
    every = [
        known.get(fold(word.text), _NOWHERE) if is_lone or word.text.isascii() else _NOWHERE
        for word in slot.fuzzy
        if not word.phonetic
    ]
    return frozenset.intersection(*every) if every else _NOWHERE
