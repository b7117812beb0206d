"""How fast channels are sent to: no faster than their services take messages. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notifiers.spec import Pace


def recent(sent: Sequence[datetime], pace: "Pace", *, now: datetime) -> list[datetime]:
    """Return those of the instants that still count, oldest first; none that lies ahead does."""
    since = now - timedelta(seconds=pace.seconds)
    return sorted(at for at in sent if since < at <= now)[-pace.messages :]


def room(sent: Sequence[datetime], pace: "Pace", *, now: datetime) -> int:
    """Return how many messages may be sent now, after those that were."""
    return pace.messages - len(recent(sent, pace, now=now))


def free_at(sent: Sequence[datetime], pace: "Pace", *, now: datetime) -> datetime | None:
    """Return before when nothing more may be sent; None when something may now.

    Never more than `pace.messages` are sent within any `pace.seconds`.
    """
    counting = recent(sent, pace, now=now)
    if len(counting) < pace.messages:
        return None
    return counting[0] + timedelta(seconds=pace.seconds)
