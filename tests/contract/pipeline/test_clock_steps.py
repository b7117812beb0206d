"""A clock that is set while work is under way stops nothing, on every store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from ingester.entry import FetchError, Polled
from ingester.kinds import Memory
from monitor.delivery import waits
from monitor.delivery.courier import Courier
from monitor.net.politeness import HostLimiter
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.notices import Notices
from monitor.pipeline.outbox import OutboxWriter
from monitor.pipeline.poll import Poller
from notifiers.api import DeliveryError, Failure, Message, Settings
from storage.admin import clock_shift
from storage.admin.engine import SqlStorage
from storage.api.storage import Storage
from storage.backends.steady import SteadyClock
from storage.model import Delivery, Source
from storage.sql.tables.schema import delivery
from tests.builders import NOON, a_channel, a_delivery, a_source, given

HOUR = timedelta(hours=1)
YEAR = timedelta(days=365)
SECOND = timedelta(seconds=1)
STEPS = pytest.mark.parametrize("step", [HOUR, -2 * HOUR, -YEAR, YEAR])
FREE = {"state": "pending", "lease_until": None, "lease_owner": None}
NOTICES = Notices(render=lambda *_: b"")


class Host:
    """The clock that the store goes by, and what the daemon does when it is set."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.wall, self.seconds = NOON, 0.0
        self.is_ours = isinstance(storage, SqlStorage) and storage._backend.host_clock
        self.now: Callable[[], datetime] = lambda: self.wall
        if isinstance(storage, SqlStorage):
            backend: Any = storage._backend
            backend._clock = SteadyClock(lambda: self.wall, lambda: self.seconds)
            self.now = storage.now

    def step(self, by: timedelta) -> None:
        """Be set, and be followed by the daemon as soon as it sees that."""
        self.be_set(by)
        self.be_followed(by)

    def be_set(self, by: timedelta) -> None:
        self.wall += by

    def be_followed(self, by: timedelta) -> None:
        if self.is_ours:
            self.storage.clock_jumped(by)
        elif isinstance(self.storage, SqlStorage):
            assert self.storage.shared_clock_step() == by
            assert self.storage.shared_clock_jumped(by)
            assert self.storage.shared_clock_step() is None
        elif by < timedelta(0):
            self.storage.too_far_ahead(waits.OWN, now=self.now(), mend=True)


class Stepping:
    """A kind of source, and a kind of channel, that is slow and during which something happens."""

    def __init__(self, host: Host, happens: Callable[[], None], *, fails: bool = False) -> None:
        self.host, self.happens, self.fails = host, happens, fails

    def poll(self, source: Source, memory: Memory) -> Polled:
        self._take_time()
        if self.fails:
            raise FetchError("HTTP 503", kind="http")
        return Polled()

    def send(self, message: Message, settings: Settings) -> str | None:
        self._take_time()
        raise DeliveryError("HTTP 503", Failure.RETRY)

    def _take_time(self) -> None:
        self.host.wall += 20 * SECOND
        self.host.seconds += 20
        self.happens()


def polled(storage: Storage, host: Host, kind: Stepping) -> Source:
    poller = Poller(
        storage=storage,
        pipeline=Pipeline(storage, OutboxWriter(lambda *_: b""), now=host.now),
        kinds={"feed": kind},
        hosts=HostLimiter(lambda: 0.0),
        owner="me",
        now=host.now,
        chance=lambda: 0.0,
        notices=NOTICES,
        seconds=lambda: host.seconds,
    )
    poller.poll([a_source().id])
    return source_of(storage)


def source_of(storage: Storage) -> Source:
    with storage.reading() as tx:
        source = tx.sources.get(a_source().id)
    assert source is not None
    return source


@STEPS
@pytest.mark.parametrize("fails", [False, True])
def test_a_poll_during_which_the_clock_is_set_is_followed_by_the_next_in_its_time(
    storage: Storage, step: timedelta, fails: bool
) -> None:
    given(storage, a_source(baseline_done=True))
    host = Host(storage)
    source = polled(storage, host, Stepping(host, lambda: host.step(step), fails=fails))
    assert source.next_poll_at is not None
    due_in = source.next_poll_at - host.wall
    assert due_in == source.every * (2 if fails else 1) - 20 * SECOND


@STEPS
def test_a_poll_that_ends_before_the_daemon_sees_the_step_waits_no_longer(
    storage: Storage, step: timedelta
) -> None:
    given(storage, a_source(baseline_done=True))
    host = Host(storage)
    polled(storage, host, Stepping(host, lambda: host.be_set(step)))
    host.be_followed(step)
    due_at = source_of(storage).next_poll_at
    assert due_at is not None
    assert due_at - host.wall <= a_source().every * 1.1


@STEPS
@pytest.mark.parametrize("is_late", [False, True])
def test_what_is_owed_is_tried_again_in_its_time(
    storage: Storage, step: timedelta, is_late: bool
) -> None:
    owed = a_delivery(next_at=NOON)
    given(storage, a_channel(), owed)
    host = Host(storage)

    def nothing() -> None:
        """Let the clock go on."""

    def chance() -> float:
        if is_late:  # when the time of the next attempt is reckoned, and not yet written
            host.step(step)
        return 0.5

    sending = Stepping(host, nothing if is_late else lambda: host.step(step))
    courier = Courier(
        storage=storage,
        notifier_of={"webhook": sending}.get,
        settings=lambda channel: {"url": "https://hooks.example/"},
        notices=NOTICES,
        host="here",
        owner="me",
        now=host.now,
        chance=chance,
    )
    courier.deliver_due(a_channel().id)
    assert delivery_of(storage, owed).next_at - host.wall == 5 * SECOND


