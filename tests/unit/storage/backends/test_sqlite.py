"""SQLite: what its connections are set to, and what its failures are turned into."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from storage.admin.engine import SqlStorage, open_storage
from storage.api.errors import Damaged, StorageError, StoreLost
from storage.api.storage import Transaction
from storage.backends.file_checks import wal_bytes
from storage.backends.sqlite import SqliteBackend
from storage.backends.write_lock import WriteLock
from tests.builders import a_rule, a_source, an_article, given

WRITER = """
import sys
from storage.admin.engine import open_storage

storage = open_storage(sys.argv[1])
for _ in range(int(sys.argv[2])):
    with storage.transaction() as tx:
        tx.meta.set("count", str(int(tx.meta.get("count") or 0) + 1))
storage.close()
"""


@pytest.fixture
def path(migrated_sqlite_url: str, tmp_path: Path) -> Path:
    return tmp_path / "monitor.db"


@pytest.fixture
def storage(migrated_sqlite_url: str) -> Iterator[SqlStorage]:
    opened = open_storage(migrated_sqlite_url)
    yield opened
    opened.close()


def raw(tx: Transaction, statement: str) -> Any:
    """Run a statement on the transaction's connection; return its first value."""
    result = tx._connection.exec_driver_sql(statement)  # type: ignore[attr-defined]
    return result.scalar() if result.returns_rows else None


def test_every_connection_is_set_up(storage: SqlStorage) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "mmap_size": 0,
        "wal_autocheckpoint": 0,
        "busy_timeout": 30_000,
    }
    for open_transaction, read_only in ((storage.transaction, 0), (storage.reading, 1)):
        with open_transaction() as tx:
            pragmas = {name: raw(tx, f"PRAGMA {name}") for name in wanted}
            assert raw(tx, "PRAGMA query_only") == read_only
            assert raw(tx, "PRAGMA cache_size") == (-512 if read_only else -2000)
        assert pragmas == wanted


def test_threads_that_read_and_then_write_lose_no_update(storage: SqlStorage) -> None:
    def count(_: int) -> None:
        for _ in range(50):
            with storage.transaction() as tx:
                tx.meta.set("count", str(int(tx.meta.get("count") or 0) + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(4)))
    with storage.reading() as tx:
        assert tx.meta.get("count") == "200"


def test_processes_that_write_at_once_lose_no_update(
    storage: SqlStorage, migrated_sqlite_url: str
) -> None:
    command = [sys.executable, "-c", WRITER, migrated_sqlite_url, "40"]
    writers = [subprocess.Popen(command) for _ in range(2)]
    for _ in range(40):
        with storage.transaction() as tx:
            tx.meta.set("count", str(int(tx.meta.get("count") or 0) + 1))
        storage.tidy()
    assert [writer.wait(60) for writer in writers] == [0, 0]
    with storage.reading() as tx:
        assert tx.meta.get("count") == "120"
    assert storage.problems() == []


@pytest.mark.parametrize("has_shared_memory", [True, False])
def test_where_the_disk_is_full_a_store_is_read_and_not_written(
    path: Path, migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch, has_shared_memory: bool
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    look = SqliteBackend._look_at_file

    def without_room(backend: SqliteBackend) -> None:
        if not (has_shared_memory or backend._is_still):
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
            raise error
        look(backend)

    monkeypatch.setattr(SqliteBackend, "_look_at_file", without_room)
    with closing(open_storage(migrated_sqlite_url, is_brief=True)) as storage:
        for _ in range(2):
            with storage.reading() as tx, storage.reading():
                assert tx.sources.all() == []
        with pytest.raises(StorageError, match="only 0 MiB free"), storage.transaction():
            pass
        if not has_shared_memory:  # then nobody may write meanwhile
            monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=99 << 20))
            with pytest.raises(StorageError, match="opened to be read"), storage.transaction():
                pass
            lock = WriteLock(path.with_name("monitor.db-gate"), limit_s=0.01)
            with pytest.raises(StorageError, match="another writer"), lock.held():
                pass
            lock.close()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    if not has_shared_memory:
        with pytest.raises(StorageError, match="only 0 MiB free"):
            open_storage(migrated_sqlite_url)  # it stays: it may keep nobody waiting
    with pytest.raises(StorageError, match="only 0 MiB free"):
        open_storage(f"sqlite:///{path.with_name('new.db')}")


def test_a_transaction_inside_a_transaction_is_told_so(storage: SqlStorage) -> None:
    with (
        storage.transaction(),
        pytest.raises(RuntimeError, match="already open"),
        storage.transaction(),
    ):
        pass


