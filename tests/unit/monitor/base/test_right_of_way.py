"""Long work stands aside while there is news, and is done all the same."""

from threading import Condition, Event, Thread

import pytest

from monitor.base.right_of_way import BETWEEN_S, LONGEST_WAIT_S, SHORT_S, WORK_S, RightOfWay

ENDLESS_S = 3600.0


class Seconds:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Waits(Condition):
    """Something that never happens: who waits for it waits to the end."""

    def __init__(self, seconds: Seconds) -> None:
        super().__init__()
        self._seconds = seconds
        self.asked: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.asked.append(timeout)
        self._seconds.now += timeout
        return False


def waits_for_news(way: RightOfWay) -> tuple[Thread, Event]:
    """Begin long work that does one piece once nobody is in its way."""
    done = Event()

    def work() -> None:
        way.give_way()
        done.set()

    thread = Thread(target=work, daemon=True)
    thread.start()
    return thread, done


def test_without_news_nobody_waits() -> None:
    way = RightOfWay(longest_wait_s=ENDLESS_S)
    way.give_way()
    assert not way.is_taken


def test_long_work_waits_until_the_last_step_of_news_has_ended() -> None:
    way = RightOfWay(longest_wait_s=ENDLESS_S, between_s=0.0)
    others_end = Event()

    def other() -> None:
        with way.news():
            begun.set()
            others_end.wait()

    begun = Event()
    another = Thread(target=other, daemon=True)
    with way.news():
        another.start()
        begun.wait()
        work, done = waits_for_news(way)
    assert way.is_taken
    assert not done.is_set()
    others_end.set()
    another.join()
    work.join()
    assert done.is_set()
    assert not way.is_taken


def test_a_step_within_a_step_does_not_end_it() -> None:
    way = RightOfWay(between_s=0.0)
    with way.news():
        with way.news():
            pass
        assert way.is_taken
    assert not way.is_taken


def test_a_step_that_fails_is_over() -> None:
    way = RightOfWay(between_s=0.0)
    try:
        with way.news(), way.waiting():
            raise ValueError
    except ValueError:
        pass
    assert not way.is_taken


def test_after_a_step_the_next_one_gets_its_chance() -> None:
    seconds = Seconds()
    way = RightOfWay(seconds)
    with way.news():
        pass
    assert way.is_taken
    seconds.now += BETWEEN_S * 1.01
    assert not way.is_taken


def test_who_asks_a_slow_site_is_in_nobodys_way_until_it_has_answered() -> None:
    seconds = Seconds()
    way = RightOfWay(seconds, between_s=0.0)
    with way.news():
        with way.waiting():
            assert way.is_taken
            seconds.now += SHORT_S * 1.01
            assert not way.is_taken
            way.give_way()
        assert way.is_taken


def test_who_waits_for_a_site_without_working_on_news_is_in_nobodys_way() -> None:
    way = RightOfWay()
    with way.waiting():
        assert not way.is_taken


def test_where_news_never_ends_long_work_goes_on_for_a_while_after_each_wait() -> None:
    seconds = Seconds()
    waits = Waits(seconds)
    way = RightOfWay(seconds, changed=waits)
    with way.news():
        for rounds in range(1, 4):
            way.give_way()
            assert waits.asked == [pytest.approx(LONGEST_WAIT_S)] * rounds
            for _ in range(3):
                seconds.now += WORK_S / 4
                way.give_way()
            assert len(waits.asked) == rounds
            seconds.now += WORK_S / 2


def test_the_wait_is_longer_than_a_step_of_news_and_the_stretch_shorter() -> None:
    assert WORK_S < SHORT_S < LONGEST_WAIT_S
