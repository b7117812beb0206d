"""PostgreSQL: settings of its connections, its clock and its locks."""

import hashlib
import re
import select
import socket
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg.adapt import Dumper
from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import InvalidatePoolError

from storage.api.errors import StorageError, StoreLost
from storage.backends import api
from storage.backends.committing import committing
from storage.backends.postgres_errors import ONLY_READS, READ_ONLY, explained
from storage.backends.steady import SteadyClock, ticks_s
from storage.backends.turns import Turns
from storage.sql.rows import by_index
from storage.sql.tables.columns import Array, escaped, shown

SETTINGS = {
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
    "client_encoding": "UTF8",
    "jit": "off",  # our statements take less than it takes to compile one
}
CONNECTING = {
    "connect_timeout": "10",
    "keepalives": "1",
    "keepalives_idle": "10",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "application_name": "newsroom-monitor",
}
CLOCK_GOOD_FOR_S = 60.0
SETTLED = "10 seconds"
"""After a start of the server, living owners get so long to come back before any is called dead."""

_USUAL_PORT = 5432
_LONGEST_HOST = 253
_NUMBERS = "SELECT nextval('article_segment_id_seq') FROM generate_series(1, 16)"
"""Of segments several numbers are asked for at a time; those that are left over are nobody's."""

MIGRATION_LOCK = 6_310_001
MERGE_LOCK = 6_310_002


class _Opened(NamedTuple):
    """Implements `storage.backends.api.Opened`."""

    alchemy: Connection
    driver: None = None


