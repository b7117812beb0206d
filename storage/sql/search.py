"""The search index of the articles: tokens to articles, in the way of each database.

SQLite has a table of FTS5 without content, PostgreSQL a tsvector with a GIN index. Both keep only
which tokens an article has, not where: an answer is a superset, and whoever asks looks again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from heapq import heappop, heappush
from typing import Any, NamedTuple, Protocol, assert_never

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Select,
    Table,
    bindparam,
    cast,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
)

from storage.api import Analysis, Has, HasAll, HasAny, Lookup
from storage.model import Article
from storage.sql.columns import Instant, Words, written
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

    def holding(self, lookup: Lookup) -> Select[Any]:
        """Return the statement that finds the rows of `index` whose tokens fit."""
        ...

    def newest(
        self, connection: Connection, holders: Select[Any], stretch: Stretch, limit: int | None
    ) -> list[str]:
        """Return the articles of some rows that `holding` finds, newest first, ties by id."""
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
            _drop(self._connection, [article_.id for article_ in articles])
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
        return self._tokens.holding(lookup).where(self._by_us)

    def newest(
        self,
        lookup: Lookup,
        wanted: Sequence[ColumnElement[bool]],
        stretch: Stretch,
        limit: int | None,
    ) -> list[str]:
        """Return the newest articles whose tokens fit, newest first, ties by id.

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


def _drop(connection: Connection, ids: Sequence[str]) -> None:
    connection.execute(delete(index).where(index.c.article_id.in_(ids)))


class SqliteTokens:
    """Implements `TokenIndex` with FTS5.

    Numbers follow time, but for what is written late, as an article that was edited; what is
    older than all others goes below them. Each row says how late the articles below it are at
    most, so whoever reads down from the top knows when to stop.
    """

    _last = text(
        "SELECT seq, (SELECT latest_at FROM article_index ORDER BY number DESC LIMIT 1) "
        "FROM sqlite_sequence WHERE name = 'article_index'"
    )
    _lowest = text("SELECT number, latest_at FROM article_index ORDER BY number LIMIT 1")
    _raise = text("UPDATE article_index SET latest_at = :newest WHERE latest_at < :newest")
    _forget = text("INSERT INTO article_tokens (article_tokens) VALUES ('delete-all')")
    # As the driver takes them: SQLAlchemy would work out each row's values anew.
    _row = (
        "INSERT INTO article_index (number, article_id, seen_at, analysis, latest_at) "
        "VALUES (?, ?, ?, ?, ?)"
    )
    _tokens = "INSERT INTO article_tokens (rowid, tokens) VALUES (?, ?)"
    _table = Table("article_tokens", MetaData(), Column("rowid", BigInteger))
    _in_order: tuple[ColumnElement[Any], ...] = tuple(
        literal_column(f"article_index.{name}") for name in ("article_id", "seen_at", "latest_at")
    )

    def put(self, connection: Connection, articles: Sequence[Indexed], *, are_new: bool) -> None:
        if not are_new:
            _drop(connection, [article_.article_id for article_ in articles])
        last, latest = connection.execute(self._last).first() or (0, None)
        self._write(connection, articles, last + 1, latest)

    def put_older(self, connection: Connection, articles: Sequence[Indexed]) -> None:
        _drop(connection, [article_.article_id for article_ in articles])
        newest = written(max(article_.seen_at for article_ in articles))
        lowest, latest = connection.execute(self._lowest).first() or (0, newest)
        if latest < newest:  # some are not older than all
            connection.execute(self._raise, {"newest": newest})
        self._write(connection, articles, lowest - len(articles), None)

    def clear(self, connection: Connection) -> None:
        connection.execute(delete(index))
        connection.execute(self._forget)

    def _write(
        self, connection: Connection, articles: Sequence[Indexed], first: int, latest: str | None
    ) -> None:
        rows, tokens = [], []
        for number, article_ in enumerate(sorted(articles, key=_place), first):
            seen_at = written(article_.seen_at)
            latest = max(latest or "", seen_at)
            rows.append((number, article_.article_id, seen_at, article_.analysis, latest))
            tokens.append((number, article_.tokens))
        connection.exec_driver_sql(self._row, rows)
        connection.exec_driver_sql(self._tokens, tokens)

    def holding(self, lookup: Lookup) -> Select[Any]:
        number: Any = literal_column("article_index.number", BigInteger)
        holders = select(index).select_from(self._table).join(index, number == self._table.c.rowid)
        return holders.where(text("article_tokens MATCH :lookup").bindparams(lookup=_fts5(lookup)))

    def newest(
        self, connection: Connection, holders: Select[Any], stretch: Stretch, limit: int | None
    ) -> list[str]:
        since = "" if stretch.since is None else written(stretch.since)
        before = ("~", "")
        if stretch.before is not None:
            before = (written(stretch.before[0]), stretch.before[1])
        rows = holders.with_only_columns(*self._in_order)
        found: list[tuple[str, str]] = []
        worst = ""
        for id_, seen_at, latest in connection.execute(rows.order_by(self._table.c.rowid.desc())):
            if latest < since or latest < worst:
                break
            place = (seen_at, id_)
            if seen_at < since or place >= before:
                continue
            heappush(found, place)
            if limit is not None and len(found) >= limit:
                if len(found) > limit:
                    heappop(found)
                worst = found[0][0] if found else "~"
        return [id_ for _, id_ in sorted(found, reverse=True)]

    def asking(self, connection: Connection) -> AbstractContextManager[None]:
        return nullcontext()


