"""How many commits a SQLite file has seen, kept beside it, so that a loss of some is told.

The count is in the database, as its `user_version`, and after each commit in a file beside it.
Who dies in between leaves the file behind the database, never ahead of it: one that is ahead
proves that commits are missing.
"""

import os
from contextlib import suppress
from pathlib import Path

from storage.api.errors import StorageError

_LARGEST = 0x7FFF_FFFF
"""What SQLite keeps as `user_version`; the count begins anew after it."""

_DIGITS = 10


def mark_of(path: Path) -> Path:
    """Return the file that holds the count of a database file."""
    return path.with_name(path.name + "-commits")


def following(count: int) -> int:
    """Return the count after one more commit; never 0, which is that of an empty database."""
    return count % _LARGEST + 1


class Doubt:
    """A file beside a database whose disk failed to keep something: it is to be read whole.

    A disk that failed may not take that file either; then nothing says so at the next start.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.with_name(path.name + "-doubt")

    @property
    def stands(self) -> bool:
        """Whether it was noted, and not cleared since."""
        return self._file.exists()

    def note(self) -> None:
        """Say that the database may not have what was written to it."""
        with suppress(OSError):
            self._file.touch(0o600)

    def clear(self) -> None:
        """Say that it was read, and is whole."""
        with suppress(OSError):
            self._file.unlink()


class CommitMark:
    """The count beside a database file. Used under the write lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mark = mark_of(path)

    @property
    def stands(self) -> bool:
        """Whether one of our databases was here."""
        return self._noted() > 0

    def note(self, count: int) -> None:
        """Write the count down; a mark that cannot be written only stays behind."""
        with suppress(OSError):
            file = os.open(self._mark, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.pwrite(file, f"{count:0{_DIGITS}}\n".encode(), 0)
            finally:
                os.close(file)

    def refuse_empty(self) -> None:
        """Tell before SQLite would make a new database where one is missing.

        Raises:
            StorageError: There was a database, and now there is no file, or one of 0 bytes.
        """
        if not self._noted():
            return
        try:
            size = self._path.stat().st_size
        except FileNotFoundError:
            raise self._missing("the database that was here is gone") from None
        except OSError:
            return  # SQLite says what is wrong with it
        if size == 0:
            raise self._missing("the database that was here is now an empty file (0 bytes)")

    def compare(self, count: int) -> None:
        """Tell when the database has seen fewer commits than were noted.

        Raises:
            StorageError: Commits are missing.
        """
        missing = self._noted() - count
        if 0 < missing < _LARGEST // 2:
            commits = "1 commit is" if missing == 1 else f"{missing} commits are"
            raise self._missing(
                f"{commits} missing: its log ({self._path.name}-wal) was removed, or an older "
                "copy lies where it was"
            )

    def _noted(self) -> int:
        try:
            text = self._mark.read_text(encoding="ascii", errors="replace").strip()
        except OSError:
            return 0
        return int(text) if text.isdecimal() and len(text) <= _DIGITS else 0

    def _missing(self, text: str) -> StorageError:
        todo = f"put it back, or remove {self._mark} to go on with what is there"
        return StorageError(f"{self._path}: {text}; {todo}", retry=False)
