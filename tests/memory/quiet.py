"""What is held back, silences and feedback, in memory."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from storage.model import ChannelState, Delivery, DeliveryKind, DeliveryState
from storage.quiet import Hold, HoldReason
from storage.silence import Silence
from tests.memory.kept import Kept, checked, found, pointing


class MemoryHeld:
    """Implements `storage.api.quiet.Held`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def sent(
        self,
        channel_id: str,
        *,
        since: datetime,
        until: datetime | None = None,
        rule_id: str | None = None,
    ) -> int:
        return len(
            {
                delivery.alert_id
                for delivery in self._kept.deliveries.values()
                if delivery.channel_id == channel_id
                and delivery.kind is DeliveryKind.ALERT
                and delivery.created_at >= since
                and (until is None or delivery.created_at <= until)
                and delivery.hold is None
                and delivery.alert_id is not None
                and (rule_id is not None or delivery.digest_id is None)
                and rule_id in (None, self._kept.alerts[delivery.alert_id].rule_id)
            }
        )

    def waiting(
        self,
        *,
        channel_id: str | None = None,
        of: str | None = None,
        reason: HoldReason | None = None,
        alert_ids: Iterable[str] | None = None,
        limit: int | None = None,
    ) -> list[Delivery]:
        wanted = None if alert_ids is None else set(alert_ids)
        return [
            delivery
            for delivery in self._in_order()
            if delivery.state is DeliveryState.HELD
            and delivery.hold is not None
            and channel_id in (None, delivery.channel_id)
            and of in (None, delivery.hold.of)
            and reason in (None, delivery.hold.reason)
            and (wanted is None or delivery.alert_id in wanted)
        ][:limit]

    def _in_order(self) -> list[Delivery]:
        return sorted(self._kept.deliveries.values(), key=lambda each: (each.created_at, each.id))

    def count(self) -> dict[HoldReason, int]:
        counted = Counter(
            HoldReason.QUIET
            if each.hold.reason is HoldReason.BACKFILL and each.hold.of == each.channel_id
            else each.hold.reason
            for each in self.waiting()
            if each.hold
        )
        return {reason: counted[reason] for reason in HoldReason if reason in counted}

    def due_channels(self, *, now: datetime) -> list[str]:
        due = {each.channel_id for each in self.waiting() if _is_due(each, now)}
        channels = self._kept.channels
        return sorted(id_ for id_ in due if channels[id_].state is ChannelState.ACTIVE)

    def due_since(self, channel_id: str, *, now: datetime) -> datetime | None:
        dues = [each.hold.due_at for each in self.take_due(channel_id, now=now) if each.hold]
        return min((due for due in dues if due), default=None)

    def take_due(self, channel_id: str, *, now: datetime) -> list[Delivery]:
        return [each for each in self.waiting(channel_id=channel_id) if _is_due(each, now)]

    def bundle(self, ids: Iterable[str], *, digest_id: str, reason: str) -> int:
        changes = {"state_reason": reason, "digest_id": digest_id}
        return self._change(ids, state=DeliveryState.BUNDLED, due_at=None, **changes)

    def hold_on(self, ids: Iterable[str], hold: Hold, *, reason: str) -> int:
        return self._change(ids, hold=hold, state_reason=reason)

    def drop(self, ids: Iterable[str], *, reason: str) -> int:
        suppressed = DeliveryState.SUPPRESSED
        return self._change(ids, state=suppressed, state_reason=reason, due_at=None)

    def _change(self, ids: Iterable[str], **changes: Any) -> int:
        wanted = set(ids)
        waiting = [each for each in self.waiting() if each.id in wanted]
        for delivery in waiting:
            values = dict(changes)
            if "due_at" in values and delivery.hold is not None:
                values["hold"] = replace(delivery.hold, due_at=values.pop("due_at"))
            changed = replace(delivery, **checked(values))
            self._kept.changing().deliveries[delivery.id] = changed
        return len(waiting)

    def send_alone(
        self, delivery: Delivery, payload: bytes, *, now: datetime, made_at: datetime
    ) -> bool:
        patience = delivery.give_up_at - delivery.created_at
        changed = self._change(
            [delivery.id],
            state=DeliveryState.PENDING,
            state_reason=None,
            payload=payload,
            created_at=made_at,
            next_at=now,
            give_up_at=made_at + patience,
            hold=None,
        )
        return changed > 0

    def reschedule(self, of: str, *, due_at: datetime | None, reason: HoldReason) -> int:
        held = self.waiting(of=of, reason=reason)
        return self._change([each.id for each in held], due_at=due_at)

    def gather(self, channel_id: str, *, more_than: int, now: datetime) -> int:
        added_at = self._kept.channels[channel_id].added_at
        untold = [
            delivery
            for delivery in self._kept.deliveries.values()
            if delivery.channel_id == channel_id
            and delivery.state is DeliveryState.HELD
            and delivery.kind is DeliveryKind.ALERT
            and delivery.hold is None
            and delivery.lease_token == 0
            and delivery.payload
            and delivery.created_at >= added_at
        ]
        alerts = {delivery.alert_id for delivery in untold}
        if len(alerts) <= more_than:
            return 0
        for delivery in untold:
            self._kept.changing().deliveries[delivery.id] = replace(
                delivery,
                state_reason="the channel was switched off",
                hold=Hold(reason=HoldReason.PAUSED, of=channel_id, due_at=now),
                payload=b"",
            )
        return len(alerts)

    def members(self, digest_id: str) -> list[Delivery]:
        return [each for each in self._in_order() if each.digest_id == digest_id]


