"""Which rules hold for an article: presearch by words, exact evaluation, evidence."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from rules.evaluate.compiled_rules import CompiledRules
from rules.index.linear import MOST as FEW
from rules.index.linear import SmallShelf
from rules.index.rule_index import Shelf
from storage.model import Article, Match, Rule, Source

_MOST_IN_THE_NEWEST = 64
_NOT_MUCH_LARGER = 4


class Matcher(Protocol):
    """Says which of its rules hold for an article."""

    def matches(self, article: Article, source: Source) -> list[Match]:
        """Return the matches, by rule in the order in which the rules were given.

        A rule's languages, sources, variants and strictness count; its state and its end do
        not: they are the caller's. May be called by several threads at once.
        """
        ...


class RuleMatcher:
    """Implements `rules.matcher.Matcher` for the query language.

    Rules that are added later stand in segments of their own. Small ones are merged when they
    become many, so that adding a rule costs about the same however many there are.
    """

    def __init__(self, rules: Iterable[Rule], *, few: int = FEW) -> None:
        """Compile the rules; those whose query cannot be read are in `broken`, not an error.

        Args:
            few: Up to so many rules are read for every article and not indexed.
        """
        self._segments: tuple[_Segment, ...] = (_Segment(_index_of(rules, few)),)

    @property
    def broken(self) -> Mapping[str, str]:
        """Why the query of a rule cannot be read, by the rule's id."""
        reasons: dict[str, str] = {}
        for segment in self._segments:
            broken = segment.index.broken.items()
            reasons.update((id_, why) for id_, why in broken if segment.has(id_))
        return MappingProxyType(reasons)

    def matches(self, article: Article, source: Source) -> list[Match]:
        fields = {"title": article.title.split(), "text": article.text.split()}
        matches: list[Match] = []
        for segment in self._segments:
            if segment.numbers:
                matches += segment.matches(article, source, fields)
        return matches

    def add(self, rule: Rule) -> None:
        """Add a rule, or replace the one with its id; the next article sees it."""
        old = self._segments
        *older, newest = old
        if not older or len(newest.numbers) >= _MOST_IN_THE_NEWEST:
            segments = [*old, _Segment(Shelf([rule]))]
        else:
            segments = [*older, _Segment(Shelf([*newest.rules(without=rule.id), rule]))]
        while len(segments) > 1 and _should_merge(segments):
            *older, left, right = segments
            both = [*left.rules(without=rule.id), *right.rules()]
            segments = [*older, _Segment(Shelf(both))]
        self._segments = tuple(segments)
        for segment in segments[:-1]:
            segment.remove(rule.id)

    def remove(self, rule_id: str) -> None:
        """Remove a rule; nothing happens if it is not there."""
        for segment in self._segments:
            segment.remove(rule_id)


MakeMatcher = Callable[[Iterable[Rule]], RuleMatcher]


def make_matcher(rules: Iterable[Rule]) -> RuleMatcher:
    """Return the matcher of these rules: what everyone makes theirs with, but for tests."""
    return RuleMatcher(rules)


def match_of(rule: Rule, article: Article, source: Source) -> Match | None:
    """Return what the matcher says of one rule and one article."""
    return next(iter(make_matcher([rule]).matches(article, source)), None)


class _Segment:
    """An index of some rules, and which of them still count."""

    def __init__(self, index: Shelf | SmallShelf) -> None:
        self.index = index
        self.numbers = {rule.id: number for number, rule in enumerate(index.rules)}
        self._gone = len(index.rules) - len(self.numbers)

    def has(self, rule_id: str) -> bool:
        """Whether the rule stands here and counts."""
        return rule_id in self.numbers

    def rules(self, without: str = "") -> list[Rule]:
        """Return the rules that count."""
        every = self.index.rules
        return [every[number] for id_, number in self.numbers.items() if id_ != without]

    def remove(self, rule_id: str) -> None:
        """Let a rule count no more."""
        if self.numbers.pop(rule_id, None) is not None:
            self._gone += 1

    def matches(
        self, article: Article, source: Source, fields: Mapping[str, Sequence[str]]
    ) -> list[Match]:
        """Return the matches of the rules that count."""
        numbered = self.index.matches(article, source, fields)
        if not self._gone:
            return [match for _, match in numbered]
        numbers = self.numbers
        return [match for number, match in numbered if numbers.get(match.rule_id) == number]


def _index_of(rules: Iterable[Rule], few: int) -> Shelf | SmallShelf:
    """Return the kind of index that is quick for so many rules."""
    waiting = iter(rules)
    first = list(itertools.islice(waiting, few + 1))
    if len(first) <= few and len({rule.id for rule in first}) == len(first):
        return SmallShelf(first)
    return Shelf(itertools.chain(first, waiting))


def _should_merge(segments: Sequence[_Segment]) -> bool:
    """Whether the last two segments are so alike in size that one of both is due."""
    left, right = len(segments[-2].numbers), len(segments[-1].numbers)
    if right < _MOST_IN_THE_NEWEST and len(segments) > 2:
        return False
    return left <= _NOT_MUCH_LARGER * right


def by_brute_force(rules: Iterable[Rule], article: Article, source: Source) -> list[Match]:
    """Return what a `RuleMatcher` returns, trying every rule: the oracle of its tests."""
    return CompiledRules(rules).brute_force(article, source)
