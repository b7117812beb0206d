"""Stored articles, newest first, page by page: an archive does not fit into memory."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypedDict

from common.records import dataclass
from storage.api.lookup import Holding
from storage.api.storage import Storage, Transaction
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
        holding: As in `storage.api.articles.Articles.recent`.
    """

    since: datetime | None = None
    until: datetime | None = None
    source_ids: Sequence[str] = ()
    language: str | None = None
    holding: Holding | None = None


class _Page(TypedDict):
    """What is asked for of one page, whatever is to be had of its articles."""

    since: datetime | None
    source_ids: Sequence[str]
    language: str | None
    limit: int | None
    before: Position | None


def _page(selection: Selection, *, before: Position | None, limit: int | None) -> _Page:
    return {
        "since": selection.since,
        "source_ids": selection.source_ids,
        "language": selection.language,
        "limit": limit,
        "before": before,
    }


def pages(
    storage: Storage,
    selection: Selection,
    *,
    most: int | None = None,
    before: Position | None = None,
    size: int = PAGE,
) -> Iterator[list[Article]]:
    """Yield articles, newest first, each page read in a transaction of its own.

    Args:
        most: So many in all; None for all that there are.
        before: Begin behind this one.
        size: How many a page holds.
    """
    before = _end(selection, before)
    if selection.holding is not None:
        yield from _held(storage, selection, most=most, before=before, size=size)
        return
    left = most
    while left is None or left > 0:
        wanted = size if left is None else min(size, left)
        with storage.reading() as tx:
            page = tx.articles.recent(**_page(selection, before=before, limit=wanted))
        if page:
            yield page
            before = position_of(page[-1])
        if len(page) < wanted:
            return
        left = None if left is None else left - len(page)


def _held(
    storage: Storage,
    selection: Selection,
    *,
    most: int | None,
    before: Position | None,
    size: int,
) -> Iterator[list[Article]]:
    """Yield what the search index offers: it is asked once, since a lookup may be long."""
    with storage.reading() as tx:
        found = _places(tx, selection, before=before, limit=most)
    for start in range(0, len(found), size):
        with storage.reading() as tx:
            ids = [id_ for _, id_ in found[start : start + size]]
            stored = tx.articles.some(ids)
        yield [stored[id_] for id_ in ids if id_ in stored]


def _places(
    tx: Transaction, selection: Selection, *, before: Position | None, limit: int | None
) -> list[Position]:
    asked = _page(selection, before=before, limit=limit)
    return tx.articles.places(**asked, holding=selection.holding)


def places(
    tx: Transaction, selection: Selection, *, before: Position | None, size: int, largest: int
) -> Iterator[list[Position]]:
    """Yield only where articles stand, newest first, page by page.

    Args:
        size: How many the first page holds; each next one four times as many, up to `largest`.
    """
    before = _end(selection, before)
    while True:
        page = _places(tx, selection, before=before, limit=size)
        if page:
            yield page
            before = page[-1]
        if len(page) < size:
            return
        size = min(size * 4, largest)


def every_place(storage: Storage, selection: Selection) -> list[Position]:
    """Return where all articles of a selection stand, newest first."""
    with storage.reading() as tx:
        return _places(tx, selection, before=_end(selection, None), limit=None)


def _end(selection: Selection, before: Position | None) -> Position | None:
    """Return before which place to read."""
    if selection.until is None:
        return before
    end = (selection.until, "")
    return end if before is None else min(before, end)


def newest(storage: Storage, selection: Selection, *, most: int | None = None) -> Iterator[Article]:
    """Yield articles one by one, newest first, at most so many."""
    for page in pages(storage, selection, most=most):
        yield from page


def position_of(article: Article) -> Position:
    """Return where an article stands in the order of pages."""
    return article.first_seen_at, article.id
