"""What everything that runs the daemon's steps does."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from monitor.daemon.dispatch import Dispatcher, NotTaken, ThreadDispatcher
from monitor.daemon.threads import ChannelWorkers
from storage.model import Source
from tests.builders import a_source

Make = Callable[[Callable[[Source], object], Callable[[str], bool]], Dispatcher]
POLLS = 3
WIDTH = 2
SECONDS = 60.0


def in_threads(
    poll: Callable[[Source], object], deliver: Callable[[str], bool]
) -> ThreadDispatcher:
    return ThreadDispatcher(
        poll=poll, deliveries=ChannelWorkers(deliver, lambda _: WIDTH), polls=POLLS
    )


@pytest.fixture(params=[in_threads])
def make(request: pytest.FixtureRequest) -> Make:
    """Makes a dispatcher of a step that polls and one that delivers."""
    made: Make = request.param
    return made


class Underway:
    """Counts what is under way of each name, and holds it until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.most: Counter[str] = Counter()
        self.times: Counter[str] = Counter()
        self._now: Counter[str] = Counter()
        self._lock = threading.Condition()

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        with self._lock:
            self.times[name] += 1
            self._now[name] += 1
            self.most[name] = max(self.most[name], self._now[name])
            self._lock.notify_all()
        assert self.go.wait(SECONDS)
        with self._lock:
            self._now[name] -= 1

    def wait_for(self, count: int) -> None:
        """Wait until so many are under way."""
        with self._lock:
            assert self._lock.wait_for(lambda: self._now.total() >= count, timeout=SECONDS)


def nothing_due(channel_id: str) -> bool:
    return False


def test_each_source_is_polled(make: Make) -> None:
    polled: list[str] = []
    dispatcher = make(lambda source: polled.append(source.id), nothing_due)
    sources = [a_source(name) for name in "abc"]
    for source in sources:
        dispatcher.poll(source)
    assert dispatcher.wait(seconds=SECONDS)
    assert sorted(polled) == sorted(source.id for source in sources)


def test_a_source_is_never_polled_twice_at_a_time(make: Make) -> None:
    underway = Underway()

    def poll(source: Source) -> None:
        with underway.of(source.id):
            pass

    dispatcher = make(poll, nothing_due)
    dispatcher.poll(a_source())
    underway.wait_for(1)
    with pytest.raises(NotTaken):
        dispatcher.poll(a_source())
    underway.go.set()
    assert dispatcher.wait(seconds=SECONDS)
    dispatcher.poll(a_source())
    assert dispatcher.wait(seconds=SECONDS)
    assert underway.times[a_source().id] == 2
    assert underway.most[a_source().id] == 1


def test_a_source_may_be_polled_again_when_its_poll_goes_on_with_the_work_of_others(
    make: Make,
) -> None:
    underway = Underway()

    def poll(source: Source) -> None:
        dispatcher.let_go(source)
        with underway.of(source.id):
            pass

    dispatcher = make(poll, nothing_due)
    for times in (1, 2):
        dispatcher.poll(a_source())
        underway.wait_for(times)
        assert dispatcher.room == POLLS - times
    assert not dispatcher.wait(seconds=0)
    underway.go.set()
    assert dispatcher.wait(seconds=SECONDS)
    assert dispatcher.room == POLLS


def test_there_is_room_for_as_many_polls_as_may_begin(make: Make) -> None:
    underway = Underway()

    def poll(source: Source) -> None:
        with underway.of(source.id):
            pass

    dispatcher = make(poll, nothing_due)
    assert dispatcher.room == POLLS
    dispatcher.poll(a_source("a"))
    dispatcher.poll(a_source("b"))
    assert dispatcher.room == POLLS - 2
    underway.go.set()
    assert dispatcher.wait(seconds=SECONDS)
    assert dispatcher.room == POLLS


def test_a_poll_that_fails_makes_room_for_the_next(make: Make) -> None:
    def poll(source: Source) -> None:
        raise ValueError(source.id)

    dispatcher = make(poll, nothing_due)
    dispatcher.poll(a_source())
    assert dispatcher.wait(seconds=SECONDS)
    assert dispatcher.room == POLLS
    dispatcher.poll(a_source())
    assert dispatcher.wait(seconds=SECONDS)


def test_what_a_channel_owes_is_delivered_until_nothing_is_due(make: Make) -> None:
    lock, due, delivered = threading.Lock(), {"a": 5, "b": 3}, Counter[str]()

    def deliver(channel_id: str) -> bool:
        with lock:
            if not due[channel_id]:
                return False
            due[channel_id] -= 1
            delivered[channel_id] += 1
            return True

    dispatcher = make(lambda source: None, deliver)
    for channel_id in ("a", "b", "a"):
        dispatcher.deliver(channel_id)
    assert dispatcher.wait(seconds=SECONDS)
    assert delivered == {"a": 5, "b": 3}


def test_of_a_channel_no_more_is_under_way_than_may_be(make: Make) -> None:
    underway = Underway()

    def deliver(channel_id: str) -> bool:
        with underway.of(channel_id):
            return False

    dispatcher = make(lambda source: None, deliver)
    for _ in range(4):
        dispatcher.deliver("a")
    dispatcher.deliver("b")
    underway.wait_for(2 * WIDTH)
    underway.go.set()
    assert dispatcher.wait(seconds=SECONDS)
    assert underway.most == {"a": WIDTH, "b": WIDTH}


def test_a_closed_one_delivers_nothing_new_and_says_whether_all_has_ended(make: Make) -> None:
    underway = Underway()

    def poll(source: Source) -> None:
        with underway.of(source.id):
            pass

    delivered: list[str] = []

    def deliver(channel_id: str) -> bool:
        delivered.append(channel_id)
        return False

    dispatcher = make(poll, deliver)
    dispatcher.poll(a_source())
    underway.wait_for(1)
    assert not dispatcher.close(seconds=0, seconds_for_polls=0)
    dispatcher.deliver("a")
    underway.go.set()
    assert dispatcher.close(seconds=SECONDS, seconds_for_polls=SECONDS)
    assert delivered == []


def test_polls_that_are_known_to_be_slow_take_no_room_from_others(make: Make) -> None:
    underway = Underway()

    def poll(source: Source) -> None:
        with underway.of(source.id):
            pass

    dispatcher = make(poll, nothing_due)
    for_slow = dispatcher.room_for_slow
    assert for_slow >= POLLS
    for number in range(for_slow):
        dispatcher.poll(a_source(f"slow {number}"), is_slow=True)
    assert (dispatcher.room, dispatcher.room_for_slow) == (POLLS, 0)
    for number in range(POLLS):
        dispatcher.poll(a_source(f"quick {number}"))
    underway.wait_for(for_slow + POLLS)
    assert dispatcher.room == 0
    underway.go.set()
    assert dispatcher.wait(seconds=SECONDS)
    assert (dispatcher.room, dispatcher.room_for_slow) == (POLLS, for_slow)


def test_who_waits_for_room_is_woken_when_a_poll_ends(make: Make) -> None:
    underway = Underway()

    def poll(source: Source) -> None:
        with underway.of(source.id):
            pass

    dispatcher = make(poll, nothing_due)
    for name in "abc":
        dispatcher.poll(a_source(name))
    underway.wait_for(POLLS)
    assert not dispatcher.wait_for_room(seconds=0)
    underway.go.set()
    assert dispatcher.wait_for_room(seconds=SECONDS)
    assert dispatcher.room
