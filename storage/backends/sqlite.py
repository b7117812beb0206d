"""SQLite: pragmas, the write lock, checkpoints, and what its errors mean."""

import os
import re
import shutil
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.api.errors import Damaged, StorageError, StoreLost
from storage.backends import api
from storage.backends.commit_mark import CommitMark, Doubt, following
from storage.backends.file_checks import (
    MIB,
    ROOM,
    OpenedFile,
    check_file,
    check_it_takes_writes,
    check_room,
    damage_in,
    wal_bytes,
)
from storage.backends.liveness import LivenessLocks
from storage.backends.sqlite_pool import Alchemy, SqliteConnection, SqlitePool
from storage.backends.steady import SteadyClock
from storage.backends.write_lock import WriteLock
from storage.said.values import shown

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

BUSY_MS = 30_000
WAL_LIMIT = 64 * MIB
"""From this size on, a process that was opened with `checkpoints` writes the log back."""

WAL_LIMIT_OF_OTHERS = 128 * MIB

_READ_CACHE_KIB = 512
"""A quarter of what SQLite takes for each connection: the system has the file's pages as well."""

_STATEMENTS_KEPT = 64
"""So many are kept prepared for each connection, of 25 KB each; Python keeps twice as many."""

PRAGMAS = (
    f"busy_timeout={BUSY_MS}",
    "page_size=8192",  # of a new file: three packed articles to a page, where 4096 hold one
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "mmap_size=0",
    "wal_autocheckpoint=0",
    f"journal_size_limit={WAL_LIMIT}",
)


