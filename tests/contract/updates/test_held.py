"""What joins a story while its channel is told nothing is told once afterwards, on every store."""

import json
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.following.updates import Updates
from monitor.quiet.held import end_silence, late_since, let_go_by_rule, resume_channel
from monitor.quiet.policy import STORM_LIMIT
from monitor.stories.placing import StoryPlacer
from monitor.stories.told import split
from storage.api.storage import Storage, Transaction
from storage.model import ChannelState, DeliveryKind, DeliveryState, RuleState
from storage.quiet import HoldReason
from storage.silence import Silence
from tests.builders import MINUTE, a_channel, a_rule
from tests.contract.updates.desk import ADDED, EVENING, HOUR, SIGNER, World, a_world

TOWNS = (
    *("Kiruna", "Narvik", "Bergen", "Hamar", "Skien", "Molde", "Bodo", "Alta", "Odense"),
    *("Aarhus", "Ribe", "Vejle", "Turku", "Oulu", "Vaasa", "Kotka", "Tartu", "Narva", "Riga"),
    *("Liepaja", "Kaunas", "Vilnius", "Gdansk", "Poznan", "Lublin", "Opole"),
)


def _text_of(town: str) -> str:
    return f"A strike of dockers in {town} ends. The mayor of {town} thanks the union of {town}."


DESK = a_channel().id
RULE = a_rule("strike").id


def a_silence(**what: Any) -> Silence:
    made = {"id": "s", "reason": "enough", "created_at": ADDED, "until": EVENING + 3 * HOUR}
    return Silence(**{**made, **what})


def _no_start(_: World) -> None:
    """Nothing more is to be done for it to be held."""


def _is_night(world: World) -> None:
    world.at += HOUR


def _pause_channel(world: World) -> None:
    world.change(lambda tx: tx.channels.set_state(DESK, ChannelState.PAUSED, reason=None))


def _resume_channel(world: World) -> None:
    def resume(tx: Transaction) -> None:
        tx.channels.set_state(DESK, ChannelState.ACTIVE, reason=None)
        [channel] = tx.channels.lock([DESK])
        resume_channel(tx, channel, now=world.at)

    world.change(resume)


def _switch_off(world: World) -> None:
    world.change(lambda tx: tx.channels.set_state(DESK, ChannelState.DISABLED, reason="401"))


def _set_rule(state: RuleState) -> Callable[[World], None]:
    def of(world: World) -> None:
        def change(tx: Transaction) -> None:
            old = tx.rules.get(RULE)
            assert old is not None
            new = replace(old, state=state)
            tx.rules.update(new)
            let_go_by_rule(tx, old, new, now=world.at)

        world.change(change)

    return of


def _silence(world: World) -> None:
    world.change(lambda tx: tx.silences.add(a_silence(rule_id=RULE)))


def _unsilence(world: World) -> None:
    def end(tx: Transaction) -> None:
        tx.silences.end("s", at=world.at)
        end_silence(tx, "s", now=world.at)

    world.change(end)


def _to(hour: int, days: int = 0) -> Callable[[World], None]:
    def wait(world: World) -> None:
        world.at = EVENING.replace(hour=hour, minute=0) + timedelta(days=days)

    return wait


HOLDS = {
    "quiet": ({"quiet": "22:00-07:00"}, {}, _is_night, _to(7, 1), HoldReason.QUIET),
    "paused": ({}, {}, _pause_channel, _resume_channel, HoldReason.PAUSED),
    "off": ({}, {}, _switch_off, _resume_channel, HoldReason.PAUSED),
    "rule": (
        {},
        {},
        _set_rule(RuleState.PAUSED),
        _set_rule(RuleState.ACTIVE),
        HoldReason.PAUSED,
    ),
    "silenced": ({}, {}, _silence, _to(1, 1), HoldReason.SILENCED),
    "unsilenced": ({}, {}, _silence, _unsilence, HoldReason.SILENCED),
    "hour": ({"max_per_hour": 1}, {}, _no_start, _to(22), HoldReason.BUDGET),
    "channel's day": ({"max_per_day": 1}, {}, _no_start, _to(0, 1), HoldReason.BUDGET),
    "day": ({}, {"max_per_day": 1}, _no_start, _to(0, 1), HoldReason.BUDGET),
}


