"""The search index of the articles: tokens to articles, in the way of each database.

SQLite has a table of FTS5 without content, PostgreSQL a tsvector with a GIN index; each is in
`storage.backends`. Both keep only which tokens an article has, not where: an answer is a superset,
and whoever asks looks again.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Select,
    Table,
    delete,
    exists,
    func,
    or_,
    select,
)

from storage.api import Analysis, Lookup
from storage.model import Article
from storage.sql.columns import Instant, Words
from storage.sql.schema import article, meta

INDEX_IS_FULL = "search_index"
"""In the store's meta: the version of the analysis by which every article is in the index."""

index = Table(
    "article_index",
    MetaData(),
    Column("article_id", Words),
    Column("seen_at", Instant),
    Column("analysis", Words),
)
"""The columns that both databases have; the tables are made by `storage.sql.schema`."""


class Indexed(NamedTuple):
    """An article as the index keeps it; `seen_at` is its `first_seen_at`."""

    article_id: str
    seen_at: datetime
    analysis: str
    tokens: str


class Stretch(NamedTuple):
    """Articles first seen since some time, and before one of which time and id are given."""

    since: datetime | None
    before: tuple[datetime, str] | None


def newest_first(
    statement: Select[Any],
    seen_at: ColumnElement[datetime],
    id_: ColumnElement[str],
    stretch: Stretch,
) -> Select[Any]:
    """Return the statement with the rows of a stretch, newest first."""
    since, before = stretch
    if since is not None:
        statement = statement.where(seen_at >= since)
    if before is not None:
        last, last_id = before
        statement = statement.where(seen_at <= last, or_(seen_at < last, id_ < last_id))
    return statement.order_by(seen_at.desc(), id_.desc())


class TokenIndex(Protocol):
    """How one database keeps the index."""

    def put(self, connection: Connection, articles: Sequence[Indexed], *, are_new: bool) -> None:
        """Write these articles, at least one; what the index knew of them is replaced.

        Args:
            are_new: It cannot know of them.
        """
        ...

    def put_older(self, connection: Connection, articles: Sequence[Indexed]) -> None:
        """Do the same with articles that are no newer than all others, as far as is known."""
        ...

    def clear(self, connection: Connection) -> None:
        """Forget everything, if what is written anew does not take the place of the old."""
        ...

    def holding(self, connection: Connection, lookup: Lookup) -> Select[Any]:
        """Return the statement that finds the rows of `index` whose tokens fit."""
        ...

    def newest(
        self, connection: Connection, holders: Select[Any], stretch: Stretch, limit: int | None
    ) -> list[tuple[datetime, str]]:
        """Return when and which: articles of rows of `holding`, newest first, ties by id."""
        ...

    def asking(self, connection: Connection) -> AbstractContextManager[None]:
        """Have statements with `holding` run through the index for as long as the block runs."""
        ...


class ArticleIndex:
    """The index inside one open transaction.

    Args:
        tokens: How this database keeps it.
        analysis: What goes into it; None leaves articles out until somebody fills it.
    """

    def __init__(
        self,
        connection: Connection,
        insert: Callable[..., Any],
        tokens: TokenIndex,
        analysis: Analysis | None,
    ) -> None:
        self._connection = connection
        self._insert = insert
        self._tokens = tokens
        self.analysis = analysis

    @property
    def is_full(self) -> bool:
        """Whether it is known to have every article by our analysis."""
        by = self._connection.execute(_full_by).scalar()
        return self.analysis is not None and by == self.analysis.version

    def note_full(self) -> bool:
        """Note that it has every article by our analysis, if that is so."""
        if self.analysis is None or self._connection.execute(self._some_missing()).first():
            return False
        full = self._insert(meta).values(key=INDEX_IS_FULL, value=self.analysis.version)
        full = full.on_conflict_do_update(
            index_elements=["key"], set_={"value": full.excluded.value}
        )
        self._connection.execute(full)
        return True

    def _some_missing(self) -> Select[Any]:
        return select(article.c.id).where(self.lacks).limit(1)

    def follow(self, articles: Sequence[Article], *, are_new: bool = False) -> None:
        """Bring in articles that were just written, for the first time if they are new."""
        if not self.is_full:
            # It may be full by another analysis, and is not from now on.
            self._connection.execute(delete(meta).where(meta.c.key == INDEX_IS_FULL))
        if self.analysis is None:
            drop(self._connection, [article_.id for article_ in articles])
        self.put(articles, are_new=are_new)

    def put(self, articles: Iterable[Article], *, are_new: bool = False) -> None:
        """Bring articles in, in the place of what it knew of them."""
        analysed = self._analysed(articles)
        if analysed:
            self._tokens.put(self._connection, analysed, are_new=are_new)

    def put_older(self, articles: Iterable[Article]) -> None:
        """Do the same with articles that are no newer than all others, as far as is known."""
        analysed = self._analysed(articles)
        if analysed:
            self._tokens.put_older(self._connection, analysed)

    def _analysed(self, articles: Iterable[Article]) -> list[Indexed]:
        if self.analysis is None:
            return []
        version, tokens_of = self.analysis
        return [
            Indexed(article_.id, article_.first_seen_at, version, tokens_of(article_))
            for article_ in articles
        ]

    def clear_others(self) -> None:
        """Forget what another analysis has written, when that is most of it."""
        count = select(func.count()).select_from(index)
        theirs, ours = (
            self._connection.execute(count.where(condition)).scalar_one()
            for condition in (~self._by_us, self._by_us)
        )
        if theirs > ours:
            self._tokens.clear(self._connection)

    def holding(self, lookup: Lookup) -> Select[Any]:
        """Return the statement that finds the rows of `index`, by our analysis, that fit."""
        return self._tokens.holding(self._connection, lookup).where(self._by_us)

    def newest(
        self,
        lookup: Lookup,
        wanted: Sequence[ColumnElement[bool]],
        stretch: Stretch,
        limit: int | None,
    ) -> list[tuple[datetime, str]]:
        """Return when and which: the newest articles whose tokens fit, ties by id.

        Args:
            wanted: What must hold for them in the table of the articles.
        """
        holders = self.holding(lookup)
        if wanted:
            holders = holders.join(article, article.c.id == index.c.article_id).where(*wanted)
        return self._tokens.newest(self._connection, holders, stretch, limit)

    def asking(self) -> AbstractContextManager[None]:
        """Have statements with `holding` run through the index for as long as the block runs."""
        return self._tokens.asking(self._connection)

    @property
    def lacks(self) -> ColumnElement[bool]:
        """The condition that it does not have an article by our analysis."""
        return ~exists().where(index.c.article_id == article.c.id, self._by_us)

    @property
    def _by_us(self) -> ColumnElement[bool]:
        return index.c.analysis == (self.analysis.version if self.analysis else "")


_full_by = select(meta.c.value).where(meta.c.key == INDEX_IS_FULL)


def missing_in_index() -> Select[Any]:
    """Return the statement that finds the ids of articles that a full index does not have."""
    in_it = exists().where(index.c.article_id == article.c.id, index.c.analysis == meta.c.value)
    missing = select(article.c.id).join(meta, meta.c.key == INDEX_IS_FULL)
    return missing.where(~in_it).order_by(article.c.id)


def drop(connection: Connection, ids: Sequence[str]) -> None:
    """Forget the rows of some articles."""
    connection.execute(delete(index).where(index.c.article_id.in_(ids)))
