"""Whether anything may lie further ahead than it may: most often nothing does."""

import sqlite3
from datetime import datetime

from storage.api.storage import LongestWaits
from storage.said.texts import ask, texts


def is_anything_far(
    connection: sqlite3.Connection, longest: LongestWaits, *, now: datetime
) -> bool:
    """Return False only if nothing lies further ahead than it may."""
    ahead = {
        "polls": now + longest.every_poll,
        "polled": now + longest.poll_lease,
        "channels": now + longest.channel,
        "pending": now,
        "sent": now + longest.send_lease,
    }
    return any(
        ask(connection, texts()[f"far.{name}"], {"until": at}).first() for name, at in ahead.items()
    )