@pytest.mark.parametrize("mode", ["thread", "every"])
@pytest.mark.parametrize("held", HOLDS)
def test_what_joined_is_told_once_when_the_hold_ends(
    storage: Storage, held: str, mode: str
) -> None:
    channel, rule, begin, end, reason = HOLDS[held]
    world = a_world(storage, channel=channel, follow_ups=mode, **rule)
    begin(world)
    world.takes_in(1, 2, 3)
    assert (world.told, world.waiting) == ([], [reason])
    assert world.digests.make_due() == 0
    end(world)
    assert world.digests.make_due() == 1
    assert world.told == [(["Paper 1", "Paper 2", "Paper 3"], 4)]
    assert world.waiting == []
    assert world.digests.make_due() == 0
    [update] = world.every(DeliveryKind.UPDATE, DeliveryState.PENDING)
    [waited] = world.every(DeliveryKind.UPDATE, DeliveryState.BUNDLED)
    assert waited.digest_id == update.id
    assert update.created_at == update.next_at == world.at  # it is owed from now on


def test_what_joins_afterwards_is_an_update_of_its_own(storage: Storage) -> None:
    world = a_world(storage, channel={"quiet": "22:00-07:00"})
    _is_night(world)
    world.takes_in(1, 2)
    _to(7, 1)(world)
    world.digests.make_due()
    world.takes_in(3)
    assert [papers for papers, _ in world.told] == [["Paper 1", "Paper 2"], ["Paper 3"]]


def test_what_joins_before_the_step_tells_of_what_waited(storage: Storage) -> None:
    world = a_world(storage, channel={"quiet": "22:00-07:00"})
    _is_night(world)
    world.takes_in(1, 2)
    _to(7, 1)(world)
    world.takes_in(3)
    assert [papers for papers, _ in world.told] == [["Paper 1", "Paper 2", "Paper 3"]]
    assert world.waiting == []
    assert world.digests.make_due() == 0


def test_what_something_else_holds_by_then_waits_on(storage: Storage) -> None:
    world = a_world(storage, channel={"quiet": "22:00-23:00"})
    _is_night(world)
    world.takes_in(1)
    world.change(lambda tx: tx.silences.add(a_silence(rule_id=RULE)))
    _to(23)(world)
    assert world.digests.make_due() == 0
    assert world.waiting == [HoldReason.SILENCED]
    _to(1, 1)(world)
    assert world.digests.make_due() == 1
    assert world.told == [(["Paper 1"], 2)]


def test_what_was_stored_by_a_slower_clock_is_not_lost(storage: Storage) -> None:
    """Another process told the channel meanwhile, and did not know of it yet."""
    world = a_world(storage)
    world.takes_in(1)
    _silence(world)
    world.at -= 2 * MINUTE
    world.takes_in(2)
    _unsilence(world)
    world.at += HOUR
    assert world.digests.make_due() == 1
    papers, _ = world.told[-1]
    assert "Paper 2" in papers


def test_what_the_alert_told_of_is_no_update_of_it(storage: Storage) -> None:
    """Somebody has taken it out of its story, with an update of that on its way."""
    world = a_world(storage, channel={"quiet": "22:00-07:00"})
    _is_night(world)
    world.takes_in(1)
    placer = StoryPlacer(lambda: SIGNER, who="me")

    def apart(tx: Transaction) -> None:
        [alert] = tx.alerts.recent(limit=2)
        story = tx.stories.get(alert.story_id)
        assert story is not None
        split(tx, placer, story, [alert.article_id], now=world.at)

    world.change(apart)
    _to(7, 1)(world)
    assert world.digests.make_due() == 0
    assert (world.told, world.waiting) == ([], [])


def test_every_recipient_is_told_and_nobody_who_is_gone(storage: Storage) -> None:
    everybody = ("a@x", "b@x", "c@x")
    mail = {"kind": "email", "quiet": "22:00-07:00", "recipients": everybody}
    world = a_world(storage, channel=mail)
    _is_night(world)
    world.takes_in(1)
    assert len(world.waiting) == 3
    with storage.reading() as tx:
        [desk] = tx.channels.all()
    world.change(lambda tx: tx.channels.update(replace(desk, recipients=everybody[1:])))
    _to(7, 1)(world)
    assert world.digests.make_due() == 2
    made = world.every(DeliveryKind.UPDATE, DeliveryState.PENDING)
    assert sorted(each.recipient for each in made) == ["b@x", "c@x"]
    [gone] = world.every(DeliveryKind.UPDATE, DeliveryState.SUPPRESSED)
    assert (gone.recipient, gone.state_reason) == ("a@x", "its recipient is gone")
    assert world.waiting == []
    world.takes_in(2)
    more = world.every(DeliveryKind.UPDATE, DeliveryState.PENDING)
    assert {each.recipient for each in more} == {"b@x", "c@x"}


