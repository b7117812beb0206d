"""What PostgreSQL's errors mean for whoever called."""

import re
from collections.abc import Sequence

import psycopg

from storage.api.errors import StorageError
from storage.backends import api

RETRY_CLASSES = ("08", "40", "53", "57")
READ_ONLY = "25006"
ONLY_READS = "can only be read: it is a standby, or default_transaction_read_only is on"
RETRY_STATES = {"25P03", READ_ONLY, "55P03"}
"""Idle too long, read-only for now, lock not available."""
CANCELED = "57014"
"""It took longer than a statement may, or somebody has ended it."""
NO_RIGHTS = "42501"
LAST_WORDS = {"57P04"}
"""The database was dropped."""
HOPELESS = (
    "password authentication failed|no password supplied|does not exist|"
    "no pg_hba.conf entry|invalid (connection option|integer|port|sslmode)|not support"
)


def explained(error: BaseException, place: str, passwords: Sequence[str]) -> Exception:
    """Return the driver's error as ours: of the value, or of the store.

    Args:
        error: What the driver raised.
        place: The database, as messages name it.
        passwords: Are not shown, though the server's words have them.
    """
    why = api.first_line(_masked(str(error), passwords))
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    if state is None:
        # Not from the server: no connection. What cannot get better is told in words only.
        hopeless = re.search(HOPELESS, str(error))
        lost = isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
        return StorageError(f"{place}: {why}", retry=lost and not hopeless)
    if state == READ_ONLY:
        # As such may be made the primary again, it is tried again.
        why = ONLY_READS
    if state == CANCELED:
        why = f"{why}: it is busy, or somebody holds a lock, which pg_stat_activity tells"
    if state == NO_RIGHTS:
        whose = "who connects must own the database (ALTER DATABASE … OWNER TO …) and its tables"
        why = f"{why}: {whose}"
    if state[:2] in ("22", "23"):
        return ValueError(f"the store refuses this: {why}")
    retry = state not in LAST_WORDS and (state[:2] in RETRY_CLASSES or state in RETRY_STATES)
    return StorageError(f"{place}: {why} ({state})", retry=retry)


def _masked(text: str, passwords: Sequence[str]) -> str:
    for password in passwords:
        text = text.replace(password, "***")
    return text
