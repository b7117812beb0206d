from collections.abc import Iterable
from datetime import timedelta
from typing import cast

import pytest

from monitor.base.right_of_way import RightOfWay
from monitor.daemon.dispatch import NotTaken, ThreadDispatcher
from monitor.daemon.polling import poll_all_due, poll_until_next
from monitor.daemon.threads import ChannelWorkers
from monitor.pipeline.poll import Claimed, Poller
from storage.api.errors import StorageError
from storage.model import Source
from tests.builders import a_source

POLLS = 3
SECONDS = 20.0


class Due:
    """Sources that are due, claimed as a `Poller` claims them."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.left = list(sources)
        self.put: list[Source] = []
        self.slow: set[str] = set()
        self.right_of_way = RightOfWay()

    def wake(self) -> None:
        """Nothing waits."""

    def claim(self, *, limit: int, slow_limit: int | None = None) -> Claimed:
        taken, self.left = self.left[:limit], self.left[limit:]
        return Claimed(taken=tuple(taken), waiting=frozenset())

    def put_back(self, source: Source) -> None:
        self.put.append(source)
        self.left.append(source)

    @property
    def as_poller(self) -> Poller:
        return cast(Poller, self)


def in_threads(polled: list[str]) -> ThreadDispatcher:
    return ThreadDispatcher(
        poll=lambda source: polled.append(source.id),
        deliveries=ChannelWorkers(lambda _: False, lambda _: 1),
        polls=POLLS,
    )


def test_one_tick_polls_all_that_is_due_not_only_what_threads_were_free_for() -> None:
    sources = [a_source(f"s{number}") for number in range(4 * POLLS)]
    polled: list[str] = []
    dispatcher = in_threads(polled)
    poll_all_due(Due(sources).as_poller, dispatcher, lambda: False)
    assert dispatcher.wait(seconds=SECONDS)
    assert sorted(polled) == sorted(source.id for source in sources)


def test_what_comes_due_while_we_look_is_polled_before_the_next_tick() -> None:
    class Later(Due):
        """One more is due when somebody asks how long it is until the next one."""

        def __init__(self) -> None:
            super().__init__([a_source("now")])
            self.later = [a_source("later")]

        def next_due_in(self) -> timedelta | None:
            if not self.later:
                return None
            self.left.append(self.later.pop())
            return timedelta(0)

    polled: list[str] = []
    dispatcher = in_threads(polled)
    assert poll_until_next(Later().as_poller, dispatcher, lambda: False) is None
    assert dispatcher.wait(seconds=SECONDS)
    assert len(polled) == 2


def test_for_what_is_due_and_cannot_be_polled_nobody_looks_without_end() -> None:
    class Stuck(Due):
        """One is due, and whoever could poll it is not there."""

        looked = 0

        def next_due_in(self) -> timedelta | None:
            self.looked += 1
            return timedelta(0)

    stuck = Stuck([])
    assert poll_until_next(stuck.as_poller, in_threads([]), lambda: False) == timedelta(0)
    assert stuck.looked == 2


def test_a_stop_begins_no_more_polls() -> None:
    due = Due([a_source("s")])
    poll_all_due(due.as_poller, in_threads([]), lambda: True)
    assert len(due.left) == 1


class Full(ThreadDispatcher):
    """One that says it has room and takes nothing."""

    def poll(self, source: Source, *, is_slow: bool = False) -> None:
        raise NotTaken("no more threads")


def test_what_cannot_begin_is_put_back_and_asked_again_at_the_next_tick() -> None:
    due = Due([a_source("s")])
    workers = ChannelWorkers(lambda _: False, lambda _: 1)
    full = Full(poll=lambda _: None, deliveries=workers, polls=POLLS)
    poll_all_due(due.as_poller, full, lambda: False)
    assert [source.name for source in due.put] == ["s"]


def test_what_cannot_be_put_back_keeps_no_other_from_its_poll() -> None:
    class Away(Due):
        """The store is away when something is put back."""

        def put_back(self, source: Source) -> None:
            super().put_back(source)
            raise StorageError("the store is away", retry=True)

    class Busy(ThreadDispatcher):
        """One that still polls what it has polled before."""

        def poll(self, source: Source, *, is_slow: bool = False) -> None:
            if source.name == "busy":
                raise NotTaken("a poll of it is still under way")
            super().poll(source, is_slow=is_slow)

    due = Away([a_source("busy"), a_source("one"), a_source("two")])
    polled: list[str] = []
    workers = ChannelWorkers(lambda _: False, lambda _: 1)
    busy = Busy(poll=lambda source: polled.append(source.name), deliveries=workers, polls=POLLS)
    with pytest.raises(StorageError, match="the store is away"):
        poll_all_due(due.as_poller, busy, lambda: False)
    assert busy.wait(seconds=SECONDS)
    assert sorted(polled) == ["one", "two"]
