"""Tokens of articles that are about to be stored, made before the transaction that stores them."""

from collections.abc import Callable, Iterable

from storage.model import Article

_MOST = 1_000
"""So many are remembered that nobody has asked for: what was to be stored may be known by then."""


class Prepared:
    """Makes tokens beforehand, for others wait for whoever writes. Safe to use from many threads.

    Args:
        tokens: As of `storage.api.articles.Analysis`.
    """

    def __init__(self, tokens: Callable[[Article], str]) -> None:
        self._tokens = tokens
        self._made: dict[tuple[str, str, str], str] = {}

    def prepare(self, articles: Iterable[Article]) -> None:
        """Make the tokens of these."""
        if len(self._made) > _MOST:
            self._made.clear()
        self._made.update((_all_that_counts(each), self._tokens(each)) for each in articles)

    def tokens(self, article: Article) -> str:
        """Return an article's tokens; those made beforehand once."""
        made = self._made.pop(_all_that_counts(article), None)
        return self._tokens(article) if made is None else made


def _all_that_counts(article: Article) -> tuple[str, str, str]:
    return article.language, article.title, article.text
