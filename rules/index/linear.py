"""A few rules, read for every article: quick to make, and where new words abound.

`rules.index.rule_index` files very many rules, and prepares itself for many articles to come.
"""

from collections.abc import Mapping, Sequence

from rules.evaluate.compiled_rules import CompiledRules
from storage.model import Article, Match, Rule, Source

MOST = 50
"""Up to so many rules are quicker as a `SmallShelf`: they share little, and new words abound."""


class SmallShelf:
    """A few rules that are read for every article; stands where a `rule_index.Shelf` may stand."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Make the rules ready; no two have the same id."""
        self.rules = rules
        self._opened = CompiledRules(rules)
        self.broken = self._opened.broken
        self._numbers = {rule.id: number for number, rule in enumerate(rules)}

    def matches(
        self, article: Article, source: Source, fields: Mapping[str, Sequence[str]]
    ) -> list[tuple[int, Match]]:
        """Return the matches with the numbers of their rules; as `rule_index.Shelf.matches`."""
        chunks = set().union(*fields.values())
        found = self._opened.matches(article, source, chunks)
        return [(self._numbers[match.rule_id], match) for match in found]
