"""Which alternatives of terms may be spelled in another way, by the sounds of their words.

A word in another spelling counts only right beside another word of its term, or in one word with
it. The consonants of a text's word say in which alternatives of terms ("ways", as bits) it may be
which word. So a pair of neighbours costs a few operations on bits, however many the terms.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rules.index.anchors import Alternative, FuzzyWord
from rules.index.loud_sounds import LoudSounds, pieces_of
from rules.index.piece_masks import NO_BITS, Bits, PieceMasks, united
from rules.index.sounds import FOREIGN, LATIN, TOGETHER, Sound
from rules.languages.bulk_phonemes import GROUPS_OF, enough, longest_beginnings
from rules.languages.phonemes import DEPTH
from rules.languages.phonetic_keys import THINNED, keys_of, keys_of_both
from rules.languages.similarity import known
from rules.patterns.dictionary import LEAST_OF_A_TAIL
from rules.patterns.term import RuleWord
from rules.text.folding import fold

_MOST_KEPT = 20_000
LEAD, OTHER, SINGLE = range(3)
_BRIEF = 3.5
CHOICES = frozenset(GROUPS_OF)
"""Consonants that may be one of several, or none."""


class Way(NamedTuple):
    """An alternative whose words may be spelled in another way.

    Attributes:
        words: Of each slot.
        leads: The words of the slot that leads, the rarest by its consonants; and of the others.
    """

    term: int
    words: tuple[tuple[int, ...], ...]
    leads: tuple[tuple[int, ...], tuple[int, ...]]
    leading: int


class Both(NamedTuple):
    """Two words of a way, by number, that may be written as one."""

    way: int
    head: int
    tail: int


_Coarse = tuple[Bits, tuple[tuple[int, Bits], ...]]
_NOTHING: _Coarse = (NO_BITS, ())


class CognateIndex:
    """The alternatives of many terms that may be spelled in another way."""

    def __init__(self) -> None:
        self.ways: list[Way] = []
        self.words: list[RuleWord] = []
        self.loud: list[LoudSounds] = []
        self.lone: list[bool] = []
        self._numbers: dict[tuple[int, int], int | None] = {}
        self._word_ids: dict[FuzzyWord, int] = {}
        self._by_key: tuple[dict[str, Bits], ...] = ({}, {}, {})
        self._brief: tuple[dict[str, Bits], ...] = ({}, {}, {})
        self._masks = PieceMasks()
        self._compounds: dict[str, list[Both]] = {}
        self._begun: set[str] = set()
        self._coarse: dict[tuple[str, int, bool], _Coarse] = {}

    def way_of(self, term: int, place: int, alternative: Alternative) -> int | None:
        """Return the number of an alternative of a term; None if none of it can be heard.

        Args:
            place: Which of the term's alternatives it is.
        """
        number = self._numbers.get((term, place), -1)
        if number == -1:
            number = self._numbers[term, place] = self._new_way(term, alternative)
        return number

    def _new_way(self, term: int, alternative: Alternative) -> int | None:
        heard = [
            tuple(self._word(word) for word in slot.fuzzy if keys_of(word.text))
            for slot in alternative.slots
        ]
        if not any(heard):
            return None
        first = [words[0] for words in heard if words]
        own = tuple(self.words[word].text for word in first)
        number = len(self.ways)
        bit = 1 << number
        leading = self._file(heard, bit)
        others = tuple(w for at, words in enumerate(heard) if at != leading for w in words)
        self.ways.append(Way(term, tuple(heard), (heard[leading], others), leading))
        self._coarse = {}
        for place, head in enumerate(own):
            for later in range(place + 1, len(own)):
                tail = own[later]
                if known(tail).whole.weight >= LEAST_OF_A_TAIL:
                    both = Both(number, first[place], first[later])
                    for key in keys_of_both(head, tail):
                        self._begun.update(key[:end] for end in range(1, len(key) + 1))
                        filed = self._compounds.setdefault(key, [])
                        if both not in filed:
                            filed.append(both)
        return number

    def _file(self, heard: Sequence[tuple[int, ...]], bit: int) -> int:
        """Note which words have which role in a way, and return the place of those that lead.

        Of two, that with most consonants leads.
        """
        places = sorted(range(len(heard)), key=lambda place: self._commonness(heard[place]))
        for place in places:
            role = SINGLE if len(heard) == 1 else LEAD if place == places[0] else OTHER
            for word in heard[place]:
                self._note(word, role, bit)
        return places[0]

    def _word(self, fuzzy: FuzzyWord) -> int:
        number = self._word_ids.get(fuzzy)
        if number is None:
            number = self._word_ids[fuzzy] = len(self.words)
            text, phonetic, together, in_hangul, lone = fuzzy
            self.words.append(
                RuleWord(
                    text,
                    "" if phonetic else fold(text),
                    known(text),
                    phonetic=phonetic,
                    together=together,
                    in_hangul=in_hangul,
                )
            )
            self.lone.append(lone)
            self.loud.append(LoudSounds(self.words[number], lone=lone))
        return number

    def _note(self, word: int, role: int, bit: int) -> None:
        """Note by which keys a word of rules is found.

        A brief word leaves so little room that no consonant of a text's word may be too much, but
        in an ending: it is found by all consonants of a text's word.
        """
        entry = self.words[word]
        whole = entry.known.whole
        kind = TOGETHER if entry.together else FOREIGN if entry.phonetic else LATIN
        is_brief = whole.weight < _BRIEF and entry.known.stem is None and not whole.profile.pairs
        filed = (self._brief if is_brief else self._by_key)[kind]
        bits = (bit * (role == LEAD), bit * (role == OTHER), bit * (role == SINGLE))
        self._masks.add(self.loud[word], bits)
        for key in keys_of(entry.text):
            filed[key] = united(filed.get(key, NO_BITS), bits)

    def _commonness(self, words: tuple[int, ...]) -> float:
        """Return how likely a word of a text shares a key: less for more consonants."""
        if not words:
            return 9.0
        return sum(6.0 ** -len(key) for word in words for key in keys_of(self.words[word].text))

    def folded(self, word: int) -> str:
        """Return a word of rules, folded."""
        return fold(self.words[word].text)

    def bits_of(self, sound: Sound, endings: frozenset[str]) -> Bits:
        """Return in which ways a word may have which role.

        Args:
            endings: The consonants of what may follow a word in the text's language.
        """
        found = NO_BITS
        group, drops = sound.group, sound.profile.drops
        for consonants in sound.consonants:
            bits, brief = self._filed_under(enough(consonants, DEPTH), group, drops)
            found = bits if found is NO_BITS else united(found, bits)
            if brief:
                is_exact = sound.is_exact and _says_all(consonants)
                for begun, also in brief:
                    if not is_exact or consonants[begun:] in endings:
                        found = united(found, also)
        return found

    def _filed_under(self, start: str, group: int, drops: bool) -> _Coarse:
        """Return the ways of words that share a key, and those of brief ones by their length."""
        if not start:
            return _NOTHING
        key = (start, group, drops)
        filed = self._coarse.get(key)
        if filed is None and not CHOICES.isdisjoint(start):
            filed = self._coarse[key] = self._filed_under_any(start, group, drops)
        elif filed is None:
            bits, brief = self._filed_under(start[:-1], group, drops)
            marked = THINNED + start if drops else start
            for kind in range(group + 1):
                bits = united(bits, self._by_key[kind].get(marked, NO_BITS))
                also = self._brief[kind].get(marked)
                if also is not None:
                    brief = (*brief, (len(start), also))
            filed = self._coarse[key] = (bits, brief)
        return filed

    def _filed_under_any(self, start: str, group: int, drops: bool) -> _Coarse:
        """Return the same for consonants of which some may be several: brief ones count, too."""
        if len(self._coarse) > _MOST_KEPT:
            self._coarse = {}
        found = NO_BITS
        for each in longest_beginnings(start, DEPTH):
            bits, brief = self._filed_under(each, group, drops)
            found = united(found, bits)
            for _, also in brief:
                found = united(found, also)
        return found, ()

    def masked(self, bits: Bits, sound: Sound) -> Bits:
        """Return those of some ways of which a word may be the part by its vowels, too."""
        if sound.profile.drops or not sound.texts or bits == NO_BITS:
            return bits
        found = NO_BITS
        for text in sound.texts:
            some = self._masks.masked(bits, pieces_of(text), sound.profile)
            found = some if found is NO_BITS else united(found, some)
        return found

    def compounds_of(self, sound: Sound) -> list[Both]:
        """Return the words of ways of which a word may be two as one."""
        found: list[Both] = []
        if sound.is_long and self._compounds:
            mark = THINNED if sound.profile.drops else ""
            for consonants in sound.consonants:
                self._follow({mark}, consonants, found)
        return found

    def _follow(self, begun: set[str], consonants: str, found: list[Both]) -> None:
        """Note what is filed under a beginning of consonants."""
        for each in consonants:
            groups = GROUPS_OF.get(each, each)
            longer = {key + group for key in begun for group in groups if group != "-"}
            longer &= self._begun
            for key in longer:
                found += self._compounds.get(key, ())
            begun = longer | begun if "-" in groups else longer
            if not begun:
                break


def _says_all(consonants: str) -> bool:
    """Whether the groups of a word's consonants say all that a brief word of rules needs.

    Not where one may be several or none; and behind a nasal, a k or g costs little.
    """
    return CHOICES.isdisjoint(consonants) and "MK" not in consonants


def ways_in(bits: int) -> Iterator[int]:
    """Yield the numbers of the ways that some bits stand for."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
