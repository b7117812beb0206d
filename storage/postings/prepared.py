"""Tokens of articles that are about to be stored, made before the transaction that stores them."""

from collections.abc import Callable, Iterable

from storage.model import Article

_MOST = 200
"""So many are remembered that nobody has asked for: what was to be stored may be known by then."""

_LETTERS = 500_000
"""So many letters of tokens are made at a time: of more articles the rest wait until each is
stored, or all of their tokens were in memory at once."""


class Prepared:
    """Makes tokens beforehand, for others wait for whoever writes. Safe to use from many threads.

    Args:
        tokens: As of `storage.api.articles.Analysis`.
    """

    def __init__(self, tokens: Callable[[Article], str]) -> None:
        self._tokens = tokens
        self._made: dict[tuple[str, str, str], str] = {}

    def prepare(self, articles: Iterable[Article]) -> None:
        """Make the tokens of these, or of the first of many."""
        if len(self._made) > _MOST:
            self._made.clear()
        room = _LETTERS
        for article in articles:
            made = self._made[_all_that_counts(article)] = self._tokens(article)
            room -= len(made)
            if room < 0:
                return

    def tokens(self, article: Article) -> str:
        """Return an article's tokens; those made beforehand once."""
        made = self._made.pop(_all_that_counts(article), None)
        return self._tokens(article) if made is None else made


def _all_that_counts(article: Article) -> tuple[str, str, str]:
    return article.language, article.title, article.text
