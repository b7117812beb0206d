"""Which terms an article may spell in another way: words that sound alike beside each other.

A word in another spelling counts only right beside another word of its term, or in one word with
it. What a word of a text may sound like says in which alternatives of terms ("ways", as bits) it
may be which word. So a pair of neighbours costs a few operations on bits, however many the terms;
what they leave is compared sound by sound, once for a word of a text and a word of rules.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rules.data.tables import has_plain_j
from rules.index.anchors import Alternative, FuzzyWord
from rules.index.far_words import FarPair, FarWords
from rules.index.sounds import (
    FOREIGN,
    LATIN,
    TOGETHER,
    Sound,
    counts_of,
    sounds_of,
)
from rules.languages.bulk_phonemes import beginnings, enough
from rules.languages.phonemes import (
    DEPTH,
    phonemes_of,
)
from rules.languages.phonetic_keys import DEPTH_OF_BOTH, THINNED, keys_of, keys_of_both
from rules.languages.similarity import known
from rules.patterns.cognates import enough_for, is_cognate, is_rest
from rules.patterns.dictionary import LEAST_OF_A_TAIL, Vocabulary
from rules.patterns.term import RuleWord, bare_texts, begins_alike
from rules.text.folding import fold
from rules.text.tokenizer import Word

_MOST_KEPT = 30_000
_MOST_PROBES = 500
_MOST_ROLES = 20_000
_LONGEST = 80
OTHERS = frozenset({"CYRILLIC"})
LEAD, OTHER, SINGLE = range(3)
_BRIEF, _BRIEFEST = 3.5, 3.0


class Way(NamedTuple):
    """An alternative whose words may be spelled in another way.

    Attributes:
        words: Of each slot.
        own: The first word of each slot.
        heads: The numbers of those with which a compound may begin.
        leading: The slot that leads: the rarest, by its consonants.
    """

    term: int
    words: tuple[tuple[int, ...], ...]
    own: tuple[str, ...]
    heads: tuple[int, ...]
    leading: int


class Roles(NamedTuple):
    """Ways, as bits, of which a word may be the leading word, another, or the only one.

    Attributes:
        words: The words of rules that it may be.
    """

    lead: int
    other: int
    single: int
    both: int
    words: tuple[int, ...]


NO_ROLES = Roles(0, 0, 0, 0, ())


_Filed = tuple[frozenset[int], tuple[tuple[int, str], ...]]


class CognateIndex:
    """The alternatives of many terms that may be spelled in another way."""

    def __init__(self) -> None:
        self._ways: list[Way] = []
        self._word_ids: dict[FuzzyWord, int] = {}
        self._words: list[RuleWord] = []
        self._far_words = FarWords()
        self._by_key: dict[tuple[int, str], list[int]] = {}
        self._brief: dict[tuple[int, str], list[int]] = {}
        self._exactly: dict[tuple[int, str, tuple[int, int, int]], list[int]] = {}
        self._roles_of_word: tuple[list[int], list[int], list[int]] = ([], [], [])
        self._compounds: dict[str, int] = {}
        self._numbers: dict[tuple[int, int], int | None] = {}
        self._roles: dict[Sound, Roles] = {}
        self._filed: dict[tuple[frozenset[str], str, int], _Filed] = {}
        self._interned: dict[Sound, Sound] = {}
        self._memory: dict[str, dict[str, Sound | None]] = {}
        self._alike: dict[str, dict[tuple[int, str], bool]] = {}
        self._rests: dict[str, dict[tuple[int, str], bool]] = {}
        self._both: dict[tuple[tuple[str, ...], str, str], bool] = {}
        self._probes: dict[tuple[str, ...], Vocabulary] = {}

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
        own = tuple(self._words[word].text for word in first)
        number = len(self._ways)
        bit = 1 << number
        leading = self._file(heard, bit)
        self._ways.append(Way(term, tuple(heard), own, tuple(first[:-1]), leading))
        self._roles, self._filed = {}, {}
        for place, head in enumerate(own):
            for tail in own[place + 1 :]:
                if known(tail).whole.weight < LEAST_OF_A_TAIL:
                    continue
                for key in keys_of_both(head, tail):
                    self._compounds[key] = self._compounds.get(key, 0) | bit
        return number

    def _file(self, heard: Sequence[tuple[int, ...]], bit: int) -> int:
        """Note which words have which role in a way, and return the place of those that lead.

        Of two, that with most consonants leads.
        """
        places = sorted(range(len(heard)), key=lambda place: self._commonness(heard[place]))
        for place in places:
            role = SINGLE if len(heard) == 1 else LEAD if place == places[0] else OTHER
            for word in heard[place]:
                self._roles_of_word[role][word] |= bit
        return places[0]

    def _word(self, fuzzy: FuzzyWord) -> int:
        number = self._word_ids.get(fuzzy)
        if number is None:
            number = self._word_ids[fuzzy] = len(self._words)
            text, phonetic, together, in_hangul = fuzzy
            self._words.append(
                RuleWord(
                    text,
                    "" if phonetic else fold(text),
                    known(text),
                    phonetic=phonetic,
                    together=together,
                    in_hangul=in_hangul,
                )
            )
            self._far_words.add(self._words[number].known, enough_for(self._words[number]))
            for rows in self._roles_of_word:
                rows.append(0)
            self._note(number, TOGETHER if together else FOREIGN if phonetic else LATIN)
        return number

    def _note(self, number: int, kind: int) -> None:
        """Note by which keys a word of rules is found.

        A brief word leaves so little room that no consonant of a text's word may be another or
        too much, but in an ending: it is found by how many there are, too.
        """
        entry = self._words[number]
        whole = entry.known.whole
        is_brief = whole.weight < _BRIEF and entry.known.stem is None and not whole.profile.pairs
        filed = self._brief if is_brief else self._by_key
        for key in keys_of(entry.text):
            filed.setdefault((kind, key), []).append(number)
            if is_brief:
                (counts,) = counts_of([whole.text])
                if whole.weight > _BRIEFEST:
                    counts = (*counts[:2], -1)
                self._exactly.setdefault((kind, key, counts), []).append(number)

    def _commonness(self, words: tuple[int, ...]) -> float:
        """Return how likely a word of a text shares a key: less for more consonants."""
        if not words:
            return 9.0
        return sum(6.0 ** -len(key) for word in words for key in keys_of(self._words[word].text))

    def way(self, number: int) -> Way:
        """Return a way by its number."""
        return self._ways[number]

    def folded(self, word: int) -> str:
        """Return a word of rules, folded."""
        return fold(self._words[word].text)

    def word_bits(self, word: int, role: int) -> int:
        """Return the ways in which a word of rules has a role."""
        return self._roles_of_word[role][word]

    def sounds(
        self, texts: Sequence[str], folded: Sequence[str], runs: Sequence[bool], language: str
    ) -> list[Sound | None]:
        """Return what words of a text sound like; None for what nothing can sound like."""
        memory = self._memory.get(language)
        if memory is None or len(memory) > _MOST_KEPT:
            memory = self._memory[language] = {}
        fresh = [place for place, text in enumerate(texts) if text not in memory]
        if fresh:
            some = [(texts[at], folded[at], bool(runs) and runs[at]) for at in fresh]
            for text, sound in sounds_of(some, language):
                memory[text] = None if sound is None else self._interned.setdefault(sound, sound)
        return [memory[text] for text in texts]

    def roles(self, sound: Sound) -> Roles:
        """Return in which ways a word may have which role."""
        roles = self._roles.get(sound)
        if roles is None:
            if len(self._roles) > _MOST_ROLES:
                self._roles, self._filed = {}, {}
            roles = self._roles[sound] = self._new_roles(sound)
        return roles

    def _new_roles(self, sound: Sound) -> Roles:
        mark = THINNED if sound.drops else ""
        words = self._words_like(sound, mark)
        both = 0
        if sound.is_long and self._compounds:
            starts = {enough(text, DEPTH_OF_BOTH) for text in sound.consonants}
            deep = {mark + key for text in starts for key in beginnings(text, DEPTH_OF_BOTH)}
            for key in deep & self._compounds.keys():
                both |= self._compounds[key]
        if not words and not both:
            return NO_ROLES
        rows = [0, 0, 0]
        for role, bits in enumerate(self._roles_of_word):
            for word in words:
                rows[role] |= bits[word]
        lead, other, single = rows
        return Roles(lead, other, single, both, tuple(words))

    def _words_like(self, sound: Sound, mark: str) -> set[int]:
        """Return the words of rules that a word of a text may be."""
        starts = frozenset([enough(text, DEPTH) for text in sound.consonants])
        filed = self._filed.get((starts, mark, sound.group))
        if filed is None:
            filed = self._filed[starts, mark, sound.group] = self._filed_under(starts, mark, sound)
        found, brief = filed
        words = set(found)
        for key in brief:
            for counts in sound.heads:
                words.update(self._exactly.get((*key, counts), ()))
                words.update(self._exactly.get((*key, (*counts[:2], -1)), ()))
        return words

    def _filed_under(self, starts: frozenset[str], mark: str, sound: Sound) -> _Filed:
        """Return the words of rules that share a key, and the keys of brief ones to look at."""
        words: set[int] = set()
        brief: list[tuple[int, str]] = []
        keys = {mark + key for text in starts for key in beginnings(text, DEPTH)}
        for key in itertools.product(range(sound.group + 1), keys):
            words.update(self._by_key.get(key, ()))
            if key in self._brief:
                if sound.group == LATIN:
                    brief.append(key)
                else:
                    words.update(self._brief[key])
        return frozenset(words), tuple(brief)

    def far(self, asked: Mapping[str, Iterable[tuple[int, bool]]], language: str) -> set[FarPair]:
        """Return what `FarWords.far` does."""
        return self._far_words.far(asked, language)

    def is_alike(self, word: int, text: str, folded: str, language: str, *, is_run: bool) -> bool:
        """Whether a word of a text, or a part of a run, is a cognate of a word of rules."""
        kept = self._alike.get(language)
        if kept is None or len(kept) > _MOST_KEPT:
            kept = self._alike[language] = {}
        answer = kept.get((word, text))
        if answer is None:
            found = Word(text, folded, 0, len(text), is_run)
            answer = kept[word, text] = is_cognate(self._words[word], found, language)
        return answer

    def is_both(self, way: Way, text: str, folded: str, language: str) -> bool:
        """Whether a word of a text is several words of a way at once, some by likeness."""
        key = (way.own, text, language)
        answer = self._both.get(key)
        if answer is None:
            found = Word(text, folded, 0, len(text), False)
            answer = self._may_begin(way, found, language) and any(
                sum(each >= 0 for each in hit.partners) > 1
                for hit in self._probe(way.own).hits(found, language)
            )
            if len(self._both) > _MOST_KEPT:
                self._both = {}
            self._both[key] = answer
        return answer

    def _may_begin(self, way: Way, word: Word, language: str) -> bool:
        """Whether a word begins with a cognate of a word of a way."""
        plain_j = has_plain_j(language)
        for text in bare_texts(word, language):
            phonemes = phonemes_of(text, plain_j=plain_j)
            if any(begins_alike(head, phonemes) for head in way.own[:-1]):
                return True
        return False

    def goes_on(self, word: int, rest: str, language: str) -> bool:
        """Whether the rest of a compound is a cognate of a word of rules."""
        kept = self._rests.get(language)
        if kept is None or len(kept) > _MOST_KEPT:
            kept = self._rests[language] = {}
        answer = kept.get((word, rest))
        if answer is None:
            answer = kept[word, rest] = is_rest(self._words[word], rest, language)
        return answer

    def _probe(self, words: tuple[str, ...]) -> Vocabulary:
        probe = self._probes.get(words)
        if probe is None:
            if len(self._probes) > _MOST_PROBES:
                self._probes = {}
            probe = Vocabulary()
            numbers = tuple(probe.add(Word(w, fold(w), 0, len(w), False)) for w in words)
            probe.allow_cognates(numbers)
            probe.allow_compounds(tuple(dict.fromkeys(numbers)))
            self._probes[words] = probe
        return probe


def ways_in(bits: int) -> Iterator[int]:
    """Yield the numbers of the ways that some bits stand for."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
