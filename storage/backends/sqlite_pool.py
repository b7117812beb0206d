"""Connections to a SQLite file: few, kept, and known to SQLAlchemy only when it is asked for.

To load SQLAlchemy takes longer than most of what is asked of the file, so who only asks what is
written down already (`storage.said`) does without.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from storage.api.errors import StorageError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

PATIENCE_S = 30.0
"""Who needs a connection waits so long for one to come free."""


class Alchemy:
    """Makes connections of SQLAlchemy over those that are open; safe to use from many threads.

    One engine for all, so that a statement is compiled once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._given: sqlite3.Connection | None = None

    def over(self, driver: sqlite3.Connection) -> "Connection":
        """Return a connection that goes on in whatever transaction is open on this one."""
        with self._lock:
            engine = self._engine = self._engine or self._made()
            self._given = driver
            return engine.connect()

    def _made(self) -> "Engine":
        from sqlalchemy import NullPool, create_engine

        engine = create_engine(
            "sqlite://", creator=lambda: self._given, poolclass=NullPool, hide_parameters=True
        )
        # It rolls its first one back, to try it.
        self._given = sqlite3.connect(":memory:", check_same_thread=False)
        engine.connect().close()
        return engine


class SqliteConnection:
    """An open connection; one thread uses it at a time."""

    def __init__(self, driver: sqlite3.Connection, alchemy: Alchemy) -> None:
        self.driver = driver
        self._over = alchemy.over
        self._alchemy: Connection | None = None

    @property
    def alchemy(self) -> "Connection":
        """The same as SQLAlchemy has it."""
        if self._alchemy is None:
            self._alchemy = self._over(self.driver)
        return self._alchemy

    def value(self, sql: str) -> object:
        """Return the first value of what a statement returns; None when it returns nothing."""
        row = self.driver.execute(sql).fetchone()
        return row[0] if row else None

    @contextmanager
    def transaction(self, begin: str) -> Iterator[None]:
        """Begin, commit what the block did, and take it back when the block fails."""
        self.driver.execute(begin)
        try:
            yield
            if self._alchemy is not None:
                self._alchemy.commit()
            self.driver.commit()
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        # SQLite may have rolled back by itself: the error that matters is the first.
        if self._alchemy is not None:
            from sqlalchemy.exc import DBAPIError

            with suppress(DBAPIError):
                self._alchemy.rollback()
        with suppress(sqlite3.Error):
            self.driver.rollback()

    def close(self) -> None:
        if self._alchemy is not None:
            self._alchemy.close()
        self.driver.close()


class SqlitePool:
    """Connections to one file.

    Args:
        opened: Opens one more.
        kept: So many stay open while nobody uses them.
        most: So many are open at once.
    """

    def __init__(self, opened: Callable[[], SqliteConnection], *, kept: int, most: int) -> None:
        self._opened = opened
        self._kept = kept
        self._room = threading.Semaphore(most)
        self._lock = threading.Lock()
        self._idle: list[SqliteConnection] = []

    @contextmanager
    def connect(self) -> Iterator[SqliteConnection]:
        """Lend a connection.

        Raises:
            StorageError: None came free in time; `retry` is true.
            sqlite3.Error: The file cannot be opened.
        """
        if not self._room.acquire(timeout=PATIENCE_S):
            text = "too many transactions at once: none came free in time; try again"
            raise StorageError(text, retry=True)
        try:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                connection = self._opened()
            try:
                yield connection
            finally:
                self._take_back(connection)
        finally:
            self._room.release()

    def _take_back(self, connection: SqliteConnection) -> None:
        with self._lock:
            if len(self._idle) < self._kept:
                self._idle.append(connection)
                return
        connection.close()

    def dispose(self) -> None:
        """Close those that nobody uses; more may be opened again."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
