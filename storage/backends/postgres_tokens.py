"""The search index in PostgreSQL: a GIN index of tsvectors."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    cast,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from storage.api import Has, HasAll, HasAny, Lookup
from storage.sql.columns import Instant
from storage.sql.search import Indexed, Stretch, index, newest_first


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

    def holding(self, connection: Connection, lookup: Lookup) -> Select[Any]:
        del connection  # which is asked nothing beforehand
        tokens: ColumnElement[Any] = literal_column(self._tokens, TSVECTOR)
        fits = tokens.op("@@")(cast(_tsquery(lookup), TSQUERY))
        return select(index).where(fits)

    def newest(
        self, connection: Connection, holders: Select[Any], stretch: Stretch, limit: int | None
    ) -> list[tuple[datetime, str]]:
        rows = holders.with_only_columns(index.c.seen_at, index.c.article_id).limit(limit)
        rows = newest_first(rows, index.c.seen_at, index.c.article_id, stretch)
        with self.asking(connection):
            return [(row.seen_at, row.article_id) for row in connection.execute(rows)]

    @contextmanager
    def asking(self, connection: Connection) -> Iterator[None]:
        # Of a lookup of hundreds of rare tokens the planner believes that most rows fit.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        yield
        connection.exec_driver_sql("SET LOCAL enable_seqscan TO DEFAULT")


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
