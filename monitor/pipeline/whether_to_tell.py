"""Whether a round has anything to tell of: to tell it takes longer to load than to ask."""

from datetime import datetime, timedelta

from storage.api.storage import Storage

ENDS_SOON = timedelta(days=1)
"""So long before a rule ends it is told."""

STORM = timedelta(minutes=1)
"""So long before its time a digest is looked at, where nobody will look again soon."""


def does_a_rule_end(storage: Storage, *, now: datetime) -> bool:
    """Return whether a rule ends soon; maybe that has been told."""
    with storage.reading() as tx:
        return bool(tx.rules.ending(after=now, until=now + ENDS_SOON))


def is_a_digest_due(storage: Storage, *, now: datetime) -> bool:
    """Return whether a channel may be due for what is told together, now or in a moment."""
    with storage.reading() as tx:
        return bool(tx.held.due_channels(now=now + STORM))
