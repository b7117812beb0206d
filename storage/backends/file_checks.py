"""Where a SQLite file lies: is there room, is WAL safe there, is it still the same file."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from storage.api.errors import StorageError, StoreLost

MIB = 1024 * 1024
ROOM = 64 * MIB
"""At least so much must be free to write; twice the write-ahead log if that is more."""

LEAST_ROOM = MIB
"""With less, what is to be stored next has no room."""

NETWORK = frozenset(
    ["9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2", "glusterfs", "gpfs", "lustre"]
    + ["ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "smb3", "smbfs"]
    + [f"fuse.{kind}" for kind in ("ceph", "davfs", "glusterfs", "rclone", "s3fs", "sshfs")]
)
"""Types of file system on which the shared memory of WAL does not work between hosts."""


def wal_of(path: Path) -> Path:
    """Return the write-ahead log of a database file."""
    return path.with_name(path.name + "-wal")


def wal_bytes(path: Path) -> int:
    """Return the size of the write-ahead log, 0 when there is none."""
    try:
        return wal_of(path).stat().st_size
    except FileNotFoundError:
        return 0


def damage_in(checked: str) -> list[str]:
    """Return what SQLite's own check of a file found, a clause each; nothing when it is whole.

    Args:
        checked: A row that `PRAGMA integrity_check` answered.
    """
    # In front of what is wrong with pages stands a line that only names the database.
    found = [line for line in checked.splitlines() if line and not line.startswith("***")]
    return [] if checked == "ok" else found or [checked]


def check_before_opening(
    path: Path,
    *,
    free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    mounts: Path = Path("/proc/self/mountinfo"),
) -> None:
    """Refuse to open a database to write where that could harm it; as the two checks below."""
    check_file(path, mounts=mounts)
    check_room(path, free=free)


def check_file(path: Path, *, mounts: Path = Path("/proc/self/mountinfo")) -> None:
    """Refuse to open a database where that could harm it.

    Args:
        path: The database file, absolute; it need not exist.
        mounts: The kernel's list of what is mounted where.

    Raises:
        StorageError: A network file system, no such folder, or no plain file.
    """
    folder = path.parent
    if not folder.is_dir():
        raise StorageError(f"{path}: the folder {folder} does not exist; make it", retry=False)
    if path.exists() and not path.is_file():
        what = "a folder" if path.is_dir() else "no plain file"
        raise StorageError(f"{path}: is {what}; name a file for the database", retry=False)
    kind = filesystem_type(folder, mounts)
    if kind in NETWORK:
        raise StorageError(
            f"{path}: lies on a network file system ({kind}), where SQLite can lose data; "
            "put it on a local disk, or use PostgreSQL",
            retry=False,
        )


def check_room(
    path: Path, *, free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free
) -> None:
    """Refuse to write to a database whose disk is nearly full.

    SQLite maps a file beside the database into memory; where that has to grow and cannot, some
    kernels answer with SIGBUS, which nothing can catch.

    Args:
        free: Returns the free bytes of the file system of a folder.

    Raises:
        StorageError: Not enough room.
    """
    folder = path.parent
    needed = max(ROOM, 2 * wal_bytes(path))
    available = free(folder)
    if available < needed:
        raise StorageError(
            f"{path}: only {available // MIB} MiB free in {folder}, and {needed // MIB} MiB are "
            "needed to write to the database safely; free some space",
            retry=False,
        )


def check_it_takes_writes(
    path: Path,
    *,
    status: Callable[[Path], os.statvfs_result] = lambda folder: os.statvfs(folder),
) -> None:
    """Tell when the disk of an open database takes nothing more, before a write finds out.

    Args:
        status: Returns how a file system is.

    Raises:
        StorageError: It is full, or mounted read-only by now.
    """
    disk = status(path.parent)
    if disk.f_flag & os.ST_RDONLY:
        text = f"{path}: its disk is mounted read-only; mount it for writing"
        raise StorageError(text, retry=False)
    # What is kept back for root is there for root alone.
    blocks = disk.f_bavail if os.geteuid() else disk.f_bfree
    available = blocks * disk.f_frsize
    if available < LEAST_ROOM:
        text = f"{path}: the disk is full ({available // 1024} KiB are free); free some space"
        raise StorageError(text, retry=False)


def filesystem_type(folder: Path, mounts: Path) -> str | None:
    """Return the type of the file system that holds the folder; None where nothing tells."""
    try:
        lines = mounts.read_text(errors="surrogateescape").splitlines()
    except OSError:  # not Linux
        return None
    place = folder.resolve()
    best, depth = None, -1
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda escape: chr(int(escape[1], 8)), fields[4]))
        # `>=`: what is mounted later on the same point hides what was there.
        if place.is_relative_to(point) and len(point.parts) >= depth:
            best, depth = after.split(" ")[0], len(point.parts)
    return best


class OpenedFile:
    """Remembers which file was opened, to notice when another lies there.

    SQLite goes on writing to a file that was renamed or replaced, and nobody would read it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opened: dict[Path, tuple[int, int]] = {}

    def remember(self) -> None:
        """Take the files that lie there now as those that were opened.

        The log is there for as long as a connection is open, and we keep one.
        """
        self._opened = {
            path: _identity(path) for path in (self.path, wal_of(self.path)) if path.exists()
        }

    def check(self) -> None:
        """Tell when a file is not the one that was opened.

        Raises:
            StoreLost: It was renamed, removed, replaced or emptied.
        """
        for path, opened in self._opened.items():
            what = "the open database" if path == self.path else "the log of the open database"
            try:
                identity = _identity(path)
            except OSError as error:
                raise self._lost(path, f"{what} was moved away ({error.strerror})") from None
            if identity != opened:
                raise self._lost(path, f"another file lies where {what} was")
        if self._opened and self.path.stat().st_size == 0:
            raise self._lost(self.path, "the open database was emptied")

    def _lost(self, path: Path, what: str) -> StoreLost:
        return StoreLost(f"{path}: {what}; restart to use what is there now")


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino
