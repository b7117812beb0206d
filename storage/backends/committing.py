"""How a transaction of either database ends."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


@contextmanager
def committing(connection: Connection) -> Iterator[None]:
    """Commit what the block did; take it back when the block fails."""
    try:
        yield
        connection.commit()
    except BaseException:
        # SQLite may have rolled back by itself, and a lost connection has nothing to roll back:
        # the error that matters is the first.
        with suppress(DBAPIError):
            connection.rollback()
        raise
