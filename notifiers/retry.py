"""When a failed delivery is tried again, and when never."""

from datetime import datetime, timedelta

from notifiers.api import DeliveryError, Failure
from storage.api.outbox import Finish
from storage.model import Delivery, DeliveryKind, DeliveryState

GIVE_UP_AFTER = timedelta(hours=80)
"""The retry schedule lasts about 77 hours; after this a delivery may be called dead."""


WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 18000, 36000, 50400, 72000, 86400)
)
"""5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h: 77 hours in all."""

MOST_TRIES = len(WAITS) + 1
FEWEST_TRIES = 5
"""Before so many tries no clock may call a delivery dead: clocks jump."""

LONGEST_WAIT = timedelta(hours=24)


def retry_at(
    tries: int, *, now: datetime, chance: float, not_before: timedelta = timedelta(0)
) -> datetime | None:
    """Return when to try again after so many counted tries, or None when all are used up.

    Args:
        tries: Those made so far, the one that has just failed included; at least 1.
        chance: A random number in [0, 1): waits vary by a fifth either way.
        not_before: What the receiver asked for; jitter never undercuts it.
    """
    if tries >= MOST_TRIES:
        return None
    wait = WAITS[max(tries, 1) - 1] * (0.8 + 0.4 * chance)
    return now + max(wait, min(not_before, LONGEST_WAIT))


def after_failure(
    delivery: Delivery, error: DeliveryError, *, now: datetime, chance: float
) -> Finish:
    """Return how an attempt ended that raised this error, ready for `Outbox.finish`.

    State "held" means that the channel is to be disabled and all that it owes held, even when
    the error itself only asked for another try (`DeliveryError.hold_after`).

    Args:
        delivery: As it was claimed: `attempts` does not count this attempt yet.
        chance: A random number in [0, 1).
    """
    text = str(error)
    if delivery.kind is DeliveryKind.TEST:
        return _end_of_test(error, now=now)
    if error.failure is Failure.PERMANENT:
        return Finish(
            state=DeliveryState.DEAD, outcome="permanent", ended_at=now, reason=text, error=text
        )
    if error.failure is Failure.DISABLED or _held_by_now(delivery, error, now=now):
        return Finish(
            state=DeliveryState.HELD, outcome="disabled", ended_at=now, reason=text, error=text
        )
    return _again_or_dead(delivery, error, now=now, chance=chance)


def _end_of_test(error: DeliveryError, *, now: datetime) -> Finish:
    """Return how a failed test ends: with its only try, whose answer is what was asked for."""
    waits = error.failure is Failure.WAIT and error.after is not None
    asked = max(error.after or timedelta(0), timedelta(0))
    return Finish(
        state=DeliveryState.DEAD,
        outcome=error.failure.value,
        ended_at=now,
        next_at=now + min(asked, LONGEST_WAIT) if waits else None,
        counts=not waits,
        maybe=error.failure is Failure.UNKNOWN,
        reason=f"a test is not tried again: {error}",
        error=str(error),
    )


def _again_or_dead(
    delivery: Delivery, error: DeliveryError, *, now: datetime, chance: float
) -> Finish:
    text = str(error)
    waits = error.failure is Failure.WAIT and error.after is not None
    tries = delivery.attempts + (0 if waits else 1)
    unknown = error.failure is Failure.UNKNOWN
    asked = max(error.after or timedelta(0), timedelta(0))
    if waits:
        again: datetime | None = now + min(asked, LONGEST_WAIT)
    else:
        again = retry_at(tries, now=now, chance=chance, not_before=asked)
    if again is None or (tries >= FEWEST_TRIES and now >= delivery.give_up_at):
        return Finish(
            state=DeliveryState.DEAD,
            outcome=error.failure.value,
            ended_at=now,
            counts=not waits,
            maybe=unknown,
            reason=f"given up after {tries} tries: {text}",
            error=text,
        )
    return Finish(
        state=DeliveryState.PENDING,
        outcome=error.failure.value,
        ended_at=now,
        next_at=again,
        counts=not waits,
        maybe=unknown,
        error=text,
    )


def _held_by_now(delivery: Delivery, error: DeliveryError, *, now: datetime) -> bool:
    return (
        error.hold_after is not None
        and now - delivery.created_at >= error.hold_after
        and delivery.attempts + 1 >= FEWEST_TRIES
    )
