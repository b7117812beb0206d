"""Which words of rules the words of an article may be: found by letters, then looked at closely.

The letters that all forms of a word share are looked for in one automaton; those of two or three
letters, which stand in too many words, by the beginnings of words. What a word of a text answers
is remembered by the letters found in it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import ahocorasick_rs

from rules.data.tables import primary
from rules.index.anchors import FORM, PART, RUN, WHOLE, Anchor
from rules.languages import compounds
from rules.languages.compounds import joins
from rules.languages.inflection import may_have_prefix, partners, prefixes
from rules.text.scanned import Scanned

SHORT = 3
_MOST_KEPT = 20_000
_MOST_ON_THE_SIDE = 1_000
_SHORTEST_PREFIXED = 3


class _Answers(NamedTuple):
    """What a word answers that begins with some letters.

    Attributes:
        words: The words of rules.
        heads: Those of these with which the word begins and goes on.
        torn: Those of which it may be the first part, if a space or a hyphen tears the word.
    """

    words: tuple[int, ...]
    torn: tuple[int, ...] = ()
    heads: tuple[int, ...] = ()


_NOTHING = _Answers(())


class Found(NamedTuple):
    """The words of rules that were found, and in which words of the text.

    Attributes:
        heads: With which word of rules which word of the text begins, and goes on.
    """

    places: dict[int, list[int]]
    heads: list[tuple[int, int]]


class WordForms:
    """The words of rules, by number."""

    def __init__(self) -> None:
        self.anchors: list[Anchor] = []
        self.alone = bytearray()
        self.beside = bytearray()
        self._by_letters: dict[str, list[int]] = {}
        self._letters: list[str] = []
        self._new: list[str] = []
        self._main: ahocorasick_rs.AhoCorasick | None = None
        self._side: ahocorasick_rs.AhoCorasick | None = None
        self._on_the_side: list[str] = []
        self._short: dict[str, list[int]] = {}
        self._parts: dict[str, list[int]] = {}
        self._memory: dict[str, dict[tuple[str, str], _Answers]] = {}
        self._brief: dict[str, dict[str, _Answers]] = {}

    def add(self, anchor: Anchor) -> None:
        """Add a word; its number is how many there were before."""
        number = len(self.anchors)
        self.anchors.append(anchor)
        self.alone.append(0)
        self.beside.append(0)
        letters = anchor.letters
        if anchor.kind == PART:
            self._parts.setdefault(letters, []).append(number)
        if len(letters) <= SHORT and anchor.kind in (FORM, WHOLE):
            self._short.setdefault(letters, []).append(number)
            self._brief = {}
            return
        if letters in self._by_letters:
            self._by_letters[letters].append(number)
            self._memory = {}
        else:
            self._by_letters[letters] = [number]
            self._new.append(letters)

    def note(self, numbers: Iterable[int], *, alone: bool) -> None:
        """Note that words stand alone for a term, or beside others."""
        some = list(numbers)
        flags = self.alone if alone and len(some) == 1 else self.beside
        for number in some:
            if not flags[number]:
                flags[number] = 1
                self._memory, self._brief = {}, {}

    def build(self) -> None:
        """Make the automaton of everything that was added."""
        self._letters += self._on_the_side
        self._letters += self._new
        self._on_the_side, self._new = [], []
        self._main = _automaton(self._letters)
        self._side = None

    def build_side(self) -> None:
        """Make a small automaton of what was added since, or the large one when it is due."""
        if not self._new:
            return
        if len(self._on_the_side) > max(_MOST_ON_THE_SIDE, len(self._letters) // 10):
            self.build()
            return
        every = [*self._on_the_side, *self._new]
        self._side = _automaton(every)
        self._on_the_side, self._new = every, []

    def found(self, scan: Scanned, language: str) -> Found:
        """Return which words of rules the words of a text may be."""
        language = primary(language)
        found = Found({}, [])
        if self._short:
            self._find_short(scan, language, found)
        for automaton, letters in ((self._main, self._letters), (self._side, self._on_the_side)):
            if automaton is not None:
                self._find(automaton, letters, scan, language, found)
        return found

    def _find(
        self,
        automaton: ahocorasick_rs.AhoCorasick,
        every: Sequence[str],
        scan: Scanned,
        language: str,
        found: Found,
    ) -> None:
        starts, runs, words = scan.starts, scan.runs, scan.words
        memory = self._memory_of(language)
        inner: list[tuple[str, int, int]] = []
        for number, start, end in automaton.find_matches_as_indexes(scan.folded, overlapping=True):
            place = bisect_right(starts, start) - 1
            letters = every[number]
            if runs and runs[place]:
                if end <= starts[place + 1]:
                    self._in_run(letters, place, found)
                continue
            if start != starts[place]:
                if self._by_letters[letters] == self._parts.get(letters):
                    for part in self._parts[letters]:
                        _note(found, part, place)
                    continue
                inner.append((letters, start - starts[place], place))
                continue
            word = words[place]
            answers = memory.get((letters, word))
            if answers is None:
                answers = self._among(self._by_letters[letters], word, language)
                memory[letters, word] = answers
            self._note_all(answers, place, scan, language, found)
        if inner:
            self._find_inside(inner, scan, language, found)

    def _note_all(
        self, answers: _Answers, place: int, scan: Scanned, language: str, found: Found
    ) -> None:
        """Note what a word answers from its beginning on, alone or with the next word."""
        for number in answers.words:
            _note(found, number, place)
        for number in answers.heads:
            found.heads.append((number, place))
        if answers.torn and place + 2 < len(scan.starts):
            both = scan.folded[scan.starts[place] : scan.starts[place + 2]]
            self._torn(answers.torn, both, place, language, found)

    def _in_run(self, letters: str, place: int, found: Found) -> None:
        for number in self._by_letters[letters]:
            if self.anchors[number].kind == RUN:
                _note(found, number, place)

    def _find_inside(
        self, inner: Iterable[tuple[str, int, int]], scan: Scanned, language: str, found: Found
    ) -> None:
        """Note words whose letters stand inside a word: of a compound, or behind a prefix."""
        begun = {place for _, place in found.heads}
        everywhere = joins(language) or bool(self._parts)
        for letters, at, place in inner:
            word = scan.words[place]
            if everywhere or place in begun or may_have_prefix(word):
                for number in self._inside(letters, word, at, language, is_begun=place in begun):
                    _note(found, number, place)

    def _memory_of(self, language: str) -> dict[tuple[str, str], _Answers]:
        memory = self._memory.get(language)
        if memory is None or len(memory) > _MOST_KEPT:
            memory = self._memory[language] = {}
        return memory

    def _among(self, numbers: Iterable[int], word: str, language: str) -> _Answers:
        """Return which of some words a word of a text answers from its beginning on."""
        answered: list[int] = []
        torn: list[int] = []
        heads: list[int] = []
        for number in numbers:
            folded, kind, _ = self.anchors[number]
            if kind != FORM:
                if folded == word or (kind == PART and folded in word):
                    answered.append(number)
                continue
            if self._goes_on(number, word, language):
                heads.append(number)
            elif not is_form(folded, word, language):
                torn.append(number)
                continue
            answered.append(number)
        if not answered and not torn:
            return _NOTHING
        return _Answers(tuple(answered), tuple(torn), tuple(heads))

    def _goes_on(self, number: int, word: str, language: str) -> bool:
        """Whether a word may be a compound that begins with a rule's word."""
        folded = self.anchors[number].folded
        if not word.startswith(folded) or len(word) - len(folded) < 2:
            return False
        if self.beside[number]:
            return True
        return compounds.may_begin(word, len(folded), language)

    def _torn(
        self, numbers: tuple[int, ...], both: str, place: int, language: str, found: Found
    ) -> None:
        """Note words that this word and the next one are together."""
        for number in numbers:
            if is_form(self.anchors[number].folded, both, language):
                _note(found, number, place)
                _note(found, number, place + 1)

    def _inside(
        self, letters: str, word: str, at: int, language: str, *, is_begun: bool
    ) -> Iterator[int]:
        """Yield words whose letters stand at a place inside a word."""
        rest = word[at:]
        may_join = joins(language) and at in compounds.tails(word)
        prefixed = (
            may_have_prefix(word)
            and len(rest) >= _SHORTEST_PREFIXED
            and word[:at] in prefixes(language)
        )
        for number in self._by_letters[letters]:
            folded, kind, _ = self.anchors[number]
            if kind == FORM:
                possible = (
                    prefixed
                    or (is_begun and self.beside[number])
                    or (may_join and self.alone[number])
                )
                if possible and is_form(folded, rest, language):
                    yield number
            elif kind == PART:
                yield number

    def _find_short(self, scan: Scanned, language: str, found: Found) -> None:
        """Note words with so few letters that their places are not looked for."""
        starts, runs = scan.starts, scan.runs
        memory = self._brief.get(language)
        if memory is None or len(memory) > _MOST_KEPT:
            memory = self._brief[language] = {}
        last = len(starts) - 2
        for place, word in enumerate(scan.words):
            answers = memory.get(word)
            if answers is None:
                answers = memory[word] = self._short_answers(word, language)
            if (answers is _NOTHING and len(word) >= SHORT) or (runs and runs[place]):
                continue
            if place < last and len(word) < SHORT:
                both = scan.folded[starts[place] : starts[place + 2]]
                more = tuple(self._short_from(both))
                answers = answers._replace(torn=(*answers.torn, *more))
            self._note_all(answers, place, scan, language, found)

    def _short_from(self, word: str) -> list[int]:
        short = self._short
        return [n for length in range(1, SHORT + 1) for n in short.get(word[:length], ())]

    def _short_answers(self, word: str, language: str) -> _Answers:
        answers = self._among(self._short_from(word), word, language)
        more: list[int] = []
        if may_have_prefix(word):
            for prefix in prefixes(language):
                rest = word[len(prefix) :]
                if word.startswith(prefix) and len(rest) >= _SHORTEST_PREFIXED:
                    more += self._forms_among(self._short_from(rest), rest, language)
        tails = compounds.tails(word) if joins(language) else ()
        for at in range(1, len(word) - 1):
            some = self._short_from(word[at:])
            kept = [n for n in some if self.beside[n] or (at in tails and self.alone[n])]
            if kept:
                more += self._forms_among(kept, word[at:], language)
        if not more:
            return answers
        return answers._replace(words=tuple(dict.fromkeys((*answers.words, *more))))

    def _forms_among(self, numbers: Iterable[int], word: str, language: str) -> list[int]:
        anchors = self.anchors
        return [
            number
            for number in numbers
            if anchors[number].kind == FORM and is_form(anchors[number].folded, word, language)
        ]


def _note(found: Found, number: int, place: int) -> None:
    places = found.places.get(number)
    if places is None:
        found.places[number] = [place]
    elif places[-1] != place:
        places.append(place)


def _automaton(letters: Sequence[str]) -> ahocorasick_rs.AhoCorasick | None:
    return ahocorasick_rs.AhoCorasick(letters, store_patterns=False) if letters else None


def is_form(folded: str, word: str, language: str) -> bool:
    """Whether a word of a text is a word of a rule, but for an ending."""
    if folded == word:
        return True
    longest = _longest(language)
    least = max(1, len(folded) - longest, len(word) - longest)
    if folded[:least] != word[:least]:
        return False
    endings = partners(language)
    shared = 0
    for one, other in zip(folded, word, strict=False):
        if one != other:
            break
        shared += 1
    for length in range(shared, least - 1, -1):
        own, ending = folded[length:], word[length:]
        if own in endings.get(ending, ()):
            return True
    return False


@cache
def _longest(language: str) -> int:
    return max(map(len, partners(language)), default=0)
