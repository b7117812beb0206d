"""Rows that are written: a row under a number that is nobody's is never passed over."""

import pytest
from sqlalchemy.exc import IntegrityError

from storage.admin.engine import open_storage
from storage.admin.transaction import SqlTransaction
from storage.sql import rows
from storage.sql.tables.schema import article_order


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_own_rows_are_refused_where_their_number_is_known(
    database: str, request: pytest.FixtureRequest
) -> None:
    name = "migrated_postgres_url" if database == "postgres" else "sqlite_url"
    storage = open_storage(request.getfixturevalue(name))

    def add(tx: SqlTransaction, article_id: str) -> None:
        row = {"number": 7, "article_id": article_id, "again": False}
        rows.insert_own(tx._connection, tx._insert, article_order, [row])

    with storage.transaction() as tx:
        add(tx, "a")
        with pytest.raises(IntegrityError):
            add(tx, "b")
        tx._connection.rollback()
    storage.close()
