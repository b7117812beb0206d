"""A store in memory: real transactions, safe among threads, forgotten when it is closed.

What is committed is never changed in place: a transaction works on a copy and puts it in the
committed one's place, so readers hold a moment of it without waiting for anybody.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from storage.api import Analysis, LongestWaits
from storage.model import (
    DeliveryState,
)
from tests.memory_clock import bound
from tests.memory_kept import Kept
from tests.memory_news import MemoryArticles, MemorySources
from tests.memory_outbox import MemoryOutbox
from tests.memory_quiet import MemoryFeedback, MemoryHeld, MemorySilences
from tests.memory_rules import MemoryAlerts, MemoryChannels, MemoryMeta, MemoryRules


class MemoryStorage:
    """Implements `storage.api.Storage`.

    Args:
        now: What time it is; the real time by default.
        analysis: What the search index keeps of an article.
    """

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        analysis: Analysis | None = None,
    ) -> None:
        self.now = now
        self._analysis = analysis
        self._writing = threading.Lock()
        self._committed = Kept()
        self._owners_lock = threading.Lock()
        self._living: set[str] = set()
        self._known_owners: set[str] = set()

    @contextmanager
    def transaction(self) -> Iterator["MemoryTransaction"]:
        with self._writing:
            kept = self._committed.copy(writable=True)
            yield MemoryTransaction(kept, self._analysis)
            self._committed = kept

    @contextmanager
    def reading(self) -> Iterator["MemoryTransaction"]:
        yield MemoryTransaction(self._committed.copy(writable=False), self._analysis)

    def problems(self) -> list[str]:
        kept = self._committed
        made = {
            (delivery.alert_id, delivery.channel_id, delivery.recipient)
            for delivery in kept.deliveries.values()
        }
        problems = [
            f"alert {alert_id}: its delivery to {recipient} of channel {channel_id} was never made"
            for alert_id, owed in kept.owed.items()
            for channel_id, recipient in owed
            if (alert_id, channel_id, recipient) not in made
        ]
        went_well = {id_ for (id_, _), attempt in kept.attempts.items() if attempt.outcome == "ok"}
        return problems + [
            f"delivery {delivery.id}: counts as delivered, but no attempt went well"
            for delivery in kept.deliveries.values()
            if delivery.state is DeliveryState.DELIVERED and delivery.id not in went_well
        ]

    @contextmanager
    def hold_owner(self, owner: str) -> Iterator[None]:
        with self._owners_lock:
            self._living.add(owner)
        try:
            yield
        finally:
            with self._owners_lock:
                self._living.discard(owner)

    def dead_owners(self, owners: Sequence[str]) -> list[str]:
        """Return none: what dies with this process cannot be proved dead in it."""
        return []

    def tidy(self) -> None:
        """Nothing piles up."""

    def check(self) -> None:
        """Nobody can take it away."""

    def clock_jumped(self, by: timedelta) -> None:
        """Its clock is handed in."""

    def too_far_ahead(self, longest: LongestWaits, *, now: datetime, mend: bool) -> list[str]:
        with self._writing:
            kept = self._committed.copy(writable=True)
            told = bound(kept, longest, now=now)
            if mend:
                self._committed = kept
            return told

    def close(self) -> None:
        """Nothing is held."""


class MemoryTransaction:
    """Implements `storage.api.Transaction`."""

    def __init__(self, kept: Kept, analysis: Analysis | None = None) -> None:
        self.sources = MemorySources(kept)
        self.articles = MemoryArticles(kept, analysis)
        self.rules = MemoryRules(kept)
        self.alerts = MemoryAlerts(kept)
        self.channels = MemoryChannels(kept)
        self.outbox = MemoryOutbox(kept)
        self.held = MemoryHeld(kept)
        self.silences = MemorySilences(kept)
        self.feedback = MemoryFeedback(kept)
        self.meta = MemoryMeta(kept)
