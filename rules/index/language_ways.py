"""The ways in which rules may be spelled otherwise in texts of one language, and its words' sounds.

In a language that a rule is written in, nothing is a guess at its words: its ways do not count.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from rules.evaluate.counting import LONG_WITHOUT_VOWELS
from rules.index.anchors import Alternative
from rules.index.cognates import LEAD, OTHER, SINGLE, Both, CognateIndex, Way, ways_in
from rules.index.memory import Memory
from rules.index.piece_masks import NO_BITS, Bits, shared, united
from rules.index.sounds import FIRST_WITH_SIGNS, Sound, sounds_of
from rules.languages.bulk_phonemes import consonants
from rules.languages.inflection import ending_phonemes, may_have_prefix
from rules.languages.phonemes import phonemes_of
from rules.languages.scripts import has_capitals, scripts_of
from rules.languages.syllables import SyllableReadings, is_hangul, readings
from rules.patterns.cognates import are_both, is_cognate, is_like_all, is_rest
from rules.text.folding import fold
from rules.text.scanned import Scanned
from rules.text.tokenizer import Word

if TYPE_CHECKING:
    from rules.index.rule_index import IndexedTerm

_MOST_HEARD = 8_000
_MOST_KEPT = 4_000

_SoundKey = tuple[tuple[str, ...], int, bool, bool]
_Found = tuple[Bits, tuple[Both, ...]]


class Heard(NamedTuple):
    """Ways, as bits, of which a word may be the leading word, or another.

    Attributes:
        terms: Of which it is all.
        sound: What it sounds like.
    """

    lead: int
    other: int
    terms: tuple[int, ...]
    sound: Sound | None


@cache
def _is_small(letter: str) -> bool:
    """Whether a name would not begin with this letter: it is small where names have capitals."""
    return not letter.isupper() and has_capitals(letter)


def _is_lone(indexed: "IndexedTerm", place: int, alternative: Alternative) -> bool:
    """Whether an alternative is a name of one word, which only a word with a capital may be."""
    is_alone = place == 0 and len(alternative.slots) == 1
    return is_alone and alternative.fuzzy and indexed.strictness == "all"


SILENT = Heard(0, 0, (), None)
"""A word that is nothing of any way."""


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
        self._endings = frozenset(consonants(sorted(ending_phonemes(language)), abjad=False))
        self._is_foreign = bool(scripts_of(language)) and "latin" not in scripts_of(language)
        self._by_sound: Bits = NO_BITS
        self._lone = self._brief_names = 0
        self._own_names: dict[str, list[int]] = {}
        self._asked = (0, 0)
        self._heard: Memory[str, Heard] = Memory(_MOST_HEARD)
        self._bits: Memory[_SoundKey, _Found] = Memory(_MOST_HEARD)
        self._alike: Memory[tuple[int, str], bool] = Memory(_MOST_KEPT)
        self._rests: Memory[tuple[int, str], bool] = Memory(_MOST_KEPT)
        self._slots: dict[int, tuple[int, ...]] = {}
        self._literal: dict[int, tuple[int, int]] = {}
        self._partners: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        self._signs: dict[str, list[tuple[SyllableReadings, int]]] = {}
        self._readings: dict[str, list[tuple[SyllableReadings, int]]] = {}

    def counts(self, indexed: "IndexedTerm", place: int, alternative: Alternative) -> bool:
        """Whether an alternative of a term may be spelled otherwise in a text of this language.

        In the rule's own only a name of one word may: Zelenskyy, Zelensky.
        """
        if self.language and self.language in indexed.written_in:
            return _is_lone(indexed, place, alternative)
        return alternative.fuzzy or any(slot.signs for slot in alternative.slots)

    def add(
        self, indexed: "IndexedTerm", place: int, alternative: Alternative, slots: Sequence[int]
    ) -> None:
        """Add an alternative of a term that counts; `slots` are the numbers of its slots."""
        self._add_signs(indexed, alternative)
        if not alternative.fuzzy:
            return
        number = self.cognates.way_of(indexed.number, place, alternative)
        if number is None:
            return
        way, bit = self.cognates.ways[number], 1 << number
        self._slots[number] = tuple(slots)
        if self.language and self.language in indexed.written_in:
            (word,) = way.words[0]
            sounds = phonemes_of(self.cognates.words[word].text).text
            self._own_names.setdefault(sounds, []).append(indexed.number)
            self._heard.clear()
            return
        self.bits |= bit
        self._by_sound = united(self._by_sound, self._roles(indexed, place, alternative, way, bit))
        if len(slots) > 2:
            self.long_bits |= bit
        for at, slot_number in enumerate(slots if len(slots) > 1 else ()):
            lead, other = self._literal.get(slot_number, (0, 0))
            is_lead = at == way.leading
            self._literal[slot_number] = (lead | bit * is_lead, other | bit * (not is_lead))
            self._partners.pop(slot_number, None)

    def _add_signs(self, indexed: "IndexedTerm", alternative: Alternative) -> None:
        for slot in alternative.slots:
            for name in slot.signs:
                for reading in name[0]:
                    self._readings.setdefault(reading, []).append((name, indexed.number))
                self._signs = {}

    def _roles(
        self, indexed: "IndexedTerm", place: int, alternative: Alternative, way: Way, bit: int
    ) -> Bits:
        """Return in which roles words may be guessed: not where a list has those of the rule.

        Of several words, in languages of other letters; as `rules.evaluate.counting` has it.
        """
        roles = [0, 0, 0]
        slots = alternative.slots
        is_lone = _is_lone(indexed, place, alternative)
        for at, slot in enumerate(slots):
            known = [
                (is_lone or word.text.isascii())
                and self.language in indexed.known.get(fold(word.text), ())
                for word in slot.fuzzy
                if place == 0 and (is_lone or self._is_foreign)
            ]
            if not known or not all(known):
                roles[SINGLE if len(slots) == 1 else LEAD if at == way.leading else OTHER] = bit
        if is_lone:
            self._lone |= bit
            (word,) = way.words[0]
            if len(self.cognates.folded(word)) < LONG_WITHOUT_VOWELS:
                self._brief_names |= bit
        return roles[LEAD], roles[OTHER], roles[SINGLE]

    def __bool__(self) -> bool:
        return bool(self.bits or self._own_names)

    def heard(
        self, texts: Sequence[str], folded: Sequence[str], runs: Sequence[bool]
    ) -> list[Heard]:
        """Return of which ways each word of a text may be which part."""
        if self._asked != (len(self.cognates.ways), self.bits):
            self._asked = (len(self.cognates.ways), self.bits)
            self._heard.clear()
            self._bits.clear()
        asked = set(texts)
        known = self._heard.some(asked)
        if len(known) < len(asked):
            fresh: dict[str, tuple[str, str, bool]] = {}
            for place, text in enumerate(texts):
                if text not in known:
                    fresh[text] = (text, folded[place], bool(runs) and runs[place])
            if self.bits == self._lone:  # only names are looked for
                known.update({text: SILENT for text in fresh if _is_small(text[0])})
            some = [each for text, each in fresh.items() if text not in known]
            for text, sound in sounds_of(some, self.language):
                _, letters, is_run = fresh[text]
                known[text] = self._new_heard(text, letters, sound, is_run=is_run)
                self._heard.put(text, known[text])
        return [known[text] for text in texts]

    def _new_heard(self, text: str, folded: str, sound: Sound | None, *, is_run: bool) -> Heard:
        if sound is None:
            return SILENT
        is_small = _is_small(text[0])
        terms: list[int] = []
        if self._own_names and not is_small:
            terms += self._own_names.get(phonemes_of(text).text, ())
        if not self.bits:
            return Heard(0, 0, tuple(terms), None) if terms else SILENT
        key = (sound.consonants, sound.group, sound.is_exact, sound.profile.drops)
        found = self._bits.get(key)
        if found is None:
            bits = shared(self.cognates.bits_of(sound, self._endings), self._by_sound)
            every = self.cognates.compounds_of(sound)
            found = (bits, tuple(each for each in every if self.bits >> each.way & 1))
            self._bits.put(key, found)
        bits, both = found
        lead, other, single = self.cognates.masked(bits, sound)
        if both:
            terms += self._terms(both, sound)
        if is_small:
            single &= ~self._lone
        if single:
            terms += self._single(single, text, folded, sound, is_run=is_run)
        if not (lead or other or terms):
            return SILENT
        kept = sound._replace(consonants=()) if lead or other else None
        return Heard(lead, other, tuple(terms), kept)

    def _single(
        self, bits: int, text: str, folded: str, sound: Sound, *, is_run: bool
    ) -> Iterator[int]:
        """Yield the terms of one word of which a word is another spelling."""
        if may_have_prefix(folded):
            bits &= ~self._brief_names
        for number in ways_in(bits):
            way = self.cognates.ways[number]
            words = way.words[0]
            if any(self.is_alike(word, text, folded, sound, is_run=is_run) for word in words):
                yield way.term

    def _terms(self, every: Iterable[Both], sound: Sound) -> Iterator[int]:
        """Yield the terms of which a word is two words as one, by likeness."""
        phonemes = sound.phonemes()
        words, loud = self.cognates.words, self.cognates.loud
        for both in every:
            head, tail = words[both.head], words[both.tail]
            if not loud[both.head].are_far_with(loud[both.tail], phonemes) and any(
                are_both(head, tail, each, self.language) for each in phonemes
            ):
                yield self.cognates.ways[both.way].term

    def is_alike(self, word: int, text: str, folded: str, sound: Sound, *, is_run: bool) -> bool:
        """Whether a word of a text, or a part of a run, is a cognate of a word of rules."""
        answer = self._alike.get((word, text))
        if answer is None:
            phonemes = sound.phonemes()
            answer = False
            if is_run or not self.cognates.loud[word].are_far(phonemes):
                entry = self.cognates.words[word]
                if self.cognates.lone[word] and not is_run:
                    answer = is_like_all(entry, phonemes, self.language)
                else:
                    found = Word(text, folded, 0, len(text), is_run)
                    answer = is_cognate(entry, found, phonemes, self.language)
            self._alike.put((word, text), answer)
        return answer

    def goes_on(self, word: int, rest: str) -> bool:
        """Whether the rest of a compound is a cognate of a word of rules."""
        answer = self._rests.get((word, rest))
        if answer is None:
            answer = is_rest(self.cognates.words[word], rest, self.language)
            self._rests.put((word, rest), answer)
        return answer

    def slots_of(self, number: int) -> tuple[int, ...]:
        """Return the slots of a way."""
        return self._slots[number]

    def literal_bits(self, slot: int) -> tuple[int, int]:
        """Return the ways in which a slot is the leading one, and another."""
        return self._literal.get(slot, (0, 0))

    def partners(self, slot: int) -> list[tuple[int, tuple[int, ...]]]:
        """Return the terms of ways that have a slot, with the words of their other slots."""
        partners = self._partners.get(slot)
        if partners is None:
            lead, other = self.literal_bits(slot)
            partners = self._partners[slot] = []
            for number in ways_in(lead | other):
                way = self.cognates.ways[number]
                pairs = zip(self._slots[number], way.words, strict=True)
                heard = [(at, words[0]) for at, words in pairs if words]
                after = [word for at, word in heard if at != slot] or [word for _, word in heard]
                partners.append((way.term, tuple(after)))
        return partners

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
