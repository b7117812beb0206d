"""The write lock: one writer or checkpoint of a SQLite file at a time, of all our processes.

SQLite serialises writers itself, but releases before 3.51.3 (except 3.44.6 and 3.50.7) can lose
or corrupt commits when one connection checkpoints at the wrong moment of another's write. Who
holds this lock cannot meet that moment. It also makes waiting fair within a process: first
come, first served. docs/decisions/001 calls it a gate, and so does the name of its file.
"""

import contextlib
import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from storage.api.errors import StorageError

LIMIT_S = 30.0
FIRST_PAUSE_S = 0.0005
LONGEST_PAUSE_S = 0.01


class WriteLock:
    """A lock among the threads of this process, and on a file among processes.

    Args:
        path: The lock file; made when it is missing.
        limit_s: How long to wait before giving up.
    """

    def __init__(self, path: Path, *, limit_s: float = LIMIT_S) -> None:
        self._path = path
        self._limit_s = limit_s
        self._guard = threading.Lock()
        self._taken = False
        self._queue: deque[threading.Lock] = deque()
        self._holder: int | None = None
        self._fd: int | None = None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock for as long as the block runs.

        Raises:
            StorageError: It did not come free in time; `retry` is true.
            RuntimeError: This very thread holds it already, and would wait for itself.
        """
        if self._holder == threading.get_ident():
            raise RuntimeError("a transaction is already open in this thread")
        deadline = time.monotonic() + self._limit_s
        self._take_turn(deadline)
        try:
            self._holder = threading.get_ident()
            self._lock_file(deadline)
            try:
                yield
            finally:
                self._unlock_file()
        finally:
            self._holder = None
            self._pass_on()

    def close(self) -> None:
        """Close the lock file; the lock may be used again."""
        with self._guard:
            if self._fd is not None and not self._taken:
                os.close(self._fd)
                self._fd = None

    def _take_turn(self, deadline: float) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._queue.append(turn)
        if turn.acquire(timeout=max(0.0, deadline - time.monotonic())):
            return
        with self._guard:
            if turn in self._queue:
                self._queue.remove(turn)
                raise self._busy()
        # It was handed to us between the end of our patience and here: keep it.

    def _pass_on(self) -> None:
        with self._guard:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._taken = False

    def _lock_file(self, deadline: float) -> None:
        pause = FIRST_PAUSE_S
        while True:
            fd = self._open()
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() + pause > deadline:
                    raise self._busy() from None
                time.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
                continue
            if self._is_the_file(fd):
                return
            # Somebody removed the file, and others may hold a new one by now.
            os.close(fd)
            self._fd = None

    def _unlock_file(self) -> None:
        if self._fd is not None:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def _open(self) -> int:
        if self._fd is None:
            try:
                self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError as error:
                text = f"{self._path}: cannot be opened to lock it ({error.strerror})"
                raise StorageError(text, retry=False) from error
        return self._fd

    def _is_the_file(self, fd: int) -> bool:
        try:
            status = os.stat(self._path)
        except FileNotFoundError:
            return False
        mine = os.fstat(fd)
        return (status.st_dev, status.st_ino) == (mine.st_dev, mine.st_ino)

    def _busy(self) -> StorageError:
        text = (
            f"{self._path}: another writer has held the database for {self._limit_s:g} s; "
            "nothing was written, try again"
        )
        return StorageError(text, retry=True)
