"""Rows that are written: a row under a number that is nobody's is never passed over."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storage.admin.engine import SqlStorage, open_storage
from storage.admin.transaction import SqlTransaction
from storage.sql import rows
from storage.sql.archive.articles import to_row
from storage.sql.tables.schema import article, article_index, article_order, article_print
from tests.builders import NOON, a_source, an_article, given


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def storage(request: pytest.FixtureRequest) -> Iterator[SqlStorage]:
    opened = open_storage(request.getfixturevalue(f"migrated_{request.param}_url"))
    yield opened
    opened.close()


def test_own_rows_are_refused_where_their_number_is_known(storage: SqlStorage) -> None:
    def add(tx: SqlTransaction, article_id: str) -> None:
        row = {"number": 7, "article_id": article_id, "again": False}
        rows.insert_own(tx._connection, tx._insert, article_order, [row])

    with storage.transaction() as tx:
        add(tx, "a")
        with pytest.raises(IntegrityError):
            add(tx, "b")
        tx._connection.rollback()


def test_what_is_written_with_fresh_rows_is_written_once(storage: SqlStorage) -> None:
    given(storage, a_source())
    numbered = {str(number): number for number in range(rows.CHUNK + 2)}
    fresh = [_row(name, number) for name, number in numbered.items()]
    prints = [_print(f"{name} {place}") for name in numbered for place in (1, 2)]
    orders = [{"number": 1, "article_id": "0", "again": False}]
    repeated = rows.Repeated(
        article_index, {"number": "indexed", "article_id": "id"}, {"analysis": "mine"}
    )

    def add(tx: SqlTransaction, values: list[dict[str, Any]], *beside: rows.Beside) -> set[str]:
        given = tx._connection, tx._insert, article, values
        return rows.insert_fresh(*given, beside=beside, repeated=repeated)

    known = rows.Beside(article_print, prints, are_own=False)
    with storage.transaction() as tx:
        rows.insert_new(tx._connection, tx._insert, article_print, prints[-1:])
        added = add(
            tx, [*fresh, _row("lacks a number", None)], known, rows.Beside(article_order, orders)
        )
        assert added == {*numbered, "lacks a number"}
        assert _count(tx, article_print.c.key) == len(prints)
        assert _count(tx, article_order.c.number) == 1
        kept = article_index.c
        found = tx._connection.execute(select(kept.article_id, kept.number, kept.analysis))
        assert {(id_, number, by) for id_, number, by in found} == {
            (name, number, "mine") for name, number in numbered.items()
        }
        if storage._backend.place.startswith("PostgreSQL"):  # which says who was faster
            assert add(tx, [_row("0", 9_998), _row("new", 9_999)], known) == {"new"}
            assert _count(tx, article_index.c.number) == len(numbered) + 1
        with pytest.raises(IntegrityError):
            add(tx, [_row("newer", 9_997)], rows.Beside(article_order, orders))
        tx._connection.rollback()


def _row(id_: str, number: int | None) -> dict[str, Any]:
    return to_row(an_article(id_)) | {"id": id_, "indexed": number}


def _print(key: str) -> dict[str, Any]:
    return {"key": key, "article_id": "0", "listed_at": NOON, "said": ""}


def _count(tx: SqlTransaction, column: Any) -> int:
    return len(tx._connection.execute(select(column)).all())