def delivery_of(storage: Storage, delivery: Delivery) -> Delivery:
    with storage.reading() as tx:
        found = tx.outbox.get(delivery.id)
    assert found is not None
    return found


def a_year_ahead(storage: Storage) -> Delivery:
    """Store a source, a channel and a delivery that wait for a time a year ahead."""
    source = a_source(next_poll_at=NOON + YEAR)
    owed = a_delivery(next_at=NOON + YEAR)
    given(storage, source, a_channel(), owed)
    with storage.transaction() as tx:
        tx.channels.set_not_before(a_channel().id, NOON + YEAR)
    return owed


def test_what_waits_for_a_time_that_no_wait_explains_is_named_and_mended(storage: Storage) -> None:
    owed = a_year_ahead(storage)
    told = storage.too_far_ahead(waits.ANY, now=NOON, mend=False)
    assert told == [
        'source "Harbour News": its next poll is at 2027-03-02T12:00:00Z',
        'channel "desk": nothing is sent to it before 2027-03-02T12:00:00Z',
        f"delivery {owed.id}: it is not tried before 2027-03-02T12:00:00Z",
    ]
    assert source_of(storage).next_poll_at == NOON + YEAR
    assert storage.too_far_ahead(waits.ANY, now=NOON, mend=True) == told
    assert storage.too_far_ahead(waits.ANY, now=NOON, mend=False) == []
    assert source_of(storage).next_poll_at == NOON + timedelta(days=7)
    assert storage.too_far_ahead(waits.OWN, now=NOON, mend=True)
    assert source_of(storage).next_poll_at == NOON + a_source().every * 1.1
    assert delivery_of(storage, owed).next_at == NOON


def test_what_waits_as_long_as_it_may_is_left_alone(storage: Storage) -> None:
    asked = a_source("Asked", next_poll_at=NOON + timedelta(days=7))
    failing = a_source("Failing", next_poll_at=NOON + timedelta(days=1), failures=9)
    owed = replace(a_delivery(next_at=NOON + HOUR), attempts=6)
    given(storage, asked, failing, a_channel(), owed)
    assert storage.too_far_ahead(waits.ANY, now=NOON, mend=True) == []
    (told,) = storage.too_far_ahead(waits.OWN, now=NOON, mend=False)
    assert told.startswith('source "Asked"')


def test_a_claim_that_ends_a_year_ahead_ends_when_a_claim_may(storage: Storage) -> None:
    owed = a_delivery(next_at=NOON)
    given(storage, a_source(), a_channel(), owed)
    with storage.transaction() as tx:
        tx.sources.claim_due(now=NOON, limit=1, lease=YEAR, owner="me")
        tx.outbox.claim(owed.id, now=NOON, lease=YEAR, owner="me")
    assert len(storage.too_far_ahead(waits.ANY, now=NOON, mend=True)) == 2
    later = NOON + timedelta(minutes=5)
    with storage.transaction() as tx:
        assert tx.sources.claim_due(now=later, limit=1, lease=HOUR, owner="me")
        assert tx.outbox.reap(now=later) == 1


def test_what_was_sent_meanwhile_is_not_bounded_any_more(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not isinstance(storage, SqlStorage):
        pytest.skip("nobody else writes to it meanwhile")
    owed = a_delivery(next_at=NOON)
    given(storage, a_source(), a_channel(), owed)
    with storage.transaction() as tx:
        tx.outbox.claim(owed.id, now=NOON, lease=YEAR, owner="me")
    found = clock_shift.find_too_far

    def found_before(connection: Connection, *given: Any, **named: Any) -> list[Any]:
        cases = list(found(connection, *given, **named))
        connection.execute(update(delivery).values(FREE))
        return cases

    monkeypatch.setattr(clock_shift, "find_too_far", found_before)
    assert not storage.too_far_ahead(waits.ANY, now=NOON, mend=True)
    assert delivery_of(storage, owed).lease_until is None


def test_what_was_sent_while_instants_are_moved_is_not_moved_any_more(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not isinstance(storage, SqlStorage) or storage._backend.host_clock:
        pytest.skip("nobody else writes to it meanwhile")
    owed = a_delivery(next_at=NOON)
    given(storage, a_source(), a_channel(), owed)
    with storage.transaction() as tx:
        tx.outbox.claim(owed.id, now=NOON, lease=HOUR, owner="me")
    moved = clock_shift._moved

    def moved_after(columns: Any, values: Any, by: timedelta) -> dict[str, object]:
        if columns[0] is delivery.c.next_at:
            with storage._backend.writing() as other:
                other.execute(update(delivery).values(FREE))
        return moved(columns, values, by)

    monkeypatch.setattr(clock_shift, "_moved", moved_after)
    assert storage.shared_clock_jumped(YEAR)
    assert delivery_of(storage, owed).lease_until is None
