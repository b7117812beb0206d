"""When a source is polled again."""

from datetime import UTC, datetime, timedelta

import pytest

from ingester.schedule import next_poll_at

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("interval", "server_asks", "failures", "expected"),
    [
        pytest.param(10 * MINUTE, None, 0, 10 * MINUTE, id="as configured"),
        pytest.param(10 * MINUTE, 30 * MINUTE, 0, 30 * MINUTE, id="server asks for more"),
        pytest.param(10 * MINUTE, 5 * MINUTE, 0, 10 * MINUTE, id="server asks for less"),
        pytest.param(10 * MINUTE, None, 1, 20 * MINUTE, id="one failure"),
        pytest.param(10 * MINUTE, None, 2, 40 * MINUTE, id="two failures in a row"),
        pytest.param(10 * MINUTE, None, 99, DAY, id="no slower than a day after failures"),
        pytest.param(10 * MINUTE, None, 10**9, DAY, id="after very many failures"),
        pytest.param(10 * MINUTE, None, -1, 10 * MINUTE, id="fewer failures than none"),
        pytest.param(10 * MINUTE, 3 * DAY, 0, 3 * DAY, id="server asks for days"),
        pytest.param(10 * MINUTE, 3 * DAY, 5, 3 * DAY, id="server asks for days after failures"),
        pytest.param(10 * MINUTE, 400 * DAY, 0, 7 * DAY, id="server asks for a year"),
        pytest.param(10 * MINUTE, timedelta.max, 0, 7 * DAY, id="server asks for ever"),
        pytest.param(10 * MINUTE, 2 * HOUR, 9, DAY, id="failures ask for more than the server"),
        pytest.param(timedelta(0), None, 0, MINUTE, id="never faster than a minute"),
        pytest.param(-DAY, None, 3, 8 * MINUTE, id="a negative interval"),
        pytest.param(10 * MINUTE, -DAY, 0, 10 * MINUTE, id="server asks for the past"),
        pytest.param(2 * DAY, None, 0, 2 * DAY, id="slow because its owner wants it"),
        pytest.param(2 * DAY, None, 9, 2 * DAY, id="slow and failing"),
        pytest.param(timedelta.max, None, 99, 7 * DAY, id="an absurd interval"),
    ],
)
def test_next_poll(
    interval: timedelta, server_asks: timedelta | None, failures: int, expected: timedelta
) -> None:
    due = next_poll_at(
        now=NOON, interval=interval, server_asks=server_asks, failures=failures, jitter=0.0
    )
    assert due - NOON == expected


@pytest.mark.parametrize(
    ("interval", "failures", "expected"),
    [
        pytest.param(timedelta(0), 0, 5 * SECOND, id="every five seconds at most"),
        pytest.param(30 * SECOND, 0, 30 * SECOND, id="as configured"),
        pytest.param(5 * SECOND, 3, 40 * SECOND, id="after failures"),
    ],
)
def test_some_kinds_are_looked_at_more_often(
    interval: timedelta, failures: int, expected: timedelta
) -> None:
    due = next_poll_at(
        now=NOON,
        interval=interval,
        server_asks=None,
        failures=failures,
        jitter=0.0,
        shortest=5 * SECOND,
    )
    assert due - NOON == expected


@pytest.mark.parametrize("jitter", [0.0, 0.3, 0.9999999])
@pytest.mark.parametrize("failures", [0, 1, 30])
@pytest.mark.parametrize("asks", [SECOND, HOUR, DAY, 7 * DAY])
def test_chance_stretches_by_a_tenth_and_never_undercuts_the_server(
    jitter: float, failures: int, asks: timedelta
) -> None:
    plain, stretched = (
        next_poll_at(now=NOON, interval=HOUR, server_asks=asks, failures=failures, jitter=chance)
        for chance in (0.0, jitter)
    )
    assert stretched - NOON >= max(asks, HOUR)
    assert plain <= stretched <= NOON + (plain - NOON) * 1.1


def test_sources_added_together_drift_apart() -> None:
    due = {
        next_poll_at(now=NOON, interval=HOUR, server_asks=None, failures=0, jitter=number / 100)
        for number in range(100)
    }
    assert len(due) == 100
