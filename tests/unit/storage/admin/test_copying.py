"""A store copied into another database: the same in every row, whole or not at all."""

import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from monitor.pipeline.indexing import ANALYSIS
from storage.admin import copying
from storage.admin.copy_ends import End, NotEmpty
from storage.admin.copying import copy
from storage.admin.engine import open_end, open_storage
from storage.api.errors import NotUpToDate, StorageError
from storage.api.lookup import Has
from storage.api.storage import Transaction
from storage.model import DeliveryState
from storage.sql.tables.schema import metadata
from tests.builders import LEASE, NOON, a_channel, a_delivery, a_notice, an_article, given

MANY = 3 * copying.ROWS_AT_ONCE + 7


@contextmanager
def ends(*urls: str, home: Path) -> Iterator[list[End]]:
    opened = [open_end(url, home=home) for url in urls]
    try:
        yield opened
    finally:
        for end in opened:
            end.close()


def copied(source: str, target: str, home: Path) -> dict[str, int]:
    with ends(source, target, home=home) as (from_, to):
        return copy(from_, to).rows


def everything(url: str, home: Path) -> dict[str, list[Any]]:
    """Return all rows of all tables, and the number of the last segment."""
    with ends(url, home=home) as (end,), end.reading() as connection:
        found = {table.name: rows_of(connection, table) for table in metadata.sorted_tables}
        return {**found, "last segment": [end.last_segment(connection)]}


def rows_of(connection: Connection, table: Any) -> list[Any]:
    key = [column for column in table.primary_key.columns]
    return [tuple(row) for row in connection.execute(select(table).order_by(*key))]


