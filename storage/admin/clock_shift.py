"""Mends stored instants after a clock was set: moves them along, or bounds how far they lie."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Executable,
    Table,
    bindparam,
    select,
    update,
)

from common.records import dataclass
from storage.api.storage import LongestWaits
from storage.model import DeliveryState, SourceState
from storage.quiet import HoldReason
from storage.sql import sources
from storage.sql.tables.schema import channel, delivery, meta, source

_COLUMNS: dict[Table, tuple[str, ...]] = {
    source: ("next_poll_at", "lease_until"),
    channel: ("not_before",),
    delivery: ("next_at", "lease_until", "give_up_at"),
}
_OPEN = ("pending", "leased", "held")


_MOVED = "clock_moved"
"""In the store's meta: when its clock was last set, by the new time, and by how many seconds."""
_TOLD_WITHIN = timedelta(minutes=3)
"""All hosts have seen a step of the clock that they share by then."""
_TOLERATED = timedelta(seconds=5)

_until: BindParameter[datetime] = bindparam("until")
_pending = select(delivery.c.id, delivery.c.next_at, delivery.c.attempts)
_sent = select(delivery.c.id, delivery.c.lease_until)

SAID: dict[str, Executable] = {
    "polls": select(source).where(
        source.c.next_poll_at > _until, source.c.state != SourceState.REMOVED.value
    ),
    "polled": select(source).where(source.c.lease_until > _until),
    "channels": select(channel).where(channel.c.not_before > _until),
    "pending": _pending.where(delivery.c.state == "pending", delivery.c.next_at > _until),
    "sent": _sent.where(delivery.c.state == "leased", delivery.c.lease_until > _until),
}
"""What may lie too far ahead; `storage.said.far` asks whether anything does."""


def is_first_to_tell(
    connection: Connection, insert: Callable[..., Any], by: timedelta, *, at: datetime
) -> bool:
    """Note a step of a clock that several hosts share; False when another one has told of it.

    Args:
        at: What time it is by the clock as it has been set.
    """
    named = meta.c.key == _MOVED
    connection.execute(insert(meta).values(key=_MOVED, value="").on_conflict_do_nothing())
    noted = connection.execute(select(meta.c.value).where(named).with_for_update()).scalar_one()
    if noted:
        last_at, last_s = noted.split()
        is_now = abs(at - datetime.fromisoformat(last_at)) < _TOLD_WITHIN
        if is_now and abs(by - timedelta(seconds=float(last_s))) <= _TOLERATED:
            return False
    value = f"{at.isoformat()} {by.total_seconds()}"
    connection.execute(update(meta).where(named).values(value=value))
    return True


def move_instants(connection: Connection, by: timedelta) -> None:
    """Move what lies ahead by as much as the clock has jumped: what was due in 5 min stays so.

    What is held back for a digest waits for a time that a clock on the wall shows, such as the
    end of a night, and goes on waiting for it: a clock that is set ahead is past it the sooner,
    one that was days ahead meets it on the nearest day. A silence ends when it says that it does.
    """
    for table, names in _COLUMNS.items():
        columns = [table.c[name] for name in names]
        _move(
            connection, table, columns, by, table.c.state.in_(_OPEN) if table is delivery else None
        )
    storm = delivery.c.hold_reason == HoldReason.STORM.value
    _move_due(connection, storm, by)
    days = timedelta(days=round(by / timedelta(days=1)))
    if days < timedelta(0):
        silenced = delivery.c.hold_reason == HoldReason.SILENCED.value
        _move_due(connection, ~storm & ~silenced, days)


def _move_due(connection: Connection, which: ColumnElement[bool], by: timedelta) -> None:
    held = delivery.c.state == DeliveryState.HELD.value
    which &= held & delivery.c.due_at.is_not(None)
    _move(connection, delivery, [delivery.c.due_at], by, which)


