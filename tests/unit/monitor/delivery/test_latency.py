from datetime import timedelta

import pytest

from monitor.base.times import show_span
from monitor.delivery import latency
from monitor.delivery.latency import latencies, steps
from storage.api.articles import Passage
from storage.api.outbox import Finish
from storage.api.storage import Storage
from storage.model import DeliveryKind, DeliveryState
from tests.builders import (
    MINUTE,
    NOON,
    a_channel,
    a_delivery,
    a_rule,
    a_source,
    an_alert,
    an_article,
    given,
)
from tests.fakes import MemoryStorage

SECOND = timedelta(seconds=1)
WAY = Passage(
    alert_id="a",
    source_id="s",
    channel_id="c",
    recipient="",
    published_at=NOON - MINUTE,
    seen_at=NOON,
    matched_at=NOON + SECOND,
    sent_at=NOON + 3 * SECOND,
    delivered_at=NOON + 6 * SECOND,
)


def test_each_step_is_named_by_the_stage_that_ends_it() -> None:
    assert steps(WAY) == {
        "seen": MINUTE,
        "matched": SECOND,
        "sent": 2 * SECOND,
        "delivered": 3 * SECOND,
        "all": 6 * SECOND,
    }


def test_what_was_not_said_is_left_out_and_clocks_that_differ_cost_nothing() -> None:
    assert "seen" not in steps(WAY._replace(published_at=None))
    assert steps(WAY._replace(published_at=NOON + MINUTE))["seen"] == timedelta(0)


def delivered(
    storage: Storage,
    number: int,
    *,
    took: timedelta,
    channel: str,
    source: str,
    age: timedelta | None = None,
) -> None:
    """Have an alert of a source delivered to a channel so long after it was seen."""
    at, desk, rule = NOON, a_channel(channel), a_rule("strike")
    follows = a_source(source, added_at=NOON - 10 * MINUTE)
    article = an_article(
        f"A {number}",
        source_id=follows.id,
        first_seen_at=at,
        published_at=None if age is None else at - age,
    )
    alert = an_alert(rule, article, raised_at=at)
    owed = a_delivery(alert, desk, id=f"msg_{number:03}", kind=DeliveryKind.ALERT, created_at=at)
    given(storage, desk, follows, rule, article, alert, owed)
    with storage.transaction() as tx:
        claimed = tx.outbox.claim(owed.id, now=at, lease=MINUTE, owner="me")
        assert claimed is not None
        ok = Finish(state=DeliveryState.DELIVERED, outcome="ok", ended_at=at + took)
        assert tx.outbox.finish(claimed, ok)


def test_half_and_nearly_all_are_told_by_source_and_by_channel_the_slowest_first() -> None:
    storage = MemoryStorage()
    for number in range(100):
        delivered(storage, number, took=number * SECOND, channel="desk", source="One")
    delivered(storage, 200, took=MINUTE * 60, channel="far", source="One")
    with storage.reading() as tx:
        told = latencies(tx)
    assert [(each.of, each.name, each.alerts) for each in told] == [
        ("source", "One", 101),
        ("channel", "far", 1),
        ("channel", "desk", 100),
    ]
    whole = told[2].steps["all"]
    assert (whole.p50, whole.p95) == (50 * SECOND, 95 * SECOND)
    assert told[1].steps["delivered"].p95 == 60 * MINUTE


def test_nobody_was_slow_to_see_what_was_there_before_its_source_was_followed() -> None:
    storage = MemoryStorage()
    delivered(storage, 1, took=SECOND, channel="desk", source="One", age=400 * 1440 * MINUTE)
    with storage.reading() as tx:
        assert all("seen" not in each.steps for each in latencies(tx))
    delivered(storage, 2, took=SECOND, channel="desk", source="One", age=2 * MINUTE)
    with storage.reading() as tx:
        assert [each.steps["seen"].p95 for each in latencies(tx)] == [2 * MINUTE] * 2


def test_an_alert_that_went_to_two_channels_is_one_alert_of_its_source() -> None:
    passages = [WAY, WAY._replace(channel_id="d"), WAY._replace(alert_id="b")]
    taken = [(each, steps(each)) for each in passages]
    of_source = latency._grouped("source", taken, lambda each: each.source_id)
    of_channels = latency._grouped("channel", taken, lambda each: each.channel_id)
    assert [(each.name, each.alerts) for each in of_source] == [("s", 2)]
    assert [(each.name, each.alerts) for each in of_channels] == [("c", 2), ("d", 1)]


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (timedelta(0), "0 ms"),
        (timedelta(milliseconds=12.4), "12 ms"),
        (timedelta(seconds=1.44), "1.4 s"),
        (timedelta(seconds=200), "3m20s"),
        (timedelta(hours=5, minutes=7, seconds=44), "5h8m"),
        (timedelta(days=2, hours=4, minutes=40), "2d5h"),
    ],
)
def test_a_span_is_shown_in_two_figures_or_so(span: timedelta, shown: str) -> None:
    assert show_span(span) == shown
