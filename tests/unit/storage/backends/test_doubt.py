"""A disk that did not keep what was written is not asked again by the same process."""

import os
import sqlite3
from pathlib import Path

import pytest

from storage.admin.engine import open_storage
from storage.api.errors import Damaged, StoreLost


def let_it_fail(path: Path) -> None:
    """Open a store, store something, and have its disk fail to keep something."""
    opened = open_storage(f"sqlite:///{path}")
    with opened.transaction() as tx:
        tx.meta.set("one", "kept")
    failed = sqlite3.OperationalError("disk I/O error")
    failed.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    failed.sqlite_errorname = "SQLITE_IOERR_FSYNC"
    with (
        pytest.raises(StoreLost, match="the disk failed to keep what was written"),
        opened.transaction(),
    ):
        raise failed
    with pytest.raises(StoreLost, match="the disk failed to keep what was written"):
        opened.check()
    opened.close()


def test_a_start_after_it_reads_all_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    let_it_fail(path)
    assert (tmp_path / "monitor.db-doubt").exists()
    opened = open_storage(f"sqlite:///{path}")
    with opened.reading() as tx:
        assert tx.meta.get("one") == "kept"
    opened.check()
    opened.close()
    assert not (tmp_path / "monitor.db-doubt").exists()


def test_a_start_after_it_tells_what_was_lost(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    let_it_fail(path)
    with path.open("rb+") as file:
        file.seek(path.stat().st_size // 2)
        file.write(os.urandom(16 * 1024))
    for _ in range(2):
        with pytest.raises(Damaged, match=r"damaged .* as its disk failed; restore a backup"):
            open_storage(f"sqlite:///{path}")
