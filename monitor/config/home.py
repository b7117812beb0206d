"""The data folder: made when it is missing, refused when it cannot be used."""

import fcntl
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from monitor.base.errors import Refusal, clipped
from storage.api.errors import StorageError


def prepare(
    home: Path, *, flags: Callable[[Path], int] = lambda folder: os.statvfs(folder).f_flag
) -> None:
    """Make the data folder, for this user alone, unless it is there.

    Args:
        flags: Returns how the file system of a folder is mounted, as `os.ST_*`.

    Raises:
        Refusal: It is not a folder.
        StorageError: It cannot be made or written to now.
    """
    name = clipped(str(home), 200)
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (FileExistsError, NotADirectoryError):
        raise Refusal(f"{name}: the data folder is not a folder; set MONITOR_HOME") from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise StorageError(
            f"{name}: the data folder cannot be made ({reason}, uid {os.geteuid()}); "
            "set MONITOR_HOME to a folder of yours",
            retry=False,
        ) from error
    if flags(home) & os.ST_RDONLY:
        raise StorageError(
            f"{name}: the data folder lies on a disk that is mounted read-only; "
            "mount it for writing, or set MONITOR_HOME to a folder elsewhere",
            retry=False,
        )
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        owner = home.stat().st_uid
        raise StorageError(
            f"{name}: the data folder belongs to uid {owner} and cannot be written to by "
            f"uid {os.geteuid()}; set MONITOR_HOME to a folder of yours",
            retry=False,
        )


def close_to_others(home: Path) -> None:
    """Take from everybody else what an older program let them read: the database, its copies."""
    for path in (*home.glob("monitor.db*"), *home.glob("backups/*.db"), *home.glob("daemon.lock")):
        with suppress(OSError):  # somebody else's file; or a log that its last reader takes away
            mode = stat.S_IMODE(path.lstat().st_mode)
            if path.is_file() and not path.is_symlink() and mode & 0o077:
                path.chmod(mode & ~0o077)


def warnings_about(home: Path) -> list[str]:
    """Return what should be changed about the data folder, though it works."""
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        name = clipped(str(home), 200)
        return [f"{name}: everybody can write to the data folder (mode {mode:04o}); chmod 700 it"]
    return []


def daemon_pid(home: Path) -> int | None:
    """Return the process id of the daemon that runs on this home; None when none does.

    0 when one runs that has not written its id yet.
    """
    try:
        with (home / "daemon.lock").open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                text = file.read().strip()
                return int(text) if text.isdecimal() and len(text) < 10 else 0
    except FileNotFoundError:
        pass
    return None
