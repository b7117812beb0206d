"""When a failed delivery is tried again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notifiers.api import DeliveryError, Failure
from notifiers.retry import LONGEST_WAIT, MOST_TRIES, WAITS, after_failure, retry_at
from storage.model import DeliveryState
from tests.unit.notifiers.samples import DELIVERY, NOON, tried

EVEN = 0.5  # the chance that leaves waits as they are
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("tries", "wait"),
    [
        pytest.param(1, 5 * SECOND, id="5 s"),
        pytest.param(2, 30 * SECOND, id="30 s"),
        pytest.param(3, 120 * SECOND, id="2 min"),
        pytest.param(4, 600 * SECOND, id="10 min"),
        pytest.param(5, 1800 * SECOND, id="30 min"),
        pytest.param(6, 1 * HOUR, id="1 h"),
        pytest.param(7, 2 * HOUR, id="2 h"),
        pytest.param(8, 5 * HOUR, id="5 h"),
        pytest.param(9, 10 * HOUR, id="10 h"),
        pytest.param(10, 14 * HOUR, id="14 h"),
        pytest.param(11, 20 * HOUR, id="20 h"),
        pytest.param(12, 24 * HOUR, id="24 h"),
        pytest.param(13, None, id="then never"),
        pytest.param(99, None, id="never stays never"),
    ],
)
def test_the_schedule_is_the_one_that_was_promised(tries: int, wait: timedelta | None) -> None:
    assert retry_at(tries, now=NOON, chance=EVEN) == (None if wait is None else NOON + wait)


def test_all_tries_take_about_77_hours() -> None:
    assert timedelta(hours=76) < sum(WAITS, timedelta()) < timedelta(hours=78)


@pytest.mark.parametrize(("chance", "share"), [(0.0, 0.8), (0.25, 0.9), (0.999999, 1.2)])
def test_waits_vary_by_a_fifth_either_way(chance: float, share: float) -> None:
    at = retry_at(6, now=NOON, chance=chance)
    assert at is not None
    assert abs((at - NOON) - share * HOUR) < SECOND


def test_jitter_never_undercuts_what_the_receiver_asked_for() -> None:
    at = retry_at(1, now=NOON, chance=0.0, not_before=7 * SECOND)
    assert at == NOON + 7 * SECOND


@pytest.mark.parametrize(
    ("error", "attempts", "state", "outcome", "wait", "counts", "maybe"),
    [
        pytest.param(
            DeliveryError("x", Failure.RETRY),
            *(0, DeliveryState.PENDING, "retry", 5 * SECOND, True, False),
            id="a first failure is retried after 5 s",
        ),
        pytest.param(
            DeliveryError("x", Failure.RETRY),
            *(2, DeliveryState.PENDING, "retry", 120 * SECOND, True, False),
            id="a third after 2 min",
        ),
        pytest.param(
            DeliveryError("x", Failure.UNKNOWN),
            *(0, DeliveryState.PENDING, "unknown", 5 * SECOND, True, True),
            id="an unknown outcome is retried and noted as maybe delivered",
        ),
        pytest.param(
            DeliveryError("x", Failure.WAIT, after=7 * SECOND),
            *(3, DeliveryState.PENDING, "wait", 7 * SECOND, False, False),
            id="a named time is kept exactly and uses up no try",
        ),
        pytest.param(
            DeliveryError("x", Failure.WAIT, after=9000 * HOUR),
            *(3, DeliveryState.PENDING, "wait", LONGEST_WAIT, False, False),
            id="a named time counts up to a day",
        ),
        pytest.param(
            DeliveryError("x", Failure.WAIT),
            *(0, DeliveryState.PENDING, "wait", 5 * SECOND, True, False),
            id="a wait without a time is a try, or it would never end",
        ),
        pytest.param(
            DeliveryError("x", Failure.PERMANENT),
            *(0, DeliveryState.DEAD, "permanent", None, True, False),
            id="a refusal for good ends it",
        ),
        pytest.param(
            DeliveryError("x", Failure.DISABLED),
            *(0, DeliveryState.HELD, "disabled", None, True, False),
            id="a closed channel holds it",
        ),
        pytest.param(
            DeliveryError("x", Failure.RETRY),
            *(MOST_TRIES - 1, DeliveryState.DEAD, "retry", None, True, False),
            id="the last try was the last",
        ),
        pytest.param(
            DeliveryError("x", Failure.UNKNOWN),
            *(MOST_TRIES - 1, DeliveryState.DEAD, "unknown", None, True, True),
            id="even given up it may have arrived",
        ),
    ],
)
def test_what_becomes_of_a_failed_delivery(
    error: DeliveryError,
    attempts: int,
    state: DeliveryState,
    outcome: str,
    wait: timedelta | None,
    counts: bool,
    maybe: bool,
) -> None:
    end = after_failure(tried(attempts), error, now=NOON, chance=EVEN)
    assert (end.state, end.outcome, end.counts, end.maybe) == (state, outcome, counts, maybe)
    assert end.next_at == (None if wait is None else NOON + wait)
    assert end.ended_at == NOON
    assert end.error == "x"


@pytest.mark.parametrize(
    ("attempts", "late", "state"),
    [
        pytest.param(4, True, DeliveryState.DEAD, id="late, and the fifth try"),
        pytest.param(3, True, DeliveryState.PENDING, id="late, but a clock may have jumped"),
        pytest.param(4, False, DeliveryState.PENDING, id="five tries, but not late"),
    ],
)
def test_a_delivery_is_given_up_when_it_is_late_and_was_tried_five_times(
    attempts: int, late: bool, state: DeliveryState
) -> None:
    now = DELIVERY.give_up_at if late else DELIVERY.give_up_at - SECOND
    end = after_failure(
        tried(attempts), DeliveryError("HTTP 500", Failure.RETRY), now=now, chance=EVEN
    )
    assert end.state is state
    if state is DeliveryState.DEAD:
        assert end.reason == "given up after 5 tries: HTTP 500"


@pytest.mark.parametrize(
    ("attempts", "age", "state"),
    [
        pytest.param(4, 24 * HOUR, DeliveryState.HELD, id="a day and five tries"),
        pytest.param(4, 23 * HOUR, DeliveryState.PENDING, id="not yet a day"),
        pytest.param(0, 90 * HOUR, DeliveryState.PENDING, id="old, but only just tried"),
    ],
)
def test_a_receiver_that_says_not_here_for_a_day_has_its_channel_held(
    attempts: int, age: timedelta, state: DeliveryState
) -> None:
    delivery = replace(tried(attempts), give_up_at=NOON + 1000 * HOUR)
    error = DeliveryError("HTTP 404", Failure.RETRY, hold_after=24 * HOUR)
    assert after_failure(delivery, error, now=NOON + age, chance=EVEN).state is state
