"""A matcher for a few rules, for whoever searches what is stored: quick to make and to begin with.

`rules.matcher.KeywordMatcher` prepares itself for very many rules and articles to come.
"""

from collections.abc import Iterable

from rules.opened import Opened
from storage.model import Article, Match, Rule, Source


class FewMatcher:
    """Implements `rules.matcher.Matcher`; finds what a `KeywordMatcher` of these rules finds."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Make the rules ready; those whose query cannot be read match nothing."""
        self._rules = Opened(rules)

    def matches(self, article: Article, source: Source) -> list[Match]:
        chunks = {*article.title.split(), *article.text.split()}
        return self._rules.matches(article, source, chunks)
