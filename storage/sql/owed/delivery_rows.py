"""A delivery as its row, and the row as a delivery; its payload lies in a row of its own."""

from typing import Any

from sqlalchemy import Row, exists, select

from storage.model import Delivery, DeliveryKind, DeliveryState
from storage.quiet import Hold, HoldReason
from storage.sql.tables.schema import delivery, payload

IS_MADE = exists().where(payload.c.delivery_id == delivery.c.id)

WHOLE = select(delivery, payload.c.bytes).select_from(delivery.outerjoin(payload))
"""Deliveries with their payloads, as `from_row` takes them."""


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
        "hold_reason": delivery_.hold.reason.value if delivery_.hold else None,
        "hold_of": delivery_.hold.of if delivery_.hold else None,
        "due_at": delivery_.hold.due_at if delivery_.hold else None,
        "digest_id": delivery_.digest_id,
    }


def from_row(row: Row[Any], **changed: Any) -> Delivery:
    """Return the delivery of a row of `WHOLE`.

    Args:
        changed: Columns that say something else meanwhile.
    """
    values = dict(zip(_NAMES, row, strict=True)) | changed
    values["kind"] = _KINDS[values["kind"]]
    values["state"] = _STATES[values["state"]]
    values["payload"] = bytes(values.pop("bytes") or b"")
    reason, of, due_at = (
        values.pop("hold_reason"),
        values.pop("hold_of"),
        values.pop("due_at"),
    )
    if reason is not None:
        values["hold"] = Hold(reason=HoldReason(reason), of=of, due_at=due_at)
    return Delivery(**values)


_NAMES = [column.name for column in WHOLE.selected_columns]
_KINDS = {kind.value: kind for kind in DeliveryKind}
_STATES = {state.value: state for state in DeliveryState}
