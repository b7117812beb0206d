"""The languages that matter to whoever writes a rule."""

from collections.abc import Sequence

from storage.api.storage import Transaction

NEWEST = 2_000
"""The languages of so many articles, the newest, are those that matter unless somebody says."""
_ONE_IN = 100
"""A language of fewer of these may be a mistaken one."""


def told_languages(tx: Transaction, watched: Sequence[str]) -> Sequence[str]:
    """Return these languages, or else those that the newest articles are in, most first."""
    if watched:
        return watched
    counts = tx.articles.languages(NEWEST)
    every = sum(count for _, count in counts)
    return [language for language, count in counts if count * _ONE_IN >= every]
