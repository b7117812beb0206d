"""Which rules hold for an article: presearch by words, exact evaluation, evidence."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from rules.evaluate.compiled_rules import CompiledRules
from rules.index.rule_index import RuleIndex, Size
from rules.index.search import ArticleSearch
from rules.index.stored import Stored, stored_here
from storage.model import Article, Match, Rule, Source
from storage.variant_groups import RuleGroups


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

    def __init__(
        self,
        rules: Iterable[Rule] = (),
        kept: Path | None = None,
        *,
        stored: Stored | None = None,
    ) -> None:
        """Compile the rules; those whose query cannot be read are in `broken`, not an error.

        Args:
            kept: A file in which what is built is kept for the next start, if it is much.
            stored: The rules, if they lie somewhere, and need not be here.
        """
        self._kept = kept
        self._languages: tuple[str, ...] = ()
        self._stored = stored
        if stored is None and kept is not None:
            stored = stored_here(rules)
        self._index = RuleIndex.of(stored, kept) if stored else RuleIndex(rules)
        self._renew_if_mostly_gone()
        self._written = self._index.size

    @property
    def broken(self) -> Mapping[str, str]:
        """Why the query of a rule cannot be read, by the rule's id."""
        return MappingProxyType(dict(self._index.broken))

    def matches(self, article: Article, source: Source) -> list[Match]:
        return ArticleSearch(self._index, article, source).matches()

    def add(self, rule: Rule) -> None:
        """Add a rule, or replace the one with its id; the next article sees it."""
        self._index.add(rule)
        self._renew_if_mostly_gone()

    def _renew_if_mostly_gone(self) -> None:
        if self._index.is_mostly_gone:
            self._languages = tuple(self._index.languages)
            live = self._index.live_rules()
            stored = self._stored._replace(outlines=live) if self._stored else stored_here(live)
            self._index = RuleIndex.of(stored)

    def prepare(
        self, languages: Iterable[str] = (), *, between: Callable[[], None] = lambda: None
    ) -> None:
        """Look up what the rules need of texts, so that the next text waits for none of it.

        Of the languages of texts that were read before; may take seconds, while others read.

        Args:
            languages: Of these, too; "" is that of texts whose language is not known.
            between: Called after each small piece of it, with nothing locked; may wait.
        """
        self._index.prepare((*self._languages, *languages), between=between)

    @property
    def size(self) -> Size:
        """How much is built."""
        return self._index.size

    def keep(self, *, nobody_waits: bool = False) -> bool:
        """Keep what is built, if much of it is new; whether it was written.

        An article waits until it is copied: a few tenths of a second with 100,000 rules.

        Args:
            nobody_waits: No article comes while it is written, so that it needs no copy.
        """
        self._index.prepare()
        size = self._index.size
        if self._kept is None or not size.is_much_more(self._written):
            return False
        is_kept = self._index.keep(self._kept, nobody_waits=nobody_waits)
        if is_kept or size == self._index.size:  # if it cannot be written, not again and again
            self._written = size
        return is_kept

    def remove(self, rule_id: str) -> None:
        """Remove a rule; nothing happens if it is not there."""
        self._index.remove(rule_id)


MakeMatcher = Callable[[Iterable[Rule]], RuleMatcher]


def make_matcher(rules: Iterable[Rule]) -> RuleMatcher:
    """Return the matcher of these rules: what everyone makes theirs with, but for tests."""
    return RuleMatcher(rules)


def matcher_of_stored(
    outlines: Sequence[Rule],
    stamps: Mapping[str, str],
    whole: Callable[[Sequence[str]], Iterable[Rule]],
    in_groups: Callable[[Sequence[str]], Iterable[RuleGroups]],
    kept: Path | None,
) -> RuleMatcher:
    """Return the matcher of rules that a store has; see `rules.index.stored.Stored`."""
    stored = Stored(outlines, lambda rule_id: stamps.get(rule_id, ""), whole, in_groups)
    return RuleMatcher(kept=kept, stored=stored)


def match_of(rule: Rule, article: Article, source: Source) -> Match | None:
    """Return what the matcher says of one rule and one article."""
    return next(iter(make_matcher([rule]).matches(article, source)), None)


def by_brute_force(rules: Iterable[Rule], article: Article, source: Source) -> list[Match]:
    """Return what a `RuleMatcher` returns, trying every rule: the oracle of its tests."""
    return CompiledRules(rules).brute_force(article, source)
