"""What a channel was told of an alert, and which update of it waits."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from common.records import dataclass
from storage.api.storage import Transaction
from storage.model import Alert, Channel, Delivery, DeliveryKind, DeliveryState

AN_INSTANT = timedelta(microseconds=1)
"""The least by which instants differ."""
_FIRST = (DeliveryKind.ALERT, DeliveryKind.DIGEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a channel was told of an alert.

    Attributes:
        firsts: What told of the alert first, by recipient, of those that the channel still has: a
            message of its own, or a digest.
        waiting: The update that is held back, by recipient.
        last: What joined its story after this was not told yet.
    """

    firsts: Mapping[str, Delivery]
    waiting: Mapping[str, Delivery]
    last: datetime

    @property
    def is_in_digest(self) -> bool:
        """Whether a digest told of it to somebody."""
        return any(first.kind is DeliveryKind.DIGEST for first in self.firsts.values())


def told_of(tx: Transaction, alert: Alert, channel: Channel) -> Told | None:
    """Return what a channel was told of an alert; None if no message told of it."""
    every = tx.outbox.recent(alert_id=alert.id, channel_id=channel.id, limit=None)
    sent = [*digests_of(tx, every), *filter(_has_bytes, every)]
    there = [each for each in sent if each.recipient in channel.recipients]
    firsts = {each.recipient: each for each in there if each.kind in _FIRST}
    if not firsts:
        return None
    waiting = {each.recipient: each for each in every if _waits(each)}
    # Counting up calls nobody: its reader knows what the last message said.
    last = max(each.created_at for each in sent if each.kind is not DeliveryKind.COUNT)
    # What waits was not told, though a message that did not know of it may have a later time.
    untold = [each.created_at - AN_INSTANT for each in waiting.values()]
    return Told(firsts=firsts, waiting=waiting, last=min([last, *untold]))


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
