"""A glance at an article that the index offers: whether a term's words stand near each other.

The index knows which words an article has and not where, so of two common words it offers many
articles in vain. A glance says of most of them that the rule cannot hold, at a tenth of what the
matcher takes; of all others the matcher says it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import ahocorasick_rs

from rules.evaluate.proximity import LONGEST_GAP
from rules.languages.inflection import all_endings, has_short_stem, stems
from rules.languages.match_types import MatchType
from rules.patterns.multiword import farthest
from rules.patterns.pattern import CompiledTerm, Pattern, Plan
from rules.patterns.term import RuleWord
from rules.patterns.word_index import WordIndex
from rules.query.tree import (
    AllOf,
    AnyOf,
    Exact,
    Field,
    Keyword,
    Near,
    Phrase,
    Query,
    Scored,
    Weighted,
    Wildcard,
)
from rules.text.letters import spaced

_WIDENED = 2
"""Folding makes a text longer, but hardly ever so much."""

_LONGEST_BETWEEN = 60
"""Letters of a word that stands between two others of a term, at most; and of each further word
of a variant."""

_MANY = 12
"""More letters than these are looked for at once."""

_Places = dict[int, list[tuple[int, int]]]
_Check = Callable[["_Text"], bool]


class _Way(NamedTuple):
    """How a text may hold a term.

    Attributes:
        slots: For each, the numbers of letters of which one must stand there.
        reaches: How far behind the word before it each may begin.
        ordered: Whether they stand in this order.
    """

    slots: tuple[tuple[int, ...], ...]
    reaches: tuple[int, ...]
    ordered: bool


class Glance:
    """Says of which articles a rule certainly does not hold.

    Args:
        any_spelling: Whether cognates count, of which a glance knows nothing.
    """

    def __init__(self, query: Query, plan: Plan, index: WordIndex, *, any_spelling: bool) -> None:
        self._any_spelling = any_spelling
        self._plan = plan
        self._index = index
        self._letters: dict[str, int] = {}
        self._check = self._of(query)
        self._sought: _Sought | None = None
        if self._check is not None and self._letters:
            self._sought = _Sought(list(self._letters))

    def __call__(self, title: str, text: str) -> bool:
        """Whether the rule may hold for an article; in any spelling if nothing can be said."""
        if self._sought is None or self._check is None:
            return True
        return self._check(_Text(f"{title}\n{text}", self._sought))

    def _of(self, query: Query) -> _Check | None:
        """Return what checks a part of the query; None if it may hold for any article."""
        match query:
            case AllOf(parts) | Near(parts, _):
                known = [check for check in map(self._of, parts) if check is not None]
                return _every(known) if known else None
            case AnyOf(parts):
                checks = [check for check in map(self._of, parts) if check is not None]
                return _some(checks) if len(checks) == len(parts) else None
            case Field("title" | "text", part) | Weighted(part, _) | Scored(part, _):
                return self._of(part)
            case Keyword() | Phrase() | Exact() | Wildcard():
                return self._of_term(self._plan.compiled[query])
        return None

    def _of_term(self, compiled_term: CompiledTerm) -> _Check | None:
        ways = [self._way(pattern) for pattern in compiled_term.patterns]
        known_ways = [way for way in ways if way is not None]
        if not ways or len(known_ways) < len(ways):
            return None
        return _in_one_of(list(dict.fromkeys(known_ways)))

    def _way(self, pattern: Pattern) -> _Way | None:
        """Return how a text may hold what a pattern says; None if that cannot be seen."""
        if pattern.fuzzy and self._any_spelling:
            return None
        slots, reaches = [], []
        for slot in pattern.slots:
            letters = []
            for number in sorted(slot.needed):
                entry = self._index.entry(number)
                if entry.folded:
                    letters.append(self._number(entry, pattern))
                elif not pattern.fuzzy:
                    return None
            if -1 in letters:
                return None
            slots.append(tuple(dict.fromkeys(letters)))
            gap = farthest(slot.before) if pattern.ordered else LONGEST_GAP
            several = max((len(form.entries) for form in slot.multiword_forms), default=1) - 1
            reaches.append(gap * _WIDENED + several * _LONGEST_BETWEEN)
        return _Way(tuple(slots), tuple(reaches), pattern.ordered)

    def _number(self, entry: RuleWord, pattern: Pattern) -> int:
        letters = spaced(entry.folded)
        if " " in letters:
            return -1
        if pattern.farthest > MatchType.FOLDED:
            letters = _shortest(letters, has_short_stem(entry.text, entry.folded))
        return self._letters.setdefault(letters, len(self._letters)) if letters else -1


class _Sought:
    """Letters that are looked for in texts: a few one by one, many at once."""

    def __init__(self, letters: list[str]) -> None:
        self._letters = letters
        many = len(letters) > _MANY
        self._automaton = ahocorasick_rs.AhoCorasick(letters) if many else None

    def places(self, text: str) -> Mapping[int, list[tuple[int, int]]]:
        """Return from where to where each stands, by number."""
        if self._automaton is None:
            return _OneByOne(text, self._letters)
        places: _Places = {}
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            places.setdefault(number, []).append((start, end))
        return places


class _OneByOne(dict[int, list[tuple[int, int]]]):
    """Where letters stand, found when it is asked for."""

    def __init__(self, text: str, letters: list[str]) -> None:
        super().__init__()
        self._text, self._letters = text, letters

    def __missing__(self, number: int) -> list[tuple[int, int]]:
        text, letters = self._text, self._letters[number]
        found, start = [], text.find(letters)
        while start >= 0:
            found.append((start, start + len(letters)))
            start = text.find(letters, start + 1)
        self[number] = found
        return found

    def get(self, number: int, default: Any = None) -> Any:
        return self[number]


class _Text:
    """A text, folded, and where the letters stand that are looked for."""

    def __init__(self, text: str, sought: _Sought) -> None:
        self._sought = sought
        self._folded = spaced(text)
        self._places = sought.places(self._folded)
        self._torn: Mapping[int, list[tuple[int, int]]] | None = None

    def has(self, letters: Iterable[int]) -> bool:
        """Whether some of these stand there."""
        return any(map(self._places.get, letters))

    def has_torn(self, letters: Iterable[int]) -> bool:
        """Whether some of these stand there, maybe with white space inside."""
        if self._torn is None:
            self._torn = self._sought.places(self._folded.replace(" ", ""))
        return any(map(self._torn.get, letters))

    def words_with(self, letters: Iterable[int]) -> list[tuple[int, int]]:
        """Return from where to where words go in which some of these stand, in their order."""
        text = self._folded
        found = []
        for number in letters:
            for start, end in self._places.get(number, ()):
                after = text.find(" ", end)
                found.append(
                    (text.rfind(" ", 0, start + 1) + 1, after if after >= 0 else len(text))
                )
        return sorted(found)


@lru_cache(maxsize=20_000)
def _shortest(folded: str, named: bool) -> str:
    return min((stem for stem, _ in stems(folded, all_endings(), named=named)), key=len)


def _every(checks: Sequence[_Check]) -> _Check:
    return lambda text: all(check(text) for check in checks)


def _some(checks: Sequence[_Check]) -> _Check:
    return lambda text: any(check(text) for check in checks)


def _in_one_of(ways: Sequence[_Way]) -> _Check:
    return lambda text: any(_stands(way, text) for way in ways)


def _stands(way: _Way, text: _Text) -> bool:
    """Whether every slot is answered, and near enough to the others."""
    if len(way.slots) == 1:
        return text.has(way.slots[0]) or text.has_torn(way.slots[0])
    if not all(map(text.has, way.slots)):
        return False
    first, *others = [text.words_with(slot) for slot in way.slots]
    if way.ordered:
        for words, reach in zip(others, way.reaches[1:], strict=True):
            first = [word for word in words if _is_behind(word, first, reach)]
        return bool(first)
    reach = sum(way.reaches) + (len(others) - 1) * _LONGEST_BETWEEN
    return all(any(_is_near(word, first, reach) for word in words) for words in others)


def _is_behind(word: tuple[int, int], others: Iterable[tuple[int, int]], reach: int) -> bool:
    start, end = word
    return any(start <= other_end + reach and end >= other for other, other_end in others)


def _is_near(word: tuple[int, int], others: Iterable[tuple[int, int]], reach: int) -> bool:
    start, end = word
    return any(start <= other_end + reach and other <= end + reach for other, other_end in others)
