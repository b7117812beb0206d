"""A store in memory: real transactions, safe among threads, forgotten when it is closed.

What is committed is never changed in place: a transaction works on a copy and puts it in the
committed one's place, so readers hold a moment of it without waiting for anybody.
"""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from storage.api.articles import Analysis
from storage.api.storage import LongestWaits
from storage.model import Article, DeliveryKind, DeliveryState
from tests.memory.access import MemoryAccess, MemoryCalls, MemorySessions, MemoryUsers
from tests.memory.figures import MemoryFigures
from tests.memory.kept import Kept
from tests.memory.news import MemoryArticles, MemorySources
from tests.memory.outbox import MemoryOutbox
from tests.memory.pruning import MemoryPruning
from tests.memory.quiet import MemoryFeedback, MemoryHeld, MemorySilences
from tests.memory.rules import MemoryAlerts, MemoryChannels, MemoryMeta, MemoryRules
from tests.memory.stories import MemoryFollowing, MemoryPlacing, MemoryStories


class MemoryStorage:
    """Implements `storage.api.storage.Storage`.

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
        self._living = Counter[str]()
        self._known_owners: set[str] = set()

    @contextmanager
    def transaction(self) -> Iterator["MemoryTransaction"]:
        with self._writing:
            kept = self._committed.copy(writable=True)
            yield MemoryTransaction(kept, self._analysis)
            self._committed = kept

    changing = transaction

    @contextmanager
    def reading(self) -> Iterator["MemoryTransaction"]:
        yield MemoryTransaction(self._committed.copy(writable=False), self._analysis)

    def prepare(self, articles: Iterable[Article]) -> None:
        pass

    def check_index(self) -> None:
        pass

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
        problems += [
            f"delivery {delivery.id}: is owed, but what is to be sent is not there"
            for delivery in kept.deliveries.values()
            if delivery.state in (DeliveryState.PENDING, DeliveryState.LEASED)
            and not delivery.payload
        ]
        alerts = sorted(
            (each for each in kept.deliveries.values() if each.kind is DeliveryKind.ALERT),
            key=lambda each: each.id,
        )
        firsts = {
            (each.alert_id, each.channel_id, each.recipient): each for each in reversed(alerts)
        }
        problems += [
            f"delivery {each.id}: another one has the same alert, channel and recipient"
            for each in alerts
            if firsts[each.alert_id, each.channel_id, each.recipient] is not each
        ]
        return problems + [
            f"delivery {delivery.id}: counts as delivered, but no attempt went well"
            for delivery in kept.deliveries.values()
            if delivery.state is DeliveryState.DELIVERED and delivery.id not in went_well
        ]

    def size_bytes(self) -> int:
        return 0

    def give_back_room(self) -> bool:
        return False

    def living_owners(self) -> int:
        return sum(holders > 0 for holders in self._living.values())

    def take_turn(self, name: str) -> bool:
        return True

    def give_turns(self, names: Collection[str]) -> None:
        pass

    @contextmanager
    def hold_owner(self, owner: str) -> Iterator[None]:
        with self._owners_lock:
            self._living[owner] += 1
        try:
            yield
        finally:
            with self._owners_lock:
                self._living[owner] -= 1

    def dead_owners(self, owners: Sequence[str]) -> list[str]:
        """Return none: what dies with this process cannot be proved dead in it."""
        return []

    def mark(self) -> object:
        return None

    def tidy(self) -> None:
        """Nothing piles up."""

    def check(self) -> None:
        """Nobody can take it away."""

    def clock_jumped(self, by: timedelta) -> None:
        """Its clock is handed in."""

    def shared_clock_step(self) -> timedelta | None:
        return None

    def shared_clock_jumped(self, by: timedelta) -> bool:
        return False

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
    """Implements `storage.api.storage.Transaction`."""

    def __init__(self, kept: Kept, analysis: Analysis | None = None) -> None:
        self.sources = MemorySources(kept)
        self.articles = MemoryArticles(kept, analysis)
        self.stories = MemoryStories(kept)
        self.placing = MemoryPlacing(kept)
        self.following = MemoryFollowing(kept)
        self.rules = MemoryRules(kept)
        self.alerts = MemoryAlerts(kept)
        self.channels = MemoryChannels(kept)
        self.outbox = MemoryOutbox(kept)
        self.held = MemoryHeld(kept)
        self.silences = MemorySilences(kept)
        self.feedback = MemoryFeedback(kept)
        self.figures = MemoryFigures(kept)
        self.pruning = MemoryPruning(kept)
        self.access = MemoryAccess(kept)
        self.users = MemoryUsers(kept)
        self.sessions = MemorySessions(kept)
        self.calls = MemoryCalls(kept)
        self.meta = MemoryMeta(kept)


# --- what lies further ahead than it may ---------------------------------------------------------


def bound(kept: Kept, longest: LongestWaits, *, now: datetime) -> list[str]:
    """Bring it as near as it may lie, and tell what it was."""
    return [
        *_sources(kept, longest, now=now),
        *_channels(kept, longest, now=now),
        *_deliveries(kept, longest, now=now),
    ]


def _sources(kept: Kept, longest: LongestWaits, *, now: datetime) -> list[str]:
    told = []
    for source in kept.sources.values():
        until = now + longest.poll(source)
        if source.next_poll_at is not None and source.next_poll_at > until:
            shown = f"{source.next_poll_at:%Y-%m-%dT%H:%M:%SZ}"
            told.append(f'source "{source.name}": its next poll is at {shown}')
            kept.sources[source.id] = replace(source, next_poll_at=until)
        owner, lease_until = kept.leases.get(source.id, ("", now))
        if lease_until > now + longest.poll_lease:
            shown = f"{lease_until:%Y-%m-%dT%H:%M:%SZ}"
            told.append(f'source "{source.name}": a poll of it may last until {shown}')
            kept.leases[source.id] = (owner, now + longest.poll_lease)
    return told


def _channels(kept: Kept, longest: LongestWaits, *, now: datetime) -> list[str]:
    told = []
    until = now + longest.channel
    for channel in kept.channels.values():
        if channel.not_before is not None and channel.not_before > until:
            shown = f"{channel.not_before:%Y-%m-%dT%H:%M:%SZ}"
            told.append(f'channel "{channel.name}": nothing is sent to it before {shown}')
            kept.channels[channel.id] = replace(channel, not_before=until)
    return told


def _deliveries(kept: Kept, longest: LongestWaits, *, now: datetime) -> list[str]:
    told = []
    for delivery in kept.deliveries.values():
        until = now + longest.delivery(delivery.attempts)
        if delivery.state is DeliveryState.PENDING and delivery.next_at > until:
            shown = f"{delivery.next_at:%Y-%m-%dT%H:%M:%SZ}"
            told.append(f"delivery {delivery.id}: it is not tried before {shown}")
            kept.deliveries[delivery.id] = replace(delivery, next_at=until)
        lease_end = now + longest.send_lease
        if delivery.lease_until is not None and delivery.lease_until > lease_end:
            shown = f"{delivery.lease_until:%Y-%m-%dT%H:%M:%SZ}"
            told.append(f"delivery {delivery.id}: it counts as being sent until {shown}")
            kept.deliveries[delivery.id] = replace(delivery, lease_until=lease_end)
    return told
