"""A message that nobody was sent."""

from datetime import datetime

from common.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that would have been sent.

    Attributes:
        kind: A word of `DeliveryKind`.
    """

    at: datetime
    kind: str
    channel: str
    recipient: str
