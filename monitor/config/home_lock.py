"""The lock on a home: one daemon runs on it, and a dead one is known to be dead."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ANOTHER_DAEMON = 3
"""Exit code of a daemon whose home is taken."""


class HomeTaken(Exception):
    """Another daemon runs on this home."""


@contextmanager
def home_lock(home: Path) -> Iterator[None]:
    """Hold the home for this daemon; the kernel frees it when the process dies, however.

    Raises:
        HomeTaken: Another daemon holds it.
    """
    path = home / "daemon.lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            pid = file.read().strip() or "?"
            raise HomeTaken(f"a daemon already runs on {home} (process {pid})") from None
        _write_pid(file)
        yield


def _write_pid(file: IO[str]) -> None:
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
