"""A channel that is told of stories is told once how one goes on, whichever rules follow it."""

from datetime import timedelta
from typing import Any

import pytest

from monitor.stories.told import split
from storage.api.storage import Storage
from storage.model import DeliveryKind, DeliveryState
from storage.quiet import HoldReason
from storage.silence import Silence
from tests.builders import a_channel, a_rule, given
from tests.contract.updates.desk import ADDED, HOUR, PAPERS, World


def a_world(storage: Storage, *, channel: Any = (), **second: Any) -> World:
    """A desk with two rules that have told a story in one message."""
    desk = a_channel(added_at=ADDED, **{"digest": "story", **dict(channel)})
    of_desk = {"channel_ids": (desk.id,), "caught_up": True, "created_at": ADDED}
    first = a_rule("strike", follow_ups="thread", **of_desk)
    other = a_rule("LKAB", **{"follow_ups": "every", **of_desk, **second})
    given(storage, *PAPERS, desk, first, other)
    world = World(storage)
    world.takes_in(0)
    assert len(world.every(DeliveryKind.ALERT, DeliveryState.PENDING)) == 1
    return world


def _silence(world: World, name: str, **until: int) -> None:
    with world.storage.reading() as tx:
        [rule] = [each for each in tx.rules.all() if each.name == name]
    silence = Silence(
        id="s",
        reason="enough",
        rule_id=rule.id,
        created_at=world.at,
        until=world.at + timedelta(**until),
    )
    world.change(lambda tx: tx.silences.add(silence))


@pytest.mark.parametrize("name", ["LKAB", "strike"])
def test_a_silence_of_one_rule_keeps_no_other_from_telling_nor_from_telling_once(
    storage: Storage, name: str
) -> None:
    world = a_world(storage)
    world.takes_in(1)
    _silence(world, name, seconds=90)
    world.takes_in(2)  # in the silence
    world.takes_in(3)
    assert world.told == [(["Paper 1"], 2), (["Paper 2"], 3), (["Paper 3"], 4)]
    assert world.waiting == []


def test_a_rule_that_tells_when_many_carry_it_does_though_another_follows_it_more(
    storage: Storage,
) -> None:
    of_night = {"quiet": "21:32-07:00"}
    world = a_world(storage, channel=of_night, follow_ups="none", priority="high", escalate=3)
    world.takes_in(1)
    assert (world.told, len(world.waiting)) == ([], 1)
    world.takes_in(2)  # it is critical now
    assert (world.told, world.waiting) == ([(["Paper 1", "Paper 2"], 3)], [])


def test_what_was_told_by_another_rule_is_not_told_again_when_a_night_ends(
    storage: Storage,
) -> None:
    world = a_world(storage, channel={"quiet": "22:30-07:00"})
    _silence(world, "LKAB", hours=1)
    world.takes_in(1)
    world.at += HOUR
    world.takes_in(2)  # both would tell it, but for the night
    world.at += 10 * HOUR
    assert world.digests.make_due() == 1
    assert (world.told, world.waiting) == ([(["Paper 1"], 2), (["Paper 2"], 3)], [])


def test_what_waits_longer_for_one_rule_is_told_by_the_other_and_then_no_more(
    storage: Storage,
) -> None:
    world = a_world(storage, channel={"quiet": "21:32-07:00"})
    _silence(world, "LKAB", hours=20)
    world.takes_in(1)
    assert sorted(world.waiting) == [HoldReason.QUIET, HoldReason.SILENCED]
    world.at += 10 * HOUR
    assert (world.digests.make_due(), world.waiting) == (1, [])
    world.at += 12 * HOUR
    assert (world.digests.make_due(), world.told) == (0, [(["Paper 1"], 2)])


def test_what_one_rule_has_told_is_told_by_none_when_a_person_takes_it_out(
    storage: Storage,
) -> None:
    world = a_world(storage, follow_ups="count")
    world.takes_in(1)
    with storage.transaction() as tx:
        [story] = tx.stories.recent()
        last = tx.stories.members([story.id])[-1].article_id
        apart = split(tx, world.placer(), story, [last], now=world.at)
        assert world.pipeline.tell_moved(tx, apart, story) == 0
