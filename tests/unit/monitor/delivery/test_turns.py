"""Turns at the store are taken together while that costs nobody much."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import pytest

from monitor.delivery.flow import Ended, Flow
from monitor.delivery.turns import AT_ONCE, MOST_TOGETHER, TOGETHER_S, Turn, Turns
from storage.api.outbox import Finish
from storage.model import DeliveryState
from tests.builders import NOON, a_channel, a_delivery

OK = Finish(state=DeliveryState.DELIVERED, outcome="ok", ended_at=NOON)


class Clock:
    """Stands still until it is told to go."""

    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class Store:
    """Takes turns as long as it is open, and notes which together."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.turns = Turns(self.take, self.clock)
        self.taken: list[list[str]] = []
        self.open = threading.Event()
        self.open.set()
        self.trouble: Exception | None = None
        self._change = threading.Condition()

    def take(self, turns: Sequence[Turn]) -> None:
        with self._change:
            self.taken.append([turn.channel_id for turn in turns])
            self._change.notify_all()
        assert self.open.wait(60)
        if self.trouble is not None:
            raise self.trouble

    @contextmanager
    def taking(self, *turns: Turn) -> Iterator[list[Exception]]:
        """Have turns taken by a thread each, in this order; they are when the block ends."""
        troubles: list[Exception] = []

        def take(turn: Turn) -> None:
            try:
                self.turns.take(turn)
            except Exception as trouble:
                troubles.append(trouble)

        with ExitStack() as stack:
            for turn in turns:
                thread = threading.Thread(target=take, args=(turn,))
                seen = self.seen
                thread.start()
                stack.callback(thread.join, 20)
                while self.seen == seen and thread.is_alive():
                    pass
            yield troubles

    @property
    def seen(self) -> tuple[int, int]:
        return len(self.turns._waiting), len(self.taken)

    def until(self, count: int) -> None:
        """Wait until so many transactions have begun."""
        with self._change:
            assert self._change.wait_for(lambda: len(self.taken) >= count, 20)

    def later(self, count: int, *, times: int = 2_000) -> bool:
        """Have time pass until so many have begun; tell whether they have."""
        with self._change:
            for _ in range(times):
                self.clock.now_s += TOGETHER_S
                if self._change.wait_for(lambda: len(self.taken) >= count, 0.01):
                    return True
        return False


@pytest.fixture
def store() -> Store:
    return Store()


def flow(usual_s: float | None = 0.001) -> Flow:
    return Flow(Clock(), usual_s=usual_s)


def turn(name: str, *, ended: int = 0, is_alone: bool = False) -> Turn:
    channel = a_channel(name)
    ends = [Ended(a_delivery(channel=channel, subject=str(n)), channel, OK) for n in range(ended)]
    return Turn(flow(), name, ends, is_alone=is_alone)


def test_who_is_the_only_one_is_taken_at_once(store: Store) -> None:
    for ended in (0, 1):
        store.turns.take(turn("a", ended=ended))
    assert store.taken == [["a"], ["a"]]


def test_those_who_come_while_another_is_under_way_are_taken_together(store: Store) -> None:
    store.open.clear()
    with store.taking(turn("a"), turn("b"), turn("c", ended=1), turn("d")):
        store.open.set()
    assert store.taken == [["a"], ["b", "c", "d"]]


def test_others_are_taken_beside_one_that_lasts_long_but_not_many(store: Store) -> None:
    store.open.clear()
    with store.taking(turn("0")), ExitStack() as stack:
        for number in range(1, AT_ONCE):
            stack.enter_context(store.taking(turn(str(number))))
            assert store.later(number + 1)
        stack.enter_context(store.taking(turn("late"), turn("later")))
        assert not store.later(AT_ONCE + 1, times=10)
        store.open.set()
    assert store.taken[-1] == ["late", "later"]


def test_who_has_sent_waits_for_those_who_are_soon_back(store: Store) -> None:
    with store.turns.away(flow()), store.taking(turn("a", ended=1)):
        assert store.taken == []
        with store.taking(turn("b", ended=1)):
            assert store.taken == []
            store.later(1)
    assert store.taken == [["a", "b"]]


def test_nobody_waits_for_who_is_slow(store: Store) -> None:
    with store.turns.away(flow(usual_s=1.0)):
        store.turns.take(turn("a", ended=1))
    assert store.taken == [["a"]]


def test_who_has_only_begun_waits_for_nobody_and_takes_along_who_does(store: Store) -> None:
    with store.turns.away(flow()), store.taking(turn("a", ended=1), turn("new")):
        store.until(1)
    assert store.taken == [["a", "new"]]


def test_only_so_much_is_written_down_together(store: Store) -> None:
    most = [turn("a", ended=MOST_TOGETHER // 2), turn("b", ended=MOST_TOGETHER)]
    store.open.clear()
    with store.taking(turn("0"), *most, turn("c", ended=1)):
        store.open.set()
    assert store.taken == [["0"], ["a", "b"], ["c"]]


def test_who_is_to_be_alone_waits_for_nobody_and_takes_nobody_along(store: Store) -> None:
    with store.turns.away(flow()), store.taking(turn("a", ended=1)):
        store.turns.take(turn("b", ended=1, is_alone=True))
        assert store.taken == [["b"]]
        assert store.later(2)
    assert store.taken == [["b"], ["a"]]


def test_all_that_were_taken_together_are_told_what_went_wrong(store: Store) -> None:
    store.open.clear()
    with store.taking(turn("a")), store.taking(turn("b"), turn("c")) as troubles:
        store.trouble = ValueError("no")
        store.open.set()
    assert [str(each) for each in troubles] == ["no", "no"]
    store.trouble = None
    store.turns.take(turn("d"))
    assert store.taken[-1] == ["d"]


def test_every_turn_of_many_threads_is_taken_once(store: Store) -> None:
    def serve(name: str) -> None:
        for _ in range(50):
            store.turns.take(turn(name, ended=1))
            with store.turns.away(flow()):
                pass

    names = [str(number) for number in range(8)]
    threads = [threading.Thread(target=serve, args=(name,)) for name in names]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    count = [name for some in store.taken for name in some].count
    assert [count(name) for name in names] == [50] * len(names)
