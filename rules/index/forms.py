"""Which words of rules the words of a text may be: found by letters, then looked at closely.

The letters that all forms of a word share in a language are looked for in one automaton, wherever
they stand; those of two or three letters, which stand in too many words, in another one where words
begin. What a word of a text answers is remembered by the letters found in it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import ahocorasick_rs

from rules.index.anchors import FORM, PART, RUN, WHOLE, Anchor
from rules.index.memory import Memory
from rules.languages import compounds
from rules.languages.compounds import joins
from rules.languages.inflection import may_have_prefix, partners, prefixes, stems
from rules.text.scanned import JOINTS, Scanned

SHORT = 3
_MOST_KEPT = 4_000
_MOST_ON_THE_SIDE = 1_000
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


class _Letters:
    """Letters to look for; those that come later in a small automaton beside the large one."""

    def __init__(self) -> None:
        self.numbers: dict[str, list[int]] = {}
        self._main: list[str] = []
        self._side: list[str] = []
        self._new: list[str] = []
        self._automata: tuple[tuple[ahocorasick_rs.AhoCorasick, list[str]], ...] = ()

    def add(self, letters: str, number: int) -> None:
        """Let letters say that a word of rules may be there."""
        known = self.numbers.get(letters)
        if known is None:
            self.numbers[letters] = [number]
            self._new.append(letters)
        elif number not in known:
            known.append(number)

    def build(self) -> None:
        """Make the large automaton, of everything."""
        self._main = [*self._main, *self._side, *self._new]
        self._side, self._new = [], []
        self._automata = ((_automaton(self._main), self._main),) if self._main else ()

    def build_side(self) -> None:
        """Make the small automaton, or the large one when it is due."""
        if not self._new:
            return
        if len(self._side) > max(_MOST_ON_THE_SIDE, len(self._main) // 10) or not self._main:
            self.build()
            return
        self._side = [*self._side, *self._new]
        self._new = []
        self._automata = (self._automata[0], (_automaton(self._side), self._side))

    def found(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Yield the letters that stand in a text, where they begin and where they end."""
        for automaton, every in self._automata:
            for number, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
                yield every[number], start, end


