"""Opens the store: `open_storage(url)`, for SQLite and PostgreSQL.

This is the one place that knows which database it is; the nouns' files speak to both alike.
"""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from storage.admin.migrate import bring_up, check_version
from storage.admin.transaction import SqlTransaction
from storage.api.articles import Analysis
from storage.api.errors import IndexDamaged, StorageError
from storage.api.storage import LongestWaits
from storage.backends.api import Backend, is_of_the_database
from storage.backends.owners import Owners
from storage.model import Article
from storage.postings.prepared import Prepared
from storage.postings.remembered import Memory
from storage.said.far import is_anything_far

if TYPE_CHECKING:
    from sqlalchemy import URL

    from storage.admin.copy_ends import End


def open_storage(
    url: str,
    *,
    home: Path | None = None,
    migrate: bool = True,
    checkpoints: bool = False,
    is_brief: bool = False,
    analysis: Analysis | None = None,
) -> "SqlStorage":
    """Open the store, and bring its tables up to date.

    Args:
        url: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.
        home: Where locks of living processes (`run/`) and backups before a migration
            (`backups/`) of a SQLite store go; the file's own folder when None.
        migrate: False refuses a database of an older program instead of changing it; an empty
            one gets its tables in any case.
        checkpoints: Whether this process writes SQLite's log back as it goes (the daemon);
            others do so only when it has grown large.
        is_brief: Whether this process ends soon: where the disk of a SQLite store is full it may
            keep others waiting, to read it as it lies there.
        analysis: What the search index keeps of an article; without one, articles are stored
            outside of the index, and found more slowly.

    Raises:
        NotUpToDate: It is older than this program, and `migrate` is False.
        StorageError: It cannot be reached or used, or it is newer than this program.
    """
    backend = _backend(url, home=home, checkpoints=checkpoints, is_brief=is_brief)
    storage = SqlStorage(backend, analysis)
    try:
        storage.bring_up(migrate=migrate)
    except BaseException:
        storage.close()
        raise
    return storage


_PLAIN_FILE = re.compile(r"sqlite:///([\w./-]+)", re.ASCII)
"""A URL that can be read without SQLAlchemy; the file's name is what it matches."""


def open_end(url: str, *, home: Path) -> "End":
    """Return a database as one end of a copy; it is opened when it is read or filled.

    Args:
        home: The data folder of whoever works with it.
    """
    from storage.admin.copy_ends import PostgresEnd, SqliteEnd
    from storage.backends.postgres import PostgresBackend
    from storage.backends.sqlite import path_in

    named = _parsed(url)
    if named.get_backend_name() == "sqlite":
        return SqliteEnd(path_in(named), home=home)
    backend = _backend(url, home=None, checkpoints=False)
    assert isinstance(backend, PostgresBackend)  # there is no third kind
    return PostgresEnd(backend)


def _backend(text: str, *, home: Path | None, checkpoints: bool, is_brief: bool = False) -> Backend:
    """Return the database that the URL names. Only its own driver is imported."""
    if plain := _PLAIN_FILE.fullmatch(text):
        from storage.backends.sqlite import SqliteBackend

        return SqliteBackend(Path(plain[1]), home=home, checkpoints=checkpoints, is_brief=is_brief)
    url = _parsed(text)
    name = url.get_backend_name()
    if name == "sqlite":
        from storage.backends.sqlite import SqliteBackend, path_in

        return SqliteBackend(path_in(url), home=home, checkpoints=checkpoints, is_brief=is_brief)
    if name in ("postgresql", "postgres"):
        from storage.backends.postgres import PostgresBackend, check_url

        return PostgresBackend(check_url(url))
    kinds = "write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
    raise StorageError(f"the database URL names an unknown kind {name!r}; {kinds}", retry=False)


def _parsed(text: str) -> "URL":
    from sqlalchemy import make_url
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return make_url(text)
    except (SQLAlchemyError, ValueError):
        # Neither its text nor its cause: both may quote the URL, and URLs carry passwords.
        raise StorageError(
            "the database URL cannot be read; write sqlite:///FILE or "
            "postgresql://USER:PASSWORD@HOST:PORT/NAME",
            retry=False,
        ) from None


