"""The lock on a home: one daemon runs on it, and a dead one is known to be dead."""

import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from monitor.config.settings import DATABASE
from storage.api.errors import StorageError

ANOTHER_DAEMON = 3
"""Exit code of a daemon whose home is taken."""

_PATIENCE_S = 1.0
_PATIENCE_WITH_THE_DEAD_S = 5.0
_LOOK_S = 0.02


class HomeTaken(Exception):
    """Another daemon runs on this home."""


@contextmanager
def home_lock(home: Path) -> Iterator[None]:
    """Hold the home for this daemon; the kernel frees it when the process dies, however.

    That takes a moment: memory of a killed process is given back before its locks are, and a child
    that it was about to begin keeps them until it runs. So a lock that is held is waited for,
    1 s, or 5 s when the process that wrote its id into it is gone.

    Raises:
        HomeTaken: Another daemon holds it.
        StorageError: There is no room for the lock, or it cannot be opened.
    """
    with _lock(home / "daemon.lock", of=home):
        yield


@contextmanager
def daemon_lock(home: Path, database: Path | None) -> Iterator[None]:
    """Hold the home, and the file of the database: of that, too, there is one.

    Daemons of two homes would each take the other for dead, and send what that one is sending.
    A database that is called as that of a home belongs to the home that it lies in.

    Args:
        database: None where any number may work with it.

    Raises:
        HomeTaken, StorageError: As `home_lock`.
    """
    with ExitStack() as stack:
        stack.enter_context(home_lock(home))
        if database is not None and (file := database.resolve()).parent.is_dir():
            lock = lock_beside(file)
            if lock != home.resolve() / "daemon.lock":
                stack.enter_context(_lock(lock, of=file))
        yield


def lock_beside(database: Path) -> Path:
    """Return the lock that the daemon of a database's file holds; it need not be there."""
    is_of_a_home = database.name == DATABASE
    return database.with_name("daemon.lock" if is_of_a_home else f"{database.name}-daemon")


@contextmanager
def no_daemon(homes: Iterable[Path], databases: Iterable[Path]) -> Iterator[None]:
    """Have no daemon on these homes and on what lies there of these databases; as `home_lock`."""
    locks = {home.resolve() / "daemon.lock": home for home in homes}
    for database in databases:
        if (lock := lock_beside(database.resolve())).exists():
            locks.setdefault(lock, database)
    with ExitStack() as stack:
        for lock, of in sorted(locks.items()):
            stack.enter_context(_lock(lock, of=of))
        yield


@contextmanager
def _lock(path: Path, *, of: Path) -> Iterator[None]:
    try:
        opened = path.open("a+")
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise StorageError(f"{path}: cannot be opened ({reason})", retry=False) from error
    with opened as file:
        _take(file, of)
        _write_pid(file.fileno())
        yield


def _take(file: IO[str], of: Path) -> None:
    begun = time.monotonic()
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)  # read each time: whoever has just got it writes its own
            pid = file.read().strip() or "?"
            patience = _PATIENCE_WITH_THE_DEAD_S if _is_gone(pid) else _PATIENCE_S
            if time.monotonic() - begun >= patience:
                raise HomeTaken(f"a daemon already runs on {of} (process {pid})") from None
            time.sleep(_LOOK_S)
        else:
            return


def _is_gone(pid: str) -> bool:
    if not pid.isdecimal() or len(pid) > 9:
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:  # somebody else's
        return False
    return False


def _write_pid(descriptor: int) -> None:
    # People read it and nothing depends on it: what a full disk means, the store says.
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
