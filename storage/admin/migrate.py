"""Brings a database to the tables that this program knows, with Alembic, only when it must.

Alembic is imported only when there is something to do: reading the version is one statement.
"""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from common.records import dataclass
from storage.api.errors import NotUpToDate, StorageError, StoreLost
from storage.backends.api import Backend
from storage.said.values import shown

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger("monitor.store")


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The migrations that a program has.

    Attributes:
        folder: Where Alembic finds them.
        revisions: All of them, oldest first; kept here so that nobody must ask Alembic.
    """

    folder: Path
    revisions: tuple[str, ...]

    @property
    def head(self) -> str:
        """The newest revision: that of `storage.sql.tables.schema`."""
        return self.revisions[-1]


OURS = Steps(
    folder=Path(__file__).parents[1] / "migrations",
    revisions=(
        *("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0009", "0013", "0020"),
        "0021",
        "0022",
        "0023",
        "0024",
        "0025",
        "0026",
        "0027",
        "0028",
        "0029",
        "0030",
        "0031",
        "0032",
        "0033",
        "0034",
        "0035",
        "0036",
        "0037",
        "0038",
        "0039",
        "0040",
    ),
)


def bring_up(backend: Backend, *, migrate: bool, steps: Steps = OURS) -> None:
    """Migrate the database to the newest revision; one transaction, after a verified copy.

    An empty one is given its tables in any case: nobody can be working with it.

    Raises:
        NotUpToDate: It is older and `migrate` is False.
        StorageError: It is newer than this program, or not ours.
    """
    if backend.kept_version() == steps.head:
        return
    with backend.reading() as connection:
        version = version_of(connection, backend.place, steps)
    if version == steps.head:
        return
    if version is not None and not migrate:
        versions = f"the database has schema {version}, and this program needs {steps.head}"
        raise NotUpToDate(f"{backend.place}: {versions}")
    with backend.migrating() as connection:
        # Asked again: another process may have done it while we waited.
        version = version_of(connection, backend.place, steps)
        if version == steps.head:
            return
        if version is not None:
            copy = backend.save_before_migration(version, steps.head)
            kept = {"schema": version, **({"copy": str(copy)} if copy else {})}
            log.info("brings the database up to date", extra=kept)
        upgrade(connection, steps)


def version_of(connection: "Connection", place: str, steps: Steps = OURS) -> str | None:
    """Return the revision a database is at, or None when it is empty.

    Raises:
        StorageError: It is newer than this program knows, holds somebody else's tables, or ours
            without the number of their schema.
    """
    from sqlalchemy import inspect

    inspector = inspect(connection)
    if not inspector.has_table("alembic_version"):
        tables = inspector.get_table_names()
        if not tables:
            return None
        text = (
            f"{place}: holds tables that are not ours ({shown(', '.join(sorted(tables)))}); "
            "name an empty database"
        )
        raise StorageError(text, retry=False)
    kept = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if kept is None:
        if len(inspector.get_table_names()) == 1:
            return None
        text = f"{place}: the number of its schema is gone, so it is damaged; restore a backup"
        raise StorageError(text, retry=False)
    version = str(kept)
    if version not in steps.revisions:
        versions = f"database schema {version}, this program knows {steps.head}"
        raise StorageError(f"{place}: {versions}: upgrade the program", retry=False)
    return version


def check_version(connection: "Connection", place: str) -> None:
    """Tell when the database that is open has other tables than when it was opened.

    Raises:
        StoreLost: It has been migrated meanwhile, or its tables are gone.
    """
    from sqlalchemy import inspect

    if not inspect(connection).has_table("alembic_version"):
        raise StoreLost(f"{place}: its tables are gone; put a backup back, and start again")
    kept = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if kept != OURS.head:
        raise StoreLost(
            f"{place}: was migrated to schema {kept} while this program, which knows "
            f"{OURS.head}, ran; start the newer program"
        )


def upgrade(connection: "Connection", steps: Steps = OURS) -> None:
    """Run the migrations in the connection's open transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(steps.folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, steps.head)
