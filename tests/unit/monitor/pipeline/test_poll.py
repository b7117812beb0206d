from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

import pytest

from ingester.entry import Entry, FetchError, Polled
from ingester.kinds import Memory
from monitor.net.politeness import HostLimiter
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.notices import Notices
from monitor.pipeline.outbox import OutboxWriter
from monitor.pipeline.poll import MUCH, SLOW, Poller
from storage.api.errors import StorageError
from storage.api.storage import Storage, Transaction
from storage.model import Source
from tests.builders import MINUTE, NOON, a_source, given
from tests.fakes import MemoryStorage


class Empty:
    """A kind of source that never lists anything."""

    def poll(self, source: Source, memory: Memory) -> Polled:
        return Polled()


class Failing:
    """A store whose writing transactions fail from the given one on; the rest is its own."""

    def __init__(self, storage: Storage, *, from_: int) -> None:
        self._storage = storage
        self._left = from_ - 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        if self._left <= 0:
            raise StorageError("the disk is full", retry=False)
        self._left -= 1
        with self._storage.transaction() as tx:
            yield tx


class Counting:
    """A store that counts its writing transactions; the rest is its own."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.transactions = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def transaction(self) -> AbstractContextManager[Transaction]:
        self.transactions += 1
        return self._storage.transaction()


def a_poller(storage: Any, hosts: HostLimiter | None = None) -> Poller:
    outbox = OutboxWriter(lambda *_: b"")
    return Poller(
        storage=storage,
        pipeline=Pipeline(storage, outbox, now=lambda: NOON),
        kinds={"feed": Empty()},
        hosts=hosts or HostLimiter(lambda: 0.0),
        owner="me",
        now=lambda: NOON,
        chance=lambda: 0.0,
        notices=Notices(render=lambda *_: b""),
    )


class Telling:
    """A kind of source that tells of itself what it is given, one poll after the other."""

    def __init__(self, *told: Polled) -> None:
        self._told = list(told)

    def poll(self, source: Source, memory: Memory) -> Polled:
        return self._told.pop(0)


def notices_after(*told: Polled, kind: str = "feed") -> list[tuple[str, bool]]:
    """Return what the owner of a source is told after these polls."""
    storage = MemoryStorage()
    source = a_source("one", kind=kind, url="https://news.example/one")
    given(storage, source)
    poller = replace(a_poller(storage), kinds={kind: Telling(*told)})
    for _ in told:
        poller.poll([source.id])
    with storage.reading() as tx:
        return [(notice.text, notice.lasts) for notice in tx.sources.notices(source.id)]


CUT = Polled(notices=("cut off",))


def test_what_is_wrong_with_a_source_is_told_until_a_poll_of_it_says_so_no_more() -> None:
    assert notices_after(CUT) == [("cut off", True)]
    assert notices_after(CUT, CUT) == [("cut off", True)]
    assert notices_after(CUT, Polled(unchanged=True)) == [("cut off", True)]
    assert notices_after(CUT, Polled()) == []
    assert notices_after(CUT, Polled(), CUT) == [("cut off", True)]


def test_of_files_that_are_read_once_it_is_told_on() -> None:
    assert notices_after(CUT, Polled(), kind="folder") == [("cut off", False)]


def two_feeds(storage: Storage) -> None:
    for name in ("one", "two"):
        given(storage, a_source(name, kind="feed", url=f"https://news.example/{name}"))


def test_polls_of_one_thread_that_find_nothing_new_are_recorded_together() -> None:
    storage = Counting(MemoryStorage())
    poller = replace(a_poller(storage), kinds={"feed": Telling(*[Polled(unchanged=True)] * 4)})
    sources = [a_source(name, kind="feed", url=f"https://{name}.example/") for name in "abcd"]
    given(storage, *sources)
    claimed = poller.claim(limit=len(sources)).taken
    before = storage.transactions
    for source in claimed[:-1]:
        poller.poll_claimed(source)
    assert storage.transactions == before
    poller.poll_claimed(claimed[-1])
    assert storage.transactions == before + 1
    with storage.reading() as tx:
        assert all(source.last_ok_at == NOON for source in tx.sources.all())


def test_what_waits_for_polls_that_never_begin_is_recorded_at_the_end() -> None:
    storage = MemoryStorage()
    poller = replace(a_poller(storage), kinds={"feed": Telling(Polled(unchanged=True))})
    sources = [a_source(name, kind="feed", url=f"https://{name}.example/") for name in "ab"]
    given(storage, *sources)
    polled, _ = poller.claim(limit=2).taken
    poller.poll_claimed(polled)
    poller.end()
    with storage.reading() as tx:
        assert [source.last_ok_at for source in tx.sources.all()].count(NOON) == 1


def test_one_source_of_a_host_is_taken_and_the_other_waits() -> None:
    storage = MemoryStorage()
    two_feeds(storage)
    claimed = a_poller(storage).claim(limit=10)
    assert (len(claimed.taken), len(claimed.waiting)) == (1, 1)


def test_a_store_that_fails_while_sources_are_put_off_keeps_no_host_busy() -> None:
    storage = MemoryStorage()
    two_feeds(storage)
    now = [0.0]
    hosts = HostLimiter(lambda: now[0])
    claimed = a_poller(Failing(storage, from_=2), hosts).claim(limit=10)
    assert len(claimed.taken) == 1
    a_poller(storage, hosts).poll_claimed(claimed.taken[0])
    now[0] = 2.0
    assert hosts.enter("news.example")


def test_a_source_that_cannot_be_polled_now_goes_back() -> None:
    storage = MemoryStorage()
    two_feeds(storage)
    hosts = HostLimiter(lambda: 0.0)
    poller = a_poller(storage, hosts)
    source = poller.claim(limit=1).taken[0]
    poller.put_back(source)
    with storage.reading() as tx:
        found = tx.sources.get(source.id)
    assert found is not None
    assert found.next_poll_at is not None
    assert found.next_poll_at > NOON


def test_a_source_that_was_slow_is_taken_only_where_there_is_room_for_slow_ones() -> None:
    storage = MemoryStorage()
    slow, quick = a_source("slow", next_poll_at=NOON - MINUTE), a_source("quick")
    given(storage, slow, quick)
    poller = a_poller(storage)
    poller.slow.add(slow.id)
    claimed = [
        {source.name for source in poller.claim(limit=limit, slow_limit=slow_limit).taken}
        for limit, slow_limit in ((2, 0), (2, 0), (0, 2))
    ]
    assert claimed == [{"quick"}, set(), {"slow"}]


def test_a_source_is_slow_while_it_takes_long_to_answer() -> None:
    storage = MemoryStorage()
    source = a_source()
    given(storage, source)
    seconds = [0.0]

    class Slow(Empty):
        takes_s = SLOW.total_seconds() + 1

        def poll(self, source: Source, memory: Memory) -> Polled:
            seconds[0] += self.takes_s
            if self.takes_s > 50:
                raise FetchError("no answer", kind="timeout")
            return Polled()

    kind = Slow()
    poller = replace(a_poller(storage), kinds={"feed": kind}, seconds=lambda: seconds[0])
    slow = []
    for kind.takes_s in (3.0, 1.0, 60.0, 1.0):
        poller.poll([source.id])
        slow.append(source.id in poller.slow)
    assert slow == [True, False, True, False]


@pytest.mark.parametrize(("entries", "times"), [(MUCH - 1, 0), (MUCH, 1)])
def test_after_much_was_taken_in_memory_is_given_back(
    entries: int, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back: list[int] = []
    monkeypatch.setattr("monitor.pipeline.poll.give_back", lambda: given_back.append(1))
    listed = tuple(Entry(title=f"number {each}", id=str(each)) for each in range(entries))
    notices_after(Polled(entries=listed))
    assert len(given_back) == times
