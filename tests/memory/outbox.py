"""What is owed, in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from storage.api.outbox import Attempt, Finish
from storage.model import CHANNEL_REMOVED, ChannelState, Delivery, DeliveryKind, DeliveryState
from tests.memory.kept import Kept, checked, found, pointing


class MemoryOutbox:
    """Implements `storage.api.outbox.Outbox`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def put(self, deliveries: Iterable[Delivery]) -> int:
        kept = self._kept.changing()
        new = 0
        for delivery in deliveries:
            if delivery.id in kept.deliveries:
                continue
            pointing(kept.channels, delivery.channel_id)
            pointing(kept.alerts, delivery.alert_id)
            leased = delivery.state is DeliveryState.LEASED
            if leased != (delivery.lease_until is not None):
                raise ValueError("the store refuses this: leased, and when the lease ends")
            kept.deliveries[delivery.id] = checked(delivery)
            new += 1
        return new

    def due_channels(self, *, now: datetime) -> list[str]:
        return sorted(id_ for id_ in self._kept.channels if self._due(id_, now))

    def _due(self, channel_id: str, now: datetime) -> list[Delivery]:
        channel = self._kept.channels.get(channel_id)
        if channel is None or channel.state is not ChannelState.ACTIVE:
            return []
        if channel.not_before is not None and channel.not_before > now:
            return []
        due = [delivery for delivery in self._pending(channel_id) if delivery.next_at <= now]
        return sorted(due, key=lambda each: (each.next_at, each.created_at, each.id))

    def _pending(self, channel_id: str) -> list[Delivery]:
        return self._in(DeliveryState.PENDING, channel_id)

    def _in(self, state: DeliveryState, channel_id: str) -> list[Delivery]:
        every = self._kept.deliveries.values()
        return [
            delivery
            for delivery in every
            if delivery.channel_id == channel_id and delivery.state is state
        ]

    def waiting_since(self, channel_id: str, *, now: datetime) -> datetime | None:
        due = [each.next_at for each in self._pending(channel_id) if each.next_at <= now]
        if not due:
            return None
        return max(min(due), self._kept.channels[channel_id].not_before or min(due))

    def claim_due(
        self, limits: Mapping[str, int], *, now: datetime, lease: timedelta, owner: str
    ) -> list[Delivery]:
        due = [each for id_, limit in limits.items() for each in self._due(id_, now)[:limit]]
        return [self._claim(delivery, now=now, lease=lease, owner=owner) for delivery in due]

    def claim(
        self, delivery_id: str, *, now: datetime, lease: timedelta, owner: str
    ) -> Delivery | None:
        delivery = self.get(delivery_id)
        if delivery is None or delivery.state is not DeliveryState.PENDING:
            return None
        return self._claim(delivery, now=now, lease=lease, owner=owner)

    def _claim(
        self, delivery: Delivery, *, now: datetime, lease: timedelta, owner: str
    ) -> Delivery:
        claimed = self._change(
            delivery,
            state=DeliveryState.LEASED,
            lease_owner=owner,
            lease_token=delivery.lease_token + 1,
            lease_until=now + lease,
        )
        token = claimed.lease_token
        self._kept.attempts[delivery.id, token] = Attempt(
            delivery_id=delivery.id, token=token, owner=owner, started_at=now
        )
        return claimed

    def _change(self, delivery: Delivery, **changes: Any) -> Delivery:
        changed = replace(delivery, **checked(changes))
        self._kept.changing().deliveries[delivery.id] = changed
        return changed

    def _ours(self, delivery: Delivery) -> Delivery | None:
        stored = self.get(delivery.id)
        if stored is None or stored.state is not DeliveryState.LEASED:
            return None
        return stored if stored.lease_token == delivery.lease_token else None

    def extend(self, delivery: Delivery, *, until: datetime) -> bool:
        stored = self._ours(delivery)
        if stored is None:
            return False
        self._change(stored, lease_until=until)
        return True

    def finish(self, delivery: Delivery, end: Finish) -> bool:
        stored = self._ours(delivery)
        if stored is None:
            return False
        delivered = end.state is DeliveryState.DELIVERED
        state, reason = end.state, end.reason
        if state is DeliveryState.PENDING:
            state, reason = self._resting(stored, reason)
        self._change(
            stored,
            state=state,
            state_reason=reason,
            attempts=stored.attempts + int(end.counts),
            maybe=stored.maybe + int(end.maybe),
            next_at=end.next_at or stored.next_at,
            last_error=end.error,
            receipt=end.receipt,
            delivered_at=end.ended_at if delivered else stored.delivered_at,
            lease_owner=None,
            lease_until=None,
        )
        key = (stored.id, stored.lease_token)
        self._kept.attempts[key] = replace(
            self._kept.attempts[key], ended_at=end.ended_at, outcome=end.outcome, error=end.error
        )
        return True

    def finish_all(self, ends: Sequence[tuple[Delivery, Finish]]) -> set[str]:
        return {delivery.id for delivery, end in ends if self.finish(delivery, end)}

    def give_back(self, deliveries: Sequence[Delivery]) -> set[str]:
        back = set()
        for stored in filter(None, map(self._ours, deliveries)):
            state, reason = self._resting(stored, stored.state_reason)
            self._change(
                stored, state=state, state_reason=reason, lease_owner=None, lease_until=None
            )
            del self._kept.attempts[stored.id, stored.lease_token]
            back.add(stored.id)
        return back

    def reap(self, *, now: datetime, dead_owners: Sequence[str] = ()) -> int:
        gone = [
            delivery
            for delivery in self._kept.deliveries.values()
            if delivery.lease_until is not None
            and (delivery.lease_until <= now or delivery.lease_owner in dead_owners)
        ]
        for lost in gone:
            state, reason = self._resting(lost, "owner vanished")
            self._change(
                lost,
                state=state,
                state_reason=reason,
                maybe=lost.maybe + 1,
                next_at=now,
                lease_owner=None,
                lease_until=None,
            )
        return len(gone)

    def _resting(self, delivery: Delivery, reason: str | None) -> tuple[DeliveryState, str | None]:
        """Return what a delivery that is to be pending becomes, and why."""
        channel = self._kept.channels[delivery.channel_id]
        if channel.state is ChannelState.REMOVED:
            return DeliveryState.HELD, CHANNEL_REMOVED
        if channel.state is ChannelState.DISABLED:
            return DeliveryState.HELD, channel.state_reason or "the channel is switched off"
        return DeliveryState.PENDING, reason

    def lease_owners(self) -> list[str]:
        owners = {owner for owner, _ in self._kept.leases.values()}
        owners |= {
            delivery.lease_owner
            for delivery in self._kept.deliveries.values()
            if delivery.lease_owner
        }
        return sorted(owners)

    def hold(self, channel_id: str, *, reason: str) -> int:
        pending = self._pending(channel_id)
        for delivery in pending:
            self._change(delivery, state=DeliveryState.HELD, state_reason=reason)
        return len(pending)

    def suppress(self, channel_id: str, *, but_for: Sequence[str], reason: str) -> int:
        resting = [each for each in self._at_rest(channel_id) if each.hold is None]
        others = [each for each in resting if each.recipient not in but_for]
        for delivery in others:
            self._change(delivery, state=DeliveryState.SUPPRESSED, state_reason=reason)
        return len(others)

    def _at_rest(self, channel_id: str) -> list[Delivery]:
        return self._in(DeliveryState.HELD, channel_id) + self._pending(channel_id)

    def unhold(self, channel_id: str, *, now: datetime) -> int:
        held = [each for each in self._at_rest(channel_id) if self._is_fit(each)]
        for delivery in held:
            self._renew(delivery, now)
        return len(held)

    def requeue(self, delivery_id: str, *, now: datetime) -> bool:
        delivery = self.get(delivery_id)
        busy = (DeliveryState.LEASED, DeliveryState.PENDING)
        if delivery is None or delivery.state in busy or not self._is_fit(delivery):
            return False
        self._renew(delivery, now)
        return True

    def _is_fit(self, delivery: Delivery) -> bool:
        added_at = self._kept.channels[delivery.channel_id].added_at
        return delivery.created_at >= added_at and delivery.payload != b""

    def _renew(self, delivery: Delivery, now: datetime) -> None:
        self._change(
            delivery,
            state=DeliveryState.PENDING,
            state_reason=None,
            attempts=0,
            next_at=now,
            give_up_at=now + (delivery.give_up_at - delivery.created_at),
            delivered_at=None,
        )

    def get(self, id: str) -> Delivery | None:
        return self._kept.deliveries.get(id)

    def find(self, prefix: str) -> Delivery | None:
        return found(self._kept.deliveries.values(), prefix, short="msg_")

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
        fitting = [
            delivery
            for delivery in self._kept.deliveries.values()
            if (not open_only or delivery.state.is_open)
            and channel_id in (None, delivery.channel_id)
            and alert_id in (None, delivery.alert_id)
            and (since is None or delivery.created_at >= since)
            and (not states or delivery.state in states)
        ]
        fitting.sort(key=lambda delivery: delivery.id)
        fitting.sort(key=lambda delivery: delivery.created_at, reverse=True)
        return fitting[:limit]

    def oldest_open(self) -> datetime | None:
        every = self._kept.deliveries.values()
        is_owed = (each for each in every if each.state.is_open and each.hold is None)
        return min((delivery.created_at for delivery in is_owed), default=None)

    def counts(self) -> dict[DeliveryState, int]:
        states = [
            delivery.state
            for delivery in self._kept.deliveries.values()
            if (delivery.state, delivery.kind) != (DeliveryState.DEAD, DeliveryKind.TEST)
        ]
        return {state: states.count(state) for state in DeliveryState}

    def attempts(self, delivery_id: str) -> list[Attempt]:
        return [
            attempt
            for (id_, _), attempt in sorted(self._kept.attempts.items())
            if id_ == delivery_id
        ]
