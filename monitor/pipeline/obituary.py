"""When a source counts as dead, and what is said about it then: once, and once when it is back.

And what is said when none can be reached from here, which is no source's death.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ingester.kinds import spec_of
from monitor.base.errors import Remedy, RemedyKind, escaped, quoted
from monitor.base.times import show_instant
from monitor.pipeline.faults import Fault
from monitor.pipeline.notices import told_key
from storage.api.storage import Transaction
from storage.model import Source, SourceState

if TYPE_CHECKING:
    from monitor.pipeline.notices import Notices

DEAD_AFTER = timedelta(days=1)
_A_POLL = timedelta(hours=1)
_CUT_OFF = "sources cut off"
FEWEST_FAILURES = 5
"""A source that has failed so often in a row, and for so long, is told about."""


def is_dead(source: Source, *, now: datetime) -> bool:
    """Whether nothing more is to be expected of a source, as it stands after a failure."""
    if source.state is SourceState.GONE:
        return True
    since = source.last_ok_at or source.added_at
    return source.failures >= FEWEST_FAILURES and now - since >= DEAD_AFTER


def tell_if_lasting(
    notices: "Notices", tx: Transaction, source: Source, fault: Fault, *, now: datetime
) -> None:
    """Owe a notice about a source that could not be read, if that is so for a day."""
    if fault is Fault.THEIRS:
        tell_if_dead(notices, tx, source, now=now)
    elif fault is Fault.OUR_NETWORK:
        tell_if_cut_off(notices, tx, source, now=now)


def tell_if_dead(notices: "Notices", tx: Transaction, source: Source, *, now: datetime) -> None:
    """Owe a notice about a source that is dead; about one death there is one."""
    if not is_dead(source, now=now):
        return
    name, why = quoted(source.name), escaped(source.last_error or "")
    if source.state is SourceState.GONE:
        text = f"Source {name} is polled no more: {why}"
        remedy = Remedy(RemedyKind.RESUME_OR_REMOVE_SOURCE, source.name)
    else:
        last = show_instant(source.last_ok_at)
        since = f"since {last}" if last else "since it was added"
        text = f"Source {name} could not be read {since}: {why}"
        remedy = Remedy(RemedyKind.SHOW_NOTICES, source.name)
    notices.owe(tx, _subject("dead", source), text, now=now, remedy=remedy)


def tell_if_back(notices: "Notices", tx: Transaction, source: Source, now: datetime) -> None:
    """Owe a notice about a source that has just been read, when its death was told.

    Args:
        source: As it stood before that.
    """
    if source.last_error is None or not notices.has_told(tx, _subject("dead", source)):
        return
    text = f"Source {quoted(source.name)} can be read again"
    notices.owe(tx, _subject("back", source), text, now=now)


def cut_off(sources: Iterable[Source], *, now: datetime) -> str:
    """Return the sentence that none of the sources out there could be read for a day, or ""."""
    out_there = [
        each
        for each in sources
        if each.state is SourceState.ACTIVE and spec_of(each.kind).is_remote
    ]
    last = max((each.last_ok_at or each.added_at for each in out_there), default=now)
    if now - last < DEAD_AFTER or not all(each.last_error for each in out_there):
        return ""
    return (
        f"No source could be read from here since {show_instant(last)}: "
        f"{escaped(out_there[0].last_error or '')}; is the network away, or what looks names up?"
    )


def tell_if_cut_off(notices: "Notices", tx: Transaction, source: Source, *, now: datetime) -> None:
    """Owe a notice a day while no source can be reached from here, when one just could not be."""
    if now - (source.last_ok_at or source.added_at) < DEAD_AFTER:
        return  # which is cheap to see
    text = cut_off(tx.sources.all(), now=now)
    if text:
        notices.owe_once_a_day(tx, _CUT_OFF, text, now=now)


def cut_off_as_told(tx: Transaction, sources: Iterable[Source], *, now: datetime) -> str:
    """Return the sentence that was told within a day, as it is now; "" when it is over."""
    told = tx.meta.get(told_key(_CUT_OFF))
    if not told or abs(now - datetime.fromisoformat(told)) > DEAD_AFTER + _A_POLL:
        return ""
    return cut_off(sources, now=now)


def _subject(what: str, source: Source) -> str:
    """Return words that name one death of a source: by when it was last well."""
    since = source.last_ok_at or source.added_at
    return f"source {what} {source.id} {since.isoformat()}"
