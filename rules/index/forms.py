"""Which words of rules the words of a text may be: found by letters, then looked at closely.

The letters that all forms of a word share in a language are looked for in one automaton, wherever
they stand; those of two or three letters, which stand in too many words, in another one where words
begin. What a word of a text answers is remembered by the letters found in it.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from sys import intern
from typing import TYPE_CHECKING, NamedTuple

import ahocorasick_rs

from rules.index.anchors import FORM, PART, RUN, WHOLE
from rules.index.memory import Memory
from rules.languages import compounds
from rules.languages.compounds import joins
from rules.languages.inflection import may_have_prefix, partners, prefixes, stems
from rules.text.scanned import JOINTS, Scanned

if TYPE_CHECKING:
    from rules.index.term_table import TermTable

SHORT = 3
_MOST_KEPT = 4_000
_MOST_ON_THE_SIDE = 1_000
_MOST_ONE_BY_ONE = 32
_SHORTEST_PREFIXED = 3
_SPACE = " "


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


_LookedFor = tuple[tuple[tuple[ahocorasick_rs.AhoCorasick, int], ...], int, tuple[str, ...]]
"""Automata with the number of their first letters; the number of the last few, and these."""


class _Letters:
    """Letters to look for, by number; those that come later in a small automaton beside.

    The last few are looked for one by one, so that a rule that is added builds no automaton. Many
    languages look for the same letters: which words they say may be there stands in arrays.
    """

    def __init__(self) -> None:
        self._main: list[str] = []
        self._side: list[str] = []
        self._last: list[str] = []
        self._new: dict[str, list[int]] = {}
        self._starts = array("i", [0])
        self._words = array("i")
        self._looked_for: _LookedFor = ((), 0, ())

    def add(self, letters: str, number: int) -> None:
        """Let letters say that a word of rules may be there."""
        known = self._new.setdefault(intern(letters), [])
        if number not in known:
            known.append(number)

    def __bool__(self) -> bool:
        return self._looked_for != ((), 0, ())

    def build(self) -> None:
        """Make the automata of all that was added: the large one when it is due."""
        if not self._new:
            return
        self._last += self._new
        for numbers in self._new.values():
            self._words.extend(numbers)
            self._starts.append(len(self._words))
        self._new = {}
        automata, _, _ = self._looked_for
        if not self._main or len(self._last) > _MOST_ONE_BY_ONE:
            self._side += self._last
            self._last = []
            if not self._main or len(self._side) > max(_MOST_ON_THE_SIDE, len(self._main) // 10):
                self._main += self._side
                self._side = []
                automata = ((_automaton(self._main), 0),)
            else:
                automata = (automata[0], (_automaton(self._side), len(self._main)))
        # At once: other threads look for the old ones or for all.
        self._looked_for = (automata, len(self._main) + len(self._side), tuple(self._last))

    def words(self, key: int) -> Sequence[int]:
        """Return which words letters say may be there, by their number."""
        return self._words[self._starts[key] : self._starts[key + 1]]

    def found(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield the numbers of letters in a text, where they begin and where they end."""
        automata, behind, last = self._looked_for
        for automaton, first in automata:
            for number, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
                yield first + number, start, end
        for number, letters in enumerate(last, behind):
            start = text.find(letters)
            while start >= 0:
                yield number, start, start + len(letters)
                start = text.find(letters, start + 1)


