"""What is held back and how it is told, from a poll to the digest, on every store."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ingester.entry import Entry, Polled
from monitor.backfill import reading
from monitor.base.checkout import command_name
from monitor.following.updates import Updates
from monitor.pipeline import backfill
from monitor.pipeline.digests import Digests
from monitor.pipeline.expiry import Expiry
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.outbox import Digest, OutboxWriter
from monitor.pipeline.render import Renderer
from monitor.quiet.backfill import NONE
from monitor.quiet.held import let_go_by_channel, resume_channel
from monitor.quiet.policy import LONGEST_STORM, STORM_LIMIT
from monitor.services.fields.rule_fields import RuleChanges
from monitor.services.rules.rules import edit_rule, set_state
from storage.api.storage import Storage
from storage.model import (
    Channel,
    ChannelState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Rule,
    RuleState,
    SourceState,
)
from storage.quiet import HoldReason
from storage.silence import Silence
from tests.builders import LEASE, MINUTE, a_channel, a_rule, a_source, given

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = datetime(2026, 3, 2, 10, 0, tzinfo=HANOI).astimezone(UTC)
NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=HANOI).astimezone(UTC)
FEED = a_source("Papers", kind="feed", backfill=None, added_at=DAY - timedelta(days=1))
DESK = a_channel(added_at=DAY - timedelta(days=1))
RULE = a_rule("strike", channel_ids=(DESK.id,), caught_up=True, created_at=DAY - timedelta(days=1))


class World:
    """A monitor without a daemon: it polls, makes digests and looks, when it is told to."""

    def __init__(self, storage: Storage, at: datetime = DAY) -> None:
        self.storage = storage
        self.at = at
        renderer = Renderer(sender=None, now=self.now, zone=HANOI)
        writer = OutboxWriter(renderer.alert, notice=renderer.notice, zone=HANOI)
        self.pipeline = Pipeline(storage, writer, now=self.now)
        self.digests = Digests(
            storage=storage,
            render=renderer.digest,
            render_alert=renderer.alert,
            release=Updates(renderer.more, renderer.alert, zone=HANOI).release,
            now=self.now,
            zone=HANOI,
        )
        self._number = 0

    def now(self) -> datetime:
        return self.at

    def publish(self, count: int = 1, words: str = "strike") -> None:
        """Let the feed list so many new articles, and poll it."""
        entries = []
        for _ in range(count):
            self._number += 1
            name = f"{words} number {self._number}"
            url = f"https://papers.example/{self._number}"
            entries.append(Entry(id=url, url=url, title=name, text=name))
        with self.storage.transaction() as tx:
            tx.sources.update(replace(self.feed, next_poll_at=self.at))
            (claimed,) = tx.sources.claim_due(
                now=self.at, limit=1, lease=LEASE, owner="me", ids=[FEED.id]
            )
        self.pipeline.take_in(
            claimed, Polled(entries=tuple(entries)), next_poll_at=lambda _: self.at
        )

    @property
    def feed(self) -> Any:
        with self.storage.reading() as tx:
            feed = tx.sources.get(FEED.id)
        assert feed is not None
        return feed

    def of(self, *kinds: DeliveryKind) -> list[Delivery]:
        """The deliveries of these kinds that go out, oldest first."""
        with self.storage.reading() as tx:
            every = tx.outbox.recent(limit=None)
        wanted = [each for each in every if each.kind in kinds]
        return [each for each in reversed(wanted) if each.state is DeliveryState.PENDING]

    @property
    def alerts(self) -> list[Delivery]:
        return self.of(DeliveryKind.ALERT)

    @property
    def told(self) -> list[list[str]]:
        """Of each digest the titles that it tells, in its order."""
        return [
            [alert["article"]["title"] for alert in json.loads(each.payload)["data"]["alerts"]]
            for each in self.of(DeliveryKind.DIGEST)
        ]

    def held(self) -> list[HoldReason]:
        with self.storage.reading() as tx:
            return [each.hold.reason for each in tx.held.waiting() if each.hold]

    def change(self, what: Callable[[Any], object]) -> None:
        with self.storage.transaction() as tx:
            what(tx)


def a_world(
    storage: Storage, *, at: datetime = DAY, kind: str = "feed", **changes: dict[str, Any]
) -> World:
    given(
        storage,
        replace(FEED, kind=kind),
        replace(DESK, **changes.get("channel", {})),
        replace(RULE, **changes.get("rule", {})),
    )
    return World(storage, at)


@pytest.fixture(autouse=True)
def _is_sound(storage: Storage) -> Any:
    yield
    assert storage.problems() == []


def test_a_rules_digest_gathers_and_is_sent_once_best_first(storage: Storage) -> None:
    world = a_world(storage, rule={"digest": "daily@12:00"})
    world.publish()
    world.at += MINUTE
    world.publish(2)
    assert world.digests.make_due() == 0
    assert (world.alerts, world.told) == ([], [])
    world.at = DAY + timedelta(hours=2)
    assert world.digests.make_due() == 1
    assert [sorted(titles) for titles in world.told] == [
        ["strike number 1", "strike number 2", "strike number 3"]
    ]
    world.at += timedelta(days=1)
    assert world.digests.make_due() == 0  # an empty one is not sent
    world.publish()
    world.at += timedelta(days=1)
    assert world.digests.make_due() == 1
    assert world.told[1] == ["strike number 4"]
    assert world.alerts == []


def test_a_channels_digest_lets_critical_alerts_pass(storage: Storage) -> None:
    world = a_world(storage, channel={"digest": "hourly"})
    given(storage, replace(RULE, id="critical", name="c", query="fire", priority="critical"))
    world.publish(2)
    world.publish(1, "fire")
    assert len(world.alerts) == 1
    world.at += timedelta(hours=1)
    assert world.digests.make_due() == 1
    assert len(world.told[0]) == 2


def test_quiet_hours_end_with_one_digest(storage: Storage) -> None:
    world = a_world(storage, at=NIGHT, channel={"quiet": "22:00-07:00", "zone": "Asia/Ho_Chi_Minh"})
    world.publish(2)
    world.at = NIGHT + timedelta(hours=7, minutes=59)
    world.publish()
    assert world.digests.make_due() == 0
    world.at = NIGHT + timedelta(hours=8)
    assert world.digests.make_due() == 1
    assert (len(world.told[0]), world.alerts) == (3, [])
    world.publish()
    assert len(world.alerts) == 1


def test_a_digest_that_was_due_before_quiet_hours_waits_for_their_end(storage: Storage) -> None:
    world = a_world(storage, rule={"digest": "daily@12:00"}, channel={"quiet": "22:00-07:00"})
    world.publish()
    world.at = NIGHT  # nobody was there to make it in time
    assert world.digests.make_due() == 0
    world.at = NIGHT + timedelta(hours=8)
    assert world.digests.make_due() == 1


def test_what_quiet_hours_hold_is_looked_at_once_a_night_and_not_at_each_tick(
    storage: Storage,
) -> None:
    world = a_world(storage, rule={"digest": "daily@12:00"}, channel={"quiet": "22:00-07:00"})
    world.publish(2)
    world.at = NIGHT
    morning = NIGHT + timedelta(hours=8)
    assert world.digests.make_due() == 0
    with storage.reading() as tx:
        assert tx.held.due_channels(now=morning - MINUTE) == []
        assert {each.hold.due_at for each in tx.held.waiting() if each.hold} == {morning}
        why = {each.state_reason for each in tx.held.waiting()}
    assert why == {"quiet hours 22:00-07:00"}
    world.at = morning
    assert world.digests.make_due() == 1
    assert len(world.told[0]) == 2


def _wake(world: World) -> None:
    def wake(tx: Any) -> None:
        [asleep] = tx.channels.lock([DESK.id])
        awake = replace(asleep, quiet="")
        tx.channels.update(awake)
        assert let_go_by_channel(tx, asleep, awake, now=world.at) == 1

    world.change(wake)


def test_who_ends_quiet_hours_is_told_at_once_of_what_they_took_over(storage: Storage) -> None:
    world = a_world(storage, rule={"digest": "daily@12:00"}, channel={"quiet": "22:00-07:00"})
    world.publish()
    world.at = NIGHT
    assert world.digests.make_due() == 0
    _wake(world)
    assert world.digests.make_due() == 1


def test_a_storm_of_critical_alerts_is_told_in_quiet_hours(storage: Storage) -> None:
    rule, channel = {"priority": "critical"}, {"quiet": "22:00-07:00"}
    world = a_world(storage, at=NIGHT, rule=rule, channel=channel)
    world.publish(STORM_LIMIT + 3)
    assert (len(world.alerts), world.held()) == (STORM_LIMIT, [HoldReason.STORM] * 3)
    world.at += 2 * MINUTE
    assert world.digests.make_due() == 1
    assert len(world.told[0]) == 3


def test_a_storm_that_quiet_hours_hold_keeps_no_critical_alert_waiting(storage: Storage) -> None:
    evening = NIGHT - timedelta(hours=1, seconds=10)
    world = a_world(storage, at=evening, channel={"quiet": "22:00-07:00"})
    given(storage, replace(RULE, id="critical", name="c", query="fire", priority="critical"))
    world.publish(STORM_LIMIT + 3)
    world.at += 2 * MINUTE
    assert world.digests.make_due() == 0
    assert world.held() == [HoldReason.QUIET] * 3
    world.publish(1, "fire")
    assert len(world.alerts) == STORM_LIMIT + 1
    world.at = NIGHT + timedelta(hours=8)
    assert world.digests.make_due() == 1
    assert len(world.told[0]) == 3


def test_the_days_share_is_sent_and_the_rest_is_one_digest(storage: Storage) -> None:
    world = a_world(storage, rule={"max_per_day": 2})
    world.publish()
    world.publish(4)
    notes = [json.loads(each.payload)["data"].get("note", "") for each in world.alerts]
    assert [note.partition(":")[0] for note in sorted(notes)] == [
        "",
        'Message 2 of 2 today for rule "strike"',
    ]
    assert world.held() == [HoldReason.BUDGET] * 3
    world.at = DAY + timedelta(hours=14)  # midnight in Hanoi
    assert world.digests.make_due() == 1
    assert len(world.told[0]) == 3
    world.publish(1)
    assert len(world.alerts) == 3  # a new day


def test_the_hours_share_counts_all_rules_of_a_channel(storage: Storage) -> None:
    world = a_world(storage, channel={"max_per_hour": 2})
    given(storage, replace(RULE, id="other", name="other", query="ferry"))
    world.publish(1)
    world.publish(1, "ferry")
    world.publish(1)
    assert len(world.alerts) == 2
    world.at += timedelta(hours=1)
    assert world.digests.make_due() == 1
    world.publish(1)
    assert len(world.alerts) == 3


@pytest.mark.parametrize("hour", [3, 17])
def test_the_days_share_of_a_channel_counts_all_its_rules(storage: Storage, hour: int) -> None:
    world = a_world(storage, channel={"max_per_day": 4, "max_per_hour": 5})
    given(storage, replace(RULE, id="other", name="other", query="ferry"))
    world.at = DAY.replace(hour=hour)  # 17: midnight in Hanoi, when a day and an hour begin
    world.publish(1, "ferry")
    world.publish(3)
    assert len(world.alerts) == 4
    world.at += timedelta(hours=2)
    world.publish(2)
    world.publish(1, "ferry")
    assert (len(world.alerts), world.held()) == (4, [HoldReason.BUDGET] * 3)
    notes = [json.loads(each.payload)["data"].get("note", "") for each in world.alerts]
    assert [note.partition(":")[0] for note in sorted(notes)] == [*[""] * 3, "Message 4 of 4 today"]
    assert world.digests.make_due() == 0
    world.at = (DAY if hour < 17 else DAY + timedelta(days=1)).replace(hour=17)
    assert world.digests.make_due() == 1
    assert len(world.told[0]) == 3
    world.publish(1)
    assert len(world.alerts) == 5


@pytest.mark.parametrize("limit", [2, 3])
def test_a_days_limit_set_below_what_was_sent_is_told_once(storage: Storage, limit: int) -> None:
    world = a_world(storage)
    world.publish(3)
    world.at += MINUTE
    changes = RuleChanges(max_per_day=limit)
    world.change(lambda tx: edit_rule(tx, tx.rules.get(RULE.id), changes, now=world.at))
    world.at += 2 * MINUTE
    for _ in range(2):
        world.publish(1)
    [notice] = world.of(DeliveryKind.NOTICE)
    assert "whatever else comes waits for one digest" in json.loads(notice.payload)["data"]["text"]
    assert (len(world.alerts), world.held()) == (3, [HoldReason.BUDGET] * 2)
    world.at += timedelta(days=1)
    world.publish(5)
    assert len(world.of(DeliveryKind.NOTICE)) == 1  # the last of that day has said so


@pytest.mark.parametrize(
    ("name", "share"), [("max_per_hour", timedelta(hours=1)), ("max_per_day", timedelta(days=1))]
)
def test_a_channels_limit_set_below_what_was_sent_is_told_once(
    storage: Storage, name: str, share: timedelta
) -> None:
    world = a_world(storage)
    world.publish(3)
    world.at += MINUTE

    def limit(tx: Any) -> None:
        channel = tx.channels.get(DESK.id)
        changed = replace(channel, **{name: 1})
        tx.channels.update(changed)
        let_go_by_channel(tx, channel, changed, now=world.at)

    world.change(limit)
    world.at += 2 * MINUTE
    world.publish(2)
    assert (len(world.alerts), len(world.of(DeliveryKind.NOTICE))) == (3, 1)
    assert world.held() == [HoldReason.BUDGET] * 2
    world.at += share
    world.publish(3)
    assert (len(world.alerts), len(world.of(DeliveryKind.NOTICE))) == (4, 1)


def test_a_limit_that_is_not_reached_when_it_is_set_is_told_by_the_last_message(
    storage: Storage,
) -> None:
    world = a_world(storage)
    world.publish(1)
    world.at += MINUTE
    changes = RuleChanges(max_per_day=3)
    world.change(lambda tx: edit_rule(tx, tx.rules.get(RULE.id), changes, now=world.at))
    world.publish(4)
    assert (len(world.alerts), len(world.of(DeliveryKind.NOTICE))) == (3, 0)


def test_a_storm_is_twenty_messages_and_one_roll_up(storage: Storage) -> None:
    world = a_world(storage)
    world.publish(STORM_LIMIT + 30)
    world.at += MINUTE / 2
    world.publish(5)
    assert len(world.alerts) == STORM_LIMIT
    assert sum("note" in json.loads(each.payload)["data"] for each in world.alerts) == 1
    world.at += MINUTE / 2
    assert world.digests.make_due() == 0  # it was not calm for a minute yet
    world.at += MINUTE
    assert world.digests.make_due() == 1
    [digest] = world.of(DeliveryKind.DIGEST)
    assert json.loads(digest.payload)["data"]["count"] == 35
    world.publish(1)
    assert len(world.alerts) == STORM_LIMIT + 1


def test_a_storm_without_end_is_told_all_the_same(storage: Storage) -> None:
    world = a_world(storage)
    made = 0
    for _ in range(int(LONGEST_STORM / MINUTE) + 1):
        world.publish(STORM_LIMIT + 1)
        made += world.digests.make_due()
        world.at += MINUTE
    assert made == 1
    assert len(world.alerts) < 3 * STORM_LIMIT


def test_what_was_sent_before_the_clock_was_set_back_is_no_storm(storage: Storage) -> None:
    world = a_world(storage)
    world.publish(STORM_LIMIT)
    world.at -= timedelta(hours=1)
    world.publish()
    assert (len(world.alerts), world.held()) == (STORM_LIMIT + 1, [])


def test_a_storm_from_before_the_clock_was_set_back_is_over(storage: Storage) -> None:
    world = a_world(storage)
    world.publish(STORM_LIMIT + 2)
    world.at -= timedelta(hours=1)
    storm = HoldReason.STORM
    world.change(lambda tx: tx.held.reschedule(DESK.id, due_at=world.at, reason=storm))
    assert world.digests.make_due() == 1
    assert len(world.told[0]) == 2


def test_a_single_round_rolls_up_a_storm_at_its_end(storage: Storage) -> None:
    world = a_world(storage)
    world.publish(STORM_LIMIT + 2)
    assert world.digests.make_due(at_once=True) == 1
    assert len(world.told[0]) == 2


def test_a_single_round_sends_no_other_digest_before_its_time(storage: Storage) -> None:
    world = a_world(storage, rule={"digest": "hourly"}, at=DAY - timedelta(seconds=30))
    world.publish(2)
    assert world.digests.make_due(at_once=True) == 0


def test_a_paused_rule_goes_on_finding_and_ends_with_one_digest(storage: Storage) -> None:
    world = a_world(storage)
    rule = replace(RULE, state=RuleState.PAUSED)
    world.change(lambda tx: set_state(tx, RULE, RuleState.PAUSED, now=world.at))
    world.publish(3)
    world.at += timedelta(days=3)
    assert (world.digests.make_due(), world.alerts) == (0, [])
    gathered = []
    world.change(lambda tx: gathered.append(set_state(tx, rule, RuleState.ACTIVE, now=world.at)[1]))
    assert gathered == [3]
    assert world.digests.make_due() == 1
    assert (len(world.told[0]), world.alerts) == (3, [])
    world.publish(1)
    assert len(world.alerts) == 1


def test_a_paused_channel_ends_with_one_digest(storage: Storage) -> None:
    world = a_world(storage, channel={"state": ChannelState.PAUSED})
    world.publish(2)
    assert world.digests.make_due() == 0
    world.change(lambda tx: tx.channels.set_state(DESK.id, ChannelState.ACTIVE, reason=None))
    world.change(lambda tx: resume_channel(tx, DESK, now=world.at))
    assert world.digests.make_due() == 1
    assert (len(world.told[0]), world.alerts) == (2, [])


def test_who_changes_a_digest_is_told_at_once_what_it_has_gathered(storage: Storage) -> None:
    world = a_world(storage, rule={"digest": "weekly@mon-08:00"})
    world.publish(2)
    rule = replace(RULE, digest="weekly@mon-08:00")
    world.change(lambda tx: edit_rule(tx, rule, RuleChanges(clear=("digest",)), now=world.at))
    assert world.digests.make_due() == 1
    world.publish(1)
    assert (len(world.told[0]), len(world.alerts)) == (2, 1)


def test_a_silence_holds_back_what_it_covers_and_tells_of_it_at_its_end(storage: Storage) -> None:
    world = a_world(storage)
    silence = Silence(
        id="s",
        reason="known",
        created_at=DAY,
        until=DAY + timedelta(hours=2),
        query="ferry",
        rule_id=RULE.id,
    )
    world.change(lambda tx: tx.silences.add(silence))
    world.publish(1)
    world.publish(2, "strike of the ferry")
    assert (len(world.alerts), world.held()) == (1, [HoldReason.SILENCED] * 2)
    world.at += timedelta(hours=2)
    world.publish(1, "strike of the ferry")
    assert len(world.alerts) == 2
    assert world.digests.make_due() == 1
    assert len(world.told[0]) == 2


def test_a_channel_takes_by_tag_and_priority_whoever_names_it(storage: Storage) -> None:
    world = a_world(storage)
    asia = a_channel("asia", takes=("tag=asia", "priority>=high"), added_at=DESK.added_at)
    tagged = replace(RULE, id="t", name="t", query="ferry", tags=("asia",), priority="high")
    given(storage, asia, replace(tagged, channel_ids=()))
    given(storage, replace(RULE, id="n", name="n", query="tram", channel_ids=(asia.id,)))
    world.publish(1, "ferry")
    world.publish(1, "tram")
    assert [each.channel_id for each in world.alerts] == [asia.id]


def test_two_digests_of_one_moment_tell_nothing_twice(storage: Storage) -> None:
    world = a_world(storage, rule={"digest": "hourly"}, channel={"recipients": ("a@x", "b@x")})
    world.publish(3)
    world.at += timedelta(hours=1)
    assert world.digests.make_due() == 2
    again = World(storage, world.at)
    assert again.digests.make_due() == 0
    assert [len(titles) for titles in world.told] == [3, 3]
    assert len({each.id for each in world.of(DeliveryKind.DIGEST)}) == 2


def test_what_was_held_for_somebody_who_is_gone_is_told_to_who_is_there(storage: Storage) -> None:
    channel = {"recipients": ("a@x", "b@x")}
    world = a_world(storage, rule={"digest": "hourly"}, channel=channel)
    world.publish(2)
    desk = replace(DESK, recipients=("c@x",))
    world.change(lambda tx: tx.channels.update(desk))
    world.at += timedelta(hours=1)
    assert world.digests.make_due() == 1
    [digest] = world.of(DeliveryKind.DIGEST)
    data = json.loads(digest.payload)["data"]
    assert (digest.recipient, data["count"], len(data["alerts"])) == ("c@x", 2, 2)


def test_several_that_make_digests_at_once_make_each_once(storage: Storage) -> None:
    channel = {"recipients": ("a@x", "b@x")}
    world = a_world(storage, rule={"digest": "hourly"}, channel=channel)
    world.publish(10)
    at = world.at + timedelta(hours=1)
    hosts = [World(storage, at) for _ in range(4)]
    with ThreadPoolExecutor(len(hosts)) as pool:
        made = list(pool.map(lambda host: host.digests.make_due(), hosts))
    assert sum(made) == 2
    assert [len(titles) for titles in world.told] == [10, 10]


def test_a_digest_that_was_rolled_back_is_made_again_under_the_same_id(storage: Storage) -> None:
    world = a_world(storage, rule={"digest": "hourly"})
    world.publish(2)
    world.at += timedelta(hours=1)
    ids: list[str] = []
    ours = world.digests.render

    def dies(digest: Digest, channel: Channel, id_: str, recipient: str) -> bytes:
        ids.append(id_)
        raise RuntimeError("killed")

    assert replace(world.digests, render=dies).make_due() == 0
    assert world.of(DeliveryKind.DIGEST) == []
    assert replace(world.digests, render=ours, failed={}).make_due() == 1
    [made] = world.of(DeliveryKind.DIGEST)
    assert ids == [made.id]


def test_a_digest_that_fails_is_not_tried_at_every_tick(storage: Storage) -> None:
    world = a_world(storage, rule={"digest": "hourly"})
    world.publish(1)
    world.at += timedelta(hours=1)
    tried: list[str] = []

    def fails(digest: Digest, channel: Channel, id_: str, recipient: str) -> bytes:
        tried.append(id_)
        raise RuntimeError("a bug")

    failing = replace(world.digests, render=fails)
    for _ in range(3):
        failing.make_due()
    assert len(tried) == 1
    world.at += MINUTE
    failing.make_due()
    assert len(tried) == 2


def a_new_rule(**changes: Any) -> Rule:
    rule = replace(RULE, id="new", name="new", query="ferry", caught_up=False, backfill_most=5)
    return replace(rule, **changes)


def told_of_old(world: World, rule: Rule) -> None:
    """Add a rule and search what is stored for it."""
    given(world.storage, rule)
    world.at += MINUTE
    world.pipeline.catch_up()
    world.digests.make_due()


def _interrupted() -> None:
    raise KeyboardInterrupt


def test_a_new_rule_tells_the_newest_of_the_folder_in_one_digest(storage: Storage) -> None:
    world = a_world(storage, kind="folder")
    for _ in range(8):
        world.at += MINUTE
        world.publish(1, "ferry")
    told_of_old(world, a_new_rule())
    assert world.told == [[f"ferry number {number}" for number in range(8, 3, -1)]]
    assert world.alerts == []
    world.publish(1, "ferry")
    assert len(world.alerts) == 1


@pytest.mark.parametrize(
    ("kind", "rule", "told"),
    [
        ("feed", {}, 0),
        ("feed", {"backfill_since": DAY - timedelta(days=9), "backfill_most": None}, 8),
        ("feed", {"backfill_since": DAY - timedelta(days=9), "backfill_most": 3}, 3),
        ("feed", {"backfill_since": DAY + 7 * MINUTE, "backfill_most": None}, 2),
        ("folder", {"backfill_most": None}, 8),
        ("folder", {"caught_up": True}, 0),
    ],
)
def test_how_much_of_what_is_stored_is_told_is_the_owners_choice(
    storage: Storage, kind: str, rule: dict[str, Any], told: int
) -> None:
    world = a_world(storage, kind=kind)
    for _ in range(8):
        world.at += MINUTE
        world.publish(1, "ferry")
    told_of_old(world, a_new_rule(**rule))
    assert [len(titles) for titles in world.told] == ([told] if told else [])
    assert world.alerts == []


def test_a_single_old_document_is_an_alert_and_not_a_digest(storage: Storage) -> None:
    world = a_world(storage, kind="folder")
    world.publish(1, "ferry")
    told_of_old(world, a_new_rule())
    assert (len(world.alerts), world.told) == (1, [])
    told_of_old(world, replace(RULE, id="quiet", name="quiet"))
    assert len(world.alerts) == 1


@pytest.mark.parametrize("is_woken", [False, True])
def test_a_single_old_document_is_an_alert_also_after_quiet_hours(
    storage: Storage, is_woken: bool
) -> None:
    world = a_world(storage, kind="folder", at=NIGHT, channel={"quiet": "22:00-07:00"})
    world.publish(1, "ferry")
    told_of_old(world, a_new_rule())
    assert world.digests.make_due() == 0
    with storage.reading() as tx:
        assert tx.held.due_channels(now=NIGHT + timedelta(hours=7)) == []  # not at each tick
    if is_woken:
        _wake(world)
    else:
        world.at = NIGHT + timedelta(hours=8)
    assert world.digests.make_due() == 1
    assert (len(world.alerts), world.told) == (1, [])


@pytest.mark.parametrize("piece", [3, 50])
def test_who_is_killed_while_telling_of_the_old_tells_no_more_than_it_may(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(reading, "PIECE", piece)
    world = a_world(storage, kind="folder")
    for _ in range(8):
        world.at += MINUTE
        world.publish(1, "ferry")
    given(storage, a_new_rule())
    with monkeypatch.context() as killed:
        killed.setattr(backfill._Pass, "_close", lambda *_: _interrupted())
        with pytest.raises(KeyboardInterrupt):
            world.pipeline.catch_up()
    assert world.held() == [HoldReason.BACKFILL] * min(piece, 5)
    assert world.digests.make_due() == 0  # not before all is searched
    world.pipeline.catch_up()
    assert world.digests.make_due() == 1
    assert len(world.told[0]) == 5


@pytest.mark.parametrize("is_killed", [False, True])
def test_two_who_search_for_one_rule_at_once_tell_no_more_than_one_may(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, is_killed: bool
) -> None:
    world = a_world(storage, kind="folder")
    for _ in range(12):
        world.at += MINUTE
        world.publish(1, "ferry")
    given(storage, a_new_rule())
    owe = backfill._Pass._owe

    def owe_after_another(searching: Any, found: Any) -> Any:
        with monkeypatch.context() as other, suppress(KeyboardInterrupt):
            other.setattr(backfill._Pass, "_owe", owe)
            if is_killed:
                other.setattr(backfill._Pass, "_close", lambda *_: _interrupted())
            world.pipeline.catch_up()
        return owe(searching, found)

    monkeypatch.setattr(backfill._Pass, "_owe", owe_after_another)
    world.pipeline.catch_up()
    with storage.reading() as tx:
        assert tx.alerts.count(rule_id="new") == 5
        assert tx.rules.to_catch_up() == []
    assert world.digests.make_due() == 1
    assert world.told == [[f"ferry number {number}" for number in range(12, 7, -1)]]


def _search_no_further(tx: Any) -> None:
    rule = tx.rules.get("new")
    edit_rule(tx, rule, RuleChanges(), now=DAY + timedelta(hours=1), backfill=NONE)


def _remove_the_folder(tx: Any) -> None:
    tx.sources.update(replace(tx.sources.get(FEED.id), state=SourceState.REMOVED))


@pytest.mark.parametrize("change", [_search_no_further, _remove_the_folder])
def test_what_was_found_is_told_also_when_the_rest_is_no_more_to_be_searched(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], None]
) -> None:
    world = a_world(storage, kind="folder")
    world.publish(2, "ferry")
    given(storage, a_new_rule())
    with monkeypatch.context() as killed:
        killed.setattr(backfill._Pass, "_close", lambda *_: _interrupted())
        with pytest.raises(KeyboardInterrupt):
            world.pipeline.catch_up()
    world.change(change)
    world.pipeline.catch_up()
    world.at += timedelta(hours=2)
    assert world.digests.make_due() == 1
    assert (len(world.told[0]), world.held()) == (2, [])


def test_a_digest_is_worded_in_the_readers_language_and_zone(storage: Storage) -> None:
    channel = {"digest": "hourly", "language": "sv", "zone": "Europe/Stockholm"}
    world = a_world(storage, channel=channel)
    world.publish(2)
    world.at += timedelta(hours=1)
    world.digests.make_due()
    [digest] = world.of(DeliveryKind.DIGEST)
    data = json.loads(digest.payload)["data"]
    assert data["title"].startswith("Sammandrag: 2 nyheter")
    assert data["why"] == ["2 larm samlades till det här sammandraget"]


def an_expiry(world: World) -> Expiry:
    renderer = Renderer(sender=None, now=world.now, zone=HANOI)
    return Expiry(storage=world.storage, render=renderer.notice, now=world.now, zone=HANOI)


def test_the_end_of_a_rule_is_told_the_day_before_and_once(storage: Storage) -> None:
    end = DAY + timedelta(days=3)
    world = a_world(storage, rule={"expires_at": end})
    given(storage, replace(RULE, id="short", name="short", created_at=end - timedelta(hours=2)))
    expiry = an_expiry(world)
    assert expiry.tell() == 0
    world.at = end - timedelta(hours=23)
    assert (expiry.tell(), expiry.tell()) == (1, 0)
    [notice] = world.of(DeliveryKind.NOTICE)
    said = json.loads(notice.payload)["data"]["text"]
    assert said == (
        'Rule "strike" ends at 2026-03-05 10:00 UTC+07. '
        f"To keep it: {command_name()} edit-rule strike "
        "--expires never"
    )


def test_the_end_of_a_rule_is_not_told_at_night(storage: Storage) -> None:
    end = NIGHT + timedelta(hours=20)
    world = a_world(storage, at=NIGHT, rule={"expires_at": end}, channel={"quiet": "22:00-07:00"})
    expiry = an_expiry(world)
    assert expiry.tell() == 0
    world.at += timedelta(hours=8)
    assert expiry.tell() == 1


def test_a_digest_that_failed_does_not_wait_for_a_clock_that_was_days_ahead(
    storage: Storage,
) -> None:
    world = a_world(storage, rule={"digest": "hourly"})
    world.publish(1)
    world.at += timedelta(hours=1)
    failed = {DESK.id: world.at + timedelta(days=5)}
    assert replace(world.digests, failed=failed).make_due() == 1
