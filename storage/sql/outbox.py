"""Deliveries that are owed, and what became of them, as it is kept.

Every move from one state to another is one UPDATE with the old state in its WHERE: no row
changed means that somebody else was first.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    delete,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage.api import Attempt, Finish
from storage.model import CHANNEL_REMOVED, ChannelState, Delivery, DeliveryKind, DeliveryState
from storage.quiet import Hold, HoldReason
from storage.sql import rows
from storage.sql.schema import attempt, channel, delivery, source

# Literal, as in the partial indexes: with a bound value neither database may use them.
_IS_PENDING: ColumnElement[bool] = literal_column("delivery.state = 'pending'")
_IS_LEASED: ColumnElement[bool] = literal_column("delivery.state = 'leased'")
_AT_REST = delivery.c.state.in_([DeliveryState.PENDING.value, DeliveryState.HELD.value])
_MAY_BE_SENT_TO = (
    channel.c.state == literal_column("'active'"),
    or_(channel.c.not_before.is_(None), channel.c.not_before <= bindparam("now")),
)
_IS_FOR_ITS_TARGET = (
    exists()
    .where(channel.c.id == delivery.c.channel_id)
    .where(channel.c.added_at <= delivery.c.created_at)
)
_IS_MADE = func.length(delivery.c.payload) > 0
_FREE = {"lease_owner": None, "lease_until": None}

_get = select(delivery).where(delivery.c.id == bindparam("id"))
_due_channels = (
    select(channel.c.id)
    .where(
        *_MAY_BE_SENT_TO,
        exists()
        .where(_IS_PENDING, delivery.c.channel_id == channel.c.id)
        .where(delivery.c.next_at <= bindparam("now")),
    )
    .order_by(channel.c.id)
)
_may_be_sent_to = select(channel.c.id).where(channel.c.id == bindparam("id"), *_MAY_BE_SENT_TO)
_due = (
    select(delivery.c.id)
    .where(_IS_PENDING, delivery.c.channel_id == bindparam("id"))
    .where(delivery.c.next_at <= bindparam("now"))
    .order_by(delivery.c.next_at, delivery.c.created_at, delivery.c.id)
    .limit(bindparam("count"))
    # PostgreSQL passes over what another claim is taking; SQLite has one writer at a time.
    .with_for_update(skip_locked=True)
)
_lease = (
    update(delivery)
    .where(_IS_PENDING, delivery.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=DeliveryState.LEASED.value,
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        lease_token=delivery.c.lease_token + 1,
    )
    .returning(delivery)
)
_delivery_owners = select(delivery.c.lease_owner).where(_IS_LEASED).distinct()
_source_owners = select(source.c.lease_owner).where(source.c.lease_owner.is_not(None)).distinct()
_oldest = select(func.min(delivery.c.created_at)).where(delivery.c.state == bindparam("state"))
_counts = select(delivery.c.state, func.count()).group_by(delivery.c.state)
_attempts = (
    select(attempt).where(attempt.c.delivery_id == bindparam("id")).order_by(attempt.c.token)
)


class SqlOutbox:
    """Implements `storage.api.Outbox` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def put(self, deliveries: Iterable[Delivery]) -> int:
        new = [
            to_row(delivery_)
            for delivery_ in sorted(deliveries, key=lambda delivery_: delivery_.id)
        ]
        return rows.insert_new(self._connection, self._insert, delivery, new)

    def due_channels(self, *, now: datetime) -> list[str]:
        return list(self._connection.execute(_due_channels, {"now": now}).scalars())

    def waiting_since(self, channel_id: str, *, now: datetime) -> datetime | None:
        due = select(func.min(delivery.c.next_at), func.max(channel.c.not_before))
        due = due.join(channel, channel.c.id == delivery.c.channel_id)
        due = due.where(_IS_PENDING, delivery.c.channel_id == channel_id)
        instants = self._connection.execute(due.where(delivery.c.next_at <= now)).one()
        since: datetime | None = instants[0]
        return None if since is None else max(since, instants[1] or since)

    def claim_due(
        self, *, channel_id: str, now: datetime, limit: int, lease: timedelta, owner: str
    ) -> list[Delivery]:
        values = {"id": channel_id, "now": now}
        if self._connection.execute(_may_be_sent_to, values).first() is None:
            return []
        due = self._connection.execute(_due, {**values, "count": limit}).scalars().all()
        return self._claim(due, now=now, lease=lease, owner=owner)

    def claim(
        self, delivery_id: str, *, now: datetime, lease: timedelta, owner: str
    ) -> Delivery | None:
        claimed = self._claim([delivery_id], now=now, lease=lease, owner=owner)
        return claimed[0] if claimed else None

    def _claim(
        self, ids: Sequence[str], *, now: datetime, lease: timedelta, owner: str
    ) -> list[Delivery]:
        if not ids:
            return []
        values = {"ids": list(ids), "owner": owner, "until": now + lease}
        claimed = [from_row(row) for row in self._connection.execute(_lease, values)]
        if claimed:
            # The intent, in the same transaction: an attempt that we die in leaves a trace.
            begun = [
                {
                    "delivery_id": delivery_.id,
                    "token": delivery_.lease_token,
                    "owner": owner,
                    "started_at": now,
                }
                for delivery_ in claimed
            ]
            rows.insert_new(self._connection, self._insert, attempt, begun)
        # UPDATE ... RETURNING promises no order, so make the one that we promised.
        return sorted(claimed, key=in_order)

    def extend(self, delivery_: Delivery, *, until: datetime) -> bool:
        statement = update(delivery).where(*_is_ours(delivery_)).values(lease_until=until)
        return self._connection.execute(statement).rowcount > 0

    def finish(self, delivery_: Delivery, end: Finish) -> bool:
        return bool(self.finish_all([(delivery_, end)]))

    def finish_all(self, ends: Sequence[tuple[Delivery, Finish]]) -> set[str]:
        shut = self._shut(
            delivery_.channel_id for delivery_, end in ends if end.state is DeliveryState.PENDING
        )
        # Most ends of a batch are alike, and one statement writes them all.
        alike: dict[tuple[int, Finish], list[str]] = {}
        for delivery_, end in ends:
            why = shut.get(delivery_.channel_id)
            if why is not None and end.state is DeliveryState.PENDING:
                end = replace(end, state=DeliveryState.HELD, reason=why)
            alike.setdefault((delivery_.lease_token, end), []).append(delivery_.id)
        written: set[str] = set()
        for (token, end), ids in alike.items():
            for chunk in rows.chunks(ids):
                written |= self._end(chunk, token, end)
        return written

    def _end(self, ids: list[str], token: int, end: Finish) -> set[str]:
        values: dict[str, Any] = {
            "state": end.state.value,
            "state_reason": end.reason,
            "attempts": delivery.c.attempts + int(end.counts),
            "maybe": delivery.c.maybe + int(end.maybe),
            "last_error": end.error,
            "receipt": end.receipt,
        }
        if end.next_at is not None:
            values["next_at"] = end.next_at
        if end.state is DeliveryState.DELIVERED:
            values["delivered_at"] = end.ended_at
        ended = self._free(ids, token, values)
        attempts = update(attempt).where(attempt.c.delivery_id.in_(ended))
        attempts = attempts.where(attempt.c.token == token)
        values = {"ended_at": end.ended_at, "outcome": end.outcome, "error": end.error}
        if ended:
            self._connection.execute(attempts.values(values))
        return ended

    def _free(self, ids: Sequence[str], token: int, values: dict[str, Any]) -> set[str]:
        """End the claims with this token; return of which that were so still."""
        # The fence: leased, and by the very claim that these deliveries came from.
        ours = update(delivery).where(_IS_LEASED, delivery.c.lease_token == token)
        ours = ours.where(delivery.c.id.in_(ids)).values(**values, **_FREE)
        return set(self._connection.execute(ours.returning(delivery.c.id)).scalars())

    def give_back(self, deliveries: Sequence[Delivery]) -> set[str]:
        shut = self._shut(delivery_.channel_id for delivery_ in deliveries)
        alike: dict[tuple[int, str | None], list[str]] = {}
        for delivery_ in deliveries:
            key = delivery_.lease_token, shut.get(delivery_.channel_id)
            alike.setdefault(key, []).append(delivery_.id)
        back: set[str] = set()
        for (token, why), ids in alike.items():
            values = {"state": DeliveryState.PENDING.value}
            if why is not None:
                values = {"state": DeliveryState.HELD.value, "state_reason": why}
            for chunk in rows.chunks(ids):
                freed = self._free(chunk, token, values)
                begun = attempt.c.delivery_id.in_(freed), attempt.c.token == token
                self._connection.execute(delete(attempt).where(*begun))
                back |= freed
        return back

    def reap(self, *, now: datetime, dead_owners: Sequence[str] = ()) -> int:
        ended = delivery.c.lease_until <= now
        theirs = delivery.c.lease_owner.in_(dead_owners) if dead_owners else false()
        gone = (_IS_LEASED, or_(ended, theirs))
        channels = self._connection.execute(select(delivery.c.channel_id).where(*gone).distinct())
        shut = self._shut(channels.scalars().all())
        back = {"maybe": delivery.c.maybe + 1, "next_at": now, **_FREE}
        count = 0
        for id_, why in shut.items():
            held = update(delivery).where(*gone, delivery.c.channel_id == id_)
            held = held.values(state=DeliveryState.HELD.value, state_reason=why, **back)
            count += self._connection.execute(held).rowcount
        pending = update(delivery).where(*gone, delivery.c.channel_id.not_in(list(shut)))
        pending = pending.values(
            state=DeliveryState.PENDING.value, state_reason="owner vanished", **back
        )
        return count + self._connection.execute(pending).rowcount

    def _shut(self, channel_ids: Iterable[str]) -> dict[str, str]:
        """Return why those of these channels that are removed or disabled are so.

        They are locked, before any of their deliveries is: who removes one would otherwise
        not see what becomes pending at that moment, and leave it so.
        """
        shut: dict[str, str] = {}
        for chunk in rows.chunks(channel_ids):
            named = select(channel.c.id, channel.c.state, channel.c.state_reason)
            named = named.where(channel.c.id.in_(chunk)).order_by(channel.c.id)
            # Not FOR SHARE: two of them that then want to change the channel would deadlock.
            locked = self._connection.execute(named.with_for_update(key_share=True))
            for id_, state, reason in locked:
                if state == ChannelState.REMOVED.value:
                    shut[id_] = CHANNEL_REMOVED
                elif state == ChannelState.DISABLED.value:
                    shut[id_] = reason or "the channel is switched off"
        return shut

    def lease_owners(self) -> list[str]:
        owners = set(self._connection.execute(_delivery_owners).scalars())
        owners.update(self._connection.execute(_source_owners).scalars())
        return sorted(owners)

    def hold(self, channel_id: str, *, reason: str) -> int:
        statement = (
            update(delivery)
            .where(_IS_PENDING, delivery.c.channel_id == channel_id)
            .values(state=DeliveryState.HELD.value, state_reason=reason)
        )
        return self._connection.execute(statement).rowcount

    def suppress(self, channel_id: str, *, but_for: Sequence[str], reason: str) -> int:
        statement = (
            update(delivery)
            .where(_AT_REST, delivery.c.channel_id == channel_id)
            .where(delivery.c.hold_reason.is_(None))
            .where(delivery.c.recipient.not_in(list(but_for)))
            .values(state=DeliveryState.SUPPRESSED.value, state_reason=reason)
        )
        return self._connection.execute(statement).rowcount

    def unhold(self, channel_id: str, *, now: datetime) -> int:
        return self._renew(_AT_REST, delivery.c.channel_id == channel_id, now=now)

    def requeue(self, delivery_id: str, *, now: datetime) -> bool:
        resting = [state.value for state in DeliveryState]
        resting.remove(DeliveryState.PENDING.value)
        resting.remove(DeliveryState.LEASED.value)
        at_rest = delivery.c.state.in_(resting)
        return self._renew(at_rest, delivery.c.id == delivery_id, now=now) > 0

    def _renew(self, *conditions: ColumnElement[bool], now: datetime) -> int:
        """Make deliveries pending as if they had been put now: as long a time to be tried in."""
        renewed = self._connection.execute(
            select(delivery.c.id, delivery.c.created_at, delivery.c.give_up_at)
            .where(*conditions, _IS_FOR_ITS_TARGET, _IS_MADE)
            .order_by(delivery.c.id)
            .with_for_update()
        ).all()
        if not renewed:
            return 0
        self._connection.execute(
            update(delivery)
            .where(delivery.c.id == bindparam("this"))
            .values(
                state=DeliveryState.PENDING.value,
                state_reason=None,
                attempts=0,
                next_at=now,
                give_up_at=bindparam("patience"),
                delivered_at=None,
            ),
            [{"this": id_, "patience": now + (until - since)} for id_, since, until in renewed],
        )
        return len(renewed)

    def get(self, id: str) -> Delivery | None:
        row = self._connection.execute(_get, {"id": id}).first()
        return from_row(row) if row else None

    def find(self, prefix: str) -> Delivery | None:
        row = rows.find(self._connection, delivery, prefix, prefixes=(prefix, "msg_" + prefix))
        return from_row(row) if row else None

    def recent(
        self,
        *,
        open_only: bool = False,
        channel_id: str | None = None,
        alert_id: str | None = None,
        since: datetime | None = None,
        states: Sequence[DeliveryState] = (),
        limit: int | None = 100,
    ) -> list[Delivery]:
        statement = select(delivery)
        if open_only:
            is_open = [state.value for state in DeliveryState if state.is_open]
            statement = statement.where(delivery.c.state.in_(is_open))
        if channel_id is not None:
            statement = statement.where(delivery.c.channel_id == channel_id)
        if alert_id is not None:
            statement = statement.where(delivery.c.alert_id == alert_id)
        if since is not None:
            statement = statement.where(delivery.c.created_at >= since)
        if states:
            statement = statement.where(delivery.c.state.in_([state.value for state in states]))
        statement = statement.order_by(delivery.c.created_at.desc(), delivery.c.id)
        return [from_row(row) for row in self._connection.execute(statement.limit(limit))]

    def oldest_open(self) -> datetime | None:
        # State by state, because then the index gives each answer at once.
        states = (state for state in DeliveryState if state.is_open)
        oldest = (
            self._connection.execute(_oldest, {"state": state.value}).scalar() for state in states
        )
        return min((instant for instant in oldest if instant is not None), default=None)

    def counts(self) -> dict[DeliveryState, int]:
        counted = {state: count for state, count in self._connection.execute(_counts)}
        return {state: counted.get(state.value, 0) for state in DeliveryState}

    def attempts(self, delivery_id: str) -> list[Attempt]:
        tries = self._connection.execute(_attempts, {"id": delivery_id})
        return [Attempt(**row._mapping) for row in tries]


