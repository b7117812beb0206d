"""Deliveries that are owed: claimed, tried, finished."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from common.records import dataclass
from storage.model import (
    Delivery,
    DeliveryState,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to send a delivery, recorded before it starts.

    Attributes:
        outcome: "ok", "retry", "wait", "permanent", "disabled" or "unknown"; None while it
            runs, and for ever if we died in it.
    """

    delivery_id: str
    token: int
    owner: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """How an attempt ended, ready to be written.

    Attributes:
        state: What the delivery becomes.
        outcome: As in `Attempt.outcome`.
        next_at: When to try again, for state "pending".
        counts: Whether the attempt uses up one of the schedule's tries.
        maybe: Whether the receiver may have it although we do not know.
    """

    state: DeliveryState
    outcome: str
    ended_at: datetime
    next_at: datetime | None = None
    counts: bool = True
    maybe: bool = False
    reason: str | None = None
    error: str | None = None
    receipt: str | None = None


class Outbox(Protocol):
    """Deliveries that are owed, and what became of them.

    A delivery is put here in the transaction that stores its alert, so an alert cannot be
    remembered and its delivery forgotten.
    """

    def put(self, deliveries: Iterable[Delivery]) -> int:
        """Add deliveries; skip those whose id is known. Returns how many were new."""
        ...

    def due_channels(self, *, now: datetime) -> list[str]:
        """Return ids of active channels that owe something now and may be sent to now."""
        ...

    def waiting_since(self, channel_id: str, *, now: datetime) -> datetime | None:
        """Return since when a channel's longest due delivery may be sent; None for none."""
        ...

    def claim_due(
        self, limits: Mapping[str, int], *, now: datetime, lease: timedelta, owner: str
    ) -> list[Delivery]:
        """Take due deliveries that nobody else holds, of each of these channels up to its limit.

        Of a channel oldest `next_at` first, of several the one made first. Nothing is taken for a
        channel that is not active or whose `not_before` lies ahead. The attempt is recorded in the
        same transaction; the returned deliveries carry the new token, state "leased" and the end
        of the lease, `now + lease`. `attempts` is not raised here but by `finish`.

        Args:
            limits: How many, at least 1, by the channel's id.
        """
        ...

    def claim(
        self, delivery_id: str, *, now: datetime, lease: timedelta, owner: str
    ) -> Delivery | None:
        """Take this one if it is pending, due or not; None if it is anything else."""
        ...

    def extend(self, delivery: Delivery, *, until: datetime) -> bool:
        """Move the end of a lease; False if it was lost."""
        ...

    def finish(self, delivery: Delivery, end: Finish) -> bool:
        """Write the end of an attempt; False, and nothing written, if the lease was lost.

        What would be pending is held, with the reason, when its channel was removed or
        disabled in the meantime.
        """
        ...

    def finish_all(self, ends: Sequence[tuple[Delivery, Finish]]) -> set[str]:
        """Write the ends of several attempts as `finish` does; return ids of those written."""
        ...

    def give_back(self, deliveries: Sequence[Delivery]) -> set[str]:
        """Make claimed ones pending as they were, as attempts that were never made.

        As for `finish`: not those whose lease was lost, and held where their channel is shut.
        Returns ids of those given back.
        """
        ...

    def reap(self, *, now: datetime, dead_owners: Sequence[str] = ()) -> int:
        """Make claims pending again that ended, or whose owner is dead; `maybe` grows by one.

        They are due at once. Those of removed and disabled channels become held instead.
        """
        ...

    def lease_owners(self) -> list[str]:
        """Return who holds claims now, sorted: deliveries and sources both."""
        ...

    def hold(self, channel_id: str, *, reason: str) -> int:
        """Turn a channel's pending deliveries into held ones."""
        ...

    def suppress(self, channel_id: str, *, but_for: Sequence[str], reason: str) -> int:
        """Suppress a channel's pending and held deliveries to all recipients but these.

        What is held for a digest is left alone: it has no bytes yet, and is told to whoever is
        the channel's then.
        """
        ...

    def unhold(self, channel_id: str, *, now: datetime) -> int:
        """Make a channel's held and pending deliveries pending, due now, with no attempts used up.

        `give_up_at` moves too: they have as long to be tried in as when they were made. Left
        alone are those that `requeue` refuses.
        """
        ...

    def requeue(self, delivery_id: str, *, now: datetime) -> bool:
        """Make a delivery pending again under the same id; False while it is leased or pending.

        False too if it was made before its channel was last added (its bytes are for another
        target), or has no payload. Due now, with no attempts used up, and `give_up_at` as far
        ahead as when it was made.
        """
        ...

    def get(self, id: str) -> Delivery | None:
        """Return the delivery with exactly this id."""
        ...

    def find(self, prefix: str) -> Delivery | None:
        """Return the delivery with this id prefix ("msg_" may be left out).

        Raises:
            Ambiguous: The prefix fits several ids.
        """
        ...

    def recent(
        self,
        *,
        open_only: bool = False,
        channel_id: str | None = None,
        alert_id: str | None = None,
        since: datetime | None = None,
        states: Sequence[DeliveryState] = (),
        limit: int | None = 100,
    ) -> list[Delivery]:
        """Return deliveries newest first by `created_at`, ties by id."""
        ...

    def oldest_open(self) -> datetime | None:
        """Return when the oldest open delivery was made; None if none is open.

        What is held back for a digest, or until an update may be told, is not owed yet.
        """
        ...

    def counts(self) -> dict[DeliveryState, int]:
        """Return how many are in each state; all states are keys.

        Tests that failed are not counted as dead: who sent them was told, and nothing is lost.
        """
        ...

    def attempts(self, delivery_id: str) -> list[Attempt]:
        """Return its attempts in the order in which they began."""
        ...