class _BinaryCursor(psycopg.Cursor[Any]):
    """Asks for values as the server keeps them: bytes as letters are twice as many, and slow."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.format = psycopg.pq.Format.BINARY


class _ArrayDumper(Dumper):
    """Hands arrays on that are written already; the server takes the type from the statement."""

    format = psycopg.pq.Format.BINARY

    def dump(self, obj: Array) -> bytes:
        return obj


psycopg.adapters.register_dumper(Array, _ArrayDumper)


def _check_heard(connection: psycopg.Connection[Any], *_: object) -> None:
    """Have a connection replaced on which the server has said goodbye while nobody used it.

    Asking each whether it is there would take as long as what it is wanted for. So only those
    are asked on which something was heard; a server that is gone without a word is found by what
    keeps connections alive.
    """
    try:
        if connection.closed or _has_spoken(connection.fileno()):
            connection.execute("SELECT 1")
            connection.rollback()
    except psycopg.Error:
        raise InvalidatePoolError from None


def _leave_to_server(connection: psycopg.Connection[Any], *_: object) -> None:
    """Have a transaction write only where the server lets transactions write.

    Whoever has read is set back to writing in so many words, and would so write past a server
    that was made read-only (`default_transaction_read_only`).
    """
    if connection.read_only is not None:
        connection.read_only = None


def _has_spoken(descriptor: int) -> bool:
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(0))


class PostgresBackend:
    """Implements `storage.backends.api.Backend` for one database."""

    host_clock = False

    insert = staticmethod(insert)

    def __init__(self, url: URL, *, settled: str = SETTLED) -> None:
        self._passwords = [
            str(password) for password in (url.password, url.query.get("password")) if password
        ]
        where = f"{url.host}:{url.port or _USUAL_PORT}" if url.host else "this machine"
        name = shown(url.database or "")
        self.place = f"PostgreSQL database {name} at {escaped(where, _LONGEST_HOST)}"
        self._url = _with_settings(url)
        self._settled = settled
        self._engine = create_engine(
            self._url,
            # One beyond the size is closed after each use, and to open one costs both sides 5 ms.
            pool_size=10,
            max_overflow=10,
            pool_use_lifo=True,
            pool_timeout=30,
            hide_parameters=True,
            connect_args={"cursor_factory": _BinaryCursor},
        )
        event.listen(self._engine, "checkout", _check_heard)
        event.listen(self._engine, "checkout", _leave_to_server)
        # The same pool; READ COMMITTED to write, one unchanging view to read.
        self._readers = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._measuring = threading.Lock()
        self._measured: tuple[datetime, float] | None = None
        self._clock: SteadyClock | None = None
        self._opened: int | None = None
        self._turns = Turns(self._session)
        self._numbering = threading.Lock()
        self._numbers: list[int] = []

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._engine.connect() as connection, committing(connection):
            by_index(connection)
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._readers.connect() as connection, committing(connection):
            yield connection

    @contextmanager
    def to_write(self) -> Iterator[api.Opened]:
        with self.writing() as connection:
            yield _Opened(connection)

    @contextmanager
    def to_read(self) -> Iterator[api.Opened]:
        with self.reading() as connection:
            yield _Opened(connection)

    def kept_version(self) -> str | None:
        return None

    def next_segment(self, connection: Connection) -> int:
        with self._numbering:
            if not self._numbers:
                self._numbers = list(connection.exec_driver_sql(_NUMBERS).scalars())[::-1]
            return self._numbers.pop()

    def may_merge(self, connection: Connection) -> bool:
        lock = f"SELECT pg_try_advisory_xact_lock({MERGE_LOCK})"
        return bool(connection.exec_driver_sql(lock).scalar())

    def read_whole(self, connection: Connection) -> None:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = on")

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        with self.writing() as connection:
            self.read_whole(connection)
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
            encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
            if encoding != "UTF8":
                text = f"{self.place}: the database's encoding is {encoding}; make one in UTF8"
                raise StorageError(text, retry=False)
            yield connection

    def save_before_migration(self, old: str, new: str) -> None:
        """None: the migration is one transaction, and backups are the server's matter."""

    def backup(self, target: Path) -> None:
        text = f"{self.place}: is backed up by PostgreSQL's own means (pg_dump), not by us"
        raise StorageError(text, retry=False)

    def explain(self, error: BaseException, *, reading: bool = False) -> Exception:
        if reading and getattr(getattr(error, "orig", None), "sqlstate", None) == READ_ONLY:
            return api.only_reads(self.place)
        return api.explain(error, self._explain)

    def _explain(self, error: BaseException) -> Exception:
        return explained(error, self.place, self._passwords)

    def now(self) -> datetime:
        return self._steady().now()

    def clock_step(self) -> timedelta | None:
        return self._steady().step()

    def follow_clock(self) -> None:
        self._steady().follow()

    def _steady(self) -> SteadyClock:
        # Asked for at first use only: it asks the server.
        if self._clock is None:
            self._clock = SteadyClock(self._server_time, ticks_s)
        return self._clock

    def _server_time(self) -> datetime:
        """Return the server's time: hosts may differ, and leases are compared between them.

        Measured once a minute, and counted on from there by a clock that nobody sets. While the
        server cannot be asked the count goes on.

        Raises:
            StorageError: The server has never answered yet.
        """
        if self._measured is None:
            with self._measuring:
                if self._measured is None:
                    self._measured = self._measure()
        elif ticks_s() > self._measured[1] + CLOCK_GOOD_FOR_S and self._measuring.acquire(False):
            # One asks; the others need not wait for it.
            try:
                self._measured = self._measure()
            except StorageError:
                # Not asked again for a minute: who wants the time must not wait for an answer.
                instant, measured_s = self._measured
                ticks_now_s = ticks_s()
                self._measured = instant + timedelta(seconds=ticks_now_s - measured_s), ticks_now_s
            finally:
                self._measuring.release()
        instant, measured_s = self._measured
        return instant + timedelta(seconds=ticks_s() - measured_s)

    def _measure(self) -> tuple[datetime, float]:
        """Ask the server for its time; return it with our ticks at that moment."""
        # Not from the pool: it may be used up by transactions that wait for us.
        with closing(self._session()) as session:
            try:
                row = session.execute("SELECT clock_timestamp()").fetchone()
            except psycopg.Error as error:
                raise self._explain(error) from None
            assert row is not None  # a function answers with one row
            return row[0].astimezone(UTC), ticks_s()

    def tidy(self) -> None:
        """Nothing: the server looks after itself."""

    def size_bytes(self, connection: Connection) -> int:
        size = "SELECT pg_database_size(current_database())"
        return int(connection.exec_driver_sql(size).scalar_one())

    def give_back_room(self) -> bool:
        return False  # the server uses it for what comes

    def mark(self) -> object:
        return None

    def check_place(self) -> None:
        # Dropped and made anew, or renamed and another given its name: the number tells.
        number = "SELECT oid FROM pg_database WHERE datname = current_database()"
        with self.reading() as connection:
            found = connection.exec_driver_sql(number).scalar()
        if self._opened is None:
            self._opened = found
        elif found != self._opened:
            text = f"{self.place}: another database has the name of the one that was opened; "
            raise StoreLost(text + "restart to use what is there now")

    def damage(self, connection: Connection) -> list[str]:
        problems = []
        if connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "off":
            text = "synchronous_commit is off: a dying server loses the last alerts; set it on"
            problems.append(f"{self.place}: {text}")
        # Not `transaction_read_only`, which is on in each transaction that only wants to read.
        only_reads = (
            "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on'"
        )
        if connection.exec_driver_sql(only_reads).scalar():
            problems.append(f"{self.place}: {ONLY_READS}")
        invalid = (
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE NOT i.indisvalid AND n.nspname = current_schema() ORDER BY 1"
        )
        for (name,) in connection.exec_driver_sql(invalid):
            problems.append(f"{self.place}: the index {name} is not valid; run REINDEX on it")
        unchecked = (
            "SELECT conname FROM pg_constraint "
            "WHERE NOT convalidated AND connamespace = current_schema()::regnamespace ORDER BY 1"
        )
        for (name,) in connection.exec_driver_sql(unchecked):
            problems.append(f"{self.place}: the constraint {name} was never checked; VALIDATE it")
        return problems

    @contextmanager
    def hold_owner(self, owner: str) -> Iterator[None]:
        try:
            keeper = _Keeper(self._session, _lock_number(owner))
        except psycopg.Error as error:
            raise self._explain(error) from None
        keeper.start()
        try:
            yield
        finally:
            keeper.stop()

    def dead_owners(self, owners: Sequence[str]) -> list[str]:
        if not owners:
            return []
        dead = []
        with closing(self._session()) as session:
            # A server that has just come back knows nobody's locks; the living return at once.
            settled = f"SELECT clock_timestamp() - pg_postmaster_start_time() > '{self._settled}'"
            if not session.execute(settled.encode()).fetchone()[0]:  # type: ignore[index]  # one row
                return []
            for owner in owners:
                number = (_lock_number(owner),)
                free = session.execute("SELECT pg_try_advisory_lock(%s)", number).fetchone()
                if free is not None and free[0]:
                    session.execute("SELECT pg_advisory_unlock(%s)", number)
                    dead.append(owner)
        return dead

    def _session(self) -> psycopg.Connection[Any]:
        """Open a connection of our own, outside the pool."""
        _, arguments = self._engine.dialect.create_connect_args(self._url)
        try:
            return psycopg.connect(**arguments, autocommit=True)
        except psycopg.Error as error:
            raise self._explain(error) from None

    def living_owners(self, connection: Connection) -> int:
        # Owners' locks have one number, of 64 bits; those of steps of ours are small.
        held = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted "
            "AND objsubid = 1 AND classid <> 0 "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return int(connection.exec_driver_sql(held).scalar_one())

    def take_turn(self, name: str) -> bool:
        return self._turns.take(name)

    def give_turns(self, names: Collection[str]) -> None:
        self._turns.give(names)

    def close(self) -> None:
        self._turns.close()
        self._engine.dispose()


