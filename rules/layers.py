"""Several matchers as one."""

from collections.abc import Sequence

from rules.matcher import Matcher
from storage.model import Article, Match, Source


class Layers:
    """Implements `rules.matcher.Matcher`: a rule holds when any of the matchers says so."""

    def __init__(self, matchers: Sequence[Matcher]) -> None:
        """Ask these matchers, in this order."""
        self._matchers = tuple(matchers)

    def matches(self, article: Article, source: Source) -> list[Match]:
        """Return one match a rule: that of the highest score, the earlier matcher's in a tie."""
        best: dict[str, Match] = {}
        for matcher in self._matchers:
            for match in matcher.matches(article, source):
                kept = best.get(match.rule_id)
                if kept is None or match.score > kept.score:
                    best[match.rule_id] = match
        return list(best.values())
