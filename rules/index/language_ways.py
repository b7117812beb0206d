"""The ways in which rules may be spelled otherwise in texts of one language, and its words' sounds.

In a language that a rule is written in, nothing is a guess at its words: its ways do not count.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules.data.tables import has_plain_j
from rules.index.cognates import (
    CognateIndex,
    Way,
    mask_of_heard,
)
from rules.index.memory import Memory
from rules.index.said import Said
from rules.index.said import is_small as _is_small
from rules.index.sounds import FIRST_WITH_SIGNS, Fresh
from rules.languages.inflection import ending_phonemes
from rules.languages.phonemes import Phonemes, phonemes_of
from rules.languages.scripts import scripts_of
from rules.languages.syllables import SyllableReadings, is_hangul, readings
from rules.patterns.cognates import are_both, is_cognate, is_like_all, is_rest, is_too_short_a_rest
from rules.patterns.term import bare_texts
from rules.text.scanned import Scanned
from rules.text.tokenizer import Word

_MOST_HEARD = 8_000
_MOST_KEPT = 4_000


class Heard(NamedTuple):
    """What a word of a text is by its sound.

    Attributes:
        keys: What its first consonants may be, as phonetic keys.
        mask: The same as `cognates.mask_of_heard`.
        leads: The ways of which it is the leading word.
        terms: The terms of which it is all.
    """

    keys: tuple[str, ...]
    mask: int
    leads: tuple[int, ...] = ()
    terms: tuple[int, ...] = ()


SILENT = Heard((), 0)
"""A word that is nothing of any way."""


@lru_cache(maxsize=20_000)
def _nothing_but(keys: tuple[str, ...]) -> Heard:
    """Return what a word is of which no more is known than its keys, whatever the language."""
    return Heard(keys, mask_of_heard(keys))


class LanguageWays:
    """Ways that count in texts of a language."""

    def __init__(self, language: str, cognates: CognateIndex) -> None:
        self.language = language
        self.cognates = cognates
        self._endings = ending_phonemes(language)
        self._has_other_letters = bool(scripts_of(language)) and "latin" not in scripts_of(language)
        self._ready = 0
        self._ways = bytearray()
        self._counts = bytearray()
        self._counts_row: NDArray[np.bool_] | None = None
        self._has_ways = False
        self._only_names = True
        self._own_names: dict[str, list[int]] = {}
        self._heard: Memory[str, Heard] = Memory(_MOST_HEARD)
        self._alike: Memory[tuple[int, str], bool] = Memory(_MOST_KEPT)
        self._rests: Memory[tuple[int, str], bool] = Memory(_MOST_KEPT)
        self._partners: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        self._signs: dict[str, list[tuple[SyllableReadings, int]]] = {}

    def take(self) -> None:
        """Learn of the ways that are new.

        In the rule's own language only a name of one word counts: Zelenskyy, Zelensky.
        """
        cognates = self.cognates
        first = self._ready
        self._signs = {}
        self._ways.extend(bytes(len(cognates.ways) - len(self._ways)))
        self._counts.extend(bytes(len(cognates.entries) - len(self._counts)))
        for number in range(self._ready, len(cognates.ways)):
            way = cognates.ways[number]
            if not (self.language and self.language in way.written_in):
                self._ways[number] = 1
                self._has_ways = True
                self._only_names = self._only_names and way.is_lone
                self._listen(number)
            elif way.is_lone:
                sounds = phonemes_of(cognates.words[way.words[0][0]].text).text
                self._own_names.setdefault(sounds, []).append(way.term)
        self._ready = len(cognates.ways)
        if first < self._ready:
            self._counts_row = None
            self._partners = {}
            self._heard.clear()

    def _listen(self, number: int) -> None:
        """Let what a way is known by count."""
        cognates = self.cognates
        way = cognates.ways[number]
        is_known = self._is_known(way, way.leading)
        for entry in cognates.entries_of(number):
            if not is_known or len(cognates.entries[entry].words) > 1:
                self._counts[entry] = 1

    def _is_known(self, way: Way, place: int) -> bool:
        """Whether a word is not guessed at since a list has that of the rule.

        Of several words, in languages of other letters.
        """
        return (way.is_lone or self._has_other_letters) and self.language in way.known_in[place]

    def has(self, number: int) -> bool:
        """Whether a way counts."""
        return number < len(self._ways) and bool(self._ways[number])

    def has_known_others(self, way: Way) -> bool:
        """Whether the words of a way that do not lead are not guessed at."""
        places = [place for place in range(len(way.words)) if place != way.leading]
        return all(self._is_known(way, place) for place in places)

    def __bool__(self) -> bool:
        return self._has_ways or bool(self._own_names)

    def heard(
        self, texts: Sequence[str], folded: Sequence[str], runs: Sequence[bool]
    ) -> list[Heard]:
        """Return what each word of a text is by its sound."""
        asked = set(texts)
        known = self._heard.some(asked)
        if len(known) < len(asked):
            fresh: dict[str, Fresh] = {}
            for place, text in enumerate(texts):
                if text not in known:
                    fresh[text] = Fresh(text, folded[place], bool(runs) and runs[place])
            if self._only_names:
                known.update({text: SILENT for text in fresh if _is_small(text[0])})
            some = [each for text, each in fresh.items() if text not in known]
            ready = self._ready
            found = self._hear(some)
            for word, heard in zip(some, found, strict=True):
                known[word.text] = heard
            if ready == self._ready:  # otherwise another thread has added rules
                for word, heard in zip(some, found, strict=True):
                    self._heard.put(word.text, heard)
        return [known[text] for text in texts]

    def _hear(self, some: Sequence[Fresh]) -> list[Heard]:
        """Return what new words are, all at once."""
        said = Said(some, self.language, self.cognates)
        leads: dict[int, list[int]] = {}
        terms: dict[int, list[int]] = {}
        if self._own_names:
            for at, word in enumerate(some):
                if said.keys[at] and not _is_small(word.text[0]):
                    terms[at] = list(self._own_names.get(self._sound_of(at, word, said), ()))
        if self._has_ways:
            for at, entries in said.near(self._counting(), self._endings).items():
                for entry in entries:
                    self._note(
                        entry,
                        some[at],
                        said.phonemes_of(at),
                        leads.setdefault(at, []),
                        terms.setdefault(at, []),
                    )
        return [
            Heard(keys, mask_of_heard(keys), tuple(leads.get(at, ())), tuple(terms.get(at, ())))
            if leads.get(at) or terms.get(at)
            else _nothing_but(keys)
            for at, keys in enumerate(said.keys)
        ]

    def _sound_of(self, at: int, word: Fresh, said: Said) -> str:
        """Return how a word sounds in the rules' own language."""
        is_plain = word.text.isascii() and not word.is_run
        if is_plain and not (has_plain_j(self.language) and "j" in word.text.lower()):
            return said.phonemes_of(at)[0].text
        return phonemes_of(word.text).text

    def _counting(self) -> NDArray[np.bool_]:
        """Return for each thing that is listened for whether it counts in this language."""
        if self._counts_row is None:
            self._counts_row = np.frombuffer(bytes(self._counts), np.bool_)
        return self._counts_row

    def _note(
        self,
        number: int,
        word: Fresh,
        phonemes: Sequence[Phonemes],
        leads: list[int],
        terms: list[int],
    ) -> None:
        """Note of which ways a word is the leading word, or all, if it is alike indeed."""
        cognates = self.cognates
        entry = cognates.entries[number]
        alone = [cognates.ways[way] for way in entry.alone if self.has(way)]
        if len(entry.words) > 1:
            head, tail = (cognates.words[each] for each in entry.words)
            if any(are_both(head, tail, each, self.language) for each in phonemes):
                terms += [way.term for way in alone]
        elif self._is_like(entry.words[0], word, phonemes):
            terms += [way.term for way in alone if not self._is_known(way, 0)]
            for number in entry.leads:
                way = cognates.ways[number]
                if self.has(number) and not self._is_known(way, way.leading):
                    leads.append(number)

    def may_be(self, word: int, heard: Heard) -> bool:
        """Whether a word of a text has a phonetic key of a word of rules."""
        cognates = self.cognates
        if not cognates.masks[word] & heard.mask:
            return False
        keys = cognates.keys[word]
        return any(key[:end] in keys for key in heard.keys for end in range(1, len(key) + 1))

    def is_alike(self, number: int, word: Fresh) -> bool:
        """Whether a word of a text, or a part of a run, is a cognate of a word of rules."""
        answer = self._alike.get((number, word.text))
        if answer is None:
            phonemes: list[Phonemes] = []
            if not word.is_run:
                plain_j = has_plain_j(self.language)
                bare = bare_texts(Word(word.text, word.folded, 0, 1, False), self.language)
                every = (phonemes_of(each, plain_j=plain_j) for each in bare)
                phonemes = [each for each in every if len(each.text) >= 2]
            answer = self._is_like(number, word, phonemes)
            self._alike.put((number, word.text), answer)
        return answer

    def _is_like(self, number: int, word: Fresh, phonemes: Sequence[Phonemes]) -> bool:
        entry = self.cognates.words[number]
        if self.cognates.lone[number] and not word.is_run:
            return is_like_all(entry, phonemes, self.language)
        found = Word(word.text, word.folded, 0, len(word.text), word.is_run)
        return is_cognate(entry, found, phonemes, self.language)

    def goes_on(self, word: int, rest: str) -> bool:
        """Whether the rest of a compound is a cognate of a word of rules."""
        entry = self.cognates.words[word]
        if is_too_short_a_rest(entry, rest, self.language):
            return False
        answer = self._rests.get((word, rest))
        if answer is None:
            answer = is_rest(entry, rest, self.language)
            self._rests.put((word, rest), answer)
        return answer

    def partners(self, slot: int) -> list[tuple[int, tuple[int, ...]]]:
        """Return the terms of ways that have a slot, with the words of their other slots."""
        partners = self._partners.get(slot)
        if partners is None:
            partners = self._partners[slot] = []
            cognates = self.cognates
            for number in (*cognates.leads.get(slot, ()), *cognates.others.get(slot, ())):
                if not self.has(number):
                    continue
                way = cognates.ways[number]
                pairs = zip(way.slots, way.words, strict=True)
                heard = [(at, words[0]) for at, words in pairs if words]
                after = [word for at, word in heard if at != slot] or [word for _, word in heard]
                partners.append((way.term, tuple(after)))
        return partners

    def find_signs(self, scan: Scanned, found: dict[int, set[int]]) -> None:
        """Note terms that are names, and may be written sign by sign, with the places."""
        if not self.cognates.readings:
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
                (name, term)
                for reading in readings(sign)
                for name, term, written_in in self.cognates.readings.get(reading, ())
                if not (self.language and self.language in written_in)
            ]
        return names
