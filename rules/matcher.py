"""Which rules hold for an article: presearch by words, exact evaluation, evidence."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from rules.evaluate.compiled_rules import CompiledRules
from rules.evaluate.evaluation import View
from rules.index.linear import MOST, SmallShelf
from rules.index.rule_index import Shelf
from rules.patterns.pattern import Plan
from storage.model import Article, Match, Rule, Source

_MOST_ON_THE_NEWEST = 64
_NOT_MUCH_LARGER = 4


class Matcher(Protocol):
    """Says which of its rules hold for an article."""

    def matches(self, article: Article, source: Source) -> list[Match]:
        """Return the matches, by rule in the order in which the rules were given.

        A rule's languages, sources, variants and strictness count; its state and its end do
        not: they are the caller's. May be called by several threads at once.
        """
        ...


class KeywordMatcher:
    """Implements `rules.matcher.Matcher` for the query language.

    Rules that are added later stand on shelves of their own. Small ones are put together when
    they become many, so that adding a rule costs about the same however many there are.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Compile the rules; those whose query cannot be read are in `broken`, not an error."""
        self._shelves: tuple[_Kept, ...] = (_Kept(rules, may_be_small=True),)

    @property
    def broken(self) -> Mapping[str, str]:
        """Why the query of a rule cannot be read, by the rule's id."""
        found: dict[str, str] = {}
        for kept in self._shelves:
            found.update((id_, why) for id_, why in kept.shelf.broken.items() if kept.has(id_))
        return MappingProxyType(found)

    def matches(self, article: Article, source: Source) -> list[Match]:
        fields = {"title": article.title.split(), "text": article.text.split()}
        found: list[Match] = []
        for kept in self._shelves:
            if kept.numbers:
                found += kept.matches(article, source, fields)
        return found

    def add(self, rule: Rule) -> None:
        """Add a rule, or replace the one with its id; the next article sees it."""
        old = self._shelves
        *older, newest = old
        if not older or len(newest.numbers) >= _MOST_ON_THE_NEWEST:
            shelves = [*old, _Kept([rule])]
        else:
            shelves = [*older, _Kept([*newest.rules(without=rule.id), rule])]
        while len(shelves) > 1 and _are_to_be_one(shelves):
            *older, left, right = shelves
            shelves = [*older, _Kept([*left.rules(without=rule.id), *right.rules()])]
        self._shelves = tuple(shelves)
        for kept in shelves[:-1]:
            kept.remove(rule.id)

    def remove(self, rule_id: str) -> None:
        """Remove a rule; nothing happens if it is not there."""
        for kept in self._shelves:
            kept.remove(rule_id)


class _Kept:
    """A shelf, and which of its rules still count."""

    def __init__(self, rules: Iterable[Rule], *, may_be_small: bool = False) -> None:
        self.shelf: Shelf | SmallShelf = _shelf(rules) if may_be_small else Shelf(rules)
        self.numbers = {rule.id: number for number, rule in enumerate(self.shelf.rules)}
        self._gone = len(self.shelf.rules) - len(self.numbers)

    def has(self, rule_id: str) -> bool:
        """Whether the rule stands here and counts."""
        return rule_id in self.numbers

    def rules(self, without: str = "") -> list[Rule]:
        """Return the rules that count."""
        every = self.shelf.rules
        return [every[number] for id_, number in self.numbers.items() if id_ != without]

    def remove(self, rule_id: str) -> None:
        """Let a rule count no more."""
        if self.numbers.pop(rule_id, None) is not None:
            self._gone += 1

    def matches(
        self, article: Article, source: Source, fields: Mapping[str, Sequence[str]]
    ) -> list[Match]:
        """Return the matches of the rules that count."""
        found = self.shelf.matches(article, source, fields)
        if not self._gone:
            return [match for _, match in found]
        numbers = self.numbers
        return [match for number, match in found if numbers.get(match.rule_id) == number]


def _shelf(rules: Iterable[Rule]) -> Shelf | SmallShelf:
    """Return the kind of shelf that is quick for so many rules."""
    waiting = iter(rules)
    first = list(itertools.islice(waiting, MOST + 1))
    if len(first) <= MOST and len({rule.id for rule in first}) == len(first):
        return SmallShelf(first)
    return Shelf(itertools.chain(first, waiting))


def _are_to_be_one(shelves: Sequence[_Kept]) -> bool:
    """Whether the last two shelves are so alike in size that one of both is due."""
    left, right = len(shelves[-2].numbers), len(shelves[-1].numbers)
    if right < _MOST_ON_THE_NEWEST and len(shelves) > 2:
        return False
    return left <= _NOT_MUCH_LARGER * right


def by_brute_force(rules: Iterable[Rule], article: Article, source: Source) -> list[Match]:
    """Return what a `KeywordMatcher` returns, trying every rule: the oracle of its tests."""
    return CompiledRules(rules).brute_force(article, source)


def opened(rules: Iterable[Rule], article: Article, source: Source) -> tuple[Sequence[Plan], View]:
    """Return the rules whose query can be read, made ready together, and what they see.

    For `rules.explain.trace`, which asks about parts of a query:
    `Evaluation(view, None).verdict(plan)`.
    """
    return CompiledRules(rules).opened(article, source)