class SqliteBackend:
    """Implements `storage.backends.api.Backend` for one file.

    One connection writes, under the write lock; a pool of others only reads. Where the disk is
    full it is still read.
    """

    host_clock = True

    @staticmethod
    def insert(*of: Any) -> Any:
        from sqlalchemy.dialects.sqlite import insert

        return insert(*of)

    def __init__(
        self,
        path: Path,
        *,
        home: Path | None,
        checkpoints: bool,
        is_brief: bool = False,
        steady: SteadyClock | None = None,
    ) -> None:
        self._clock = steady or SteadyClock()
        self.path = path.absolute().resolve()
        self.place = str(path)
        self._lost: StoreLost | None = None  # damage, or a failure of the disk, that was met
        check_file(self.path)
        self._has_room = False  # it is asked for before the first write
        self._is_brief, self._is_still = is_brief, False
        """Whether the file is read as it lies there: no room is left for what readers share."""
        self._hold = ExitStack()
        """What keeps it still: who wants to open it waits."""
        if not self.path.exists():
            self._check_room()
        self._home = home or self.path.parent
        self._wal_limit = WAL_LIMIT if checkpoints else WAL_LIMIT_OF_OTHERS
        self._write_lock = WriteLock(self.path.with_name(self.path.name + "-gate"))
        self._opened_file = OpenedFile(self.path)
        self._mark = CommitMark(self.path)
        self._doubt = Doubt(self.path)
        self._liveness = LivenessLocks(self._home / "run")
        self._alchemy = Alchemy()
        self._writer = SqlitePool(partial(self._connect, read_only=False), kept=1, most=1)
        self._readers = SqlitePool(partial(self._connect, read_only=True), kept=5, most=20)
        self._watcher = SqlitePool(partial(self._connect, read_only=True), kept=1, most=1)
        try:
            self._open()
        except sqlite3.Error as error:
            self.close()
            raise self.explain(error) from None
        except StorageError:
            self.close()
            raise

    def _connect(self, *, read_only: bool) -> SqliteConnection:
        # A file that is moved away while connections are opened must not come to be anew, empty.
        place = f"{self.path.as_uri()}?{'immutable=1' if self._is_still else 'mode=rw'}"
        # We say BEGIN ourselves: Python's own does not for a SELECT, and loses updates.
        driver = sqlite3.connect(
            place,
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_STATEMENTS_KEPT,
        )
        try:
            for pragma in PRAGMAS:
                driver.execute(f"PRAGMA {pragma}").fetchall()
            if read_only:
                # A write that goes round the lock must be impossible, not forbidden.
                driver.execute("PRAGMA query_only=ON")
                driver.execute(f"PRAGMA cache_size=-{_READ_CACHE_KIB}")
        except BaseException:
            driver.close()
            raise
        return SqliteConnection(driver, self._alchemy)

    def _open(self) -> None:
        """Make the file if need be. Turning WAL on writes, so it happens under the write lock."""
        with ExitStack() as held:
            held.enter_context(self._write_lock.held())
            self._mark.refuse_empty()
            with suppress(OSError):  # what is in the way is told when it is opened
                self.path.touch()
            try:
                self._look_at_file()
            except sqlite3.Error as error:
                # What stands in the log alone cannot be read then; who ends well leaves none.
                no_room = error.sqlite_errorcode == sqlite3.SQLITE_IOERR_SHMSIZE
                if not no_room or not self._is_brief or wal_bytes(self.path):
                    if no_room:
                        check_room(self.path)
                    raise
                self._is_still = True
                self._look_at_file()
                self._hold = held.pop_all()

    def _check_room(self) -> None:
        """Refuse the first write of this process where there is too little room for safety."""
        if not self._has_room:
            check_room(self.path)
            if self._is_still:
                text = f"{self.path}: was opened to be read, as its disk was full; try again"
                raise StorageError(text, retry=False)
            self._has_room = True

    def _look_at_file(self) -> None:
        with self._writer.connect() as connection:
            mode = connection.value("PRAGMA journal_mode")
            if mode != "wal" and not self._is_still:
                text = f"{self.path}: cannot use write-ahead logging (it is {mode!r})"
                raise StorageError(text, retry=False)
            # Only now does the file exist, and a wrong one is found out.
            connection.value("SELECT count(*) FROM sqlite_master")
            self._mark.compare(_commits(connection))
            if self._doubt.stands:
                found = damage_in(str(connection.value("PRAGMA quick_check(1)")))
                if found:
                    text = f"{self.path}: the database is damaged ({found[0]}), as its disk failed"
                    raise Damaged(f"{text}; restore a backup")
                self._doubt.clear()
            self._opened_file.remember()

    @contextmanager
    def writing(self) -> Iterator["Connection"]:
        with self.to_write() as connection:
            yield connection.alchemy

    @contextmanager
    def to_write(self) -> Iterator[SqliteConnection]:
        self._check_room()
        with self._write_lock.held():
            self._opened_file.check()
            with self._writer.connect() as connection:
                noted, driver = None, connection.driver
                with connection.transaction("BEGIN IMMEDIATE"):
                    before = driver.total_changes
                    yield connection
                    # A tick that finds nothing to do must not make the disk write.
                    if driver.total_changes != before:
                        noted = following(_commits(connection))
                        driver.execute(f"PRAGMA user_version={noted}")
                if noted is not None:
                    self._mark.note(noted)
                if wal_bytes(self.path) > self._wal_limit:
                    # What was written is kept either way; `tidy` tells when this cannot be done.
                    with suppress(sqlite3.Error):
                        connection.value("PRAGMA wal_checkpoint(PASSIVE)")

    @contextmanager
    def reading(self) -> Iterator["Connection"]:
        with self.to_read() as connection:
            yield connection.alchemy

    @contextmanager
    def to_read(self) -> Iterator[SqliteConnection]:
        self._opened_file.check()
        with self._readers.connect() as connection, connection.transaction("BEGIN"):
            yield connection

    def kept_version(self) -> str | None:
        with suppress(sqlite3.Error), self._readers.connect() as connection:
            version = connection.value("SELECT version_num FROM alembic_version")
            return version if isinstance(version, str) else None
        return None

    def next_segment(self, connection: "Connection") -> int:
        last = "SELECT seq FROM sqlite_sequence WHERE name = 'article_segment'"
        return 1 + int(connection.exec_driver_sql(last).scalar() or 0)

    def may_merge(self, connection: "Connection") -> bool:
        return True  # as one transaction writes at a time

    def read_whole(self, connection: "Connection") -> None:
        """Nothing: a plan is made for tables as they are."""

    def migrating(self) -> AbstractContextManager["Connection"]:
        return self.writing()

    def checkpoint(self) -> None:
        """Write the log back into the file as far as readers let us; never wait for them."""
        with self._write_lock.held():
            self._opened_file.check()
            with self._writer.connect() as connection:
                connection.value("PRAGMA busy_timeout=0")
                try:
                    connection.value("PRAGMA wal_checkpoint(TRUNCATE)")
                finally:
                    connection.value(f"PRAGMA busy_timeout={BUSY_MS}")

    def mark(self) -> object:
        # Not the times of the log's file: it is written before what it holds can be seen.
        with self._watcher.connect() as connection:
            return connection.value("PRAGMA data_version")

    def check_place(self) -> None:
        """Tell when the file was renamed or replaced since it was opened.

        So it is told to who writes that it can take no more.

        So it is told when somebody has met damage in it, or a disk that did not keep what was
        written, whatever became of that.
        """
        if self._lost is not None:
            raise type(self._lost)(str(self._lost))
        self._opened_file.check()
        if self._has_room:
            check_it_takes_writes(self.path)

    def tidy(self) -> None:
        self.checkpoint()

    def size_bytes(self, connection: "Connection") -> int:
        pages = ("PRAGMA page_count", "PRAGMA page_size")
        count, size = (int(connection.exec_driver_sql(each).scalar() or 0) for each in pages)
        return count * size

    def give_back_room(self) -> bool:
        needed = 2 * self.path.stat().st_size + ROOM
        available = shutil.disk_usage(self.path.parent).free
        if available < needed:
            text = f"{self.path}: {needed // MIB} MiB must be free to make the file smaller"
            raise StorageError(f"{text}, and {available // MIB} are", retry=False)
        with self._write_lock.held():
            self._opened_file.check()
            with self._writer.connect() as connection:
                connection.driver.execute("VACUUM")
        self.checkpoint()
        return True

    def save_before_migration(self, old: str, new: str) -> Path:
        folder = self._home / "backups"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        number, target = 1, folder / f"{self.path.stem}-{old}-before-{new}.db"
        while target.exists():
            number += 1
            target = folder / f"{self.path.stem}-{old}-before-{new}-{number}.db"
        self.backup(target)
        return target

    def backup(self, target: Path) -> None:
        if target.exists():
            text = f"{target}: exists already; a backup never replaces a file"
            raise StorageError(text, retry=False)
        part = target.with_name(target.name + ".part")
        with suppress(OSError):
            part.unlink()
        try:
            damage = self._copy(part)
            if damage:
                raise StorageError(f"{target}: the copy is damaged ({damage[0]})", retry=False)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.rename(target)
        except (sqlite3.Error, OSError) as error:
            text = f"{target}: the backup cannot be written ({api.first_line(str(error))})"
            raise StorageError(text, retry=False) from error
        finally:
            with suppress(OSError):
                part.unlink()

    def _copy(self, target: Path) -> list[str]:
        """Copy the database as it stands; return what is wrong with the copy."""
        with closing(sqlite3.connect(target)) as copy:
            with self._readers.connect() as connection:
                connection.driver.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, whole by itself
            return damage_in(copy.execute("PRAGMA integrity_check(1)").fetchone()[0])

    def explain(self, error: BaseException, *, reading: bool = False) -> Exception:
        # The bare code is what `query_only` answers; a file that cannot be written says more.
        code = getattr(getattr(error, "orig", error), "sqlite_errorcode", 0)
        if reading and code == sqlite3.SQLITE_READONLY:
            return api.only_reads(self.place)
        if isinstance(error, sqlite3.Error):
            return self._explain(error)
        return api.explain(error, self._explain)

    def _explain(self, error: BaseException) -> Exception:
        """Return what SQLite's error means for whoever called."""
        code = getattr(error, "sqlite_errorcode", 0)
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        if code & 0xFF in BAD_VALUE:
            return api.refused(error)
        if code & 0xFF in BUSY:
            text = f"{self.path}: another program holds the database; try again"
            return StorageError(text, retry=True)
        if code & 0xFF == sqlite3.SQLITE_NOTADB and self._mark.stands:
            code = sqlite3.SQLITE_CORRUPT  # its first page is what is damaged
        why = MEANING.get(code & 0xFF) or api.first_line(str(error))
        if is_lacking := bool(_LACKING.match(why)):
            why = f"the database is damaged ({why}); stop, and restore a backup"
        if is_lacking or code & 0xFF == sqlite3.SQLITE_CORRUPT:
            self._lost = Damaged(f"{self.path}: {why} ({name})")
            return self._lost
        if code in _NOT_KEPT:
            self._doubt.note()
            self._lost = StoreLost(f"{self.path}: {_DOUBTFUL} ({name})")
            return self._lost
        return StorageError(f"{self.path}: {why} ({name})", retry=False)

    def now(self) -> datetime:
        return self._clock.now()

    def clock_step(self) -> timedelta | None:
        return self._clock.step()

    def follow_clock(self) -> None:
        self._clock.follow()

    def damage(self, connection: "Connection") -> list[str]:
        problems = []
        for (problem,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
            problems += [f"{self.path}: damaged: {found}" for found in damage_in(problem)]
        for table, rowid, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            text = f"{self.path}: row {rowid} of {table} points at a {parent} that is not there"
            problems.append(text)
        return problems

    def hold_owner(self, owner: str) -> AbstractContextManager[None]:
        return self._liveness.hold(owner)

    def dead_owners(self, owners: Sequence[str]) -> list[str]:
        return self._liveness.dead(owners)

    def living_owners(self, connection: "Connection") -> int:
        return self._liveness.living()

    def take_turn(self, name: str) -> bool:
        return True  # one daemon works with a file

    def give_turns(self, names: Collection[str]) -> None:
        pass

    def close(self) -> None:
        self._watcher.dispose()
        self._readers.dispose()
        self._writer.dispose()
        self._hold.close()
        self._write_lock.close()


_LACKING = re.compile(r"no such (?:table|column)|table \S+ has no column")
"""What SQLite says of tables that were there when the schema was checked, by its number."""

_NOT_KEPT = {sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC}
"""A disk that says so once may say that all is well when it is asked again, and have less."""
_DOUBTFUL = (
    "the disk failed to keep what was written to it; look at the disk: a start reads the whole "
    "database first, and goes on where nothing is lost"
)

BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
BAD_VALUE = {sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH}
MEANING = {
    sqlite3.SQLITE_FULL: "the disk is full; nothing was written, free some space",
    sqlite3.SQLITE_IOERR: "the disk failed or is full; nothing was written, look at the disk",
    sqlite3.SQLITE_CORRUPT: "the database is damaged; stop, and restore a backup",
    sqlite3.SQLITE_NOTADB: "this is not a database of ours; name another file",
    sqlite3.SQLITE_READONLY: "the database cannot be written; look at the permissions of the "
    "file, of those beside it (-wal, -shm), and whether its disk is mounted read-only",
    sqlite3.SQLITE_CANTOPEN: "the database cannot be opened; look at the permissions of the file "
    "and its folder",
    sqlite3.SQLITE_PERM: "the database may not be opened; look at the file's permissions",
}


def _commits(connection: SqliteConnection) -> int:
    count: Any = connection.value("PRAGMA user_version")
    return int(count or 0)


def path_in(url: "URL") -> Path:
    """Return the file that a `sqlite:///` URL names.

    Raises:
        StorageError: It names none.
    """
    if not url.database or url.database == ":memory:" or url.host:
        text = (
            f"the database URL {shown(url.render_as_string())} names no file; "
            "write sqlite:///FILE, or sqlite:////FILE for an absolute path"
        )
        raise StorageError(text, retry=False)
    return Path(url.database)
