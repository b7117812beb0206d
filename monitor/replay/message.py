"""A message that nobody was sent."""

from dataclasses import dataclass
from datetime import datetime


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