def filled(url: str, home: Path) -> None:
    """An archive with an index of several segments, something owed, and something being sent."""
    storage = open_storage(url, home=home, analysis=ANALYSIS)
    given(storage, a_channel(), a_delivery(), a_notice("a „notice“ of 100 %"))
    with storage.transaction() as tx:
        claim(tx, "gone")
    for start in (0, MANY // 2):
        with storage.transaction() as tx:
            some = (
                an_article(f"Bãi công số {number}", text=f"Đường sắt Hà Nội {number} " * 40)
                for number in range(start, start + MANY // 2)
            )
            tx.articles.add([(article, ()) for article in some], now=NOON)
    storage.close()


def claim(tx: Transaction, owner: str) -> None:
    [taken] = tx.outbox.claim_due(
        {a_channel().id: 1},
        now=NOON + timedelta(hours=1),
        lease=LEASE,
        owner=owner,
    )
    assert taken.state is DeliveryState.LEASED


@pytest.fixture
def source(migrated_sqlite_url: str, tmp_path: Path) -> str:
    filled(migrated_sqlite_url, tmp_path)
    return migrated_sqlite_url


def test_an_archive_is_the_same_in_postgresql_and_back(
    source: str, postgres_url: str, tmp_path: Path
) -> None:
    back = f"sqlite:///{tmp_path / 'back.db'}"
    before = everything(source, tmp_path)
    counts = copied(source, postgres_url, tmp_path)
    assert counts["article"] == 2 * (MANY // 2) + 1
    assert counts == {name: len(rows) for name, rows in before.items() if name in counts}
    assert everything(postgres_url, tmp_path) == before
    copied(postgres_url, back, tmp_path)
    assert everything(back, tmp_path) == before
    assert everything(source, tmp_path) == before
    assert not (tmp_path / "back.db.part").exists()
    assert (tmp_path / "back.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_the_copy_is_worked_with_where_the_other_was_left(
    source: str, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    target = f"sqlite:///{tmp_path / 'there.db'}"
    if kind == "postgres":
        target = request.getfixturevalue("postgres_url")
    copied(source, target, tmp_path)
    storage = open_storage(target, home=tmp_path, analysis=ANALYSIS)
    with storage.transaction() as tx:
        tx.articles.add([(an_article("Something else entirely"), ())], now=NOON)
    with storage.reading() as tx:
        assert len(tx.articles.places(holding=Has("noi"), limit=None)) == 2 * (MANY // 2)
        assert tx.articles.count() == 2 * (MANY // 2) + 2
        assert tx.outbox.counts()[DeliveryState.LEASED] == 1
    with storage.transaction() as tx:  # what was being sent is taken back, and owed once
        assert tx.outbox.reap(now=NOON, dead_owners=["gone"]) == 1
    assert storage.problems() == []
    storage.close()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_what_holds_something_is_not_filled(
    source: str, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    target = f"sqlite:///{tmp_path / 'there.db'}"
    if kind == "postgres":
        target = request.getfixturevalue("postgres_url")
    storage = open_storage(target, home=tmp_path)
    given(storage, a_channel("somebody else's"))
    storage.close()
    before = everything(target, tmp_path)
    with pytest.raises(NotEmpty, match=r"is not empty .*table channel"):
        copied(source, target, tmp_path)
    assert everything(target, tmp_path) == before


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_tables_that_a_command_has_made_are_filled(
    source: str, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    target = f"sqlite:///{tmp_path / 'there.db'}"
    if kind == "postgres":
        target = request.getfixturevalue("postgres_url")
    open_storage(target, home=tmp_path).close()
    copied(source, target, tmp_path)
    assert everything(target, tmp_path) == everything(source, tmp_path)
    open_storage(target, home=tmp_path).close()


def copy_until_killed(source: str, target: str, home: Path) -> None:
    """Be killed when half of all is copied and compared."""

    def killed(done: int, of: int) -> None:
        if 2 * done >= of:
            os.kill(os.getpid(), signal.SIGKILL)

    with ends(source, target, home=home) as (from_, to):
        copy(from_, to, killed)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_copy_that_is_killed_is_made_anew(
    source: str, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    target = f"sqlite:///{tmp_path / 'there.db'}"
    if kind == "postgres":
        target = request.getfixturevalue("postgres_url")
    before = everything(source, tmp_path)
    child = multiprocessing.get_context("spawn").Process(
        target=copy_until_killed, args=(source, target, tmp_path)
    )
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    assert not (tmp_path / "there.db").exists()
    copied(source, target, tmp_path)
    assert everything(target, tmp_path) == before
    assert not (tmp_path / "there.db.part").exists()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_copy_that_goes_wrong_leaves_nothing(
    source: str,
    kind: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = f"sqlite:///{tmp_path / 'there.db'}"
    if kind == "postgres":
        target = request.getfixturevalue("postgres_url")
    with ends(source, target, home=tmp_path) as (from_, to):

        def change(connection: Connection, number: int) -> None:
            connection.exec_driver_sql("UPDATE article SET title = 'another'")

        monkeypatch.setattr(type(to), "go_on_after", staticmethod(change))
        with pytest.raises(StorageError, match="article is not what was copied; nothing was kept"):
            copy(from_, to)
    monkeypatch.undo()
    assert sorted(path.name for path in tmp_path.glob("there*")) in ([], ["there.db-gate"])
    copied(source, target, tmp_path)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_store_that_somebody_works_with_is_not_copied(
    source: str, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    target = f"sqlite:///{tmp_path / 'there.db'}"
    if kind == "postgres":
        postgres_url = request.getfixturevalue("postgres_url")
        copied(source, postgres_url, tmp_path)
        source = postgres_url
    storage = open_storage(source, home=tmp_path)
    with (
        storage.hold_owner("somebody"),
        pytest.raises(StorageError, match="somebody works with it; stop what runs"),
    ):
        copied(source, target, tmp_path)
    storage.close()
    assert not (tmp_path / "there.db").exists()
    copied(source, target, tmp_path)


def test_what_is_sent_in_the_middle_of_a_copy_spoils_it(source: str, tmp_path: Path) -> None:
    target = tmp_path / "there.db"
    storage = open_storage(source, home=tmp_path)

    def send(done: int, of: int) -> None:
        if done == of:
            with storage.transaction() as tx:
                tx.outbox.reap(now=NOON, dead_owners=["gone"])
                claim(tx, "i")

    with (
        ends(source, f"sqlite:///{target}", home=tmp_path) as (from_, to),
        pytest.raises(StorageError, match="what is owed would be sent twice"),
    ):
        copy(from_, to, send)
    storage.close()
    assert not target.exists()


def test_an_older_database_is_to_be_migrated_first(source: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "monitor.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '0027'")
        database.commit()
    with pytest.raises(NotUpToDate, match="has schema 0027"):
        copied(source, f"sqlite:///{tmp_path / 'there.db'}", tmp_path)


def test_a_file_that_is_copied_stays_as_it_is(source: str, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    storage = open_storage(source, home=tmp_path)
    storage.backup(backup)
    storage.close()
    before = backup.read_bytes()
    copied(f"sqlite:///{backup}", f"sqlite:///{tmp_path / 'there.db'}", tmp_path)
    assert backup.read_bytes() == before
