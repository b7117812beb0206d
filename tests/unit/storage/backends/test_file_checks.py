"""Where a SQLite file may lie."""

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage.api.errors import StorageError, StoreLost
from storage.backends.file_checks import (
    MIB,
    OpenedFile,
    check_before_opening,
    check_it_takes_writes,
    filesystem_type,
    wal_bytes,
    wal_of,
)
from storage.backends.sqlite import SqliteBackend

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / {root}/share rw - nfs4 server:/x rw,vers=4.2
31 30 8:2 / {root}/share/local rw - xfs /dev/sdb1 rw
32 22 0:41 / {root}/with\\040space rw master:1 - cifs //server/x rw
33 22 0:42 / {root}/over rw - ext4 /dev/sdc1 rw
34 33 0:43 / {root}/over rw - fuse.sshfs me@host: rw
not a line of the kernel's
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    for name in ("share/local", "share/deep/er", "with space", "over", "shared"):
        (tmp_path / name).mkdir(parents=True)
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS.format(root=tmp_path))
    return path


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        (".", "ext4"),
        ("share", "nfs4"),
        ("share/deep/er", "nfs4"),
        ("share/local", "xfs"),
        ("with space", "cifs"),
        ("over", "fuse.sshfs"),
        ("shared", "ext4"),
    ],
)
def test_the_type_is_that_of_the_innermost_and_latest_mount(
    mounts: Path, tmp_path: Path, folder: str, kind: str
) -> None:
    assert filesystem_type(tmp_path / folder, mounts) == kind


def test_a_link_to_a_network_file_system_is_seen_through(mounts: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "share")
    assert filesystem_type(tmp_path / "link", mounts) == "nfs4"


def test_where_nothing_tells_the_type_is_unknown(tmp_path: Path) -> None:
    assert filesystem_type(tmp_path, tmp_path / "nothing") is None


@pytest.mark.parametrize(("folder", "kind"), [("share", "nfs4"), ("over", "fuse.sshfs")])
def test_a_network_file_system_is_refused(
    mounts: Path, tmp_path: Path, folder: str, kind: str
) -> None:
    path = tmp_path / folder / "monitor.db"
    with pytest.raises(StorageError, match=kind) as raised:
        check_before_opening(path, mounts=mounts)
    assert str(path) in str(raised.value)
    assert not raised.value.retry


def test_a_nearly_full_disk_is_refused_before_sqlite_maps_anything(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    check_before_opening(path, free=lambda _: 64 * MIB)
    with pytest.raises(StorageError, match="only 63 MiB free") as raised:
        check_before_opening(path, free=lambda _: 64 * MIB - 1)
    assert not raised.value.retry


def test_a_long_log_needs_more_room(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    assert wal_bytes(path) == 0
    with wal_of(path).open("wb") as file:
        file.truncate(50 * MIB)  # sparse: takes no room itself
    assert wal_bytes(path) == 50 * MIB
    with pytest.raises(StorageError, match="100 MiB are needed"):
        check_before_opening(path, free=lambda _: 99 * MIB)
    check_before_opening(path, free=lambda _: 100 * MIB)


def a_disk(*, free: int, for_root: int = 0, flags: int = 0) -> os.statvfs_result:
    blocks = (1, 1, 10_000_000, free + for_root, free)
    return os.statvfs_result((*blocks, 1_000, 1_000, 1_000, flags, 255))


def test_a_disk_that_becomes_full_or_read_only_is_noticed_before_a_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(disk: os.statvfs_result) -> None:
        check_it_takes_writes(tmp_path / "monitor.db", status=lambda _: disk)

    check(a_disk(free=MIB))
    with pytest.raises(StorageError, match=r"the disk is full \(1023 KiB are free\)"):
        check(a_disk(free=MIB - 1))
    with pytest.raises(StorageError, match="mounted read-only"):
        check(a_disk(free=MIB, flags=os.ST_RDONLY))
    kept_back = a_disk(free=0, for_root=MIB)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    check(kept_back)
    monkeypatch.setattr(os, "geteuid", lambda: 1_000)
    with pytest.raises(StorageError, match="full"):
        check(kept_back)


def test_a_store_says_so_when_it_is_asked_whether_it_is_still_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(SqliteBackend(tmp_path / "monitor.db", home=None, checkpoints=True)) as backend:
        with backend.to_write():
            pass
        backend.check_place()
        monkeypatch.setattr(os, "statvfs", lambda _: a_disk(free=0))
        with pytest.raises(StorageError, match="full"):
            backend.check_place()


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="does not exist"):
        check_before_opening(tmp_path / "nowhere" / "monitor.db")


@pytest.mark.parametrize(
    ("make", "said"), [(Path.mkdir, "is a folder"), (os.mkfifo, "is no plain file")]
)
def test_what_is_no_file_is_named(make: Callable[[Path], None], said: str, tmp_path: Path) -> None:
    make(tmp_path / "monitor.db")
    with pytest.raises(StorageError, match=f"monitor.db: {said}; name a file for the database"):
        check_before_opening(tmp_path / "monitor.db")


def test_a_file_that_was_moved_or_replaced_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    path.write_text("one")
    opened = OpenedFile(path)
    opened.check()
    opened.remember()
    opened.check()
    path.rename(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="moved away"):
        opened.check()
    path.write_text("two")
    with pytest.raises(StorageError, match="another file") as raised:
        opened.check()
    assert not raised.value.retry
    (tmp_path / "elsewhere").rename(path)
    opened.check()


def test_a_file_that_was_emptied_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    path.write_text("one")
    opened = OpenedFile(path)
    opened.remember()
    path.write_bytes(b"")
    with pytest.raises(StoreLost, match="emptied"):
        opened.check()


def test_a_log_that_was_removed_or_replaced_is_noticed(tmp_path: Path) -> None:
    path, log = tmp_path / "monitor.db", tmp_path / "monitor.db-wal"
    path.write_text("one")
    log.write_text("two")
    opened = OpenedFile(path)
    opened.remember()
    log.unlink()
    with pytest.raises(StoreLost, match="the log of the open database was moved away"):
        opened.check()
    (tmp_path / "other").write_text("three")  # so that the new log is another file to the kernel
    log.write_text("four")
    with pytest.raises(StoreLost, match="another file lies where the log"):
        opened.check()
