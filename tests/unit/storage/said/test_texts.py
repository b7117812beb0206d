"""What a round asks without SQLAlchemy is what SQLAlchemy would have asked."""

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.admin.engine import SqlStorage, open_storage
from storage.admin.writing import written
from storage.backends.sqlite_pool import Alchemy, SqliteConnection, SqlitePool
from storage.said.sources import SaidSources
from storage.said.texts import FILE, ask, texts
from tests.builders import a_source, given
from tests.places import ROOT

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)

RUN = """
import sys
from monitor.cli import main

def leave(code):
    loaded = sorted(name for name in sys.modules if name in ("sqlalchemy", "asyncio", "lxml"))
    print("code", code, "loaded", loaded, flush=True)
    raise SystemExit(code)

main._leave = leave
sys.argv = ["monitor", "run", "--once", "--no-starter"]
main.main()
"""


def test_the_texts_are_those_that_sqlalchemy_writes() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "run python -m storage.admin.writing"


def test_a_round_in_which_nothing_is_new_loads_no_sqlalchemy(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "one.txt").write_text("Ministers sign the treaty\n\nThey met in Hanoi.\n")
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "MONITOR_HOME": str(tmp_path / "home"),
        "MONITOR_SEEDS": str(seeds),
        "MONITOR_DICTIONARIES": "none",
    }
    first, again = (
        subprocess.run(
            [sys.executable, "-c", RUN], env=environ, capture_output=True, text=True, check=False
        )
        for _ in range(2)
    )
    assert "'sqlalchemy'" in first.stdout, first
    assert again.stdout == "code 0 loaded []\n", again


def test_texts_and_statements_return_the_same_sources(tmp_path: Path) -> None:
    storage = open_storage(f"sqlite:///{tmp_path}/monitor.db")
    given(storage, a_source("one", tags=("a", "b")), a_source("two", validators={"etag": "x"}))
    with storage.reading() as tx:
        assert isinstance(tx.sources, SaidSources)
        for source in tx.sources.all():
            assert tx.sources.get(source.id) == source == tx.sources.whole.get(source.id)
    storage.close()


def test_a_list_of_any_length_may_be_asked_for() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE source (id, state, next_poll_at, lease_until, kind)")
    connection.execute("INSERT INTO source VALUES ('a', 'active', NULL, NULL, 'feed')")
    for kinds, count in (([], 1), (["page"], 1), (["page", "feed"], 0)):
        found = ask(connection, texts()["sources.next_due_without"], {"now": NOW, "without": kinds})
        assert len(list(found)) == count
    connection.close()


@pytest.mark.parametrize("bad", ["a\0b", "\ud800"])
def test_a_text_that_cannot_be_kept_is_refused_before_it_is_sent(tmp_path: Path, bad: str) -> None:
    storage = open_storage(f"sqlite:///{tmp_path}/monitor.db")
    with pytest.raises(ValueError, match="cannot be stored"), storage.transaction() as tx:
        tx.meta.set("a", bad)
    with storage.reading() as tx:
        assert tx.meta.get("a") is None
    storage.close()


def test_what_is_asked_either_way_is_one_transaction(tmp_path: Path) -> None:
    storage = open_storage(f"sqlite:///{tmp_path}/monitor.db")

    def both(value: str) -> None:
        with storage.transaction() as tx:
            tx.meta.set("said", value)
            tx.sources.add(a_source(value))  # by SQLAlchemy
            tx.meta.set("said", value + value)
            assert tx.meta.get("said") == value + value
            if value == "bad":
                raise KeyError

    both("good")
    with pytest.raises(KeyError):
        both("bad")
    with storage.reading() as tx:
        assert tx.meta.get("said") == "goodgood"
        assert [source.name for source in tx.sources.all()] == ["good"]
    storage.close()


def test_an_instant_is_asked_for_as_it_is_kept(tmp_path: Path) -> None:
    storage: SqlStorage = open_storage(f"sqlite:///{tmp_path}/monitor.db")
    given(storage, a_source("later", next_poll_at=NOW + timedelta(microseconds=1)))
    with storage.reading() as tx:
        assert tx.sources.next_due(now=NOW) == NOW + timedelta(microseconds=1)
    with storage.transaction() as tx:
        claim = {"limit": 1, "lease": timedelta(minutes=1), "owner": "me"}
        assert tx.sources.claim_due(now=NOW, **claim) == []
        claimed = tx.sources.claim_due(now=NOW + timedelta(seconds=1), **claim)
        assert [source.name for source in claimed] == ["later"]
    storage.close()


def test_a_pool_lends_no_more_than_it_may_and_keeps_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.backends.sqlite_pool.PATIENCE_S", 0.01)
    opened: list[SqliteConnection] = []

    def open_one() -> SqliteConnection:
        driver = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        opened.append(SqliteConnection(driver, Alchemy()))
        return opened[-1]

    pool = SqlitePool(open_one, kept=1, most=2)
    with pool.connect() as first, pool.connect() as second:
        with pytest.raises(Exception, match="too many transactions"), pool.connect():
            pass
        assert [first, second] == opened
    with pool.connect() as again:
        assert again.value("SELECT 1") == 1
    assert len(opened) == 2
    pool.dispose()
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.value("SELECT 1")
