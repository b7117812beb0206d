from datetime import UTC, datetime, timedelta

import pytest

from monitor.daemon.clockwatch import ClockWatch

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("wall", "elapsed", "expected"),
    [
        pytest.param(SECOND, 1.0, None, id="time goes by"),
        pytest.param(48 * HOUR, 172_800.0, None, id="two days of sleep"),
        pytest.param(SECOND * 4, 1.0, None, id="slewed a little"),
        pytest.param(-HOUR, 1.0, -HOUR - SECOND, id="set back"),
        pytest.param(8760 * HOUR, 0.0, 8760 * HOUR, id="set a year ahead"),
    ],
)
def test_a_jump_is_what_the_wall_clock_did_beyond_the_time_that_went_by(
    wall: timedelta, elapsed: float, expected: timedelta | None
) -> None:
    walls, seconds = iter([NOON, NOON + wall]), iter([100.0, 100.0 + elapsed])
    assert ClockWatch(lambda: next(walls), lambda: next(seconds)).jump() == expected


def test_a_jump_is_told_once() -> None:
    walls, seconds = iter([NOON, NOON - HOUR, NOON - HOUR]), iter([0.0, 0.0, 0.0])
    watch = ClockWatch(lambda: next(walls), lambda: next(seconds))
    assert [watch.jump(), watch.jump()] == [-HOUR, None]
