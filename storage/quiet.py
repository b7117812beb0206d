"""The nouns of quiet: how much a rule matters, and why and until when a delivery is held back."""

from datetime import datetime
from enum import StrEnum

from common.records import dataclass


class Priority(StrEnum):
    """How much a rule's alerts matter, least first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"
    """They pass quiet hours."""

    @property
    def rank(self) -> int:
        """A number that grows with how much it matters."""
        return list(Priority).index(self)


class HoldReason(StrEnum):
    """Why an alert is held back instead of sent at once; a digest tells of it later."""

    DIGEST = "digest"
    """Its rule or its channel gathers what comes."""
    BUDGET = "budget"
    """Its rule has had its share of the day, or its channel that of the hour."""
    QUIET = "quiet"
    """It came in the channel's quiet hours."""
    PAUSED = "paused"
    """Its rule or its channel is paused."""
    STORM = "storm"
    """Too much came at once."""
    BACKFILL = "backfill"
    """It is about something that was stored before its rule was there."""
    SILENCED = "silenced"
    """A silence covers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why a delivery is held back, and until when.

    Attributes:
        of: The id of the rule, the channel or the silence whose doing it is.
        due_at: When a digest is to carry it; None until somebody ends what holds it.
    """

    reason: HoldReason
    of: str
    due_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.due_at is not None and self.due_at.tzinfo is None:
            raise ValueError(f"{self.of}: {self.due_at} has no time zone")