def _is_ours(delivery_: Delivery) -> tuple[ColumnElement[bool], ...]:
    """Return the fence: leased, and by the very claim that this delivery came from."""
    return (
        _IS_LEASED,
        delivery.c.id == delivery_.id,
        delivery.c.lease_token == delivery_.lease_token,
    )


def in_order(delivery_: Delivery) -> tuple[datetime, datetime, str]:
    """Return what deliveries are sent in the order of."""
    return delivery_.next_at, delivery_.created_at, delivery_.id


def to_row(delivery_: Delivery) -> dict[str, Any]:
    """Return the columns of a delivery."""
    return {
        "id": delivery_.id,
        "kind": delivery_.kind.value,
        "alert_id": delivery_.alert_id,
        "channel_id": delivery_.channel_id,
        "recipient": delivery_.recipient,
        "created_at": delivery_.created_at,
        "next_at": delivery_.next_at,
        "give_up_at": delivery_.give_up_at,
        "state": delivery_.state.value,
        "state_reason": delivery_.state_reason,
        "attempts": delivery_.attempts,
        "maybe": delivery_.maybe,
        "lease_owner": delivery_.lease_owner,
        "lease_token": delivery_.lease_token,
        "lease_until": delivery_.lease_until,
        "delivered_at": delivery_.delivered_at,
        "receipt": delivery_.receipt,
        "last_error": delivery_.last_error,
        "payload": delivery_.payload,
        "hold_reason": delivery_.hold.reason.value if delivery_.hold else None,
        "hold_of": delivery_.hold.of if delivery_.hold else None,
        "due_at": delivery_.hold.due_at if delivery_.hold else None,
        "digest_id": delivery_.digest_id,
    }


def from_row(row: Row[Any]) -> Delivery:
    """Return the delivery of a row."""
    values = dict(row._mapping)
    values["kind"] = _KINDS[values["kind"]]
    values["state"] = _STATES[values["state"]]
    values["payload"] = bytes(values["payload"])
    reason, of, due_at = (
        values.pop("hold_reason"),
        values.pop("hold_of"),
        values.pop("due_at"),
    )
    if reason is not None:
        values["hold"] = Hold(reason=HoldReason(reason), of=of, due_at=due_at)
    return Delivery(**values)


_KINDS = {kind.value: kind for kind in DeliveryKind}
_STATES = {state.value: state for state in DeliveryState}
