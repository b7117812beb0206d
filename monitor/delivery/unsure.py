"""Claims that nobody sends: those of failed transactions, and those that were not given back."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from storage.api.storage import Storage, Transaction
from storage.model import Delivery, DeliveryState


class Unsure:
    """Gives back what was claimed in a transaction of which nobody heard whether it was committed.

    Nobody has begun to send it. It would wait until the leases end: the owner is alive. Safe to
    use from many threads.

    Args:
        in_flight: What is being carried, by id.
    """

    def __init__(
        self,
        storage: Storage,
        owner: str,
        in_flight: dict[str, Delivery],
        now: Callable[[], datetime],
    ) -> None:
        self._storage = storage
        self._owner = owner
        self._in_flight = in_flight
        self._now = now
        # Not by its end: while it was in flight its lease may have been made longer.
        self._claims: dict[tuple[str, int], Delivery] = {}

    @contextmanager
    def claiming(self) -> Iterator[tuple[Transaction, list[Delivery]]]:
        """Open a transaction, and take what is claimed in it, and put into this list, in flight."""
        claimed: list[Delivery] = []
        try:
            with self._storage.transaction() as tx:
                yield tx, claimed
                # Before the commit: a lease that nobody keeps alive must not begin.
                self._in_flight.update((each.id, each) for each in claimed)
        except BaseException:
            self.land(claimed)
            self.note(claimed)  # maybe they are claimed all the same
            raise

    def land(self, deliveries: Iterable[Delivery]) -> None:
        """Let leases end, but for what has been claimed anew since one was undone."""
        for each in deliveries:
            if self._in_flight.get(each.id) is each:
                self._in_flight.pop(each.id, None)

    def note(self, claimed: Iterable[Delivery]) -> None:
        """Note claims that are not in flight any more, and may have been made, or not given back.

        One that was undone and the next have the same number: what is noted is either.
        """
        for each in claimed:
            key = each.id, each.lease_token
            noted = self._claims.get(key, each)
            self._claims[key] = max(noted, each, key=_end)

    def give_back(self) -> int:
        """Make those pending again that were made all the same; return how many.

        Each is looked for until its lease has ended: a server may yet commit what it was sent.
        """
        now, claims = self._now(), list(self._claims.values())
        if not claims:
            return 0
        with self._storage.reading() as tx:
            found = [(each, tx.outbox.get(each.id)) for each in claims]
        ours = [
            each for each, stored in found if stored is not None and self._is_ours(each, stored)
        ]
        given: set[str] = set()
        if ours:
            with self._storage.transaction() as tx:
                given = tx.outbox.give_back(ours)
        self._forget(each for each in claims if each.id in given or _end(each) <= now)
        return len(given)

    def _forget(self, claims: Iterable[Delivery]) -> None:
        for each in claims:
            self._claims.pop((each.id, each.lease_token), None)

    def _is_ours(self, claimed: Delivery, stored: Delivery) -> bool:
        """Whether it was claimed so, and is not being sent, or ended, under that number.

        Asked after it was read: a claim that was committed is in flight until its end is written.
        """
        return (
            stored.state is DeliveryState.LEASED
            and (stored.lease_owner, stored.lease_token) == (self._owner, claimed.lease_token)
            and claimed.id not in self._in_flight
        )


def _end(claimed: Delivery) -> datetime:
    assert claimed.lease_until is not None  # it is a claim
    return claimed.lease_until