def test_what_nobody_wants_any_longer_is_dropped(storage: Storage) -> None:
    world = a_world(storage, channel={"quiet": "22:00-07:00"})
    _is_night(world)
    world.takes_in(1)
    with storage.reading() as tx:
        [rule] = tx.rules.all()
    world.change(lambda tx: tx.rules.update(replace(rule, follow_ups="none")))
    _to(7, 1)(world)
    assert world.digests.make_due() == 0
    assert (world.told, world.waiting) == ([], [])


def test_that_many_outlets_carry_it_is_told_in_the_morning(storage: Storage) -> None:
    world = a_world(storage, channel={"quiet": "22:00-07:00"}, follow_ups="count", escalate=3)
    _is_night(world)
    world.takes_in(1)
    assert world.waiting == []
    world.takes_in(2, 3)
    assert world.waiting == [HoldReason.QUIET]
    _to(7, 1)(world)
    assert world.digests.make_due() == 1
    assert world.told == [(["Paper 1", "Paper 2", "Paper 3"], 4)]


def test_alerts_that_were_held_with_it_are_a_digest_and_it_is_an_update(storage: Storage) -> None:
    world = a_world(storage, channel={"quiet": "22:00-07:00"})
    _is_night(world)
    world.takes_in(1)
    world.takes_in(2, title="Cup strike", text="A late strike by the captain wins the cup at home.")
    _to(7, 1)(world)
    assert world.digests.make_due() == 2
    [digest] = world.every(DeliveryKind.DIGEST, DeliveryState.PENDING)
    assert json.loads(digest.payload)["data"]["count"] == 1
    assert world.told == [(["Paper 1"], 2)]


def test_an_update_that_was_rolled_back_is_made_again_under_the_same_id(
    storage: Storage,
) -> None:
    world = a_world(storage, channel={"quiet": "22:00-07:00"})
    _is_night(world)
    world.takes_in(1, 2)
    _to(7, 1)(world)
    release, made = world.digests.release, []

    def dies(tx: Transaction, *rest: Any) -> int:
        release(tx, *rest)
        [desk] = tx.channels.all()
        made.extend(
            (each.id, each.payload)
            for each in tx.outbox.recent(channel_id=desk.id, limit=None)
            if each.kind is DeliveryKind.UPDATE and each.payload
        )
        raise RuntimeError("killed")

    killed = replace(world.digests, release=dies, failed={})
    assert killed.make_due() == 0
    assert (world.told, world.waiting) == ([], [HoldReason.QUIET])
    assert world.digests.make_due() == 1
    [update] = world.every(DeliveryKind.UPDATE, DeliveryState.PENDING)
    assert [(update.id, update.payload)] == made


def test_more_than_a_storms_worth_is_told_over_minutes(storage: Storage) -> None:
    """Each story's update is a message of its own, and a channel is sent at most 20 a minute."""
    world = a_world(storage, channel={"quiet": "22:00-07:00"})
    for town in TOWNS:
        world.takes_in(1, title=f"{town} strike ends", text=_text_of(town))
    _to(22)(world)
    for town in TOWNS:
        world.takes_in(2, title=f"{town} strike ends", text=_text_of(town))
    stories, before = len(world.waiting), len(world.told)
    assert stories > STORM_LIMIT
    _to(7, 1)(world)
    for _ in range(2):
        world.digests.make_due()
        assert len(world.told) - before == STORM_LIMIT
        assert len(world.waiting) == stories - STORM_LIMIT
    world.at += MINUTE
    world.digests.make_due()
    assert (len(world.told) - before, world.waiting) == (stories, [])


def test_whoever_does_not_look_again_soon_tells_them_all(storage: Storage) -> None:
    world = a_world(storage, channel={"quiet": "22:00-07:00"})
    for paper in (1, 2):
        for town in TOWNS:
            world.takes_in(paper, title=f"{town} strike ends", text=_text_of(town))
        _to(22)(world)
    stories, before = len(world.waiting), len(world.told)
    _to(7, 1)(world)
    world.digests.make_due(at_once=True)
    assert len(world.told) - before == stories > STORM_LIMIT


def test_several_that_release_at_once_tell_once(storage: Storage) -> None:
    world = a_world(storage, channel={"quiet": "22:00-07:00"})
    _is_night(world)
    world.takes_in(1, 2)
    _to(7, 1)(world)
    hosts = [World(storage, world.at) for _ in range(4)]
    with ThreadPoolExecutor(len(hosts)) as pool:
        made = list(pool.map(lambda host: host.digests.make_due(), hosts))
    assert sum(made) == 1
    assert [papers for papers, _ in world.told] == [["Paper 1", "Paper 2"]]