LONG = Random(5).randbytes(50_000).hex()
"""A text that is long however it is packed."""


def test_a_full_disk_keeps_nothing_and_is_told(storage: SqlStorage, path: Path) -> None:
    with storage.transaction() as tx:
        pages = raw(tx, "PRAGMA page_count")
        raw(tx, f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(StorageError, match="disk is full") as raised:
        given(storage, an_article(text=LONG))
    assert not raised.value.retry
    assert str(path) in str(raised.value)
    with storage.transaction() as tx:
        assert tx.sources.all() == []
        raw(tx, "PRAGMA max_page_count=1000000")
    given(storage, an_article(text=LONG))  # goes on by itself once there is room
    assert storage.problems() == []


def test_files_that_may_grow_no_more_keep_nothing_and_are_told(
    storage: SqlStorage, path: Path
) -> None:
    """As under `ulimit -f`, or a quota; the log is what grows first."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, usual[1]))
    try:
        with pytest.raises(StorageError, match="the disk failed or is full") as raised:
            given(storage, an_article(text=LONG * 5))
        with storage.reading() as tx:
            assert tx.articles.recent() == []
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert str(path) in str(raised.value)
    given(storage, an_article(text=LONG * 5))
    assert storage.problems() == []


def test_another_program_that_holds_the_file_is_waited_for_and_told(
    storage: SqlStorage, path: Path
) -> None:
    with storage.transaction() as tx:
        raw(tx, "PRAGMA busy_timeout=1")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="another program") as raised:
            given(storage, an_article())
    assert raised.value.retry
    given(storage, an_article())


def test_no_other_program_writes_between_our_reading_and_our_writing(
    storage: SqlStorage, path: Path
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as other:
        with storage.transaction() as tx:
            assert tx.meta.get("count") is None
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("INSERT INTO meta VALUES ('count', '1')")
            tx.meta.set("count", "2")
        other.execute("UPDATE meta SET value = '3' WHERE key = 'count' AND value = '2'")
    with storage.reading() as tx:
        assert tx.meta.get("count") == "3"


def test_a_damaged_file_is_told_and_nothing_is_repaired(
    storage: SqlStorage, path: Path, migrated_sqlite_url: str
) -> None:
    given(storage, *(an_article(f"N {number}", text=LONG[:6000]) for number in range(160)))
    storage.close()
    with path.open("rb+") as file:
        pages = path.stat().st_size // 4096
        for page in range(pages // 2, pages):
            file.seek(page * 4096)
            file.write(os.urandom(4096))
    opened = open_storage(migrated_sqlite_url)
    opened.check()
    with pytest.raises(Damaged, match="damaged") as raised, opened.reading() as tx:
        tx.articles.recent(limit=None)
    assert not raised.value.retry
    assert str(path) in str(raised.value)
    with pytest.raises(Damaged, match="damaged"):
        opened.check()  # by which a daemon knows that it must end
    opened.close()


def test_tables_that_are_gone_are_damage_and_no_words_of_sql(
    storage: SqlStorage, path: Path, migrated_sqlite_url: str
) -> None:
    storage.close()
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("DROP TABLE rule")
    opened = open_storage(migrated_sqlite_url)
    lost = pytest.raises(StorageError, match=r"damaged \(no such table: rule\); stop, and restore")
    with lost as raised, opened.reading() as tx:
        tx.rules.all()
    assert not raised.value.retry
    opened.close()
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("DELETE FROM alembic_version")
    with pytest.raises(StorageError, match=r"the number of its schema is gone.* restore a backup"):
        open_storage(migrated_sqlite_url)


def test_damage_that_no_read_meets_is_a_problem(storage: SqlStorage, path: Path) -> None:
    given(storage, an_article(), a_rule())
    storage.tidy()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA foreign_keys=OFF")
        other.execute("DELETE FROM source")
        other.execute("DROP INDEX article_seen")
        other.execute("PRAGMA writable_schema=ON")
        other.execute(
            "UPDATE sqlite_master SET sql = 'CREATE INDEX article_source ON article (title)' "
            "WHERE name = 'article_source'"
        )
        other.commit()
    opened = open_storage(f"sqlite:///{path}")
    problems = "\n".join(opened.problems())
    assert "points at a source that is not there" in problems
    assert "damaged: row 1 missing from index article_source" in problems
    opened.close()


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "monitor.db").write_bytes(b"My diary\n" * 1000)
    with pytest.raises(StorageError, match="not a database of ours") as raised:
        open_storage(f"sqlite:///{tmp_path / 'monitor.db'}")
    assert not raised.value.retry


def test_a_first_page_that_is_damaged_is_told_as_damage(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    opened = open_storage(f"sqlite:///{path}")
    with opened.transaction() as tx:
        tx.meta.set("one", "commit")
    opened.close()
    with path.open("rb+") as file:
        file.write(os.urandom(100))
    with pytest.raises(Damaged, match="damaged; stop, and restore a backup"):
        open_storage(f"sqlite:///{path}")


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "monitor.db").mkdir()
    with pytest.raises(StorageError, match="is a folder; name a file"):
        open_storage(f"sqlite:///{tmp_path / 'monitor.db'}")


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite://host/x"]
)
def test_a_url_that_names_no_file_is_refused(url: str) -> None:
    with pytest.raises(StorageError, match="names no file"):
        open_storage(url)


def test_a_relative_file_is_taken_from_where_we_are(
    migrated_sqlite_url: str, path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    relative = open_storage("sqlite:///monitor.db")
    monkeypatch.chdir("/")
    given(relative, a_source())
    relative.close()
    opened = open_storage(migrated_sqlite_url)
    with opened.reading() as tx:
        assert tx.sources.all() == [a_source()]
    opened.close()


def test_a_file_that_was_moved_or_replaced_takes_no_more_writes(
    storage: SqlStorage, path: Path
) -> None:
    path.rename(path.with_name("elsewhere.db"))
    for use in (storage.transaction, storage.reading):
        with pytest.raises(StorageError, match="moved away"), use():
            pass
    with pytest.raises(StorageError, match="moved away"):
        storage.tidy()
    shutil.copyfile(path.with_name("elsewhere.db"), path)
    with pytest.raises(StorageError, match="another file") as raised:
        given(storage, a_source())
    assert not raised.value.retry


def test_a_store_does_not_survive_a_fork(storage: SqlStorage) -> None:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover  in the child
        answer = b"usable"
        try:
            with storage.reading():
                pass
        except StorageError as error:
            answer = str(error).encode()
        storage.close()
        os.write(write, answer)
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    with open(read, "rb") as file:
        assert b"after a fork" in file.read()
    given(storage, a_source())


def test_the_log_is_written_back_without_waiting_for_readers(
    storage: SqlStorage, path: Path
) -> None:
    given(storage, an_article(text=LONG))
    assert wal_bytes(path) > 100_000
    with storage.reading() as tx:
        assert tx.articles.count() == 1
        given(storage, an_article("Another"))
        storage.tidy()
        assert tx.articles.count() == 1
        assert wal_bytes(path) > 0
    storage.tidy()
    assert wal_bytes(path) == 0


def test_a_daemon_keeps_the_log_short(migrated_sqlite_url: str, path: Path) -> None:
    backend = SqliteBackend(path, home=None, checkpoints=True)
    backend._wal_limit = 200_000
    storage = SqlStorage(backend)
    for number in range(20):
        given(storage, an_article(f"N {number}", text=LONG))
    assert wal_bytes(path) < 500_000
    assert path.stat().st_size > 900_000
    storage.close()


def test_a_backup_is_whole_while_others_write(storage: SqlStorage, tmp_path: Path) -> None:
    given(storage, an_article())
    target = tmp_path / "copy.db"
    with storage.transaction() as tx:
        tx.meta.set("uncommitted", "x")
        storage.backup(target)
    copy = open_storage(f"sqlite:///{target}")
    with copy.reading() as tx:
        assert tx.articles.recent() == [an_article()]
        assert tx.meta.get("uncommitted") is None
    assert copy.problems() == []
    copy.close()


def test_a_backup_replaces_no_file(storage: SqlStorage, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine")
    with pytest.raises(StorageError, match="exists already"):
        storage.backup(target)
    assert target.read_text() == "mine"
    with pytest.raises(StorageError, match=r"nowhere.*cannot be written"):
        storage.backup(tmp_path / "nowhere" / "copy.db")


def test_errors_show_no_text_of_articles(storage: SqlStorage) -> None:
    with pytest.raises(ValueError, match="refuses") as raised, storage.transaction() as tx:
        tx.articles.add(
            [(an_article("A secret title", source_id="nowhere"), ())],
            now=an_article().first_seen_at,
        )
    assert "A secret title" not in "".join(traceback.format_exception(raised.value))


PLANS = {
    "delivery_due": "SELECT id FROM delivery WHERE delivery.state = 'pending' AND channel_id = 'x' "
    "AND next_at <= '2026' ORDER BY next_at, created_at, id LIMIT 64",
    "source_due": "SELECT id FROM source WHERE source.state = 'active' AND next_poll_at <= '2026'",
    "COVERING INDEX article_seen": "SELECT id FROM article WHERE url_hash = 'x'",
    "article_seen": "SELECT id FROM article WHERE first_seen_at <= '2026' "
    "ORDER BY first_seen_at DESC, id DESC LIMIT 9",
    "delivery_state (": "SELECT id FROM delivery WHERE delivery.state = 'leased' "
    "AND (lease_until <= '2026' OR lease_owner IN ('a'))",
    "delivery_state": "SELECT state, count(*) FROM delivery GROUP BY state",
}


@pytest.mark.parametrize(("index", "query"), PLANS.items(), ids=PLANS)
def test_hot_questions_use_their_index(storage: SqlStorage, index: str, query: str) -> None:
    with storage.reading() as tx:
        rows = tx._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all()  # type: ignore[attr-defined]
    said = " ".join(row[3] for row in rows)
    assert index in said
    assert "TEMP B-TREE" not in said  # which is how SQLite sorts


def test_an_open_of_a_known_store_imports_neither_alembic_nor_another_driver(
    migrated_sqlite_url: str,
) -> None:
    program = (
        "import sys; from storage.admin.engine import open_storage; "
        "open_storage(sys.argv[1]).close(); "
        "print(sorted({'alembic', 'psycopg', 'mako'} & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, migrated_sqlite_url], capture_output=True, text=True
    )
    assert ended.stdout == "[]\n"


def test_a_log_removed_while_nobody_had_the_file_open_is_told_by_its_commits(
    migrated_sqlite_url: str, path: Path, tmp_path: Path
) -> None:
    storage = open_storage(migrated_sqlite_url)
    given(storage, a_source())
    alone = tmp_path / "alone" / path.name
    alone.parent.mkdir()
    for name in (path.name, f"{path.name}-commits"):  # as a kill and a removed log leave them
        shutil.copyfile(path.with_name(name), alone.with_name(name))
    storage.close()
    with pytest.raises(StorageError, match=r"\d+ commits? (is|are) missing"):
        open_storage(f"sqlite:///{alone}")
    alone.with_name(f"{path.name}-commits").unlink()
    open_storage(f"sqlite:///{alone}").close()


@pytest.mark.parametrize("loss", ["gone", "empty file"])
def test_a_lost_file_is_not_started_anew(migrated_sqlite_url: str, path: Path, loss: str) -> None:
    storage = open_storage(migrated_sqlite_url)
    given(storage, a_source())
    storage.close()
    path.unlink()
    if loss == "empty file":
        path.touch()
    with pytest.raises(StorageError, match=f"{loss}.*put it back, or remove"):
        open_storage(migrated_sqlite_url)
    assert path.exists() == (loss == "empty file")
    path.with_name(f"{path.name}-commits").unlink()
    open_storage(migrated_sqlite_url).close()


def test_a_log_removed_under_an_open_store_is_noticed_and_nothing_is_lost(
    migrated_sqlite_url: str, path: Path
) -> None:
    storage = open_storage(migrated_sqlite_url)
    given(storage, a_source())
    path.with_name(f"{path.name}-wal").unlink()
    with pytest.raises(StoreLost, match="log of the open database was moved away"):
        storage.check()
    with pytest.raises(StoreLost, match="moved away"):
        given(storage, a_source(id="other"))
    storage.close()
    again = open_storage(migrated_sqlite_url)
    with again.reading() as tx:
        assert tx.sources.all() == [a_source()]
    again.close()


def test_the_mark_tells_of_a_write_once_it_can_be_read_whatever_the_files_times_say(
    storage: SqlStorage, path: Path
) -> None:
    log = path.with_name(path.name + "-wal")
    given(storage, a_source("First"))
    before, status = storage.mark(), log.stat()
    assert storage.mark() == before
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE source SET name = 'Second'")
        assert storage.mark() == before
        other.execute("COMMIT")
    # Files are written before a commit can be seen: who looked in between knows their times.
    os.utime(log, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert storage.mark() != before
    before = storage.mark()
    with storage.transaction() as tx:
        tx.meta.set("key", "value")
    assert storage.mark() != before


def test_a_transaction_that_changes_nothing_writes_nothing(storage: SqlStorage, path: Path) -> None:
    given(storage, a_source())
    mark = path.with_name(f"{path.name}-commits")
    before = mark.read_bytes()
    with storage.transaction() as tx:
        assert tx.sources.all() == [a_source()]
    assert mark.read_bytes() == before