class SqlStorage:
    """Implements `storage.api.storage` on a database; belongs to the process that opened it."""

    def __init__(self, backend: Backend, analysis: Analysis | None = None) -> None:
        self._backend = backend
        self._prepared: Prepared | None = None
        if analysis is not None:
            self._prepared = Prepared(analysis.tokens)
            analysis = analysis._replace(tokens=self._prepared.tokens)
        self._analysis = analysis
        self._memory = Memory()
        self._is_prepared = False
        self._owners = Owners(backend.hold_owner)
        self._process = os.getpid()

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        with self._index_given_up(), self._explained(), self._backend.to_write() as opened:
            own = Memory()  # what it writes may come to nothing
            tx = SqlTransaction(opened, self._backend, self._analysis, own)
            try:
                yield tx
                tx.end()
            finally:
                tx.forget()

    @contextmanager
    def changing(self) -> Iterator[SqlTransaction]:
        with self.transaction() as tx:
            tx.meta.hold()
            yield tx

    @contextmanager
    def reading(self) -> Iterator[SqlTransaction]:
        with (
            self._index_given_up(),
            self._explained(reading=True),
            self._backend.to_read() as opened,
        ):
            tx = SqlTransaction(opened, self._backend, self._analysis, self._memory)
            try:
                yield tx
            finally:
                tx.forget()

    def prepare(self, articles: Iterable[Article]) -> None:
        some = list(articles)
        if self._prepared is None or not some:
            return
        if not self._is_prepared:
            import storage.sql.archive.segments  # noqa: F401 (what loads it later finds it)
            from storage.postings.segments import build

            build([self._prepared.tokens(some[0])])
            self._is_prepared = True
        self._prepared.prepare(some)

    @contextmanager
    def _index_given_up(self) -> Iterator[None]:
        """Have the search index made anew that turns out to be damaged."""
        try:
            yield
        except IndexDamaged:
            with suppress(StorageError), self.transaction() as tx:
                tx.index.give_up()
            raise

    def bring_up(self, *, migrate: bool) -> None:
        """Bring the tables up to date, or refuse when they are not and `migrate` is False."""
        with self._explained():
            bring_up(self._backend, migrate=migrate)
            self._backend.check_place()

    def problems(self) -> list[str]:
        from storage.admin import integrity

        with self._explained(), self._backend.reading() as connection:
            return self._backend.damage(connection) + integrity.broken_promises(connection)

    def check_index(self) -> None:
        from storage.admin.index_check import check

        with (
            suppress(IndexDamaged),
            self._index_given_up(),
            self._explained(),
            self._backend.reading() as connection,
        ):
            check(connection)

    def backup(self, target: Path) -> None:
        """Write a whole, verified copy of a SQLite store to a new file while others go on.

        Raises:
            StorageError: The file exists, the copy is damaged, or this is PostgreSQL, which
                has its own means.
        """
        with self._explained():
            self._backend.backup(target)

    def tidy(self) -> None:
        with self._explained():
            self._backend.tidy()

    def mark(self) -> object:
        with self._explained(reading=True):
            return self._backend.mark()

    def check(self) -> None:
        with self._explained():
            self._backend.check_place()
            with self._backend.reading() as connection:
                check_version(connection, self._backend.place)

    def clock_jumped(self, by: timedelta) -> None:
        from storage.admin.clock_shift import move_instants

        if self._backend.host_clock:
            with self._explained(), self._backend.writing() as connection:
                move_instants(connection, by)
                self._backend.follow_clock()

    def shared_clock_step(self) -> timedelta | None:
        with self._explained():
            return None if self._backend.host_clock else self._backend.clock_step()

    def shared_clock_jumped(self, by: timedelta) -> bool:
        from storage.admin.clock_shift import is_first_to_tell, move_instants

        with self._explained(), self._backend.writing() as connection:
            at = self._backend.now() + by
            is_first = is_first_to_tell(connection, self._backend.insert, by, at=at)
            if is_first:
                move_instants(connection, by)
            self._backend.follow_clock()
        return is_first

    def too_far_ahead(self, longest: LongestWaits, *, now: datetime, mend: bool) -> list[str]:
        with self._explained(reading=not mend):
            with self._backend.to_read() as opened:
                driver = opened.driver
                if driver is not None and not is_anything_far(driver, longest, now=now):
                    return []
            from storage.admin.clock_shift import bound_instants, find_too_far

            if not mend:
                with self._backend.reading() as connection:
                    return [case.sentence for case in find_too_far(connection, longest, now=now)]
            with self._backend.writing() as connection:
                return bound_instants(connection, longest, now=now)

    def now(self) -> datetime:
        # Asked for each poll: without a generator around it.
        self._check_process()
        try:
            return self._backend.now()
        except Exception as error:
            if is_of_the_database(error):
                raise self._backend.explain(error) from None
            raise

    def hold_owner(self, owner: str) -> AbstractContextManager[None]:
        self._check_process()
        return self._owners.hold(owner)

    def dead_owners(self, owners: Sequence[str]) -> list[str]:
        with self._explained():
            return self._backend.dead_owners(owners)

    def size_bytes(self) -> int:
        with self._explained(), self._backend.reading() as connection:
            return self._backend.size_bytes(connection)

    def give_back_room(self) -> bool:
        with self._explained():
            return self._backend.give_back_room()

    def living_owners(self) -> int:
        with self._explained(), self._backend.reading() as connection:
            return self._backend.living_owners(connection)

    def take_turn(self, name: str) -> bool:
        return self._backend.take_turn(name)

    def give_turns(self, names: Collection[str]) -> None:
        self._backend.give_turns(names)

    def close(self) -> None:
        if self._process == os.getpid():
            self._backend.close()

    @contextmanager
    def _explained(self, *, reading: bool = False) -> Iterator[None]:
        self._check_process()
        try:
            yield
        except Exception as error:
            if not is_of_the_database(error):
                raise
            # Without its cause: the driver's own text may quote how it connects.
            raise self._backend.explain(error, reading=reading) from None

    def _check_process(self) -> None:
        if self._process != os.getpid():
            text = f"{self._backend.place}: opened by process {self._process}; open it anew"
            raise StorageError(f"{text} after a fork", retry=False)
