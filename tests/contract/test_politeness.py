"""What everything that keeps us polite to hosts does."""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import timedelta

import pytest

from monitor.net.politeness import Backoff, HostLimiter, HostRests, HostTurns, SharedTurns


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.at = 1e9

    def __call__(self) -> float:
        return self.at


class Names:
    """Turns that several take from one another."""

    def __init__(self, taken: set[str], mine: set[str]) -> None:
        self._taken = taken
        self._mine = mine

    def take_turn(self, name: str) -> bool:
        if name in self._taken:
            return False
        self._taken.add(name)
        self._mine.add(name)
        return True

    def give_turns(self, names: Collection[str]) -> None:
        assert self._mine.issuperset(names)
        self._taken -= set(names)
        self._mine -= set(names)


def shared(clock: Clock) -> SharedTurns:
    return SharedTurns(Names(set(), set()), clock)


@pytest.fixture
def clock() -> Clock:
    """The clock of all that is polite in a test."""
    return Clock()


@pytest.fixture(params=[HostLimiter, shared])
def turns(request: pytest.FixtureRequest, clock: Clock) -> HostTurns:
    """Nobody has a turn yet."""
    make: Callable[[Clock], HostTurns] = request.param
    return make(clock)


@pytest.fixture(params=[Backoff])
def rests(request: pytest.FixtureRequest, clock: Clock) -> HostRests:
    """No host rests yet."""
    make: Callable[[Clock], HostRests] = request.param
    return make(clock)


def test_a_host_is_left_in_peace_for_a_second(turns: HostTurns, clock: Clock) -> None:
    assert turns.enter("a.example")
    assert not turns.enter("a.example")
    assert turns.enter("b.example")
    turns.leave("a.example")
    clock.at += 0.9
    assert not turns.enter("a.example")
    clock.at += 0.2
    assert turns.enter("a.example")


def test_a_turn_without_a_request_leaves_no_pause(turns: HostTurns) -> None:
    assert turns.enter("a.example")
    turns.leave("a.example", asked=False)
    assert turns.enter("a.example")


def test_what_is_no_host_is_always_free(turns: HostTurns) -> None:
    assert turns.enter("")
    turns.leave("")
    assert turns.enter("")


def test_a_host_that_asks_for_more_time_is_given_it(turns: HostTurns, clock: Clock) -> None:
    turns.keep_apart("a.example", timedelta(seconds=5))
    turns.keep_apart("b.example", timedelta(seconds=0.1))
    for host in ("a.example", "b.example"):
        assert turns.enter(host)
        turns.leave(host)
    clock.at += 0.9
    assert not turns.enter("b.example")
    clock.at += 0.2
    assert turns.enter("b.example")
    assert not turns.enter("a.example")
    clock.at += 4
    assert turns.enter("a.example")


def test_rests_grow_and_end_with_the_first_success(rests: HostRests, clock: Clock) -> None:
    def rest_after_failure() -> float:
        rests.failed("a.example", patience=1)
        begun = clock.at
        while rests.is_resting("a.example"):
            clock.at += 60
        return (clock.at - begun) / 60

    assert [rest_after_failure() for _ in range(8)] == [10, 20, 40, 80, 160, 320, 360, 360]
    rests.went_well("a.example")
    assert rest_after_failure() == 10
    assert not rests.is_resting("b.example")


def test_a_host_rests_when_patience_is_at_its_end(rests: HostRests) -> None:
    rests.failed("a.example", patience=2)
    assert not rests.is_resting("a.example")
    rests.failed("a.example", patience=2)
    assert rests.is_resting("a.example")


def test_a_site_that_says_how_long_is_left_alone_for_so_long(
    rests: HostRests, clock: Clock
) -> None:
    rests.failed("a.example", patience=2, wait=timedelta(seconds=90))
    clock.at += 89
    assert rests.is_resting("a.example")
    clock.at += 2
    assert not rests.is_resting("a.example")


def test_processes_on_one_store_leave_a_host_in_peace_together(clock: Clock) -> None:
    taken: set[str] = set()
    one, other = (SharedTurns(Names(taken, set()), clock) for _ in range(2))
    assert one.enter("a.example")
    assert not other.enter("a.example")
    assert other.enter("b.example")
    one.leave("a.example")
    clock.at += 0.9
    one.let_others()
    assert not other.enter("a.example")
    clock.at += 0.2
    one.let_others()
    assert other.enter("a.example")
    other.leave("a.example", asked=False)
    assert one.enter("a.example")
    one.leave("a.example", asked=False)
    one.keep_apart("a.example", timedelta(seconds=5))
    assert one.enter("a.example")
    one.leave("a.example")
    clock.at += 4.9
    one.let_others()
    assert not other.enter("a.example")
    clock.at += 0.2
    one.let_others()
    assert other.enter("a.example")


class Counted:
    """Turns as PostgreSQL gives them: who has one and takes it again must give it back twice."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def take_turn(self, name: str) -> bool:
        self.counts[name] += 1
        return True

    def give_turns(self, names: Collection[str]) -> None:
        self.counts -= Counter(names)


class Preempted(Clock):
    """Seconds of which some pass between one look at them and the next."""

    def __init__(self) -> None:
        super().__init__()
        self.passing: list[float] = []

    def __call__(self) -> float:
        at = self.at
        self.at += self.passing.pop(0) if self.passing else 0.0
        return at


def test_a_turn_whose_pause_ends_while_it_is_taken_anew_is_not_kept_for_ever() -> None:
    clock, turns = Preempted(), Counted()
    process = SharedTurns(turns, clock)
    assert process.enter("a.example")
    process.leave("a.example")
    clock.at += 0.99
    clock.passing = [0.02]  # it looks whose pause is over, and is kept from going on
    assert process.enter("a.example")
    process.leave("a.example")
    clock.at += 2
    process.let_others()
    assert not turns.counts


def test_of_very_many_hosts_some_are_let_go_early(clock: Clock) -> None:
    taken: set[str] = set()
    turns = SharedTurns(Names(taken, set()), clock)
    for number in range(1_500):
        clock.at += 0.0001
        assert turns.enter(f"{number}.example")
        turns.leave(f"{number}.example")
    turns.let_others()
    assert len(taken) == 1_000
    assert "host 1499.example" in taken
    assert not turns.enter("0.example")  # by ourselves it is left in peace all the same
