from datetime import timedelta

from notifiers.pace import free_at, recent, room
from notifiers.spec import Pace
from tests.builders import NOON

SECOND = timedelta(seconds=1)
PACE = Pace(messages=3, seconds=10)


def test_as_many_may_be_sent_as_within_any_of_its_spans() -> None:
    sent = [NOON, NOON + SECOND]
    assert room(sent, PACE, now=NOON + SECOND) == 1
    assert free_at(sent, PACE, now=NOON + SECOND) is None
    sent.append(NOON + 2 * SECOND)
    assert room(sent, PACE, now=NOON + 2 * SECOND) == 0
    assert free_at(sent, PACE, now=NOON + 2 * SECOND) == NOON + 10 * SECOND
    assert room(sent, PACE, now=NOON + 10 * SECOND) == 1


def test_what_lies_ahead_was_noted_by_a_clock_that_was_wrong() -> None:
    assert recent([NOON + SECOND], PACE, now=NOON) == []
    assert free_at([NOON + SECOND] * 5, PACE, now=NOON) is None