@pytest.mark.parametrize("mode", ["thread", "every"])
def test_what_joins_while_others_release_is_told_once(storage: Storage, mode: str) -> None:
    world = a_world(storage, channel={"quiet": "22:00-07:00"}, follow_ups=mode)
    _is_night(world)
    world.takes_in(1, 2)
    _to(7, 1)(world)
    other = World(storage, world.at)
    release = world.digests.release

    with ThreadPoolExecutor(1) as pool:

        def meanwhile(*given: Any) -> int:
            joins = pool.submit(other.takes_in, 3)
            with suppress(TimeoutError):
                joins.result(timeout=1)  # as far as it comes
            return release(*given)

        replace(world.digests, release=meanwhile).make_due()
    world.digests.make_due()
    papers = [paper for papers, _ in world.told for paper in papers]
    assert sorted(papers) == ["Paper 1", "Paper 2", "Paper 3"]
    assert world.waiting == []


def test_a_digest_is_as_new_as_what_it_counts(storage: Storage) -> None:
    world = a_world(storage, channel={"digest": "hourly"})
    world.at += HOUR
    before, other = world.at, World(storage, world.at)

    def now() -> datetime:
        if world.at > before:
            return world.at
        other.takes_in(1)  # while we wait for the channel
        world.at = other.at + MINUTE
        return before

    assert replace(world.digests, now=now).make_due() == 1
    world.takes_in(2)
    world.at += HOUR
    assert world.digests.make_due() == 1
    assert [papers for papers, _ in world.told] == [["Paper 2"]]


def test_who_ends_a_silence_while_others_release_neither_fails_nor_makes_them_fail(
    storage: Storage,
) -> None:
    world = a_world(storage, channel={"quiet": "22:00-07:00"})
    morning = EVENING.replace(hour=7, minute=0) + timedelta(days=1)
    silence = a_silence(rule_id=RULE, until=morning + MINUTE / 2)
    world.takes_in(1, title="Bergen strike ends", text=_text_of("Bergen"))
    _is_night(world)
    world.takes_in(1)  # waits for the end of the night
    world.change(lambda tx: tx.silences.add(silence))
    world.takes_in(2, title="Bergen strike ends", text=_text_of("Bergen"))
    assert world.waiting == [HoldReason.QUIET, HoldReason.SILENCED]
    world.at = morning
    release = world.digests.release

    with ThreadPoolExecutor(1) as pool:
        ends: list[Future[None]] = []

        def meanwhile(*given: Any) -> int:
            ends.append(pool.submit(_unsilence, world))
            with suppress(TimeoutError):
                ends[0].result(timeout=1)  # as far as it comes
            return release(*given)

        replace(world.digests, release=meanwhile).make_due()
        ends[0].result(timeout=60)
    world.digests.make_due()
    assert len(world.told) == 2


def test_what_is_due_and_is_not_told_is_late_and_what_is_held_is_not(storage: Storage) -> None:
    world = a_world(storage, channel={"quiet": "22:00-07:00"})

    def late() -> datetime | None:
        with storage.reading() as tx:
            return late_since(tx, tx.channels.all(), now=world.at, zone=UTC)

    _is_night(world)
    world.takes_in(1)
    _to(6, 1)(world)
    assert late() is None
    _to(8, 1)(world)
    assert late() == EVENING.replace(hour=7, minute=0) + timedelta(days=1)
    world.change(lambda tx: tx.channels.set_state(DESK, ChannelState.PAUSED, reason=None))
    assert late() is None
    world.change(lambda tx: tx.channels.set_state(DESK, ChannelState.ACTIVE, reason=None))
    assert world.digests.make_due() == 1
    assert late() is None


def test_what_cannot_be_rendered_stands_in_nobodys_way(storage: Storage) -> None:
    world = a_world(storage, channel={"quiet": "22:00-07:00"})
    _is_night(world)
    world.takes_in(1)

    def fails(*_: Any) -> bytes:
        raise RuntimeError("a bug")

    broken = Updates(fails, fails, zone=UTC)
    _to(7, 1)(world)
    assert replace(world.digests, release=broken.release).make_due() == 0
    [dropped] = world.every(DeliveryKind.UPDATE, DeliveryState.SUPPRESSED)
    assert dropped.state_reason == "it could not be rendered"
    world.takes_in(2)  # what joins next tells of both
    assert [papers for papers, _ in world.told] == [["Paper 1", "Paper 2"]]
