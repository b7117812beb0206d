"""Which rules hold for an article: presearch by words, exact evaluation, evidence."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

from rules.evaluate.compiled_rules import CompiledRules
from rules.index.rule_index import RuleIndex
from rules.index.search import ArticleSearch
from storage.model import Article, Match, Rule, Source


class Matcher(Protocol):
    """Says which of its rules hold for an article."""

    def matches(self, article: Article, source: Source) -> list[Match]:
        """Return the matches, by rule in the order in which the rules were given.

        A rule's languages, sources, variants and strictness count; its state and its end do
        not: they are the caller's. May be called by several threads at once.
        """
        ...


class RuleMatcher:
    """Implements `rules.matcher.Matcher` for the query language."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Compile the rules; those whose query cannot be read are in `broken`, not an error."""
        self._index = RuleIndex(rules)

    @property
    def broken(self) -> Mapping[str, str]:
        """Why the query of a rule cannot be read, by the rule's id."""
        return MappingProxyType(dict(self._index.broken))

    def matches(self, article: Article, source: Source) -> list[Match]:
        return ArticleSearch(self._index, article, source).matches()

    def add(self, rule: Rule) -> None:
        """Add a rule, or replace the one with its id; the next article sees it."""
        self.remove(rule.id)
        if self._index.is_mostly_gone:
            self._index = RuleIndex([*self._index.live_rules(), rule])
        else:
            self._index.add(rule)

    def prepare(self) -> None:
        """Look up what the rules need of texts, so that the next text waits for none of it.

        Of the languages of texts that were read before; may take seconds, while others read.
        """
        self._index.prepare()

    def remove(self, rule_id: str) -> None:
        """Remove a rule; nothing happens if it is not there."""
        self._index.remove(rule_id)


MakeMatcher = Callable[[Iterable[Rule]], RuleMatcher]


def make_matcher(rules: Iterable[Rule]) -> RuleMatcher:
    """Return the matcher of these rules: what everyone makes theirs with, but for tests."""
    return RuleMatcher(rules)


def match_of(rule: Rule, article: Article, source: Source) -> Match | None:
    """Return what the matcher says of one rule and one article."""
    return next(iter(make_matcher([rule]).matches(article, source)), None)


def by_brute_force(rules: Iterable[Rule], article: Article, source: Source) -> list[Match]:
    """Return what a `RuleMatcher` returns, trying every rule: the oracle of its tests."""
    return CompiledRules(rules).brute_force(article, source)
