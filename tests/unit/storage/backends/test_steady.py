from datetime import timedelta

import pytest

from storage.backends.steady import BELIEVED_AFTER_S, SteadyClock
from tests.builders import NOON

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


class Host:
    """A wall clock that can be set, and seconds that cannot."""

    def __init__(self) -> None:
        self.wall, self.seconds = NOON, 0.0
        self.clock = SteadyClock(lambda: self.wall, lambda: self.seconds)

    def passes(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.seconds += seconds


@pytest.mark.parametrize("step", [HOUR, -2 * HOUR, -365 * 24 * HOUR])
def test_a_step_is_taken_when_it_is_followed(step: timedelta) -> None:
    host = Host()
    host.passes(60)
    host.wall += step
    host.passes(2)
    assert host.clock.now() == NOON + 62 * SECOND
    host.clock.follow()
    assert host.clock.now() == NOON + 62 * SECOND + step


def test_a_step_that_nobody_follows_is_believed_after_a_while() -> None:
    host = Host()
    host.wall += HOUR
    assert host.clock.now() == NOON
    host.passes(BELIEVED_AFTER_S)
    assert host.clock.now() == host.wall


def test_a_clock_that_is_slewed_is_believed_at_once() -> None:
    host = Host()
    for _ in range(10):
        host.wall += 4 * SECOND
        host.passes(60)
        assert host.clock.now() == host.wall


def test_a_step_that_is_taken_back_leaves_nothing() -> None:
    host = Host()
    host.wall += HOUR
    assert host.clock.now() == NOON
    host.wall -= HOUR
    host.passes(2 * BELIEVED_AFTER_S)
    assert host.clock.now() == host.wall
    host.wall += HOUR
    assert host.clock.now() == host.wall - HOUR
