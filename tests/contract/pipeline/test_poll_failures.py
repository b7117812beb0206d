"""What a failed poll costs a source, on every store: nothing where it was our fault."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from ingester.entry import EndingError, FetchError, ParseError, Polled
from ingester.kinds import Memory
from monitor.net.politeness import HostLimiter
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.intake import LEASE
from monitor.pipeline.notices import Notices
from monitor.pipeline.obituary import FEWEST_FAILURES, tell_if_back
from monitor.pipeline.outbox import OutboxWriter
from monitor.pipeline.poll import AGAIN_SOON, Poller
from storage.api.errors import StorageError
from storage.api.storage import Storage, Transaction
from storage.model import Delivery, DeliveryKind, Source, SourceState
from tests.builders import MINUTE, NOON, a_channel, a_source, given

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Site:
    """A kind of source that lists nothing, or fails as it is told."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.unchanged = False

    def poll(self, source: Source, memory: Memory) -> Polled:
        if self.trouble is not None:
            raise self.trouble
        return Polled(unchanged=self.unchanged)


class Killed(Exception):
    """Nothing more happens."""


class Halting:
    """A store that takes nothing while it is told so; the rest is its own.

    Attributes:
        next_halts: Whether it takes nothing, for each of the next transactions.
        dies_after: After so many further transactions there are no more.
        answer_is_lost: Whether the next transaction is committed, and nobody is told.
        breaks: Whether the next one is undone at its end.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.halts = False
        self.next_halts: list[bool] = []
        self.dies_after = 1_000
        self.answer_is_lost = self.breaks = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        if self.halts or (self.next_halts and self.next_halts.pop(0)):
            raise StorageError("the disk is full", retry=True)
        if not self.dies_after:
            raise Killed
        self.dies_after -= 1
        with self._storage.transaction() as tx:
            yield tx
            if self.breaks:
                self.breaks = False
                raise StorageError("the connection was lost", retry=True)
        if self.answer_is_lost:
            self.answer_is_lost = False
            raise StorageError("the connection was lost", retry=False)


class World:
    """A poller whose time stands still until it is told otherwise."""

    def __init__(self, storage: Storage, now: datetime = NOON) -> None:
        self.now, self.site = now, Site()
        self.store: Any = Halting(storage)
        notices = Notices(render=lambda channel, id_, recipient, text: text.encode())
        self.poller = Poller(
            storage=self.store,
            pipeline=Pipeline(
                self.store,
                OutboxWriter(lambda *_: b"x"),
                now=lambda: self.now,
                read_well=partial(tell_if_back, notices),
            ),
            kinds={"feed": self.site, "folder": self.site},
            hosts=HostLimiter(lambda: self.now.timestamp()),
            owner="me",
            now=lambda: self.now,
            chance=lambda: 0.0,
            notices=notices,
            seconds=lambda: 0.0,
        )

    def poll(self, source: Source, trouble: Exception | None = None) -> Source:
        self.site.trouble = trouble
        self.poller.poll([source.id])
        return self.stored(source)

    def claimed(self, source: Source) -> list[Source]:
        with self.store.transaction() as tx:
            return tx.sources.claim_due(
                now=self.now, limit=1, lease=LEASE, owner="me", ids=[source.id]
            )

    def stored(self, source: Source) -> Source:
        with self.store.reading() as tx:
            found = tx.sources.get(source.id)
        assert found is not None
        return found  # type: ignore[no-any-return]  # of the real store

    def told(self) -> list[str]:
        with self.store.reading() as tx:
            owed: list[Delivery] = tx.outbox.recent()
        assert {delivery.kind for delivery in owed} <= {DeliveryKind.NOTICE}
        return sorted(delivery.payload.decode() for delivery in owed)


@pytest.fixture
def world(storage: Storage) -> World:
    given(storage, a_source(), a_channel("console"))
    return World(storage)


def test_a_poll_that_the_end_of_the_program_cuts_off_leaves_its_source_as_it_was(
    world: World,
) -> None:
    failed = world.poll(a_source(), ParseError("not a feed"))
    claimed = world.poll(failed, EndingError())
    assert world.claimed(failed) == []  # until its lease is given back
    with world.store.transaction() as tx:
        tx.sources.release(["me"], now=world.now)
    assert world.stored(failed) == replace(failed, lease_token=claimed.lease_token)


def test_a_network_that_is_away_is_no_failure_of_the_source(world: World) -> None:
    for _ in range(8):
        source = world.poll(a_source(), FetchError("no route", kind="offline"))
        assert (source.failures, source.last_error) == (0, "no route")
        assert source.next_poll_at == world.now + AGAIN_SOON
        world.now += AGAIN_SOON
    assert world.told() == []


def test_those_blamed_before_it_was_seen_that_the_network_is_away_are_excused(
    world: World, storage: Storage
) -> None:
    sources = [a_source(name) for name in ("one", "two", "three")]
    given(storage, *sources)
    for source in sources:
        world.poll(source, FetchError("no answer", kind="timeout"))
    stored = [world.stored(source) for source in sources]
    assert [source.failures for source in stored] == [0, 0, 0]
    assert {source.next_poll_at for source in stored} == {NOON + AGAIN_SOON}


def test_what_the_guard_refuses_is_asked_at_the_usual_times_and_at_a_new_start(
    world: World,
) -> None:
    for _ in range(5):
        source = world.poll(a_source(), FetchError("not public", kind="address"))
        assert (source.failures, source.next_poll_at) == (0, NOON + source.every)
    assert world.poller.look_again() == 1
    assert world.stored(source).next_poll_at == NOON


def test_a_new_start_does_not_hurry_what_fails_by_itself(world: World) -> None:
    source = world.poll(a_source(), FetchError("HTTP 503", kind="http"))
    assert world.poller.look_again() == 0
    assert world.stored(source).next_poll_at == source.next_poll_at == NOON + 2 * source.every


def test_a_folder_that_is_away_is_looked_for_at_the_usual_times(
    world: World, storage: Storage
) -> None:
    folder = a_source("seeds", kind="folder", url="/seeds", every=timedelta(seconds=10))
    given(storage, folder)
    for count in range(1, 9):
        stored = world.poll(folder, FetchError("there is no such folder", kind="file"))
        assert (stored.failures, stored.next_poll_at) == (count, NOON + folder.every)


def test_a_lease_is_given_back_when_the_store_takes_no_result(world: World) -> None:
    (source,) = world.poller.claim(limit=1).taken
    world.store.halts = True
    with pytest.raises(StorageError):
        world.poller.poll_claimed(source)
    with pytest.raises(StorageError):
        world.poller.claim(limit=1)
    world.store.halts = False
    assert world.poller.claim(limit=1).taken == ()
    assert world.stored(source).next_poll_at == NOON + AGAIN_SOON
    world.now = NOON + MINUTE
    assert MINUTE < LEASE
    assert [taken.id for taken in world.poller.claim(limit=1).taken] == [source.id]


def test_what_was_claimed_without_our_hearing_of_it_is_polled_within_a_minute(world: World) -> None:
    """Nobody else may poll it before the lease ends, and we do not know that it is ours."""
    world.store.answer_is_lost = True
    with pytest.raises(StorageError):
        world.poller.claim(limit=1)
    assert world.stored(a_source()).lease_token == 1
    assert world.poller.claim(limit=1).taken == ()
    world.now = NOON + MINUTE
    assert [taken.id for taken in world.poller.claim(limit=1).taken] == [a_source().id]


def test_what_could_not_be_claimed_is_claimed_when_the_store_is_well(world: World) -> None:
    world.store.breaks = True
    with pytest.raises(StorageError):
        world.poller.claim(limit=1)
    (taken,) = world.poller.claim(limit=1).taken
    world.poller.poll_claimed(taken)
    assert world.stored(taken).last_ok_at == NOON


def test_what_is_claimed_and_cannot_be_put_off_is_polled_when_the_store_is_well(
    world: World, storage: Storage
) -> None:
    beside = a_source("beside", url=f"{a_source().url}/beside")
    given(storage, beside)
    world.store.next_halts = [False, True, True]
    claimed = world.poller.claim(limit=2)  # of one host
    assert (len(claimed.taken), len(claimed.waiting)) == (1, 1)
    with pytest.raises(StorageError, match="full"):
        world.poller.put_back(claimed.taken[0])
    world.poller.claim(limit=2)
    again = {world.stored(source).next_poll_at for source in (a_source(), beside)}
    assert again == {world.now + AGAIN_SOON}


def test_what_others_bring_keeps_nothing_from_being_put_back(
    world: World, storage: Storage
) -> None:
    other = a_source("other", url="https://other.example/feed")
    given(storage, other)
    one, two = world.poller.claim(limit=2).taken
    world.site.unchanged = True
    world.poller.poll_claimed(one)  # its end waits for the other
    world.store.next_halts = [True]
    with pytest.raises(StorageError, match="full"):
        world.poller.put_back(two)
    put_back = world.stored(two).next_poll_at
    assert put_back is not None
    assert put_back < world.now + AGAIN_SOON


def test_a_source_that_asks_not_to_be_polled_is_told_about_once(world: World) -> None:
    source = world.poll(a_source(), FetchError("HTTP 410 Gone", kind="gone", status=410))
    assert source.state is SourceState.GONE
    (text,) = world.told()
    assert text.startswith('Source "Harbour News" is polled no more: HTTP 410 Gone; remove it')
    world.poll(a_source(), FetchError("HTTP 410 Gone", kind="gone", status=410))
    assert world.told() == [text]


def test_a_source_that_fails_for_long_is_told_about_once_and_once_when_it_is_back(
    world: World,
) -> None:
    trouble = FetchError("HTTP 404 Not Found", kind="http", status=404)
    source = world.poll(a_source())
    while source.failures < 12:
        world.now += MINUTE if source.failures < 8 else DAY
        source = world.poll(source, trouble)
        assert len(world.told()) == (world.now - NOON >= DAY)
    (dead,) = world.told()
    assert dead.startswith('Source "Harbour News" could not be read since 2026-03-02T12:00:00Z: H')
    for _ in range(3):
        world.poll(source)
    assert world.told() == ['Source "Harbour News" can be read again', dead]
    world.now += DAY
    for _ in range(6):
        world.now += DAY
        world.poll(source, trouble)
    assert len(world.told()) == 3


def test_that_a_source_is_back_is_owed_with_what_it_has_brought_or_not_at_all(
    world: World,
) -> None:
    world.poll(a_source(), FetchError("HTTP 410 Gone", kind="gone", status=410))
    (dead,) = world.told()
    world.site.trouble = None
    (source,) = world.claimed(a_source())
    world.store.dies_after = 1  # killed after the transaction that records the poll
    with suppress(Killed):
        world.poller.poll_claimed(source)
    assert world.stored(source).last_error is None
    assert world.told() == ['Source "Harbour News" can be read again', dead]


def test_a_failure_that_passes_is_told_to_nobody(world: World) -> None:
    for _ in range(3):
        world.poll(a_source(), FetchError("HTTP 503", kind="http"))
    world.now += 2 * DAY
    world.poll(a_source())
    assert world.told() == []


@pytest.mark.parametrize("good_first", [False, True])
def test_dead_hosts_are_blamed_though_every_start_is_new_and_they_are_polled_in_a_row(
    world: World, storage: Storage, good_first: bool
) -> None:
    dead = [a_source(name) for name in ("one", "two", "three", "four")]
    given(storage, *dead)
    nobody = FetchError("nobody knows this name", kind="dns")
    for _ in range(4):  # as cron does it
        world = World(storage, now=world.now + 5 * MINUTE)
        world.poller.look_again()
        polls = [(source, nobody) for source in dead]
        for source, trouble in [(a_source(), None), *polls] if good_first else polls:
            world.poll(source, trouble)
            world.now += SECOND
        if not good_first:
            world.poll(a_source())
    assert [world.stored(source).failures for source in dead] == [3, 3, 3, 3]


def test_a_network_that_is_away_at_every_start_is_blamed_on_nobody(
    world: World, storage: Storage
) -> None:
    sources = [a_source(name) for name in ("one", "two", "three")]
    given(storage, *sources)
    for source in sources:
        world.poll(source)
    for _ in range(4):
        world = World(storage, now=world.now + 5 * MINUTE)
        world.poller.look_again()
        for source in sources:
            world.poll(source, FetchError("no answer", kind="timeout"))
    assert [world.stored(source).failures for source in sources] == [0, 0, 0]


def test_few_failures_after_a_long_time_without_polls_are_told_to_nobody(world: World) -> None:
    world.poll(a_source())
    world.now += 9 * DAY  # the daemon was away
    for _ in range(FEWEST_FAILURES - 1):
        world.poll(a_source(), FetchError("HTTP 503", kind="http"))
    assert world.told() == []
    world.poll(a_source(), FetchError("HTTP 503", kind="http"))
    assert len(world.told()) == 1


def test_nobody_is_told_where_no_channel_works(storage: Storage) -> None:
    given(storage, a_source())
    world = World(storage)
    world.poll(a_source(), FetchError("HTTP 410 Gone", kind="gone", status=410))
    assert world.told() == []