class WordForms:
    """The words of rules, by number, as texts of a language may hold them."""

    def __init__(self, language: str, table: "TermTable") -> None:
        self._table = table
        self._language = language
        self._joins = joins(language)
        self._inside_words = _Letters()
        self._beginnings = _Letters()
        self._short: dict[str, list[int]] = {}
        self._has_parts = False
        self._added = bytearray()
        self._with_tails: set[int] = set()
        self._memory: Memory[tuple[int, str, bool], _Answers] = Memory(_MOST_KEPT)

    def add(self, number: int) -> None:
        """Look for a word; again if it has come to stand alone."""
        folded, kind, named = self._table.anchors[number]
        letters = folded
        if kind == FORM:
            endings = partners(self._language)
            letters = min((stem for stem, _ in stems(folded, endings, named=named)), key=len)
        self._added.extend(bytes(max(0, len(self._table.anchors) - len(self._added))))
        if not self._added[number]:
            self._added[number] = 1
            self._has_parts = self._has_parts or kind == PART
            if kind in (FORM, WHOLE) and len(letters) <= SHORT:
                self._add_short(number, letters)
            else:
                self._inside_words.add(letters, number)
        is_tail = self._joins and len(letters) <= SHORT and self._table.alone[number]
        if is_tail and kind == FORM and number not in self._with_tails:
            self._with_tails.add(number)
            for form in forms_of(folded, self._language):
                if len(form) >= compounds.SHORTEST_TAIL:
                    self._inside_words.add(form, number)

    def _add_short(self, number: int, letters: str) -> None:
        if self._table.anchors[number].kind == WHOLE:
            self._beginnings.add(f"{_SPACE}{letters}{_SPACE}", number)
            return
        self._short.setdefault(letters, []).append(number)
        self._beginnings.add(_SPACE + letters, number)
        if may_have_prefix(letters):
            for prefix in prefixes(self._language):
                self._beginnings.add(_SPACE + prefix + letters, number)

    def build(self) -> None:
        """Make the automata of what was added."""
        self._memory.clear()
        self._inside_words.build()
        self._beginnings.build()

    def found(self, scan: Scanned) -> Found:
        """Return which words of rules the words of a text may be."""
        found = Found({}, [])
        if self._beginnings:
            self._find_beginnings(scan, found)
        if self._short and prefixes(self._language):
            self._find_mixed(scan, found)
        self._find(scan, found)
        return found

    def _find(self, scan: Scanned, found: Found) -> None:
        starts, runs = scan.starts, scan.runs
        inner: list[tuple[int, int, int]] = []
        for key, start, end in self._inside_words.found(scan.folded):
            place = bisect_right(starts, start) - 1
            if runs and runs[place]:
                if end <= starts[place + 1]:
                    self._in_run(key, place, found)
            elif start != starts[place]:
                inner.append((key, start - starts[place], place))
            else:
                self._begins(key, self._inside_words, place, scan, found)
        if inner:
            self._find_inside(inner, scan, found)

    def _begins(self, key: int, letters: _Letters, place: int, scan: Scanned, found: Found) -> None:
        """Note what a word answers that begins with some letters, alone or with the next word."""
        word = scan.words[place]
        known = (key, word, letters is self._beginnings)
        answers = self._memory.get(known)
        if answers is None:
            answers = self._among(letters.words(key), word)
            self._memory.put(known, answers)
        for number in answers.words:
            _note(found, number, place)
        for number in answers.heads:
            found.heads.append((number, place))
        if answers.torn and place + 2 < len(scan.starts):
            self._torn(answers.torn, place, scan, found)

    def _in_run(self, key: int, place: int, found: Found) -> None:
        for number in self._inside_words.words(key):
            if self._table.anchors[number].kind == RUN:
                _note(found, number, place)

    def _find_inside(
        self, inner: Iterable[tuple[int, int, int]], scan: Scanned, found: Found
    ) -> None:
        """Note words whose letters stand inside a word: of a compound, or behind a prefix."""
        begun = {place for _, place in found.heads}
        everywhere = self._joins or self._has_parts
        for key, at, place in inner:
            word = scan.words[place]
            if everywhere or place in begun or may_have_prefix(word):
                numbers = self._inside_words.words(key)
                for number in self._inside(numbers, word, at, is_begun=place in begun):
                    _note(found, number, place)

    def _among(self, numbers: Iterable[int], word: str) -> _Answers:
        """Return which of some words a word of a text answers from its beginning on."""
        answered: list[int] = []
        torn: list[int] = []
        heads: list[int] = []
        cuts: set[int] = set()
        for number in numbers:
            folded, kind, _ = self._table.anchors[number]
            if kind != FORM:
                if folded == word or (kind == PART and folded in word):
                    answered.append(number)
                continue
            if self._goes_on(number, word):
                heads.append(number)
                cuts.add(len(folded))
            elif not is_form(folded, word, self._language):
                torn.append(number)
                continue
            answered.append(number)
        for cut in cuts if self._short else ():
            answered += self._short_behind(word, cut)
        if not answered and not torn:
            return _NOTHING
        return _Answers(tuple(dict.fromkeys(answered)), tuple(torn), tuple(heads))

    def _goes_on(self, number: int, word: str) -> bool:
        """Whether a word may be a compound that begins with a rule's word."""
        folded = self._table.anchors[number].folded
        if not word.startswith(folded) or len(word) - len(folded) < 2:
            return False
        if self._table.beside[number]:
            return True
        return compounds.may_begin(word, len(folded), self._language)

    def _short_behind(self, word: str, at: int) -> list[int]:
        """Return short words of rules that the rest of a compound is."""
        found: list[int] = []
        for link in compounds.LINKS:
            if word.startswith(link, at):
                rest = word[at + len(link) :]
                found += [
                    number
                    for number in self._short_from(rest)
                    if self._table.beside[number] and self._is_form(number, rest)
                ]
        return found

    def _torn(self, numbers: Iterable[int], place: int, scan: Scanned, found: Found) -> None:
        """Note words that a word and the next one are together."""
        both = scan.folded[scan.starts[place] : scan.starts[place + 2]]
        for number in numbers:
            if self._is_form(number, both):
                _note(found, number, place)
                _note(found, number, place + 1)

    def _inside(
        self, numbers: Iterable[int], word: str, at: int, *, is_begun: bool
    ) -> Iterator[int]:
        """Yield words whose letters stand at a place inside a word."""
        rest = word[at:]
        may_join = self._joins and at in compounds.tails(word)
        prefixed = (
            may_have_prefix(word)
            and len(rest) >= _SHORTEST_PREFIXED
            and word[:at] in prefixes(self._language)
        )
        for number in numbers:
            folded, kind, _ = self._table.anchors[number]
            if kind == FORM:
                possible = (
                    prefixed
                    or (is_begun and self._table.beside[number])
                    or (may_join and self._table.alone[number])
                )
                if possible and is_form(folded, rest, self._language):
                    yield number
            elif kind == PART:
                yield number

    def _find_mixed(self, scan: Scanned, found: Found) -> None:
        """Note short words of other letters behind what Hebrew or Arabic writes onto them."""
        for place, word in enumerate(scan.words):
            if not may_have_prefix(word) or may_have_prefix(word[-1]):
                continue
            at = next(n for n, letter in enumerate(word) if not may_have_prefix(letter))
            numbers = self._short_from(word[at:])
            for number in self._inside(numbers, word, at, is_begun=False):
                _note(found, number, place)

    def _find_beginnings(self, scan: Scanned, found: Found) -> None:
        """Note words with so few letters that they are looked for only where words begin."""
        starts, runs, words = scan.starts, scan.runs, scan.words
        spaced = [start + place for place, start in enumerate(starts)]
        for key, start, end in self._beginnings.found(f" {_SPACE.join(words)} "):
            place = bisect_right(spaced, start) - 1
            if not (runs and runs[place]):
                self._begins(key, self._beginnings, place, scan, found)
                word = words[place]
                if may_have_prefix(word):
                    numbers = self._beginnings.words(key)
                    for length in range(1, end - start - 1):
                        for number in self._inside(numbers, word, length, is_begun=False):
                            _note(found, number, place)
        if self._short and any(joint in scan.text for joint in JOINTS):
            self._find_torn(scan, found)

    def _find_torn(self, scan: Scanned, found: Found) -> None:
        """Note short words of which a hyphen parts a letter or two."""
        text, runs = scan.text, scan.runs
        last = len(scan.words) - 1
        for place, word in enumerate(scan.words):
            if len(word) < SHORT and place < last and not (runs and runs[place]):
                end = int(scan.tos[place])
                if text[end : end + 1] in JOINTS:
                    both = scan.folded[scan.starts[place] : scan.starts[place + 2]]
                    self._torn(self._short_from(both), place, scan, found)

    def _is_form(self, number: int, word: str) -> bool:
        return is_form(self._table.anchors[number].folded, word, self._language)

    def _short_from(self, word: str) -> list[int]:
        short = self._short
        return [n for length in range(1, SHORT + 1) for n in short.get(word[:length], ())]


def _note(found: Found, number: int, place: int) -> None:
    places = found.places.get(number)
    if places is None:
        found.places[number] = [place]
    elif places[-1] != place:
        places.append(place)


def _automaton(letters: Sequence[str]) -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(letters, store_patterns=False)


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


def forms_of(folded: str, language: str) -> Iterator[str]:
    """Yield what a word of a rule may be with an ending of a language."""
    yield folded
    endings = partners(language)
    for length in range(1, len(folded) + 1):
        for ending in endings.get(folded[length:], ()):
            yield folded[:length] + ending


@cache
def _longest(language: str) -> int:
    return max(map(len, partners(language)), default=0)
