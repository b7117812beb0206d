import threading
from functools import partial
from typing import Any

import pytest

from monitor.base.store_trouble import StoreTrouble
from monitor.daemon.threads import (
    MOST_DELIVERING,
    SIDE_BY_SIDE,
    SLOW_S,
    ChannelWorkers,
    ThreadCrew,
    guarded,
)
from storage.api.errors import FencedOut


class NoThread:
    """A system that gives no more threads."""

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def start(self) -> None:
        raise RuntimeError("can't start new thread")


def test_a_crew_that_gets_no_thread_is_as_free_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    crew = ThreadCrew("poll", size=2)
    monkeypatch.setattr(threading, "Thread", NoThread)
    with pytest.raises(RuntimeError, match="thread"):
        crew.run(lambda: None, key="s")
    assert crew.free == 2


def test_what_waits_for_a_thread_is_not_lost_while_the_system_gives_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, held, done = [0.0], threading.Event(), list[str]()
    crew = ThreadCrew("poll", size=1, spare=2, ahead=8, seconds=lambda: now[0])
    assert crew.run(lambda: held.wait(60), key="slow")
    for key in "abcd":
        assert crew.run(partial(done.append, key), key=key)
    now[0] += SLOW_S  # from now on nobody waits for it
    with monkeypatch.context() as without:
        without.setattr(threading, "Thread", NoThread)
        _ = crew.free  # begins what waits, if it can
        _ = crew.free
    _ = crew.free
    held.set()
    assert crew.wait(seconds=60)
    assert sorted(done) == ["a", "b", "c", "d"]


def test_a_channel_that_gets_no_thread_is_served_when_there_are_some(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    served = threading.Event()

    def step(channel_id: str) -> bool:
        served.set()
        return False

    workers = ChannelWorkers(step, lambda channel_id: 2)
    with monkeypatch.context() as without:
        without.setattr(threading, "Thread", NoThread)
        workers.serve("c")
    assert workers.idle
    workers.serve("c")
    assert served.wait(60)
    assert workers.drain(seconds=60)


def test_what_becomes_due_while_the_last_look_is_under_way_is_delivered() -> None:
    looks: list[int] = []

    def step(channel_id: str) -> bool:
        looks.append(1)
        if len(looks) == 1:
            workers.serve(channel_id)  # something became due after this look for it
        return False

    workers = ChannelWorkers(step, lambda channel_id: 1)
    workers.serve("c")
    assert workers.drain(seconds=60)
    assert len(looks) == 2


def test_a_step_that_raises_does_not_keep_its_lane() -> None:
    def step(channel_id: str) -> bool:
        raise ValueError(channel_id)

    workers = ChannelWorkers(step, lambda channel_id: 1)
    workers.serve("c")
    assert workers.drain(seconds=60)


def test_a_closed_lane_begins_nothing_new() -> None:
    calls: list[str] = []

    def step(channel_id: str) -> bool:
        calls.append(channel_id)
        return False

    workers = ChannelWorkers(step, lambda channel_id: 1)
    assert workers.close(seconds=60)
    workers.serve("c")
    assert calls == []


def test_the_store_is_asked_while_others_may_come_and_go() -> None:
    seen: list[bool] = []

    def width(channel_id: str) -> int:
        # In a thread of its own: the lock lets its owner in twice.
        other = threading.Thread(target=lambda: seen.append(workers.idle), daemon=True)
        other.start()
        other.join(60)
        return 0

    workers = ChannelWorkers(lambda channel_id: False, width)
    workers.serve("c")
    assert seen == [True]


def test_what_hangs_takes_no_room_from_others_up_to_a_bound() -> None:
    now, go = [0.0], threading.Event()
    crew = ThreadCrew("poll", size=2, spare=3, seconds=lambda: now[0])
    room = []
    for number in range(5):
        assert crew.run(lambda: go.wait(60), key=str(number))
        room.append((crew.free, crew.free_for_slow))
        now[0] += SLOW_S
        room.append((crew.free, crew.free_for_slow))
    go.set()
    assert crew.wait(seconds=60)
    assert room == [(1, 3), (2, 2), (1, 2), (2, 1), (1, 1), (2, 0), (1, 0), (1, 0), (0, 0), (0, 0)]


def test_what_waits_for_a_thread_begins_when_one_is_free_or_turns_out_to_be_slow() -> None:
    now, ends, begun = [0.0], [threading.Event() for _ in range(3)], []
    lock = threading.Condition()

    def task(number: int) -> None:
        with lock:
            begun.append(number)
            lock.notify_all()
        assert ends[number].wait(60)

    def have_begun(count: int) -> list[int]:
        with lock:
            assert lock.wait_for(lambda: len(begun) >= count, timeout=60)
            return sorted(begun)

    crew = ThreadCrew("poll", size=1, spare=1, ahead=2, seconds=lambda: now[0])
    assert crew.free == 3
    for number in range(3):
        assert crew.run(partial(task, number), key=str(number))
    assert not crew.run(partial(task, 2), key="2")
    assert (crew.free, have_begun(1)) == (0, [0])
    now[0] += SLOW_S
    assert (crew.free, have_begun(2)) == (1, [0, 1])
    ends[1].set()
    assert have_begun(3) == [0, 1, 2]
    ends[0].set()
    ends[2].set()
    assert crew.wait(seconds=60)
    assert crew.free == 3


def test_more_wait_for_a_thread_while_tasks_are_quick() -> None:
    now, go, rests, may_end = [0.0], threading.Event(), threading.Event(), threading.Event()

    def last() -> None:
        rests.set()
        assert may_end.wait(60)

    crew = ThreadCrew("poll", size=1, ahead=3, seconds=lambda: now[0])
    for number in range(3):
        assert crew.run(lambda: go.wait(60), key=str(number))
    assert crew.run(last, key="last")
    go.set()
    assert rests.wait(60)
    now[0] += 0.5
    assert crew.free == 6  # so many end in a second
    now[0] += 0.5
    assert crew.free == 3
    may_end.set()
    assert crew.wait(seconds=60)


def test_what_waits_for_a_thread_is_dropped_at_the_end() -> None:
    go = threading.Event()
    crew = ThreadCrew("poll", size=1, ahead=1)
    assert crew.run(lambda: go.wait(60), key="begun")
    assert crew.run(lambda: begun.append(1), key="waits")
    begun: list[int] = []
    assert not crew.close(seconds=0)
    go.set()
    assert crew.wait(seconds=60)
    assert begun == []


def test_many_slow_channels_have_a_thread_each_and_no_more() -> None:
    go = threading.Event()

    def step(channel_id: str) -> bool:
        go.wait(60)
        return False

    workers = ChannelWorkers(step, lambda channel_id: 4)
    before = threading.active_count()
    for number in range(150):
        workers.serve(f"channel {number}")
    threads = threading.active_count() - before
    for number in range(150, 250):
        workers.serve(f"channel {number}")
    most = threading.active_count() - before
    go.set()
    assert workers.drain(seconds=60)
    assert threads == SIDE_BY_SIDE + 150 - SIDE_BY_SIDE // 4
    assert most == MOST_DELIVERING


def test_who_was_overtaken_says_so_and_not_that_the_store_fails(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble = StoreTrouble()
    monkeypatch.setattr("monitor.daemon.threads.STORE", trouble)

    def poll() -> None:
        raise FencedOut('a poll of "BBC" has lost its lease; nothing was written')

    guarded(poll)
    assert [(line.levelname, line.message) for line in caplog.records] == [("WARNING", "too late")]
    assert not trouble.lately
