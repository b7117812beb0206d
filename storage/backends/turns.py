"""Turns that one process of several has at a time: locks of a connection that dies with it."""

import hashlib
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

import psycopg

from storage.api.errors import StorageError

_TURNS = 6_310_003
"""The first half of such a lock's number: owners' locks are of one number alone."""


class Turns:
    """Takes and gives back turns on a PostgreSQL server. Safe to use from many threads.

    Args:
        connect: Opens a connection that is ours alone.
    """

    def __init__(self, connect: Callable[[], "psycopg.Connection[Any]"]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._session: psycopg.Connection[Any] | None = None

    def take(self, name: str) -> bool:
        """Take a turn; False while another process has it, or the server cannot be asked."""
        with self._lock:
            try:
                if self._session is None or self._session.closed:
                    self._session = self._connect()
                sql = "SELECT pg_try_advisory_lock(%s, %s)"
                row = self._session.execute(sql, (_TURNS, _number(name))).fetchone()
                return row is not None and bool(row[0])
            except (psycopg.Error, StorageError):
                self._forget()
                return False

    def give(self, names: Collection[str]) -> None:
        """Give turns back; those of a lost connection are given back already."""
        with self._lock:
            if self._session is None or not names:
                return
            try:
                sql = "SELECT pg_advisory_unlock(%s, number) FROM unnest(%s::int[]) AS number"
                self._session.execute(sql, (_TURNS, [_number(name) for name in names]))
            except psycopg.Error:
                self._forget()

    def close(self) -> None:
        """Give all of them back."""
        with self._lock, suppress(psycopg.Error):
            if self._session is not None:
                # The server would notice, but a moment later.
                self._session.execute("SELECT pg_advisory_unlock_all()")
            self._forget()

    def _forget(self) -> None:
        if self._session is not None:
            with suppress(psycopg.Error):
                self._session.close()
            self._session = None


def _number(name: str) -> int:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big", signed=True)
