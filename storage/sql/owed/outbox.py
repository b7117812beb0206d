"""Deliveries that are owed, and what became of them, as it is kept.

Every move from one state to another is one UPDATE with the old state in its WHERE: no row
changed means that somebody else was first.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Row,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    update,
)

from storage.api.outbox import Attempt, Finish
from storage.model import CHANNEL_REMOVED, ChannelState, Delivery, DeliveryKind, DeliveryState
from storage.said.asking import NOTHING
from storage.said.others import AskedOutbox
from storage.said.texts import Given
from storage.sql import rows
from storage.sql.owed.delivery_rows import IS_MADE, WHOLE, from_row, to_row
from storage.sql.owed.moves import (
    FREE,
    IS_LEASED,
    IS_PENDING,
    MAY_BE_SENT_TO,
    TO_CLAIM,
    moves_of,
)
from storage.sql.tables.schema import attempt, channel, delivery, payload, source

_AT_REST = delivery.c.state.in_([DeliveryState.PENDING.value, DeliveryState.HELD.value])
_IS_FOR_ITS_TARGET = (
    exists()
    .where(channel.c.id == delivery.c.channel_id)
    .where(channel.c.added_at <= delivery.c.created_at)
)

_get = WHOLE.where(delivery.c.id == bindparam("id"))
_due_channels = (
    select(channel.c.id)
    .where(
        *MAY_BE_SENT_TO,
        exists()
        .where(IS_PENDING, delivery.c.channel_id == channel.c.id)
        .where(delivery.c.next_at <= bindparam("now")),
    )
    .order_by(channel.c.id)
)
_this_one = TO_CLAIM.where(delivery.c.id == bindparam("id"))
_delivery_owners = select(delivery.c.lease_owner).where(IS_LEASED).distinct()
_source_owners = select(source.c.lease_owner).where(source.c.lease_owner.is_not(None)).distinct()
_oldest = select(func.min(delivery.c.created_at)).where(
    delivery.c.state == bindparam("state"), delivery.c.hold_reason.is_(None)
)
_counts = select(delivery.c.state, func.count()).group_by(delivery.c.state)
_failed_tests = select(func.count()).where(
    delivery.c.state == DeliveryState.DEAD.value, delivery.c.kind == DeliveryKind.TEST.value
)  # of itself: all kinds would be looked for in the rows, and states are counted in their index
_attempts = (
    select(attempt).where(attempt.c.delivery_id == bindparam("id")).order_by(attempt.c.token)
)


_gone = (
    select(delivery.c.channel_id)
    .where(
        IS_LEASED,
        or_(
            delivery.c.lease_until <= bindparam("now"),
            delivery.c.lease_owner.in_(bindparam("dead", expanding=True)),
        ),
    )
    .distinct()
)

SAID: dict[str, Executable] = {
    "due_channels": _due_channels,
    "delivery_owners": _delivery_owners,
    "source_owners": _source_owners,
    "gone": _gone,
}


class SqlOutbox(AskedOutbox):
    """Implements `storage.api.outbox.Outbox` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert
        self._moves = moves_of(connection.dialect.name)

    def ask(self, name: str, given: Given = NOTHING) -> Any:
        return self._connection.execute(SAID[name], given)

    def put(self, deliveries: Iterable[Delivery]) -> int:
        ordered = sorted(deliveries, key=lambda delivery_: delivery_.id)
        new = [to_row(each) for each in ordered]
        count = rows.insert_new(self._connection, self._insert, delivery, new)
        if count < len(new):
            # Those that were known keep their first bytes, or none.
            ordered = [each for each in ordered if self._is_as_put(each)]
        made = [{"delivery_id": each.id, "bytes": each.payload} for each in ordered if each.payload]
        rows.insert_new(self._connection, self._insert, payload, made)
        return count

    def _is_as_put(self, delivery_: Delivery) -> bool:
        kept = self.get(delivery_.id)
        return kept is not None and replace(kept, payload=delivery_.payload) == delivery_

    def waiting_since(self, channel_id: str, *, now: datetime) -> datetime | None:
        due = select(func.min(delivery.c.next_at), func.max(channel.c.not_before))
        due = due.join(channel, channel.c.id == delivery.c.channel_id)
        due = due.where(IS_PENDING, delivery.c.channel_id == channel_id)
        instants = self._connection.execute(due.where(delivery.c.next_at <= now)).one()
        since: datetime | None = instants[0]
        return None if since is None else max(since, instants[1] or since)

    def claim_due(
        self, limits: Mapping[str, int], *, now: datetime, lease: timedelta, owner: str
    ) -> list[Delivery]:
        due = (
            row
            for asked in self._moves.asked(limits)
            for row in self._connection.execute(self._moves.due, {"now": now, **asked})
        )
        return self._claim(due, now=now, until=now + lease, owner=owner)

    def claim(
        self, delivery_id: str, *, now: datetime, lease: timedelta, owner: str
    ) -> Delivery | None:
        this = self._connection.execute(_this_one, {"id": delivery_id})
        claimed = self._claim(this, now=now, until=now + lease, owner=owner)
        return claimed[0] if claimed else None

    def _claim(
        self, pending: Iterable[Row[Any]], *, now: datetime, until: datetime, owner: str
    ) -> list[Delivery]:
        """Claim these, which nobody can change before the transaction ends."""
        # PostgreSQL sorts before it waits for a lock: what changed meanwhile may be out of order.
        leased = {
            "state": DeliveryState.LEASED.value,
            "lease_owner": owner,
            "lease_until": until,
        }
        claimed = [from_row(row, **leased, lease_token=row.lease_token + 1) for row in pending]
        if not claimed:
            return []
        claimed.sort(key=in_order)
        ids = sorted(each.id for each in claimed)
        values = {"ids": self._moves.ids(ids), "owner": owner, "until": until}
        self._connection.execute(self._moves.lease, values)
        # The intent, in the same transaction: an attempt that we die in leaves a trace.
        begun = [
            {
                "delivery_id": each.id,
                "token": each.lease_token,
                "owner": owner,
                "started_at": now,
            }
            for each in claimed
        ]
        rows.insert_new(self._connection, self._insert, attempt, begun)
        return claimed

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
            "ids": self._moves.ids(ids),
            "claim": token,
            "becomes": end.state.value,
            "why": end.reason,
            "used": int(end.counts),
            "unsure": int(end.maybe),
            "trouble": end.error,
            "answer": end.receipt,
        }
        statement = self._moves.end
        if end.state is DeliveryState.DELIVERED:
            statement, values["at"] = self._moves.end_delivered, end.ended_at
        elif end.next_at is not None:
            statement, values["again"] = self._moves.end_for_now, end.next_at
        ended = list(self._connection.execute(statement, values).scalars())
        if ended:
            values = {"ids": self._moves.ids(ended), "claim": token, "trouble": end.error}
            values |= {"at": end.ended_at, "how": end.outcome}
            self._connection.execute(self._moves.end_attempt, values)
        return set(ended)

    def give_back(self, deliveries: Sequence[Delivery]) -> set[str]:
        shut = self._shut(delivery_.channel_id for delivery_ in deliveries)
        alike: dict[tuple[int, str | None], list[str]] = {}
        for delivery_ in deliveries:
            key = delivery_.lease_token, shut.get(delivery_.channel_id)
            alike.setdefault(key, []).append(delivery_.id)
        back: set[str] = set()
        for (token, why), ids in alike.items():
            state = DeliveryState.PENDING if why is None else DeliveryState.HELD
            for chunk in rows.chunks(ids):
                values: dict[str, Any] = {"ids": self._moves.ids(chunk), "claim": token}
                values |= {"becomes": state.value, "why": why}
                freed = list(self._connection.execute(self._moves.free, values).scalars())
                if freed:
                    values = {"ids": self._moves.ids(freed), "claim": token}
                    self._connection.execute(self._moves.forget_attempt, values)
                back.update(freed)
        return back

    def reap(self, *, now: datetime, dead_owners: Sequence[str] = ()) -> int:
        channels = self.ask("gone", {"now": now, "dead": list(dead_owners)}).scalars().all()
        shut = self._shut(channels)
        ended = delivery.c.lease_until <= now
        theirs = delivery.c.lease_owner.in_(dead_owners) if dead_owners else false()
        gone = (IS_LEASED, or_(ended, theirs))
        back = {"maybe": delivery.c.maybe + 1, "next_at": now, **FREE}
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

    def hold(self, channel_id: str, *, reason: str) -> int:
        statement = (
            update(delivery)
            .where(IS_PENDING, delivery.c.channel_id == channel_id)
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
            .where(*conditions, _IS_FOR_ITS_TARGET, IS_MADE)
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
        return self.get(row.id) if row else None

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
        statement = WHOLE
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
        if counted.get(DeliveryState.DEAD.value):
            failed_tests = self._connection.execute(_failed_tests).scalar_one()
            counted[DeliveryState.DEAD.value] -= failed_tests
        return {state: counted.get(state.value, 0) for state in DeliveryState}

    def attempts(self, delivery_id: str) -> list[Attempt]:
        tries = self._connection.execute(_attempts, {"id": delivery_id})
        return [Attempt(**row._mapping) for row in tries]


def _is_ours(delivery_: Delivery) -> tuple[ColumnElement[bool], ...]:
    """Return the fence: leased, and by the very claim that this delivery came from."""
    return (
        IS_LEASED,
        delivery.c.id == delivery_.id,
        delivery.c.lease_token == delivery_.lease_token,
    )


def in_order(delivery_: Delivery) -> tuple[datetime, datetime, str]:
    """Return what deliveries are sent in the order of."""
    return delivery_.next_at, delivery_.created_at, delivery_.id
