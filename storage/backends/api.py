"""What a database must do for the engine: all that differs between the two is behind this."""

import sqlite3
import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from storage.api.errors import StorageError
from storage.said.values import escaped
from storage.sql.archive.keeper import Keeper

if TYPE_CHECKING:
    from sqlalchemy import Connection

LONGEST = 300
"""So many characters of a driver's own words are shown."""


class Opened(Protocol):
    """A connection in a transaction."""

    @property
    def alchemy(self) -> "Connection":
        """The connection as SQLAlchemy has it."""
        ...

    @property
    def driver(self) -> sqlite3.Connection | None:
        """Answers what `storage.said` has as texts; None where SQLAlchemy is asked it all."""
        ...


class Backend(Keeper, Protocol):
    """One database: its connections, its words, its ways to fail.

    What says nothing here is what `storage.api.storage.Storage` promises under the same name.
    """

    @property
    def insert(self) -> Callable[..., Any]:
        """The INSERT that knows ON CONFLICT: `sqlalchemy.dialects.*.insert`."""
        ...

    place: str
    """What to call the database in messages; never with a password."""

    host_clock: bool
    """Whether `now` is this host's clock, which somebody may set."""

    def writing(self) -> AbstractContextManager["Connection"]:
        """Open a transaction that may write; commit or roll back at the end of the block."""
        ...

    def reading(self) -> AbstractContextManager["Connection"]:
        """Open a transaction that sees one moment of the database and cannot write."""
        ...

    def to_write(self) -> AbstractContextManager[Opened]:
        """As `writing`, for who may do without SQLAlchemy."""
        ...

    def to_read(self) -> AbstractContextManager[Opened]:
        """As `reading`, for who may do without SQLAlchemy."""
        ...

    def kept_version(self) -> str | None:
        """Return the revision of the tables; None when that is not seen at a glance."""
        ...

    def migrating(self) -> AbstractContextManager["Connection"]:
        """Open a transaction that changes the tables while nobody else does."""
        ...

    def save_before_migration(self, old: str, new: str) -> Path | None:
        """Keep a verified copy of a database that is about to be changed; return where it is."""
        ...

    def backup(self, target: Path) -> None:
        """Write a verified copy to a new file while others go on."""
        ...

    def explain(self, error: BaseException, *, reading: bool = False) -> Exception:
        """Return the driver's error as ours; `reading` when writing was not allowed."""
        ...

    def now(self) -> datetime:
        """Return what time it is where leases are compared: without steps that nobody follows."""
        ...

    def clock_step(self) -> timedelta | None:
        """Return by how much the clock was set that counts here and is not yet followed."""
        ...

    def follow_clock(self) -> None:
        """Go by the clock as it has been set.

        What is stored and lies ahead has been moved in the open transaction.
        """
        ...

    def tidy(self) -> None:
        """Do what must be done now and then while it is open."""
        ...

    def size_bytes(self, connection: "Connection") -> int: ...

    def give_back_room(self) -> bool: ...

    def mark(self) -> object: ...

    def check_place(self) -> None:
        """Tell when another database lies where the one was that was opened.

        Raises:
            StoreLost: It was moved away, emptied or replaced.
            StorageError: It is there, and its disk takes nothing more.
        """
        ...

    def damage(self, connection: "Connection") -> list[str]:
        """Return what the database itself finds wrong with its files and settings."""
        ...

    def hold_owner(self, owner: str) -> AbstractContextManager[None]: ...

    def dead_owners(self, owners: Sequence[str]) -> list[str]: ...

    def living_owners(self, connection: "Connection") -> int: ...

    def take_turn(self, name: str) -> bool: ...

    def give_turns(self, names: Collection[str]) -> None: ...

    def close(self) -> None: ...


def explain(error: BaseException, driver: Callable[[BaseException], Exception]) -> Exception:
    """Return what SQLAlchemy raised as ours; `driver` translates what its driver raised.

    Bad values become ValueError: their caller can do something about them.
    """
    from sqlalchemy.exc import DBAPIError, StatementError, TimeoutError

    if isinstance(error, DBAPIError):
        return driver(error.orig or error)
    if isinstance(error, StatementError) and isinstance(error.orig, ValueError):
        return error.orig
    if isinstance(error, TimeoutError):
        text = "too many transactions at once: none came free in time; try again"
        return StorageError(text, retry=True)
    return StorageError(f"the store failed: {first_line(str(error))}", retry=False)


def is_of_the_database(error: BaseException) -> bool:
    """Return whether an error is SQLAlchemy's, or of the driver that we ask without it."""
    if isinstance(error, sqlite3.Error):
        return True
    alchemy = sys.modules.get("sqlalchemy.exc")  # loaded, if anything of it was raised
    return alchemy is not None and isinstance(error, alchemy.SQLAlchemyError)


def only_reads(place: str) -> StorageError:
    """Return the error for a write in a transaction that was opened to read."""
    return StorageError(f"{place}: this transaction only reads", retry=False)


def refused(error: BaseException) -> ValueError:
    """Return the error for a value or a reference that the database does not accept."""
    return ValueError(f"the store refuses this: {first_line(str(error))}")


def first_line(text: str) -> str:
    """Return the first line of a driver's text, fit to be shown; what follows quotes values."""
    lines = text.strip().splitlines()
    return escaped(lines[0], LONGEST) if lines else "no reason given"
