"""The lock on a home: one daemon runs on it, and a dead one is known to be dead."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.api.errors import StorageError

ANOTHER_DAEMON = 3
"""Exit code of a daemon whose home is taken."""


class HomeTaken(Exception):
    """Another daemon runs on this home."""


@contextmanager
def home_lock(home: Path) -> Iterator[None]:
    """Hold the home for this daemon; the kernel frees it when the process dies, however.

    Raises:
        HomeTaken: Another daemon holds it.
        StorageError: There is no room for the lock, or it cannot be opened.
    """
    path = home / "daemon.lock"
    try:
        opened = path.open("a+")
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise StorageError(f"{path}: cannot be opened ({reason})", retry=False) from error
    with opened as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            pid = file.read().strip() or "?"
            raise HomeTaken(f"a daemon already runs on {home} (process {pid})") from None
        _write_pid(file.fileno())
        yield


def _write_pid(descriptor: int) -> None:
    # People read it and nothing depends on it: what a full disk means, the store says.
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
