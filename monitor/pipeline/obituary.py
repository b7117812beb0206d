"""When a source counts as dead, and what is said about it then: once, and once when it is back."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.base.errors import Remedy, RemedyKind, escaped
from monitor.base.times import show_instant
from storage.api.storage import Transaction
from storage.model import Source, SourceState

if TYPE_CHECKING:
    from monitor.pipeline.notices import Notices

DEAD_AFTER = timedelta(days=1)
FEWEST_FAILURES = 5
"""A source that has failed so often in a row, and for so long, is told about."""


def is_dead(source: Source, *, now: datetime) -> bool:
    """Whether nothing more is to be expected of a source, as it stands after a failure."""
    if source.state is SourceState.GONE:
        return True
    since = source.last_ok_at or source.added_at
    return source.failures >= FEWEST_FAILURES and now - since >= DEAD_AFTER


def tell_if_dead(notices: "Notices", tx: Transaction, source: Source, *, now: datetime) -> None:
    """Owe a notice about a source that is dead; about one death there is one."""
    if not is_dead(source, now=now):
        return
    name, why = escaped(source.name), escaped(source.last_error or "")
    if source.state is SourceState.GONE:
        text = f'Source "{name}" is polled no more: {why}'
        remedy = Remedy(RemedyKind.RESUME_OR_REMOVE_SOURCE, source.name)
    else:
        last = show_instant(source.last_ok_at)
        since = f"since {last}" if last else "since it was added"
        text = f'Source "{name}" could not be read {since}: {why}'
        remedy = Remedy(RemedyKind.SHOW_NOTICES, source.name)
    notices.owe(tx, _subject("dead", source), text, now=now, remedy=remedy)


def tell_if_back(notices: "Notices", tx: Transaction, source: Source, now: datetime) -> None:
    """Owe a notice about a source that has just been read, when its death was told.

    Args:
        source: As it stood before that.
    """
    if source.last_error is None or not notices.has_told(tx, _subject("dead", source)):
        return
    text = f'Source "{escaped(source.name)}" can be read again'
    notices.owe(tx, _subject("back", source), text, now=now)


def _subject(what: str, source: Source) -> str:
    """Return words that name one death of a source: by when it was last well."""
    since = source.last_ok_at or source.added_at
    return f"source {what} {source.id} {since.isoformat()}"