def _move(
    connection: Connection,
    table: Table,
    columns: Sequence[Column[object]],
    by: timedelta,
    which: ColumnElement[bool] | None,
) -> None:
    rows = select(table.c.id, *columns)
    if which is not None:
        rows = rows.where(which)
    # Others go on meanwhile: what they have written since is theirs.
    still = [column.is_not_distinct_from(bindparam(f"{column.name}_was")) for column in columns]
    moved = update(table).where(table.c.id == bindparam("row_id"), *still)
    moved = moved.values({column.name: bindparam(column.name) for column in columns})
    every = [
        {"row_id": id_, **_moved(columns, values, by)} for id_, *values in connection.execute(rows)
    ]
    if every:
        connection.execute(moved, every)


def _moved(
    columns: Sequence[Column[object]], values: Sequence[object], by: timedelta
) -> dict[str, object]:
    named = {column.name: value for column, value in zip(columns, values, strict=True)}
    was = {f"{name}_was": value for name, value in named.items()}
    return {**was, **{name: _later(value, by) for name, value in named.items()}}


def _later(value: object, by: timedelta) -> object:
    return None if value is None else value + by  # type: ignore[operator]  # an instant


@dataclass(frozen=True, slots=True)
class TooFar:
    """An instant that lies further ahead than it may."""

    column: Column[datetime]
    row_id: str
    until: datetime
    sentence: str


def find_too_far(
    connection: Connection, longest: LongestWaits, *, now: datetime
) -> Iterator[TooFar]:
    """Yield what lies further ahead than it may."""
    yield from _sources(connection, longest, now=now)
    yield from _channels(connection, longest, now=now)
    yield from _deliveries(connection, longest, now=now)


def bound_instants(connection: Connection, longest: LongestWaits, *, now: datetime) -> list[str]:
    """Bring what lies further ahead than it may as near as it may lie; tell what that was."""
    told = []
    for case in list(find_too_far(connection, longest, now=now)):
        # Others go on meanwhile: what has ended since lies nowhere any more.
        still = (case.column.table.c.id == case.row_id, case.column > case.until)
        bounded = update(case.column.table).where(*still).values({case.column.name: case.until})
        if connection.execute(bounded).rowcount:
            told.append(case.sentence)
    return told


def _sources(connection: Connection, longest: LongestWaits, *, now: datetime) -> Iterator[TooFar]:
    for row in connection.execute(SAID["polls"], {"until": now + longest.every_poll}):
        kept = sources.from_row(row)
        until = now + longest.poll(kept)
        if row.next_poll_at > until:
            told = f'source "{kept.name}": its next poll is at {_shown(row.next_poll_at)}'
            yield TooFar(source.c.next_poll_at, kept.id, until, told)
    until = now + longest.poll_lease
    for row in connection.execute(SAID["polled"], {"until": until}):
        told = f'source "{row.name}": a poll of it may last until {_shown(row.lease_until)}'
        yield TooFar(source.c.lease_until, row.id, until, told)


def _channels(connection: Connection, longest: LongestWaits, *, now: datetime) -> Iterator[TooFar]:
    until = now + longest.channel
    for row in connection.execute(SAID["channels"], {"until": until}):
        told = f'channel "{row.name}": nothing is sent to it before {_shown(row.not_before)}'
        yield TooFar(channel.c.not_before, row.id, until, told)


def _deliveries(
    connection: Connection, longest: LongestWaits, *, now: datetime
) -> Iterator[TooFar]:
    for id_, next_at, attempts in connection.execute(SAID["pending"], {"until": now}):
        until = now + longest.delivery(attempts)
        if next_at > until:
            told = f"delivery {id_}: it is not tried before {_shown(next_at)}"
            yield TooFar(delivery.c.next_at, id_, until, told)
    until = now + longest.send_lease
    for id_, lease_until in connection.execute(SAID["sent"], {"until": until}):
        told = f"delivery {id_}: it counts as being sent until {_shown(lease_until)}"
        yield TooFar(delivery.c.lease_until, id_, until, told)


def _shown(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
