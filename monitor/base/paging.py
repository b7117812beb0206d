"""Stored articles, newest first, page by page: an archive does not fit into memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.api import Lookup, Storage
from storage.model import Article

PAGE = 500
"""So many articles are read in one transaction where nothing else is said."""

Position = tuple[datetime, str]
"""When an article was first seen, and its id: its place in the order of pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which articles to read.

    Attributes:
        since, until: Only those first seen since, and before.
        source_ids: Only those of these sources; empty means any.
        holding: As in `storage.api.Articles.recent`.
    """

    since: datetime | None = None
    until: datetime | None = None
    source_ids: Sequence[str] = ()
    language: str | None = None
    holding: Lookup | None = None


def pages(
    storage: Storage,
    selection: Selection,
    *,
    most: int | None = None,
    before: Position | None = None,
    size: int = PAGE,
    largest: int | None = None,
) -> Iterator[list[Article]]:
    """Yield articles, newest first, each page read in a transaction of its own.

    Args:
        most: So many in all; None for all that there are.
        before: Begin behind this one.
        size: How many the first page holds; each next one four times as many, up to `largest`.
    """
    left = most
    if selection.until is not None:
        end = (selection.until, "")
        before = end if before is None else min(before, end)
    while left is None or left > 0:
        wanted = size if left is None else min(size, left)
        with storage.reading() as tx:
            page = tx.articles.recent(
                since=selection.since,
                source_ids=selection.source_ids,
                language=selection.language,
                limit=wanted,
                before=before,
                holding=selection.holding,
            )
        if page:
            yield page
            before = position_of(page[-1])
        if len(page) < wanted:
            return
        left = None if left is None else left - len(page)
        size = min(size * 4, largest or size)


def newest(storage: Storage, selection: Selection, *, most: int | None = None) -> Iterator[Article]:
    """Yield articles one by one, newest first, at most so many."""
    for page in pages(storage, selection, most=most):
        yield from page


def position_of(article: Article) -> Position:
    """Return where an article stands in the order of pages."""
    return article.first_seen_at, article.id
