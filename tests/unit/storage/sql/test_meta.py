"""Counters that a transaction moves: it sees them at once, and they are written at its end."""

from typing import Any

import pytest

from storage.admin.engine import open_storage
from storage.admin.transaction import SqlTransaction
from storage.sql import meta
from storage.sql.meta import Moved
from storage.sql.tables.schema import ALERT_SEQ, ARTICLE_NUMBER
from storage.sql.tables.story_tables import STORY_TURN


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> Any:
    name = "migrated_postgres_url" if request.param == "postgres" else "migrated_sqlite_url"
    return request.getfixturevalue(name)


def stored(tx: SqlTransaction, counter: str) -> int:
    return meta.read(tx._connection, counter)


def test_what_is_moved_is_seen_at_once_and_written_at_the_end(url: str) -> None:
    storage = open_storage(url)
    with storage.transaction() as tx:
        before = stored(tx, STORY_TURN)
        assert tx.placing.take_turn("one").number == before + 1
        turn = tx.placing.take_turn("two")
        assert (turn.number, turn.before) == (before + 2, "one")
        assert stored(tx, STORY_TURN) == before
    with storage.transaction() as tx:
        assert stored(tx, STORY_TURN) == before + 2
        turn = tx.placing.take_turn("three")
        assert (turn.number, turn.before) == (before + 3, "two")
    storage.close()


def test_what_a_transaction_moved_that_fails_stands_as_before(url: str) -> None:
    storage = open_storage(url)
    with storage.reading() as tx:
        before = stored(tx, STORY_TURN)
    with pytest.raises(ZeroDivisionError), storage.transaction() as tx:
        tx.meta.set("turns", str(tx.placing.take_turn("one").number // 0))
    with storage.transaction() as tx:
        assert tx.placing.take_turn("two").number == before + 1
    storage.close()


def test_counters_are_written_in_one_order_and_none_that_was_only_taken(url: str) -> None:
    storage = open_storage(url)
    with storage.transaction() as tx:
        moved = Moved(tx._connection)
        assert moved.advance(STORY_TURN, 2) == moved.advance(ALERT_SEQ, 2) == 2
        assert moved.take(ARTICLE_NUMBER) == "0"
        moved.end()
        moved.end()
        assert [stored(tx, each) for each in (STORY_TURN, ALERT_SEQ, ARTICLE_NUMBER)] == [2, 2, 0]
    storage.close()
