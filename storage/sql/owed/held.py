"""Deliveries that are held back for a digest, as they are kept."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Executable,
    Select,
    and_,
    bindparam,
    case,
    delete,
    distinct,
    exists,
    func,
    literal_column,
    select,
    update,
)

from storage.model import ChannelState, Delivery, DeliveryKind, DeliveryState
from storage.quiet import Hold, HoldReason
from storage.said.asking import NOTHING
from storage.said.others import AskedHeld
from storage.said.texts import Given
from storage.sql import rows
from storage.sql.owed.delivery_rows import IS_MADE, WHOLE, from_row
from storage.sql.tables.schema import alert, channel, delivery, payload

_IS_WAITING = and_(
    delivery.c.state == DeliveryState.HELD.value, delivery.c.hold_reason.is_not(None)
)
_IN_ORDER = (delivery.c.created_at, delivery.c.id)
_COUNTED_AS = case(
    (
        and_(
            delivery.c.hold_reason == literal_column(f"'{HoldReason.BACKFILL.value}'"),
            delivery.c.hold_of == delivery.c.channel_id,
        ),
        literal_column(f"'{HoldReason.QUIET.value}'"),
    ),
    else_=delivery.c.hold_reason,
).label("counted_as")
"""Literal, since PostgreSQL takes an expression with parameters for another when grouping."""


_due_channels = (
    select(delivery.c.channel_id)
    .distinct()
    .join(channel)
    .where(delivery.c.due_at <= bindparam("now"), _IS_WAITING)
    .where(channel.c.state == ChannelState.ACTIVE.value)
)

SAID: dict[str, Executable] = {"due_channels": _due_channels}


class SqlHeld(AskedHeld):
    """Implements `storage.api.quiet.Held` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def ask(self, name: str, given: Given = NOTHING) -> Any:
        return self._connection.execute(SAID[name], given)

    def sent(
        self,
        channel_id: str,
        *,
        since: datetime,
        until: datetime | None = None,
        rule_id: str | None = None,
    ) -> int:
        made = select(func.count(distinct(delivery.c.alert_id))).where(
            delivery.c.channel_id == channel_id,
            delivery.c.created_at >= since,
            delivery.c.kind == DeliveryKind.ALERT.value,
            delivery.c.hold_reason.is_(None),
        )
        if until is not None:
            made = made.where(delivery.c.created_at <= until)
        if rule_id is None:
            made = made.where(delivery.c.digest_id.is_(None))  # what another message tells is none
        else:
            made = made.join(alert, alert.c.id == delivery.c.alert_id)
            made = made.where(alert.c.rule_id == rule_id)
        return self._connection.execute(made).scalar_one()

    def waiting(
        self,
        *,
        channel_id: str | None = None,
        of: str | None = None,
        reason: HoldReason | None = None,
        alert_ids: Iterable[str] | None = None,
        limit: int | None = None,
    ) -> list[Delivery]:
        wanted = WHOLE.where(_IS_WAITING).order_by(*_IN_ORDER).limit(limit)
        if channel_id is not None:
            wanted = wanted.where(delivery.c.channel_id == channel_id)
        if of is not None:
            wanted = wanted.where(delivery.c.hold_of == of)
        if reason is not None:
            wanted = wanted.where(delivery.c.hold_reason == reason.value)
        if alert_ids is None:
            return self._read(wanted)
        found = [
            delivery_
            for chunk in rows.chunks(alert_ids)
            for delivery_ in self._read(wanted.where(delivery.c.alert_id.in_(chunk)))
        ]
        return sorted(found, key=lambda each: (each.created_at, each.id))[:limit]

    def _read(self, statement: Select[Any]) -> list[Delivery]:
        return [from_row(row) for row in self._connection.execute(statement)]

    def count(self) -> dict[HoldReason, int]:
        counted = select(_COUNTED_AS, func.count()).where(_IS_WAITING).group_by(_COUNTED_AS)
        found = {name: number for name, number in self._connection.execute(counted)}
        return {reason: found[reason.value] for reason in HoldReason if reason.value in found}

    def due_since(self, channel_id: str, *, now: datetime) -> datetime | None:
        due = select(func.min(delivery.c.due_at)).where(
            _IS_WAITING, delivery.c.channel_id == channel_id, delivery.c.due_at <= now
        )
        since: datetime | None = self._connection.execute(due).scalar()
        return since

    def take_due(self, channel_id: str, *, now: datetime) -> list[Delivery]:
        due = WHOLE.where(
            _IS_WAITING, delivery.c.channel_id == channel_id, delivery.c.due_at <= now
        )
        return self._read(due.order_by(*_IN_ORDER).with_for_update(of=delivery))

    def bundle(self, ids: Iterable[str], *, digest_id: str, reason: str) -> int:
        carried = {
            "state": DeliveryState.BUNDLED.value,
            "state_reason": reason,
            "due_at": None,
            "digest_id": digest_id,
        }
        return self._change(ids, carried)

    def hold_on(self, ids: Iterable[str], hold: Hold, *, reason: str) -> int:
        values = {
            "state_reason": reason,
            "hold_reason": hold.reason.value,
            "hold_of": hold.of,
            "due_at": hold.due_at,
        }
        return self._change(ids, values)

    def drop(self, ids: Iterable[str], *, reason: str) -> int:
        state = DeliveryState.SUPPRESSED.value
        return self._change(ids, {"state": state, "state_reason": reason, "due_at": None})

    def _change(self, ids: Iterable[str], values: dict[str, Any]) -> int:
        count = 0
        for chunk in rows.chunks(ids):
            changed = update(delivery).where(_IS_WAITING, delivery.c.id.in_(chunk))
            count += self._connection.execute(changed.values(values)).rowcount
        return count

    def send_alone(
        self, delivery_: Delivery, payload_: bytes, *, now: datetime, made_at: datetime
    ) -> bool:
        patience = delivery_.give_up_at - delivery_.created_at
        alone = {
            "state": DeliveryState.PENDING.value,
            "state_reason": None,
            "created_at": made_at,
            "next_at": now,
            "give_up_at": made_at + patience,
            "hold_reason": None,
            "hold_of": None,
            "due_at": None,
        }
        if not self._change([delivery_.id], alone):
            return False
        made = {"delivery_id": delivery_.id, "bytes": payload_}
        rows.put(self._connection, self._insert, payload, [made])
        return True

    def reschedule(self, of: str, *, due_at: datetime | None, reason: HoldReason) -> int:
        held = (_IS_WAITING, delivery.c.hold_of == of, delivery.c.hold_reason == reason.value)
        # In the order in which digests take them: two who want the same would wait for each other.
        locked = select(delivery.c.id).where(*held).order_by(*_IN_ORDER).with_for_update()
        moved = update(delivery).where(delivery.c.id.in_(locked)).values(due_at=due_at)
        return self._connection.execute(moved).rowcount

    def gather(self, channel_id: str, *, more_than: int, now: datetime) -> int:
        untold = (
            delivery.c.channel_id == channel_id,
            delivery.c.state == DeliveryState.HELD.value,
            delivery.c.kind == DeliveryKind.ALERT.value,
            delivery.c.hold_reason.is_(None),
            delivery.c.lease_token == 0,
            IS_MADE,
            exists()
            .where(channel.c.id == delivery.c.channel_id)
            .where(channel.c.added_at <= delivery.c.created_at),
        )
        alerts = select(func.count(distinct(delivery.c.alert_id))).where(*untold)
        count = self._connection.execute(alerts).scalar_one()
        if count <= more_than:
            return 0
        waits = {
            "state_reason": "the channel was switched off",
            "hold_reason": HoldReason.PAUSED.value,
            "hold_of": channel_id,
            "due_at": now,
        }
        self._connection.execute(update(delivery).where(*untold).values(waits))
        # The digest says it all.
        waiting = select(delivery.c.id).where(_IS_WAITING, delivery.c.channel_id == channel_id)
        self._connection.execute(delete(payload).where(payload.c.delivery_id.in_(waiting)))
        return count

    def members(self, digest_id: str) -> list[Delivery]:
        carried = WHOLE.where(delivery.c.digest_id == digest_id)
        return self._read(carried.order_by(*_IN_ORDER))
