"""What a channel was told of a story by a rule, and which update of it waits."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Self

from common.records import dataclass
from storage.api.storage import Transaction
from storage.model import Alert, Channel, Delivery, DeliveryKind, DeliveryState

AN_INSTANT = timedelta(microseconds=1)
"""The least by which instants differ."""
_FIRST = (DeliveryKind.ALERT, DeliveryKind.DIGEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a channel was told of a story by the alerts of one rule.

    Most have one; two stories that were made one have an alert each.

    Attributes:
        alert: The first that it was told of: the story goes on under it.
        firsts: What told of it first, by recipient, of those that the channel still has: a
            message of its own, or a digest.
        waiting: The updates that are held back, one an alert, by recipient.
        last: What joined its story after this was not told yet.
    """

    alert: Alert
    firsts: Mapping[str, Delivery]
    waiting: Mapping[str, Sequence[Delivery]]
    last: datetime

    @property
    def is_in_digest(self) -> bool:
        """Whether a digest told of it to somebody."""
        return any(first.kind is DeliveryKind.DIGEST for first in self.firsts.values())


def told_of(tx: Transaction, alerts: Sequence[Alert], channel: Channel) -> Told | None:
    """Return what a channel was told of a story; None if no message told of it.

    Args:
        alerts: Those of one rule about it, the first one first.
    """
    of_alert = {alert.id: _Heard.of(tx, alert, channel) for alert in alerts}
    goes_on = next((alert for alert in alerts if of_alert[alert.id].firsts), None)
    if goes_on is None:
        return None
    firsts: dict[str, Delivery] = {}
    waiting: dict[str, list[Delivery]] = {}
    for heard in of_alert.values():
        firsts = heard.firsts | firsts
        for each in heard.waiting:
            waiting.setdefault(each.recipient, []).append(each)
    # Counting up calls nobody: its reader knows what the last message said.
    sent = [each for heard in of_alert.values() if heard.firsts for each in heard.sent]
    last = max(each.created_at for each in sent if each.kind is not DeliveryKind.COUNT)
    # What waits was not told, though a message that did not know of it may have a later time.
    untold = [each.created_at - AN_INSTANT for each in chain.from_iterable(waiting.values())]
    return Told(alert=goes_on, firsts=firsts, waiting=waiting, last=min([last, *untold]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """What a channel was told of one alert, as `Told` has it."""

    firsts: dict[str, Delivery]
    waiting: Sequence[Delivery]
    sent: Sequence[Delivery]

    @classmethod
    def of(cls, tx: Transaction, alert: Alert, channel: Channel) -> Self:
        every = tx.outbox.recent(alert_id=alert.id, channel_id=channel.id, limit=None)
        sent = [*digests_of(tx, every), *filter(_has_bytes, every)]
        there = [each for each in sent if each.recipient in channel.recipients]
        firsts = {each.recipient: each for each in there if each.kind in _FIRST}
        return cls(firsts=firsts, waiting=[*filter(_waits, every)], sent=sent)


def digests_of(tx: Transaction, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Return the digests that tell of the alerts of these deliveries."""
    ids = {each.digest_id: None for each in deliveries if each.kind is DeliveryKind.ALERT}
    found = [tx.outbox.get(id_) for id_ in ids if id_]
    return [digest for digest in found if digest]


def _has_bytes(delivery: Delivery) -> bool:
    return bool(delivery.payload)


def _waits(delivery: Delivery) -> bool:
    is_held = delivery.state is DeliveryState.HELD and delivery.hold is not None
    return is_held and delivery.kind is DeliveryKind.UPDATE
