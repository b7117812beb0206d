"""Who is alive: never wrong about the living, at once right about the killed."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from storage.admin.engine import SqlStorage, open_storage
from storage.backends.liveness import STALE_S, LivenessLocks
from storage.backends.postgres import PostgresBackend

LIVE = """
import sys
from pathlib import Path
from storage.admin.engine import open_storage

storage = open_storage(sys.argv[1], home=Path(sys.argv[2]))
with storage.hold_owner(sys.argv[3]):
    print("alive", flush=True)
    sys.stdin.readline()
storage.close()
print("ended", flush=True)
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStorage]:
    url = request.getfixturevalue(f"migrated_{request.param}_url")
    if request.param == "sqlite":
        opened = open_storage(url, home=tmp_path)
    else:
        # The tests' server may have started a moment ago.
        opened = SqlStorage(PostgresBackend(make_url(url), settled="0 seconds"))
    opened.url = url  # type: ignore[attr-defined]  # for the other process
    yield opened
    opened.close()


def live_elsewhere(storage: SqlStorage, home: Path, owner: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", LIVE, storage.url, str(home), owner],  # type: ignore[attr-defined]
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "alive\n"
    return process


def seen_dead(storage: SqlStorage, owner: str) -> bool:
    """Whether the owner is seen dead soon: a server needs a moment to notice."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if storage.dead_owners([owner]) == [owner]:
            return True
        time.sleep(0.02)
    return False


def test_a_killed_process_is_proved_dead_and_a_living_one_never(
    storage: SqlStorage, tmp_path: Path
) -> None:
    process = live_elsewhere(storage, tmp_path, "host-1")
    with storage.hold_owner("host-2"):
        assert storage.dead_owners(["host-1", "host-2"]) == []
        process.kill()
        process.communicate()
        assert seen_dead(storage, "host-1")
        assert storage.dead_owners(["host-1", "host-2"]) == ["host-1"]
        assert storage.dead_owners(["host-2"]) == []
    assert storage.dead_owners([]) == []


def test_an_owner_that_comes_back_is_alive_again(storage: SqlStorage, tmp_path: Path) -> None:
    process = live_elsewhere(storage, tmp_path, "host-1")
    process.kill()
    process.communicate()
    assert seen_dead(storage, "host-1")
    with storage.hold_owner("host-1"):
        assert storage.dead_owners(["host-1"]) == []


def test_without_a_lock_file_nobody_is_proved_dead(tmp_path: Path) -> None:
    owners = LivenessLocks(tmp_path / "run")
    assert owners.dead(["of another host"]) == []
    with owners.hold("me"):
        assert owners.dead(["of another host", "me"]) == []


def test_who_ends_in_order_leaves_no_file(tmp_path: Path) -> None:
    owners = LivenessLocks(tmp_path / "run")
    with owners.hold("me"):
        assert [path.name for path in (tmp_path / "run").iterdir()] == ["me.lock"]
    assert list((tmp_path / "run").iterdir()) == []
    assert owners.dead(["me"]) == []


@pytest.mark.parametrize("owner", ["a/b", "..", ".", "å ö", "x" * 300, "a\nb", "-rf", "\ud800"])
def test_any_name_makes_a_file_in_the_folder(tmp_path: Path, owner: str) -> None:
    owners = LivenessLocks(tmp_path / "run")
    with owners.hold(owner):
        (file,) = (tmp_path / "run").iterdir()
        assert file.name.endswith(".lock")
        assert owners.dead([owner]) == []


def test_locks_of_the_long_dead_are_cleared_away(tmp_path: Path) -> None:
    owners = LivenessLocks(tmp_path / "run")
    with owners.hold("living"):
        for name in ("long dead", "just dead"):
            (tmp_path / "run" / f"{name}.lock").touch()
        long_ago = time.time() - STALE_S - 60
        os.utime(tmp_path / "run" / "long dead.lock", (long_ago, long_ago))
        os.utime(tmp_path / "run" / "living.lock", (long_ago, long_ago))
        with owners.hold("another"):
            names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names == {"living.lock", "just dead.lock", "another.lock"}


@pytest.mark.postgres
def test_a_living_owner_whose_connection_was_cut_takes_its_lock_again(
    migrated_postgres_url: str,
) -> None:
    storage = SqlStorage(PostgresBackend(make_url(migrated_postgres_url), settled="0 seconds"))
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    locks = f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND {here}"
    with (
        psycopg.connect(migrated_postgres_url, autocommit=True) as admin,
        storage.hold_owner("me"),
    ):
        ((old,),) = admin.execute(locks).fetchall()
        admin.execute("SELECT pg_terminate_backend(%s)", (old,))
        deadline = time.monotonic() + 60
        while (now := admin.execute(locks).fetchall()) in ([], [(old,)]):
            assert time.monotonic() < deadline
        assert len(now) == 1
        assert storage.dead_owners(["me"]) == []
    storage.close()


@pytest.mark.postgres
def test_right_after_a_start_of_the_server_nobody_is_called_dead(
    migrated_postgres_url: str,
) -> None:
    storage = SqlStorage(PostgresBackend(make_url(migrated_postgres_url), settled="100 years"))
    assert storage.dead_owners(["nobody"]) == []
    storage.close()


def test_who_ends_by_an_error_is_proved_dead_and_may_come_back(tmp_path: Path) -> None:
    opened = open_storage(f"sqlite:///{tmp_path / 'monitor.db'}")

    def end_by_an_error() -> None:
        with opened.hold_owner("me"):
            assert opened.dead_owners(["me"]) == []
            raise RuntimeError

    with pytest.raises(RuntimeError):
        end_by_an_error()
    assert opened.dead_owners(["me"]) == ["me"]
    with opened.hold_owner("me"):
        assert opened.dead_owners(["me"]) == []
    assert opened.dead_owners(["me"]) == []
    opened.close()