class WordForms:
    """The words of rules, by number, as texts of a language may hold them."""

    def __init__(self, language: str) -> None:
        self.anchors: list[Anchor] = []
        self.letters: list[str] = []
        self.alone = bytearray()
        self.beside = bytearray()
        self._language = language
        self._joins = joins(language)
        self._inside_words = _Letters()
        self._beginnings = _Letters()
        self._short: dict[str, list[int]] = {}
        self._parts: dict[str, list[int]] = {}
        self._memory: Memory[tuple[str, str], _Answers] = Memory(_MOST_KEPT)

    def add(self, anchor: Anchor) -> None:
        """Add a word; its number is how many there were before."""
        number = len(self.anchors)
        self.anchors.append(anchor)
        self.alone.append(0)
        self.beside.append(0)
        folded, kind, named = anchor
        letters = folded
        if kind == FORM:
            endings = partners(self._language)
            letters = min((stem for stem, _ in stems(folded, endings, named=named)), key=len)
        self.letters.append(letters)
        self._memory.clear()
        if kind == PART:
            self._parts.setdefault(letters, []).append(number)
        if kind in (FORM, WHOLE) and len(letters) <= SHORT:
            self._add_short(number, letters)
        else:
            self._inside_words.add(letters, number)

    def _add_short(self, number: int, letters: str) -> None:
        if self.anchors[number].kind == WHOLE:
            self._beginnings.add(f"{_SPACE}{letters}{_SPACE}", number)
            return
        self._short.setdefault(letters, []).append(number)
        self._beginnings.add(_SPACE + letters, number)
        if may_have_prefix(letters):
            for prefix in prefixes(self._language):
                self._beginnings.add(_SPACE + prefix + letters, number)

    def note(self, numbers: Iterable[int], *, alone: bool) -> None:
        """Note that words stand alone for a term, or beside others."""
        some = list(numbers)
        alone = alone and len(some) == 1
        flags = self.alone if alone else self.beside
        for number in some:
            if not flags[number]:
                flags[number] = 1
                self._memory.clear()
                if alone and self._joins and len(self.letters[number]) <= SHORT:
                    self._add_tails(number)

    def _add_tails(self, number: int) -> None:
        """Look for the forms of a short word that may be the last part of a compound."""
        folded, kind, _ = self.anchors[number]
        if kind == FORM:
            for form in forms_of(folded, self._language):
                if len(form) >= compounds.SHORTEST_TAIL:
                    self._inside_words.add(form, number)

    def build(self) -> None:
        """Make the automata of everything that was added."""
        self._inside_words.build()
        self._beginnings.build()

    def build_side(self) -> None:
        """Make small automata of what was added since."""
        self._inside_words.build_side()
        self._beginnings.build_side()

    def found(self, scan: Scanned) -> Found:
        """Return which words of rules the words of a text may be."""
        found = Found({}, [])
        if self._short or self._beginnings.numbers:
            self._find_beginnings(scan, found)
        self._find(scan, found)
        return found

    def _find(self, scan: Scanned, found: Found) -> None:
        starts, runs = scan.starts, scan.runs
        inner: list[tuple[str, int, int]] = []
        for letters, start, end in self._inside_words.found(scan.folded):
            place = bisect_right(starts, start) - 1
            if runs and runs[place]:
                if end <= starts[place + 1]:
                    self._in_run(letters, place, found)
            elif start != starts[place]:
                inner.append((letters, start - starts[place], place))
            else:
                self._begins(letters, self._inside_words.numbers[letters], place, scan, found)
        if inner:
            self._find_inside(inner, scan, found)

    def _begins(
        self, letters: str, numbers: Sequence[int], place: int, scan: Scanned, found: Found
    ) -> None:
        """Note what a word answers that begins with some letters, alone or with the next word."""
        word = scan.words[place]
        answers = self._memory.get((letters, word))
        if answers is None:
            answers = self._among(numbers, word)
            self._memory.put((letters, word), answers)
        for number in answers.words:
            _note(found, number, place)
        for number in answers.heads:
            found.heads.append((number, place))
        if answers.torn and place + 2 < len(scan.starts):
            self._torn(answers.torn, place, scan, found)

    def _in_run(self, letters: str, place: int, found: Found) -> None:
        for number in self._inside_words.numbers[letters]:
            if self.anchors[number].kind == RUN:
                _note(found, number, place)

    def _find_inside(
        self, inner: Iterable[tuple[str, int, int]], scan: Scanned, found: Found
    ) -> None:
        """Note words whose letters stand inside a word: of a compound, or behind a prefix."""
        begun = {place for _, place in found.heads}
        everywhere = self._joins or bool(self._parts)
        for letters, at, place in inner:
            word = scan.words[place]
            if everywhere or place in begun or may_have_prefix(word):
                numbers = self._inside_words.numbers[letters]
                for number in self._inside(numbers, word, at, is_begun=place in begun):
                    _note(found, number, place)

    def _among(self, numbers: Iterable[int], word: str) -> _Answers:
        """Return which of some words a word of a text answers from its beginning on."""
        answered: list[int] = []
        torn: list[int] = []
        heads: list[int] = []
        cuts: set[int] = set()
        for number in numbers:
            folded, kind, _ = self.anchors[number]
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
        folded = self.anchors[number].folded
        if not word.startswith(folded) or len(word) - len(folded) < 2:
            return False
        if self.beside[number]:
            return True
        return compounds.may_begin(word, len(folded), self._language)

    def _short_behind(self, word: str, at: int) -> list[int]:
        """Return short words of rules that the rest of a compound is."""
        found: list[int] = []
        for link in compounds.LINKS:
            if word.startswith(link, at):
                rest = word[at + len(link) :]
                some = [number for number in self._short_from(rest) if self.beside[number]]
                found += [n for n in some if is_form(self.anchors[n].folded, rest, self._language)]
        return found

    def _torn(self, numbers: Iterable[int], place: int, scan: Scanned, found: Found) -> None:
        """Note words that a word and the next one are together."""
        both = scan.folded[scan.starts[place] : scan.starts[place + 2]]
        for number in numbers:
            if is_form(self.anchors[number].folded, both, self._language):
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
            folded, kind, _ = self.anchors[number]
            if kind == FORM:
                possible = (
                    prefixed
                    or (is_begun and self.beside[number])
                    or (may_join and self.alone[number])
                )
                if possible and is_form(folded, rest, self._language):
                    yield number
            elif kind == PART:
                yield number

    def _find_beginnings(self, scan: Scanned, found: Found) -> None:
        """Note words with so few letters that they are looked for only where words begin."""
        starts, runs, words = scan.starts, scan.runs, scan.words
        spaced = [start + place for place, start in enumerate(starts)]
        for letters, start, end in self._beginnings.found(f" {_SPACE.join(words)} "):
            place = bisect_right(spaced, start) - 1
            numbers = self._beginnings.numbers[letters]
            if not (runs and runs[place]):
                self._begins(letters, numbers, place, scan, found)
                if may_have_prefix(letters[1]):
                    word = words[place]
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
