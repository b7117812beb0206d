"""The JSON of a delivery."""

from typing import Annotated, TypedDict

from monitor.base.times import show_instant
from monitor.views.schema import InstantText
from storage.model import Delivery, DeliveryKind, DeliveryState


class DeliveryShape(TypedDict):
    """A message that is owed to one recipient of a channel."""

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
    delivered_at: InstantText | None
    last_error: str | None
    receipt: str | None


def delivery_shape(delivery: Delivery, *, channel: str) -> DeliveryShape:
    """Return a delivery without its bytes; `channel` is the channel's name."""
    return {
        "id": delivery.id,
        "kind": delivery.kind.value,
        "alert": delivery.alert_id,
        "channel": channel,
        "recipient": delivery.recipient or None,
        "state": delivery.state.value,
        "state_reason": delivery.state_reason,
        "attempts": delivery.attempts,
        "maybe": delivery.maybe,
        "created_at": show_instant(delivery.created_at),
        "next_at": show_instant(delivery.next_at) if is_moving(delivery) else None,
        "delivered_at": show_instant(delivery.delivered_at),
        "last_error": delivery.last_error,
        "receipt": delivery.receipt,
    }


def is_moving(delivery: Delivery) -> bool:
    """Whether a delivery goes on by itself."""
    return delivery.state in (DeliveryState.PENDING, DeliveryState.LEASED)