class _Keeper(threading.Thread):
    """Holds an advisory lock, and takes it again at once when its connection is lost."""

    def __init__(self, connect: Any, number: int) -> None:
        super().__init__(name="owner-lock", daemon=True)
        self._connect = connect
        self._number = number
        self._session: psycopg.Connection[Any] = self._locked()
        self._wake, self._woken = socket.socketpair()
        self._stopping = False

    def _locked(self) -> psycopg.Connection[Any]:
        session: psycopg.Connection[Any] = self._connect()
        session.execute("SELECT pg_advisory_lock(%s)", (self._number,))
        return session

    def run(self) -> None:
        pause = 0.05
        while not self._stopping:
            try:
                if self._session.closed:
                    self._session = self._locked()
                    pause = 0.05
                waiting: list[Any] = [self._session.fileno(), self._woken]
                select.select(waiting, [], [])
                if not self._stopping:
                    # The server spoke although nobody asked: most likely it says goodbye.
                    self._session.execute("SELECT 1")
            except (psycopg.Error, StorageError, OSError, ValueError):
                with suppress(psycopg.Error):
                    self._session.close()
                select.select([self._woken], [], [], pause)
                pause = min(pause * 2, 1.0)

    def stop(self) -> None:
        self._stopping = True
        self._wake.send(b"x")
        self.join()
        with suppress(psycopg.Error):
            # The server would notice, but a moment later.
            self._session.execute("SELECT pg_advisory_unlock_all()")
        self._session.close()
        self._wake.close()
        self._woken.close()


def _with_settings(url: URL) -> URL:
    """Return the URL with our settings; what it says itself about connecting counts more."""
    given = url.query.get("options", "")
    theirs = given if isinstance(given, str) else " ".join(given)
    ours = " ".join(f"-c {key}={value}" for key, value in SETTINGS.items())
    connecting = {key: value for key, value in CONNECTING.items() if key not in url.query}
    query = {**connecting, "options": f"{ours} {theirs}".strip()}
    return url.set(drivername="postgresql+psycopg").update_query_dict(query)


def _lock_number(owner: str) -> int:
    digest = hashlib.sha256(b"owner " + owner.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def check_url(url: URL) -> URL:
    """Return the URL; `postgres://` is taken for `postgresql://`.

    Raises:
        StorageError: A reserved character in the password has broken it up.
    """
    host = str(url.host or "")
    if re.search(r"[@#?/\s]", host) or "@" in str(url.database or ""):
        text = (
            "the database URL falls apart at a special character: write those of the user name "
            "and password as percent codes (@ as %40, # as %23, / as %2F, ? as %3F)"
        )
        raise StorageError(text, retry=False)
    return url