def _is_due(delivery: Delivery, now: datetime) -> bool:
    due_at = delivery.hold.due_at if delivery.hold else None
    return due_at is not None and due_at <= now


class MemorySilences:
    """Implements `storage.api.quiet.Silences`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def add(self, silence: Silence) -> bool:
        kept = self._kept.changing()
        if silence.id in kept.silences:
            return False
        pointing(kept.rules, silence.rule_id)
        pointing(kept.sources, silence.source_id)
        kept.silences[silence.id] = checked(silence)
        return True

    def get(self, id: str) -> Silence | None:
        return self._kept.silences.get(id)

    def find(self, prefix: str) -> Silence | None:
        return found(self._kept.silences.values(), prefix)

    def all(self, *, now: datetime | None = None) -> list[Silence]:
        wanted = [
            silence
            for silence in self._kept.silences.values()
            if now is None or not silence.is_over(now)
        ]
        return sorted(wanted, key=lambda silence: (silence.created_at, silence.id))

    def lock(self, *, now: datetime) -> list[Silence]:
        return self.all(now=now)

    def end(self, id: str, *, at: datetime) -> bool:
        silence = self.get(id)
        if silence is None or silence.ended_at is not None:
            return False
        self._kept.changing().silences[id] = replace(silence, ended_at=checked(at))
        return True


class MemoryFeedback:
    """Implements `storage.api.alerts.Feedback`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def give(self, alert_id: str, verdict: str, *, at: datetime) -> None:
        kept = self._kept.changing()
        pointing(kept.alerts, alert_id)
        kept.feedback[alert_id] = checked(verdict)

    def take_back(self, alert_id: str) -> None:
        self._kept.changing().feedback.pop(alert_id, None)

    def some(self, alert_ids: Iterable[str]) -> dict[str, str]:
        said = self._kept.feedback
        return {id_: said[id_] for id_ in alert_ids if id_ in said}

    def of_rule(self, rule_id: str) -> dict[str, str]:
        return {
            alert_id: verdict
            for alert_id, verdict in sorted(self._kept.feedback.items())
            if self._kept.alerts[alert_id].rule_id == rule_id
        }
