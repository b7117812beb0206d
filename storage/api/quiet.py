"""What is held back, and what is silenced."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from storage.model import (
    Delivery,
)
from storage.quiet import Hold, HoldReason
from storage.silence import Silence


class Held(Protocol):
    """Deliveries that are held back for a digest: `Delivery.hold` says why and until when.

    They are put into the outbox as all others, with state "held" and no payload. An alert's comes
    in a digest; an update's is told in an update that is made then.
    """

    def sent(
        self,
        channel_id: str,
        *,
        since: datetime,
        until: datetime | None = None,
        rule_id: str | None = None,
    ) -> int:
        """Return how many alerts had a delivery of their own made to the channel since then.

        Those of a rule count as well that the message of another tells of.

        Args:
            until: Not counting what a clock that was ahead has made later.
        """
        ...

    def waiting(
        self,
        *,
        channel_id: str | None = None,
        of: str | None = None,
        reason: HoldReason | None = None,
        alert_ids: Iterable[str] | None = None,
        limit: int | None = None,
    ) -> list[Delivery]:
        """Return those that no digest carries yet, the oldest `created_at` first, ties by id.

        Args:
            of: Only those that this rule, channel or silence holds.
        """
        ...

    def count(self) -> dict[HoldReason, int]:
        """Return how many wait, by reason; reasons for which none waits are left out.

        What is old (`BACKFILL`) and waits for its channel's quiet hours counts as `QUIET`.
        """
        ...

    def due_channels(self, *, now: datetime) -> list[str]:
        """Return ids of active channels for which some are due now, sorted."""
        ...

    def due_since(self, channel_id: str, *, now: datetime) -> datetime | None:
        """Return since when the first that is due to a channel is due; None if none is."""
        ...

    def take_due(self, channel_id: str, *, now: datetime) -> list[Delivery]:
        """Return those that are due to a channel, in the order of `waiting`.

        Nobody else gets them until this transaction ends.
        """
        ...

    def bundle(self, ids: Iterable[str], *, digest_id: str, reason: str) -> int:
        """Note that a digest or an update carries these that wait; return how many did."""
        ...

    def hold_on(self, ids: Iterable[str], hold: Hold, *, reason: str) -> int:
        """Note that something else holds these of those that wait; return how many did.

        Args:
            reason: Why, in words.
        """
        ...

    def drop(self, ids: Iterable[str], *, reason: str) -> int:
        """Note that of these of those that wait nothing is left to tell; return how many did.

        Args:
            reason: Why, in words.
        """
        ...

    def send_alone(
        self, delivery: Delivery, payload: bytes, *, now: datetime, made_at: datetime
    ) -> bool:
        """Make one that waits a delivery of its own, due now; False when it waits no more.

        Args:
            made_at: When it is made, with these bytes.
        """
        ...

    def reschedule(self, of: str, *, due_at: datetime | None, reason: HoldReason) -> int:
        """Change when those are due that this rule, channel or silence holds; return how many."""
        ...

    def gather(self, channel_id: str, *, more_than: int, now: datetime) -> int:
        """Let the next digest tell the alerts that are held for a channel because it was shut.

        Only those that nobody has ever claimed: of the others the receiver may know their ids.
        Nothing is changed unless they are more than `more_than`. Returns of how many alerts.
        """
        ...

    def members(self, digest_id: str) -> list[Delivery]:
        """Return the deliveries that a digest carries, in the order of `waiting`."""
        ...


class Silences(Protocol):
    """What somebody does not want to hear of for a while."""

    def add(self, silence: Silence) -> bool:
        """Add a silence; False if its id is known."""
        ...

    def get(self, id: str) -> Silence | None:
        """Return the silence with exactly this id."""
        ...

    def find(self, prefix: str) -> Silence | None:
        """Return the silence with this id prefix.

        Raises:
            Ambiguous: The prefix fits several ids.
        """
        ...

    def all(self, *, now: datetime | None = None) -> list[Silence]:
        """Return all by `created_at`, ties by id; with `now` those that hold something back."""
        ...

    def lock(self, *, now: datetime) -> list[Silence]:
        """Return those that hold something back, as `all` does.

        Nobody ends them until this transaction ends: whoever does lets go what they hold, and
        would not see what we are about to hold. Several may hold them at once.
        """
        ...

    def end(self, id: str, *, at: datetime) -> bool:
        """Note that somebody has ended it; False when it had ended already."""
        ...