def _place(article_: Indexed) -> tuple[datetime, str]:
    return article_.seen_at, article_.article_id


class PostgresTokens:
    """Implements `TokenIndex` with an index of tsvectors; the tokens are kept as text.

    That is two thirds of the bytes of kept tsvectors.
    """

    _row = text(
        "INSERT INTO article_index (article_id, seen_at, analysis, tokens) VALUES (:article_id, "
        ":seen_at, :analysis, :tokens) "
        "ON CONFLICT (article_id) DO UPDATE SET "
        "analysis = excluded.analysis, tokens = excluded.tokens"
    ).bindparams(bindparam("seen_at", type_=Instant))
    # Letter by letter the expression that the index is of.
    _tokens = "array_to_tsvector(string_to_array(article_index.tokens, ' '))"

    def put(self, connection: Connection, articles: Sequence[Indexed], *, are_new: bool) -> None:
        del are_new  # one statement does for both
        self.put_older(connection, articles)

    def put_older(self, connection: Connection, articles: Sequence[Indexed]) -> None:
        connection.execute(self._row, [article_._asdict() for article_ in articles])

    def clear(self, connection: Connection) -> None:
        """Nothing: each row takes the place of the old one."""

    def holding(self, lookup: Lookup) -> Select[Any]:
        # Imported here: it costs a command on SQLite a tenth of its time.
        from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

        tokens: ColumnElement[Any] = literal_column(self._tokens, TSVECTOR)
        fits = tokens.op("@@")(cast(_tsquery(lookup), TSQUERY))
        return select(index).where(fits)

    def newest(
        self, connection: Connection, holders: Select[Any], stretch: Stretch, limit: int | None
    ) -> list[str]:
        rows = holders.with_only_columns(index.c.article_id).limit(limit)
        rows = newest_first(rows, index.c.seen_at, index.c.article_id, stretch)
        with self.asking(connection):
            return list(connection.execute(rows).scalars())

    @contextmanager
    def asking(self, connection: Connection) -> Iterator[None]:
        # Of a lookup of hundreds of rare tokens the planner believes that most rows fit.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        yield
        connection.exec_driver_sql("SET LOCAL enable_seqscan TO DEFAULT")


def _fts5(lookup: Lookup) -> str:
    """Return the lookup in the language of FTS5, whose parser allows few brackets in brackets."""
    match lookup:
        case Has(token, begins):
            return f'"{token}" *' if begins else f'"{token}"'
        case HasAll(parts):
            return f"({' AND '.join(map(_fts5, parts))})"
        case HasAny(parts):
            return f"({' OR '.join(map(_fts5, parts))})"
        case _:
            assert_never(lookup)


def _tsquery(lookup: Lookup) -> str:
    """Return the lookup as a tsquery, as flat a tree as can be: PostgreSQL walks down each part."""
    match lookup:
        case Has(token, begins):
            return f"'{token}':*" if begins else f"'{token}'"
        case HasAll(parts):
            return _halved([_tsquery(part) for part in parts], " & ")
        case HasAny(parts):
            return _halved([_tsquery(part) for part in parts], " | ")
        case _:
            assert_never(lookup)


def _halved(parts: list[str], by: str) -> str:
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return f"({_halved(parts[:half], by)}{by}{_halved(parts[half:], by)})"
