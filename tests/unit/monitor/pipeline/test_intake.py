"""Polls that come home at the same time are taken in together."""

import threading
from collections.abc import Sequence

import pytest

from ingester.entry import Entry, Polled
from ingester.urls.parts import KEPT
from monitor.pipeline.intake import (
    LONGEST_REST_S,
    MOST_ENTRIES,
    MOST_ENTRIES_WAITING,
    MOST_POLLS,
    MOST_RESTING,
    MOST_WAITING,
    Brought,
    Home,
    Intake,
    TakeIn,
)
from tests.builders import NOON, a_source


def home(
    number: int,
    *,
    entries: int = 0,
    kind: str = "feed",
    unchanged: bool = False,
    notices: tuple[str, ...] = (),
) -> Home:
    listed = tuple(Entry(id=str(place)) for place in range(entries))
    polled = Polled(entries=listed, unchanged=unchanged, notices=notices)
    source = a_source(str(number), kind=kind)
    return Home(Brought(source=source, polled=polled, next_poll_at=lambda _: NOON), float(number))


def bring_beside(intake: Intake, brought: Home, take_in: TakeIn) -> None:
    """Bring something from another thread, which does not wait until it is taken in."""
    thread = threading.Thread(target=intake.bring, args=(brought, take_in), daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive(), "who brings something waits for who takes in"


class Taking:
    """Takes in, and lets others bring something meanwhile, the first time.

    Its clock stands still: nothing is taken in because a machine was slow.
    """

    def __init__(self, meanwhile: Sequence[Home] = ()) -> None:
        self.intake = Intake(lambda: 100.0)
        self.together: list[list[float]] = []
        self._meanwhile = list(meanwhile)

    def __call__(self, homes: Sequence[Home]) -> None:
        self.together.append([home.began_s for home in homes])
        others, self._meanwhile = self._meanwhile, []
        for other in others:
            bring_beside(self.intake, other, self)


def test_a_poll_that_comes_alone_is_taken_in_at_once() -> None:
    taking = Taking()
    for number in range(2):
        taking.intake.bring(home(number), taking)
    assert taking.together == [[0.0], [1.0]]


def test_what_is_brought_meanwhile_is_taken_in_together() -> None:
    taking = Taking([home(number) for number in range(1, 4)])
    taking.intake.bring(home(0), taking)
    assert taking.together == [[0.0], [1.0, 2.0, 3.0]]


def test_not_too_much_is_taken_in_together() -> None:
    taking = Taking([home(number) for number in range(MOST_POLLS + 1)])
    taking.intake.bring(home(-1), taking)
    assert [len(some) for some in taking.together] == [1, MOST_POLLS, 1]
    taking = Taking([home(0, entries=MOST_ENTRIES + 1), home(1, entries=1), home(2)])
    taking.intake.bring(home(-1), taking)
    assert taking.together == [[-1.0], [0.0], [1.0, 2.0]]


def test_what_fails_keeps_nothing_else_waiting() -> None:
    intake, tried = Intake(), []

    def fail_first(homes: Sequence[Home]) -> None:
        tried.append([home.began_s for home in homes])
        if len(tried) == 1:
            bring_beside(intake, home(1), fail_first)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        intake.bring(home(0), fail_first)
    assert tried == [[0.0], [1.0]]


def test_who_takes_in_for_others_is_told_when_its_own_is_taken_in() -> None:
    told: list[int] = []
    taking = Taking([home(1)])
    taking.intake.bring(home(0), taking, lambda: told.append(len(taking.together)))
    assert (told, taking.together) == ([1], [[0.0], [1.0]])


def test_who_takes_in_for_others_is_told_also_when_its_own_fails() -> None:
    told: list[int] = []

    def fail(homes: Sequence[Home]) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Intake().bring(home(0), fail, lambda: told.append(1))
    assert told == [1]


def test_what_lies_on_this_machine_waits_for_nothing_but_what_is_being_taken_in() -> None:
    many = [home(number) for number in range(2 * MOST_POLLS)]
    taking = Taking([*many, home(-2, kind="folder")])
    taking.intake.bring(home(-1), taking)
    assert [some[0] for some in taking.together] == [-1.0, -2.0, MOST_POLLS - 1, 2 * MOST_POLLS - 1]


@pytest.mark.parametrize(
    "waiting",
    [
        pytest.param([0] * MOST_WAITING, id="many polls"),
        pytest.param([MOST_ENTRIES_WAITING], id="many entries of one"),
    ],
)
def test_who_brings_more_than_can_be_taken_in_waits(waiting: Sequence[int]) -> None:
    intake = Intake()
    for _ in range(2):  # what was taken in waits no more
        may_end, began = threading.Event(), threading.Event()

        def slowly(
            _: Sequence[Home], began: threading.Event = began, may_end: threading.Event = may_end
        ) -> None:
            began.set()
            assert may_end.wait(60)

        first = threading.Thread(target=intake.bring, args=(home(0), slowly))
        first.start()
        assert began.wait(60)
        for number, entries in enumerate(waiting):
            early = threading.Thread(
                target=intake.bring, args=(home(number, entries=entries), slowly)
            )
            early.start()
            early.join(60)
            assert not early.is_alive()
        late = threading.Thread(target=intake.bring, args=(home(-1, entries=1), slowly))
        late.start()
        late.join(0.1)
        assert late.is_alive()
        may_end.set()
        for thread in (first, late):
            thread.join(60)
            assert not thread.is_alive()


def test_what_found_nothing_new_waits_for_the_last_that_is_under_way() -> None:
    taking = Taking()
    for _ in range(3):
        taking.intake.coming()
    for number in range(2):
        taking.intake.bring(home(number, unchanged=True), taking)
        assert not taking.together
    taking.intake.bring(home(2, unchanged=True), taking)
    assert taking.together == [[0.0, 1.0, 2.0]]


def test_what_found_nothing_new_goes_with_what_did_which_waits_for_nothing() -> None:
    taking = Taking()
    for _ in range(4):
        taking.intake.coming()
    taking.intake.bring(home(0, unchanged=True), taking)
    taking.intake.bring(home(1, entries=1), taking)
    assert taking.together == [[1.0, 0.0]]
    taking.intake.bring(home(2, unchanged=True, notices=("it has moved",)), taking)
    assert taking.together[1:] == [[2.0]]


def test_what_waits_for_a_poll_that_brings_nothing_is_taken_in_then() -> None:
    taking = Taking()
    for _ in range(2):
        taking.intake.coming()
    taking.intake.bring(home(0, unchanged=True), taking)
    taking.intake.bring_nothing(taking)
    assert taking.together == [[0.0]]


def test_no_more_wait_for_others_than_are_taken_in_together() -> None:
    taking = Taking()
    for _ in range(MOST_RESTING + 1):
        taking.intake.coming()
    for number in range(MOST_RESTING):
        taking.intake.bring(home(number, unchanged=True), taking)
    assert [len(some) for some in taking.together] == [MOST_RESTING]


def test_news_do_not_wait_for_many_that_found_nothing_new() -> None:
    taking = Taking()
    for _ in range(MOST_RESTING):
        taking.intake.coming()
    for number in range(MOST_RESTING - 1):
        taking.intake.bring(home(number, unchanged=True), taking)
    taking.intake.bring(home(-1, entries=1), taking)
    assert taking.together[0][0] == -1.0
    assert [len(some) for some in taking.together] == [MOST_POLLS, MOST_RESTING - MOST_POLLS]


def test_nothing_waits_for_long_for_a_poll_that_does_not_come_home() -> None:
    seconds = [100.0]
    taking = Taking()
    intake = Intake(lambda: seconds[0])
    for _ in range(2):
        intake.coming()
    intake.bring(home(0, unchanged=True), taking)
    seconds[0] += LONGEST_REST_S - 0.1
    intake.wake(taking)
    assert not taking.together
    seconds[0] += 0.1
    intake.wake(taking)
    assert taking.together == [[0.0]]


def test_news_waits_for_news_of_others_where_nobody_waits_for_it() -> None:
    seconds = [100.0]
    taking = Taking()
    intake = Intake(lambda: seconds[0])
    intake.patience_s = 0.5
    intake.coming(5)
    for number in range(3):
        intake.bring(home(number, entries=1), taking)
        seconds[0] += 0.2
        intake.wake(taking)
    assert taking.together == [[0.0, 1.0, 2.0]]
    intake.bring(home(3, entries=1), taking)
    assert len(taking.together) == 1
    intake.bring_nothing(taking)
    assert taking.together[1:] == [[3.0]]


def test_news_waits_for_no_more_than_is_taken_in_together() -> None:
    taking = Taking()
    taking.intake.patience_s = 0.5
    taking.intake.coming(9)
    taking.intake.bring(home(0, entries=MOST_ENTRIES - 1), taking)
    assert not taking.together
    taking.intake.bring(home(1, entries=1), taking)
    assert taking.together == [[0.0, 1.0]]
    taking.intake.bring(home(2, entries=1), taking)
    taking.intake.bring(home(3, kind="folder"), taking)
    assert taking.together[1:] == [[3.0, 2.0]]


def test_the_addresses_of_all_that_is_taken_in_together_are_remembered() -> None:
    as_listed, as_kept, of_site = range(3)
    assert MOST_ENTRIES * len((as_listed, as_kept, of_site)) <= KEPT
