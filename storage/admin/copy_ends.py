"""The two ends of a copy: a database that is only read, and one that is filled whole or not."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, Connection, create_engine, event, select
from sqlalchemy.exc import SQLAlchemyError

from storage.admin.migrate import OURS, upgrade, version_of
from storage.api.errors import NotUpToDate, StorageError
from storage.backends.api import first_line
from storage.backends.commit_mark import mark_of
from storage.backends.file_checks import check_before_opening, damage_in, wal_of
from storage.backends.liveness import LivenessLocks
from storage.backends.postgres import PostgresBackend
from storage.backends.write_lock import WriteLock
from storage.sql.tables.schema import article, meta, metadata, rule, source


class NotEmpty(StorageError):
    """What was to be filled holds something; nothing was written."""


class End(Protocol):
    """One database, as a copy sees it.

    Attributes:
        place: What to call it in messages; never with a password.
    """

    place: str

    def reading(self) -> AbstractContextManager[Connection]:
        """Open one unchanging view of it, for as long as it takes; it is not changed.

        Raises:
            StorageError: It is not there, not ours, or of another version.
        """
        ...

    def filling(self) -> AbstractContextManager[Connection]:
        """Give it our tables, empty, to fill; all is there at the end of the block, or nothing.

        Raises:
            NotEmpty: It holds rows of ours.
            StorageError: It cannot be written to, or holds other tables.
        """
        ...

    def is_worked_with(self) -> bool:
        """Whether a daemon or a worker has it open."""
        ...

    def last_segment(self, connection: Connection) -> int:
        """Return the highest number that a segment of the search index has had; 0 for none."""
        ...

    def go_on_after(self, connection: Connection, number: int) -> None:
        """Give segments only numbers above this one from now on."""
        ...

    def close(self) -> None: ...


class SqliteEnd:
    """Implements `End` for a file: filled beside its place, and put there when it is whole.

    Args:
        home: Where locks of living processes are (`run/`).
    """

    def __init__(self, path: Path, *, home: Path) -> None:
        self.path = path.absolute().resolve()
        self.place = str(path)
        self._home = home
        self._write_lock = WriteLock(self.path.with_name(self.path.name + "-gate"))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        if not self.path.is_file():
            raise StorageError(f"{self.place}: there is no such database", retry=False)
        with _explained(self.place), _opened(self.path, mode="ro") as connection:
            connection.exec_driver_sql("BEGIN")
            _check_ours(connection, self.place)
            yield connection

    @contextmanager
    def filling(self) -> Iterator[Connection]:
        check_before_opening(self.path)
        part = self.path.with_name(self.path.name + ".part")
        with _explained(self.place), self._write_lock.held():
            self._refuse_rows()
            try:
                with _new(part) as connection:
                    yield connection
                    connection.commit()
                    self._look_for_damage(connection)
                self._put_in_place(part)
            finally:
                with suppress(OSError):
                    part.unlink()

    def _refuse_rows(self) -> None:
        if self.path.exists() and self.path.stat().st_size:
            with _opened(self.path, mode="ro") as connection:
                _refuse_rows(connection, self.place)

    def _look_for_damage(self, connection: Connection) -> None:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            text = f"{self.place}: row {broken[1]} of {broken[0]} points at a {broken[2]} "
            raise StorageError(text + "that is not there; nothing was copied", retry=False)
        checked = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
        damage = damage_in(str(checked))
        if damage:
            raise StorageError(f"{self.place}: the copy is damaged ({damage[0]})", retry=False)

    def _put_in_place(self, part: Path) -> None:
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        # Of the database that was here and was empty: its count of commits, and its log.
        shared = self.path.with_name(self.path.name + "-shm")
        for left in (mark_of(self.path), wal_of(self.path), shared):
            left.unlink(missing_ok=True)
        part.rename(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def is_worked_with(self) -> bool:
        return LivenessLocks(self._home / "run").living() > 0

    def last_segment(self, connection: Connection) -> int:
        last = "SELECT seq FROM sqlite_sequence WHERE name = 'article_segment'"
        return int(connection.exec_driver_sql(last).scalar() or 0)

    def go_on_after(self, connection: Connection, number: int) -> None:
        connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = 'article_segment'")
        sql = "INSERT INTO sqlite_sequence (name, seq) VALUES ('article_segment', ?)"
        connection.exec_driver_sql(sql, (number,))

    def close(self) -> None:
        self._write_lock.close()


class PostgresEnd:
    """Implements `End` for a PostgreSQL database, which is filled in one transaction."""

    def __init__(self, backend: PostgresBackend) -> None:
        self._backend = backend
        self.place = backend.place

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._explained(), self._backend.reading() as connection:
            _be_patient(connection)
            _check_ours(connection, self.place)
            yield connection

    @contextmanager
    def filling(self) -> Iterator[Connection]:
        with self._explained(), self._backend.migrating() as connection:
            _be_patient(connection)
            if version_of(connection, self.place) is not None:
                _refuse_rows(connection, self.place)
                # Whoever comes meanwhile waits: it must not begin with what is empty still.
                connection.exec_driver_sql("LOCK TABLE meta IN ACCESS EXCLUSIVE MODE")
            _make_tables(connection)
            yield connection

    def is_worked_with(self) -> bool:
        with self._explained(), self._backend.reading() as connection:
            return self._backend.living_owners(connection) > 0

    def last_segment(self, connection: Connection) -> int:
        last = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM article_segment_id_seq"
        return int(connection.exec_driver_sql(last).scalar_one())

    def go_on_after(self, connection: Connection, number: int) -> None:
        if number:
            connection.exec_driver_sql(f"SELECT setval('article_segment_id_seq', {number:d})")

    def close(self) -> None:
        self._backend.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            # Without its cause: the driver's own text may quote how it connects.
            raise self._backend.explain(error) from None


def _be_patient(connection: Connection) -> None:
    """Let a statement, and the wait for the other end, take as long as they do."""
    for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.exec_driver_sql(f"SET LOCAL {setting} = 0")


def _make_tables(connection: Connection) -> None:
    upgrade(connection)
    connection.execute(meta.delete())


def _check_ours(connection: Connection, place: str) -> None:
    version = version_of(connection, place)
    if version is None:
        raise StorageError(f"{place}: holds nothing", retry=False)
    if version != OURS.head:
        text = f"{place}: has schema {version}, and this program copies {OURS.head}"
        raise NotUpToDate(text)


def _refuse_rows(connection: Connection, place: str) -> None:
    """Take a database that has nothing, or our tables without anything in them."""
    if version_of(connection, place) is None:
        return
    _check_ours(connection, place)
    for table in (article, rule, source, *metadata.sorted_tables):
        if table is not meta and connection.execute(select(1).select_from(table).limit(1)).first():
            text = f"{place}: is not empty (there are rows in its table {table.name}); "
            raise NotEmpty(text + "name a database that holds nothing", retry=False)


@contextmanager
def _new(path: Path) -> Iterator[Connection]:
    """Make a file with our tables, in a transaction that the caller ends."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    with _opened(path, mode="rw") as connection:
        # Nobody else sees it before it is whole: no log of it is worth its time.
        for pragma in ("page_size=8192", "journal_mode=OFF", "synchronous=OFF"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.exec_driver_sql("BEGIN")
        _make_tables(connection)
        yield connection


@contextmanager
def _opened(path: Path, *, mode: str) -> Iterator[Connection]:
    place = URL.create("sqlite", database=path.as_uri(), query={"mode": mode, "uri": "true"})
    engine = create_engine(place, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves

    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _explained(place: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        why = first_line(str(getattr(error, "orig", None) or error))
        raise StorageError(f"{place}: {why}", retry=False) from None
