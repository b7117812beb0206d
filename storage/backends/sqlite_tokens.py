"""The search index in SQLite: a table of FTS5 without content."""

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from heapq import heappop, heappush
from typing import Any, assert_never

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Select,
    Table,
    delete,
    false,
    literal_column,
    select,
    text,
)

from storage.api import LISTED, Has, HasAll, HasAny, Lookup
from storage.sql.columns import instant, written
from storage.sql.search import Indexed, Stretch, drop, index


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
    # What some tokens begin with is asked of hundreds, of which few are there; and each costs a
    # look into every segment of FTS5.
    _list = "INSERT INTO article_listed (token) VALUES (?) ON CONFLICT DO NOTHING"
    _listed = text(
        "SELECT wanted.value FROM json_each(:wanted) AS wanted WHERE EXISTS (SELECT 1 FROM "
        "article_listed WHERE token >= wanted.value AND token < wanted.value || char(1114111))"
    )
    _table = Table("article_tokens", MetaData(), Column("rowid", BigInteger))
    _in_order: tuple[ColumnElement[Any], ...] = tuple(
        literal_column(f"article_index.{name}") for name in ("article_id", "seen_at", "latest_at")
    )

    def put(self, connection: Connection, articles: Sequence[Indexed], *, are_new: bool) -> None:
        if not are_new:
            drop(connection, [article_.article_id for article_ in articles])
        last, latest = connection.execute(self._last).first() or (0, None)
        self._write(connection, articles, last + 1, latest)

    def put_older(self, connection: Connection, articles: Sequence[Indexed]) -> None:
        drop(connection, [article_.article_id for article_ in articles])
        newest = written(max(article_.seen_at for article_ in articles))
        lowest, latest = connection.execute(self._lowest).first() or (0, newest)
        if latest < newest:  # some are not older than all
            connection.execute(self._raise, {"newest": newest})
        self._write(connection, articles, lowest - len(articles), None)

    def clear(self, connection: Connection) -> None:
        connection.execute(delete(index))
        connection.execute(self._forget)
        connection.exec_driver_sql("DELETE FROM article_listed")

    def _write(
        self, connection: Connection, articles: Sequence[Indexed], first: int, latest: str | None
    ) -> None:
        rows, tokens = [], []
        listed: set[str] = set()
        for number, article_ in enumerate(sorted(articles, key=_place), first):
            seen_at = written(article_.seen_at)
            latest = max(latest or "", seen_at)
            rows.append((number, article_.article_id, seen_at, article_.analysis, latest))
            tokens.append((number, article_.tokens))
            if LISTED in article_.tokens:
                some = article_.tokens.split(" ")
                listed.update(token for token in some if token[:1] == LISTED)
        connection.exec_driver_sql(self._row, rows)
        connection.exec_driver_sql(self._tokens, tokens)
        if listed:
            connection.exec_driver_sql(self._list, [(token,) for token in sorted(listed)])

    def holding(self, connection: Connection, lookup: Lookup) -> Select[Any]:
        wanted = {has.token for has in _leaves(lookup) if has.begins and has.token[:1] == LISTED}
        known: Lookup | None = lookup
        if wanted:
            given = {"wanted": json.dumps(sorted(wanted))}
            there = connection.execute(self._listed, given).scalars()
            known = _without(lookup, wanted.difference(there))
        number: Any = literal_column("article_index.number", BigInteger)
        holders = select(index).select_from(self._table).join(index, number == self._table.c.rowid)
        if known is None:
            return holders.where(false())
        return holders.where(text("article_tokens MATCH :lookup").bindparams(lookup=_fts5(known)))

    def newest(
        self, connection: Connection, holders: Select[Any], stretch: Stretch, limit: int | None
    ) -> list[tuple[datetime, str]]:
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
        return [(instant(seen_at), id_) for seen_at, id_ in sorted(found, reverse=True)]

    def asking(self, connection: Connection) -> AbstractContextManager[None]:
        return nullcontext()


def _place(article_: Indexed) -> tuple[datetime, str]:
    return article_.seen_at, article_.article_id


def _leaves(lookup: Lookup) -> Iterator[Has]:
    if isinstance(lookup, Has):
        yield lookup
    else:
        for part in lookup.parts:
            yield from _leaves(part)


def _without(lookup: Lookup, missing: set[str]) -> Lookup | None:
    """Return the lookup where no token begins as some; None if nothing fits."""
    if isinstance(lookup, Has):
        return None if lookup.begins and lookup.token in missing else lookup
    parts = [_without(part, missing) for part in lookup.parts]
    known = tuple(part for part in parts if part is not None)
    if isinstance(lookup, HasAll):
        return HasAll(known) if len(known) == len(parts) else None
    return HasAny(known) if known else None


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
