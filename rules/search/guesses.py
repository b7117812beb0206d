"""Which words of an archive may be words of rules in other spellings.

Nothing in the search index says how a word sounds. But what an archive has of words is little
beside its texts: each is heard once, and what may be meant is asked for by its letters.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence

from rules.languages.scripts import has_other_letters
from rules.languages.similarity import known
from rules.languages.syllables import SyllableReadings, is_hangul, signs_read_as
from rules.patterns.dictionary import LEAST_OF_A_TAIL
from rules.patterns.pattern import Pattern, Plan
from rules.patterns.term import FuzzyWord, RuleWord
from rules.patterns.word_index import WordIndex
from rules.search.analyzer import word_token
from storage.api.lookup import Has, HasAny, HasNear, Lookup

_LONGEST = 17
"""Letters of a word of a rule: of longer ones, or two as one, the index may not have enough."""

_MOST_IN_HANGUL = 64


class Guesses:
    """Listens for the words of plans, and says what was heard."""

    def __init__(self, languages: Iterable[str]) -> None:
        """Listen in texts of some languages, and in those of which it is not known."""
        from rules.index.ear import Ear  # dear to import, and often nothing is guessed

        self._ear = Ear(languages)

    def listen(self, plan: Plan, index: WordIndex) -> bool:
        """Listen for what may be guessed of a plan; whether all of it can be heard."""
        patterns = [pattern for pattern in guessing(plan) if pattern.slots]
        if not all(_can_be_heard(pattern, index) for pattern in patterns):
            return False
        for pattern in patterns:
            for words in (*_alone(pattern, index), *_as_one(pattern, index)):
                self._ear.listen(*words)
            for head, tail in _behind(pattern, index):
                self._ear.listen_behind(head, tail)
        return True

    def hear(self, words: Iterable[str]) -> None:
        """Hear the words of the archive, some lines at a time."""
        self._ear.hear(words)

    def of_slot(self, pattern: Pattern, place: int, index: WordIndex) -> Iterator[Lookup]:
        """Yield what a text may have in the place of a slot."""
        slot = pattern.slots[place]
        for number in sorted(slot.entries):
            entry = index.entry(number)
            if entry.cognate:
                yield from self._heard(self._ear.listen(_fuzzy(entry, pattern)))
            for name in index.signs_of(number):
                yield from _by_signs(name)
        yield from (Has(letter, begins=True) for letter in sorted(self._ear.open_runs))

    def of_all(self, pattern: Pattern, index: WordIndex) -> Iterator[Lookup]:
        """Yield what answers all of a pattern, or two words of it as one."""
        for words in _as_one(pattern, index):
            yield from self._heard(self._ear.listen(*words))
        for head, tail in _behind(pattern, index):
            yield from self._heard(self._ear.listen_behind(head, tail))

    def _heard(self, number: int | None) -> Iterator[Lookup]:
        if number is None:
            return
        yield from map(Has, self._ear.heard.get(number, ()))
        for first, others in sorted(self._ear.begun.get(number, {}).items()):
            yield HasNear((Has(first), HasAny(tuple(map(Has, sorted(others))))), 1, ordered=True)


def guessing(plan: Plan) -> Iterator[Pattern]:
    """Yield the patterns for which words are guessed to be another spelling of one."""
    for term in plan.compiled.values():
        yield from (pattern for pattern in term.patterns if pattern.fuzzy)


def _can_be_heard(pattern: Pattern, index: WordIndex) -> bool:
    """Whether the words of the index say enough: not how names without capitals sound at home."""
    if pattern.lone and any(map(has_other_letters, pattern.written_in)):
        return False
    entries = (index.entry(number) for slot in pattern.slots for number in slot.entries)
    return all(len(entry.heard) <= _LONGEST for entry in entries if entry.cognate)


def _fuzzy(entry: RuleWord, pattern: Pattern) -> FuzzyWord:
    return FuzzyWord(entry.text, entry.phonetic, entry.together, entry.in_hangul, lone=pattern.lone)


def _alone(pattern: Pattern, index: WordIndex) -> Iterator[Sequence[FuzzyWord]]:
    for number in _entries(pattern):
        entry = index.entry(number)
        if entry.cognate:
            yield (_fuzzy(entry, pattern),)


def _as_one(pattern: Pattern, index: WordIndex) -> Iterator[Sequence[FuzzyWord]]:
    """Yield words of which one word may be two, by its sounds: `rules.index.cognates`."""
    own = [index.entry(slot.own) for slot in pattern.slots if slot.own >= 0]
    heard = [entry for entry in own if entry.cognate]
    for head, tail in itertools.combinations(heard, 2):
        if known(tail.heard).whole.weight >= LEAST_OF_A_TAIL:
            yield _fuzzy(head, pattern), _fuzzy(tail, pattern)


def _behind(pattern: Pattern, index: WordIndex) -> Iterator[tuple[str, FuzzyWord]]:
    """Yield words that may stand behind the letters of others in one word."""
    numbers = _entries(pattern)
    for number in numbers:
        head = index.entry(number)
        for other in sorted(head.followers.keys() & set(numbers)):
            if head.folded and index.entry(other).cognate:
                yield word_token(head.folded), _fuzzy(index.entry(other), pattern)


def _entries(pattern: Pattern) -> list[int]:
    return sorted({number for slot in pattern.slots for number in slot.entries})


def _by_signs(name: SyllableReadings) -> Iterator[Lookup]:
    """Yield what a text needs that writes a name sign by sign."""
    signs = [signs_read_as(readings) for readings in name]
    in_hangul = ["".join(filter(is_hangul, some)) for some in signs]
    few = 1
    for some in in_hangul:
        few *= len(some)
    if few > _MOST_IN_HANGUL:
        yield from (Has(sign, begins=True) for sign in in_hangul[0])
    else:
        for written in itertools.product(*in_hangul):
            yield Has("".join(written), begins=True)
    others = [[sign for sign in some if not is_hangul(sign)] for some in signs]
    if all(others):
        parts = [HasAny(tuple(Has(sign, begins=True) for sign in some)) for some in others]
        yield parts[0] if len(parts) == 1 else HasNear(tuple(parts), len(parts))
