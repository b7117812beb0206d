"""What joins a story is told once, whatever the clocks say of those who store it and tell of it."""

import json
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.stories.told import merge
from storage.api.storage import Storage, Transaction
from storage.model import DeliveryKind, DeliveryState, Rule
from tests.builders import MINUTE, a_channel, a_rule, a_source, given
from tests.contract.updates.desk import ADDED, EVENING, HOUR, PAPERS, TEXT, Meddled, World, a_world

MORNING = EVENING.replace(hour=7, minute=0) + timedelta(days=1)
AHEAD = 10 * MINUTE
BEHIND = -AHEAD
PENDING = DeliveryState.PENDING


@pytest.mark.parametrize("by", [AHEAD, BEHIND])
def test_three_that_join_after_an_alert_of_a_host_with_another_clock_are_told(
    storage: Storage, by: timedelta
) -> None:
    world = a_world(storage, follow_ups="auto", escalate=4)
    other = World(storage, world.at - by)
    other.takes_in(1, 2, 3)
    assert [papers for papers, _ in other.told] == [["Paper 1", "Paper 2", "Paper 3"]]


def test_what_joined_before_a_digest_by_a_clock_that_is_ahead_is_told_by_it_alone(
    storage: Storage,
) -> None:
    world = a_world(storage, channel={"quiet": "21:00-07:00"})
    ahead = World(storage, MORNING + AHEAD)
    ahead.takes_in(1)
    world.at = MORNING
    assert world.digests.make_due() >= 1
    world.takes_in(2)
    told = [paper for papers, _ in world.told for paper in papers]
    assert told == ["Paper 2"]


def test_what_joined_before_an_alert_of_the_archive_went_out_is_told_by_it_alone(
    storage: Storage,
) -> None:
    desk = a_channel().id
    world = a_world(storage)
    late = a_rule(
        "strike", name="late", channel_ids=(desk,), follow_ups="thread", created_at=world.at
    )
    given(storage, _searching(late))
    assert world.pipeline.catch_up(lambda: False) == 1
    world.takes_in(1)
    assert world.digests.make_due() == 1
    world.takes_in(2)
    of_late = [
        (len(each["new"]), each["story"]["articles"])
        for delivery in world.every(DeliveryKind.UPDATE, PENDING)
        if (each := json.loads(delivery.payload)["data"])["rule"]["name"] == "late"
    ]
    assert of_late == [(1, 3)]


@pytest.mark.parametrize("follow_ups", ["thread", "every"])
@pytest.mark.parametrize("between", ["nothing", "it is placed", "it is placed and told"])
def test_what_a_silent_first_poll_has_stored_is_told_when_another_paper_brings_it(
    storage: Storage, between: str, follow_ups: str
) -> None:
    world = a_world(storage, follow_ups=follow_ups)
    url = "https://paper1.example/ends"
    beginner = a_source("Beginner", added_at=EVENING + HOUR)
    given(storage, beginner)
    world.lists(PAPERS[1], "https://paper1.example/ice", "Ice at Luleå", "Ice closes the harbour.")
    world.at += MINUTE
    world.lists(beginner, url)
    assert world.told == []
    if between != "nothing":
        assert [*world.placer().fill(storage, lambda: False, world.now)] == [1]
    if between == "it is placed and told":
        world.takes_in(3)
        assert [papers for papers, _ in world.told] == [["Beginner", "Paper 3"]]
    told = world.told
    world.at += MINUTE
    world.lists(PAPERS[1], url)
    assert world.told == (told or [(["Beginner"], 2)])
    world.takes_in(2)
    assert world.told[1:] == [(["Paper 2"], 3 + len(told))]


def _searching(rule: Rule) -> Rule:
    return replace(rule, backfill_since=ADDED, caught_up=False)


def _joined_while(
    storage: Storage, at: datetime, paper: int, do: Callable[[], object], **says: str
) -> None:
    """Let a paper join the story, and another process do something before that is stored."""
    others: list[Future[object]] = []
    with storage.reading() as tx:
        story_id = min(tx.stories.recent(), key=lambda story: story.seen_at).id
    with ThreadPoolExecutor(1) as pool:

        def meanwhile(tx: Transaction) -> None:
            if not others and len(tx.stories.members([story_id])) > 1:
                others.append(pool.submit(do))
                with suppress(TimeoutError):
                    others[0].result(timeout=1)  # as far as it comes

        slow: Any = Meddled(storage, meanwhile)
        World(slow, at).takes_in(paper, **says)
        others[0].result(timeout=60)


def test_what_joins_while_the_archives_alert_is_told_is_told_once(storage: Storage) -> None:
    world = a_world(storage, follow_ups="none")
    of_desk = {"channel_ids": (a_channel().id,), "follow_ups": "thread"}
    late = a_rule("Narvik", name="late", created_at=world.at, **of_desk)
    given(storage, _searching(late))

    def told() -> None:
        other = World(storage, world.at + MINUTE)
        assert other.pipeline.catch_up(lambda: False) == 1
        assert other.digests.make_due() == 1

    # The rule does not find what joins, so that whoever stores it has no reason to wait.
    _joined_while(storage, world.at, 1, told, text=TEXT.replace(" to Narvik", ""))
    world.at += HOUR
    first, new = 0, 0
    for kind in (DeliveryKind.ALERT, DeliveryKind.DIGEST, DeliveryKind.UPDATE):
        for delivery in world.every(kind, PENDING):
            data = json.loads(delivery.payload)["data"]
            if data["rule"]["name"] == "late":
                first += 0 if "new" in data else data["story"]["articles"]
                new += len(data.get("new", ()))
    assert first + new == 2


def test_what_joins_a_story_while_it_is_merged_into_another_stays_there(storage: Storage) -> None:
    world = a_world(storage)
    world.takes_in(4, title="Harbour of Luleå frozen", text="Ice closes the harbour of Luleå.")
    with storage.reading() as tx:
        one, other = sorted(tx.stories.recent(), key=lambda story: story.seen_at)

    def join_both() -> None:
        with storage.transaction() as tx:
            merge(tx, world.placer(), other, one, now=world.at + MINUTE)

    _joined_while(storage, world.at, 1, join_both)
    with storage.reading() as tx:
        members = tx.stories.members([one.id, other.id])
    assert {each.story_id for each in members} == {other.id}
    assert len(members) == 3
