"""Claims whose transaction failed: whether they were made is not known at first."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from storage.api.storage import Storage
from storage.model import Delivery, DeliveryState


class Unsure:
    """Gives back what was claimed in a transaction of which nobody heard whether it was committed.

    Nobody has begun to send it. It would wait until the leases end: the owner is alive. Safe to
    use from many threads.

    Args:
        in_flight: What is being carried, by id; whoever claims is in it before the commit.
    """

    def __init__(
        self,
        storage: Storage,
        owner: str,
        in_flight: Mapping[str, Delivery],
        now: Callable[[], datetime],
    ) -> None:
        self._storage = storage
        self._owner = owner
        self._in_flight = in_flight
        self._now = now
        # By its end, too: a claim that was undone, and the next one, have the same number.
        self._claims: dict[tuple[str, datetime | None], Delivery] = {}

    def note(self, claimed: Iterable[Delivery]) -> None:
        """Note claims that were made in a transaction that failed, and are not in flight."""
        self._claims.update(((each.id, each.lease_until), each) for each in claimed)

    def give_back(self) -> int:
        """Make those pending again that were made all the same; return how many.

        Each is looked for until its lease ends: a server may yet commit what it was sent.
        """
        now, claims = self._now(), list(self._claims.values())
        self._forget(each for each in claims if each.lease_until is None or each.lease_until <= now)
        if not self._claims:
            return 0
        with self._storage.reading() as tx:
            found = [(each, tx.outbox.get(each.id)) for each in claims]
        ours = [
            each for each, stored in found if stored is not None and self._is_ours(each, stored)
        ]
        if not ours:
            return 0
        with self._storage.transaction() as tx:
            given = tx.outbox.give_back(ours)
        self._forget(each for each in ours if each.id in given)
        return len(given)

    def _forget(self, claims: Iterable[Delivery]) -> None:
        for each in claims:
            self._claims.pop((each.id, each.lease_until), None)

    def _is_ours(self, claimed: Delivery, stored: Delivery) -> bool:
        """Whether it was claimed then, and not by another, nor by us later, under that number.

        Asked after it was read: a claim that was committed is in flight until its end is written.
        """
        return (
            stored.state is DeliveryState.LEASED
            and (stored.lease_owner, stored.lease_token) == (self._owner, claimed.lease_token)
            and stored.lease_until == claimed.lease_until
            and claimed.id not in self._in_flight
        )
