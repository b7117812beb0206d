"""Puts a backup of a SQLite store in its place; what was there is set aside, never removed."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import create_engine

from storage.admin.migrate import version_of
from storage.api.errors import StorageError
from storage.backends.api import first_line
from storage.backends.commit_mark import mark_of
from storage.backends.file_checks import check_before_opening, damage_in, wal_of
from storage.backends.write_lock import WriteLock

_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class NoBackup(Exception):
    """A file is no backup that can be put back; the store itself may be well."""


def restore(backup: Path, path: Path, *, agreed: Callable[[], None] = lambda: None) -> Path | None:
    """Let what a backup holds be the database; return where the one before lies now.

    Nobody may be at work with the database: whoever has it open notices, and ends. Killed at
    any instant, it leaves the one database or the other, or both beside the place.

    Args:
        path: The file of the database; it need not exist.
        agreed: Called once the backup is known to be good, before anything changes; may raise.

    Raises:
        NoBackup: The file is damaged, none of ours, or of a newer program.
        StorageError: The store cannot be written to now.
            In either case the database is as it was.
    """
    path = path.absolute().resolve()
    check_before_opening(path)
    part = path.with_name(path.name + ".part")
    try:
        _checked_copy(backup, part)
        agreed()
        with WriteLock(path.with_name(path.name + "-gate")).held():
            aside = _set_aside(path)
            # The count of commits is that of the database before, which had seen more.
            mark_of(path).unlink(missing_ok=True)
            part.rename(path)
            _sync(path.parent)
    except (sqlite3.Error, OSError) as error:
        text = f"{path}: {backup} cannot be put back ({first_line(str(error))})"
        raise StorageError(text, retry=False) from error
    finally:
        with suppress(OSError):
            part.unlink()
    return aside


def _checked_copy(backup: Path, part: Path) -> None:
    """Write a whole copy of the backup, and look whether it is one of ours."""
    damage: list[str] = []
    try:
        damage = _copy(backup, part)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
            raise
        damage = [first_line(str(error))]
    if damage:
        raise NoBackup(f"{backup}: is damaged ({damage[0]}); name another backup")
    engine = create_engine(f"sqlite:///{part}")
    try:
        with engine.connect() as connection:
            version = version_of(connection, str(backup))
    except StorageError as error:  # which tells of this file as it would of a database
        raise NoBackup(str(error)) from error
    finally:
        engine.dispose()
    if version is None:
        raise NoBackup(f"{backup}: holds nothing; name another backup")
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _copy(backup: Path, part: Path) -> list[str]:
    """Copy a whole file; return what is wrong with it."""
    part.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(part)) as copy,
    ):
        os.chmod(part, 0o600)
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        return damage_in(copy.execute("PRAGMA integrity_check(1)").fetchone()[0])


def _set_aside(path: Path) -> Path | None:
    """Move the database and its log out of the way, under a name that is free."""
    if not path.exists():
        return None
    number = 1
    while (aside := path.with_name(f"{path.stem}-before-restore-{number}{path.suffix}")).exists():
        number += 1
    path.rename(aside)
    with suppress(FileNotFoundError):
        wal_of(path).rename(wal_of(aside))
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    return aside


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
