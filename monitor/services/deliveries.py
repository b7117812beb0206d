"""Deliveries as people look at them, and those that somebody wants sent again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.base.errors import Refusal, Remedy, RemedyKind
from monitor.base.names import one_named
from storage.api import Transaction
from storage.model import Channel, ChannelState, Delivery, DeliveryState

_FAILED = (DeliveryState.DEAD, DeliveryState.HELD)


@dataclass(frozen=True, slots=True)
class Owed:
    """A delivery, and what its channel is called."""

    delivery: Delivery
    channel: str


def with_channels(tx: Transaction, deliveries: Iterable[Delivery]) -> list[Owed]:
    """Return deliveries with their channels' names; a channel nobody knows is named by its id."""
    names: dict[str, str] = {}
    owed = []
    for delivery in deliveries:
        id_ = delivery.channel_id
        if id_ not in names:
            channel = tx.channels.get(id_)
            names[id_] = channel.name if channel else id_
        owed.append(Owed(delivery, names[id_]))
    return owed


def requeue_one(tx: Transaction, word: str, *, again: bool, now: datetime) -> Delivery:
    """Make one delivery due again; return it as it stands then.

    Args:
        word: Its id, or the beginning of it.
        again: Whether it may have been delivered already.

    Raises:
        Refusal: It cannot be sent again; the sentence says why and what to do.
    """
    delivery = one_named("delivery", word, tx.outbox.find, lambda: ())
    if delivery.state is DeliveryState.LEASED:
        raise Refusal(f"{delivery.id} is being sent right now; wait for its end", misuse=False)
    if delivery.state is DeliveryState.PENDING:
        raise Refusal(f"{delivery.id} is owed already and goes out by itself", misuse=False)
    if delivery.state is DeliveryState.DELIVERED and not again:
        raise Refusal(
            f"{delivery.id} was delivered", remedy=Remedy(RemedyKind.SEND_AGAIN, delivery.id)
        )
    channel = tx.channels.get(delivery.channel_id)
    if obstacle := _unreachable(channel):
        raise _refused(delivery, obstacle)
    if not tx.outbox.requeue(delivery.id, now=now):
        raise _refused(delivery, _unfit(delivery))
    return tx.outbox.get(delivery.id) or delivery


def requeue_failed(tx: Transaction, *, since: datetime | None, now: datetime) -> list[Delivery]:
    """Make deliveries due again that are dead or held and whose channel can be sent to."""
    failed = tx.outbox.recent(since=since, states=_FAILED, limit=None)
    channels = {id_: tx.channels.get(id_) for id_ in {delivery.channel_id for delivery in failed}}
    requeued = []
    for delivery in failed:
        reachable = not _unreachable(channels[delivery.channel_id])
        if reachable and tx.outbox.requeue(delivery.id, now=now):
            requeued.append(tx.outbox.get(delivery.id) or delivery)
    return requeued


Obstacle = tuple[str, Remedy | None]
"""Why a delivery is not sent, and what can be done."""


def _refused(delivery: Delivery, obstacle: Obstacle) -> Refusal:
    why, remedy = obstacle
    return Refusal(f"{delivery.id}: {why}", misuse=False, remedy=remedy)


def _unreachable(channel: Channel | None) -> Obstacle | None:
    """Return why nothing can be sent to a channel until somebody acts, or None."""
    if channel is None or channel.state is ChannelState.REMOVED:
        return "its channel was removed, and what it was owed is not sent to another", None
    if channel.state is ChannelState.DISABLED:
        return (
            f'its channel "{channel.name}" is switched off ({channel.state_reason})',
            Remedy(RemedyKind.ENABLE_FOR_THE_OWED, channel.name),
        )
    return None


def _unfit(delivery: Delivery) -> Obstacle:
    """Return why a delivery that is at rest is never sent."""
    if not delivery.payload:
        return f"there is nothing to send: {delivery.state_reason}; please report it", None
    return (
        "it was made before its channel was last added, for another target",
        Remedy(RemedyKind.SHOW_ALERT, delivery.alert_id or ""),
    )
