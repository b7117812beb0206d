"""Brings a database to the tables that this program knows, with Alembic, only when it must.

Alembic is imported only when there is something to do: reading the version is one statement.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect

from storage.api import StorageError
from storage.backend import Backend
from storage.columns import shown

REVISIONS = ("0001",)
"""All revisions in `migrations/versions`, oldest first."""

HEAD = REVISIONS[-1]
FOLDER = Path(__file__).parent / "migrations"


def bring_up(backend: Backend, *, migrate: bool) -> None:
    """Migrate the database to `HEAD`; one transaction, after a verified copy.

    Raises:
        StorageError: It is newer than this program, or not ours; or it is older and `migrate`
            is False.
    """
    with backend.reading() as connection:
        if version_of(connection, backend.place) == HEAD:
            return
    if not migrate:
        text = f"{backend.place}: the database is not up to date; run: monitor migrate"
        raise StorageError(text, retry=False)
    with backend.migrating() as connection:
        # Asked again: another process may have done it while we waited.
        version = version_of(connection, backend.place)
        if version == HEAD:
            return
        if version is not None:
            backend.save_before_migration(version, HEAD)
        upgrade(connection)


def version_of(connection: Connection, place: str) -> str | None:
    """Return the revision a database is at, or None when it is empty.

    Raises:
        StorageError: It is newer than this program knows, or holds somebody else's tables.
    """
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
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if found is None:
        return None
    version = str(found)
    if version not in REVISIONS:
        text = f"{place}: database schema {version}, this program knows {HEAD}: upgrade the program"
        raise StorageError(text, retry=False)
    return version


def upgrade(connection: Connection, *, to: str = "head") -> None:
    """Run the migrations in the connection's open transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
