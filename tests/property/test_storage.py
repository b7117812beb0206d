"""Whatever is done to them in whatever order, memory and SQLite answer the same."""

import shutil
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from storage.admin.engine import open_storage
from storage.api.errors import FencedOut
from storage.api.outbox import Finish
from storage.api.storage import Storage
from storage.model import ChannelState, Delivery, DeliveryState, Source, SourceState
from tests.builders import LEASE, NOON, a_channel, a_delivery, a_source
from tests.fakes import MemoryStorage

NAMES = ["a", "b", "c"]
CHANNELS = [a_channel(name) for name in NAMES[:2]]
Step = tuple[Any, ...]

names = strategies.sampled_from(NAMES)
numbers = strategies.integers(0, 5)
channels = strategies.sampled_from(CHANNELS)
owners = strategies.sampled_from(["me", "you"])
ends = strategies.builds(
    Finish,
    state=strategies.sampled_from([state for state in DeliveryState if state.value != "leased"]),
    outcome=strategies.sampled_from(["ok", "retry", "unknown"]),
    ended_at=strategies.just(NOON),
    next_at=strategies.sampled_from([None, NOON + LEASE]),
    counts=strategies.booleans(),
    maybe=strategies.booleans(),
    error=strategies.sampled_from([None, "HTTP 500"]),
)
steps = strategies.one_of(
    strategies.tuples(strategies.just("add source"), names),
    strategies.tuples(
        strategies.just("set source"), names, strategies.sampled_from(list(SourceState))
    ),
    strategies.tuples(strategies.just("claim sources"), numbers, owners),
    strategies.tuples(strategies.just("record"), numbers, strategies.sampled_from(["x", "y"])),
    strategies.tuples(strategies.just("put"), channels, names),
    strategies.tuples(strategies.just("claim"), channels, numbers, owners),
    strategies.tuples(strategies.just("finish"), numbers, ends),
    strategies.tuples(strategies.just("extend"), numbers),
    strategies.tuples(strategies.just("reap"), owners),
    strategies.tuples(
        strategies.just("set channel"), channels, strategies.sampled_from(list(ChannelState))
    ),
    strategies.tuples(strategies.just("hold"), channels),
    strategies.tuples(strategies.just("unhold"), channels),
    strategies.tuples(strategies.just("requeue"), channels, names),
    strategies.tuples(strategies.just("time passes"), strategies.sampled_from([1, 30, 60])),
)


class Driver:
    """Does steps to a store, and remembers what it has claimed on the way."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._now = NOON
        self._sources: list[Source] = []
        self._deliveries: list[Delivery] = []

    def do(self, step: Step) -> Any:
        """Do one step in a transaction of its own; return what came of it."""
        verb, *arguments = step
        action = getattr(self, "_" + verb.replace(" ", "_"))
        try:
            with self._storage.transaction() as tx:
                return action(tx, *arguments)
        except FencedOut:
            return "fenced out"

    def everything(self) -> Any:
        """Return all that the store tells."""
        with self._storage.reading() as tx:
            deliveries = tx.outbox.recent(limit=None)
            return (
                [tx.sources.get(a_source(name).id) for name in NAMES],
                [tx.sources.memory(a_source(name).id) for name in NAMES],
                tx.sources.all(),
                deliveries,
                [tx.outbox.attempts(delivery.id) for delivery in deliveries],
                tx.outbox.counts(),
                tx.outbox.lease_owners(),
                tx.outbox.due_channels(now=self._now),
                tx.channels.all(),
            )

    def _add_source(self, tx: Any, name: str) -> Any:
        return tx.sources.add(a_source(name))

    def _set_source(self, tx: Any, name: str, state: SourceState) -> Any:
        return tx.sources.update(a_source(name, state=state))

    def _claim_sources(self, tx: Any, limit: int, owner: str) -> Any:
        claimed = tx.sources.claim_due(now=self._now, limit=limit, lease=LEASE, owner=owner)
        self._sources += claimed
        return claimed

    def _record(self, tx: Any, which: int, key: str) -> Any:
        if which >= len(self._sources):
            return None
        polled = replace(self._sources[which], failures=which, next_poll_at=self._now)
        return tx.sources.record_polls([(polled, {key: str(which)})])

    def _put(self, tx: Any, channel: Any, name: str) -> Any:
        return tx.outbox.put([a_delivery(channel=channel, subject=name)])

    def _claim(self, tx: Any, channel: Any, limit: int, owner: str) -> Any:
        claimed = tx.outbox.claim_due({channel.id: limit}, now=self._now, lease=LEASE, owner=owner)
        self._deliveries += claimed
        return claimed

    def _finish(self, tx: Any, which: int, end: Finish) -> Any:
        if which >= len(self._deliveries):
            return None
        return tx.outbox.finish(self._deliveries[which], end)

    def _extend(self, tx: Any, which: int) -> Any:
        if which >= len(self._deliveries):
            return None
        return tx.outbox.extend(self._deliveries[which], until=self._now + LEASE)

    def _reap(self, tx: Any, dead: str) -> Any:
        released = tx.sources.release([dead], now=self._now)
        return released, tx.outbox.reap(now=self._now, dead_owners=[dead])

    def _set_channel(self, tx: Any, channel: Any, state: ChannelState) -> Any:
        return tx.channels.set_state(channel.id, state, reason="why")

    def _hold(self, tx: Any, channel: Any) -> Any:
        return tx.outbox.hold(channel.id, reason="why")

    def _unhold(self, tx: Any, channel: Any) -> Any:
        return tx.outbox.unhold(channel.id, now=self._now)

    def _requeue(self, tx: Any, channel: Any, name: str) -> Any:
        id_ = a_delivery(channel=channel, subject=name).id
        return tx.outbox.requeue(id_, now=self._now)

    def _time_passes(self, tx: Any, seconds: int) -> Any:
        self._now += timedelta(seconds=seconds)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("property") / "empty.db"
    open_storage(f"sqlite:///{path}").close()
    return path


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.lists(steps, max_size=40))
def test_memory_and_sqlite_answer_the_same(template: Path, done: list[Step]) -> None:
    path = template.with_name(f"{uuid.uuid4().hex}.db")
    shutil.copyfile(template, path)
    memory, sqlite = MemoryStorage(), open_storage(f"sqlite:///{path}")
    drivers = [Driver(memory), Driver(sqlite)]
    for storage in (memory, sqlite):
        with storage.transaction() as tx:
            for channel in CHANNELS:
                tx.channels.add(channel)
    for step in done:
        one, two = (driver.do(step) for driver in drivers)
        assert one == two
    one, two = (driver.everything() for driver in drivers)
    assert one == two
    assert len(memory.problems()) == len(
        [problem for problem in sqlite.problems() if "no attempt went well" in problem]
    )
    sqlite.close()
    path.unlink()
