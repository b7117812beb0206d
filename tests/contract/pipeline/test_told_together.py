"""What several rules find of one story at once is one message, where a channel wants that."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from monitor.base.errors import Missing, Refusal
from monitor.pipeline import digests
from monitor.quiet.policy import STORM_LIMIT
from monitor.services.alerts import told_by
from monitor.services.deliveries import requeue_one
from storage.api.storage import Storage
from storage.model import ChannelState, Delivery, DeliveryKind, DeliveryState, Rule
from storage.quiet import HoldReason
from tests.builders import MINUTE, a_rule, given
from tests.contract.pipeline.test_quiet import DAY, DESK, FEED, NIGHT, World

STRIKE = a_rule("strike", channel_ids=(DESK.id,), caught_up=True, created_at=FEED.added_at)
NUMBER = replace(STRIKE, id="number", name="number", query="number")


@pytest.fixture(autouse=True)
def _is_sound(storage: Storage) -> Any:
    yield
    assert storage.problems() == []


def a_world(
    storage: Storage, rules: Sequence[Rule] = (STRIKE, NUMBER), *, night: bool = False, **desk: Any
) -> World:
    given(storage, FEED, replace(DESK, **{"digest": "story", **desk}), *rules)
    return World(storage, NIGHT if night else DAY)


def every(world: World) -> list[Delivery]:
    with world.storage.reading() as tx:
        return tx.outbox.recent(limit=None)


def rules_of(delivery: Delivery) -> list[str]:
    data = json.loads(delivery.payload)["data"]
    return [each["rule"]["name"] for each in (data, *data.get("beside", ()))]


def test_two_rules_that_find_one_story_are_one_message(storage: Storage) -> None:
    world = a_world(storage, (STRIKE, replace(NUMBER, priority="high")))
    world.publish()
    (message,) = world.alerts
    assert rules_of(message) == ["number", "strike"]  # what matters more comes first
    (carried,) = [each for each in every(world) if each.id != message.id]
    assert (carried.state, carried.digest_id) == (DeliveryState.BUNDLED, message.id)
    assert carried.state_reason == f"in the message {message.id}"


def test_the_alerts_of_a_message_are_listed_as_those_of_a_digest_are(storage: Storage) -> None:
    world = a_world(storage)
    world.publish()
    (message,) = world.alerts
    with storage.reading() as tx:
        assert {each.rule_id for each in told_by(tx, message.id)} == {STRIKE.id, NUMBER.id}


def test_two_stories_are_two_messages(storage: Storage) -> None:
    world = a_world(storage)
    world.publish(2)
    assert [sorted(rules_of(each)) for each in world.alerts] == [["number", "strike"]] * 2


def test_else_each_is_told_by_itself(storage: Storage) -> None:
    world = a_world(storage, digest="")
    world.publish()
    assert [each.digest_id for each in every(world)] == [None, None]
    assert all(each.payload for each in every(world))


def test_a_channel_that_is_switched_off_is_owed_one_message(storage: Storage) -> None:
    world = a_world(storage, state=ChannelState.DISABLED, state_reason="its target is gone")
    world.publish()
    message, carried = sorted(every(world), key=lambda each: each.digest_id or "")
    assert (message.state, sorted(rules_of(message))) == (DeliveryState.HELD, ["number", "strike"])
    assert (carried.state, carried.digest_id) == (DeliveryState.BUNDLED, message.id)


def test_a_channel_that_is_paused_is_told_of_all_in_a_digest(storage: Storage) -> None:
    world = a_world(storage, state=ChannelState.PAUSED)
    world.publish()
    assert [each.hold and each.hold.reason for each in every(world)] == [HoldReason.PAUSED] * 2


def test_what_is_held_back_is_not_told_with_what_is_not(storage: Storage) -> None:
    world = a_world(storage, (STRIKE, replace(NUMBER, digest="hourly")))
    world.publish()
    assert [rules_of(each) for each in world.alerts] == [["strike"]]


def test_who_is_called_at_night_is_told_all_of_it(storage: Storage) -> None:
    night = {"quiet": "22:00-07:00", "zone": "Asia/Ho_Chi_Minh"}
    world = a_world(storage, (STRIKE, replace(NUMBER, priority="critical")), night=True, **night)
    world.publish()
    assert [rules_of(each) for each in world.alerts] == [["number", "strike"]]
    assert world.held() == []


def test_a_message_counts_once_against_the_hour_and_the_minute(storage: Storage) -> None:
    world = a_world(storage, max_per_hour=STORM_LIMIT)
    world.publish(STORM_LIMIT // 2)
    world.publish(STORM_LIMIT // 2 - 1)
    assert (len(world.alerts), world.held()) == (STORM_LIMIT - 1, [])
    world.publish(2)
    assert len(world.alerts) == STORM_LIMIT
    assert len(world.held()) == 2  # the last story, by both rules


def test_a_digest_of_what_was_never_sent_tells_of_all_that_was_in_it(storage: Storage) -> None:
    world = a_world(storage)
    world.publish(3)
    world.change(lambda tx: tx.outbox.hold(DESK.id, reason="its target is gone"))
    world.at += MINUTE
    world.change(lambda tx: tx.held.gather(DESK.id, more_than=1, now=world.at))
    world.digests.make_due()
    (titles,) = world.told
    assert len(titles) == 6


def test_a_digest_of_more_than_it_reads_counts_stories_for_people_and_alerts_for_programs(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "MOST_LISTED", 2)
    world = a_world(storage, digest="hourly")
    world.publish(3)
    world.at += 60 * MINUTE
    world.digests.make_due()
    (digest,) = [each for each in every(world) if each.kind is DeliveryKind.DIGEST]
    said = json.loads(digest.payload)["data"]
    assert said["title"] == "Digest: 3 stories"
    assert (said["count"], len(said["alerts"]), said["left_out"]) == (6, 2, 4)


def test_the_code_of_each_of_its_alerts_sends_a_message_again(storage: Storage) -> None:
    world = a_world(storage)
    world.publish()
    (message,) = world.alerts
    codes = [f"#{each.alert_id[:6]}" for each in every(world) if each.alert_id]
    assert len(codes) == 2
    for code in codes:
        world.change(lambda tx: tx.outbox.hold(DESK.id, reason="its target is gone"))
        with storage.transaction() as tx:
            assert requeue_one(tx, code, again=False, now=world.at).id == message.id
    with storage.reading() as tx, pytest.raises(Missing, match='no delivery "#zzzzzz"'):
        requeue_one(tx, "#zzzzzz", again=False, now=world.at)


def test_of_several_messages_about_an_alert_one_is_to_be_named(storage: Storage) -> None:
    world = a_world(storage, [STRIKE], recipients=("ann@example.org", "bo@example.org"))
    world.publish()
    ids = sorted(each.id for each in world.alerts)
    code = world.alerts[0].alert_id
    assert code
    with storage.reading() as tx, pytest.raises(Refusal, match=", ".join(ids)):
        requeue_one(tx, code, again=False, now=world.at)
