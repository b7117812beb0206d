"""The JSON of a delivery."""

from datetime import datetime
from typing import Annotated, Protocol, TypedDict

from monitor.base.times import show_instant
from monitor.views.base.schema import InstantText
from storage.model import Delivery, DeliveryKind, DeliveryState
from storage.quiet import Hold, HoldReason


class HoldShape(TypedDict):
    """Why an alert is held back, and when a digest is to tell it; null until somebody ends it."""

    reason: Annotated[str, HoldReason]
    due_at: InstantText | None


class DeliveryShape(TypedDict):
    """A message that is owed to one recipient of a channel.

    `next_at` is when it is tried next, null while it waits for somebody to act: `waits_for` says
    what it waits for beside its time. `hold` says why it is or was held back for a digest, and
    `digest` is the delivery that carries it.
    """

    id: str
    kind: Annotated[str, DeliveryKind]
    alert: str | None
    channel: str
    recipient: str | None
    state: Annotated[str, DeliveryState]
    state_reason: str | None
    attempts: int
    maybe: int
    created_at: InstantText | None
    next_at: InstantText | None
    waits_for: str | None
    delivered_at: InstantText | None
    last_error: str | None
    receipt: str | None
    hold: HoldShape | None
    digest: str | None


class RenderedShape(TypedDict):
    """A message as it goes out; `payload` is its bytes, which are always UTF-8.

    `frozen` says whether they are those of a delivery that was made; else it is made now, to show.
    """

    id: str
    kind: str
    channel: str
    recipient: str | None
    frozen: bool
    payload: str


class OwedDelivery(Protocol):
    """A delivery, with what is known about its channel."""

    @property
    def delivery(self) -> Delivery: ...
    @property
    def channel_name(self) -> str: ...
    @property
    def next_at(self) -> datetime | None: ...
    @property
    def waits_for(self) -> str | None: ...


def delivery_shape(owed: OwedDelivery) -> DeliveryShape:
    """Return a delivery without its bytes."""
    delivery = owed.delivery
    return {
        "id": delivery.id,
        "kind": delivery.kind.value,
        "alert": delivery.alert_id,
        "channel": owed.channel_name,
        "recipient": delivery.recipient or None,
        "state": delivery.state.value,
        "state_reason": delivery.state_reason,
        "attempts": delivery.attempts,
        "maybe": delivery.maybe,
        "created_at": show_instant(delivery.created_at),
        "next_at": show_instant(owed.next_at),
        "waits_for": owed.waits_for,
        "delivered_at": show_instant(delivery.delivered_at),
        "last_error": delivery.last_error,
        "receipt": delivery.receipt,
        "hold": hold_shape(delivery.hold),
        "digest": delivery.digest_id,
    }


def hold_shape(hold: Hold | None) -> HoldShape | None:
    """Return why something is held back."""
    if hold is None:
        return None
    return {"reason": hold.reason.value, "due_at": show_instant(hold.due_at)}
