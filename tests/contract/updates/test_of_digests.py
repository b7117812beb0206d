"""What becomes of a story of which a digest has told is an update, on every store."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.api.outbox import Finish
from storage.api.storage import Storage, Transaction
from storage.model import Delivery, DeliveryKind, DeliveryState
from storage.quiet import HoldReason
from tests.builders import LEASE, a_channel
from tests.contract.updates.desk import EVENING, HOUR, World, a_world

DESK = a_channel().id
QUIET = {"quiet": "21:00-07:00"}
VERDICT = "Kiruna strike: the court rules"
ALERT, UPDATE = DeliveryKind.ALERT, DeliveryKind.UPDATE
PENDING, BUNDLED = DeliveryState.PENDING, DeliveryState.BUNDLED


def _at(hour: int, day: int) -> datetime:
    return EVENING.replace(hour=hour, minute=0) + timedelta(days=day)


def a_desk_with_a_digest(storage: Storage, **desk: Any) -> World:
    """A desk that was told by a digest, at seven of the next day, what Paper 0 told."""
    desk = {"channel": QUIET, "follow_ups": "auto", **desk}
    world = a_world(storage, **desk)
    world.at = _at(7, 1)
    assert world.digests.make_due() == 1
    [told] = world.every(ALERT, BUNDLED)
    assert told.digest_id == _digest(world).id
    return world


def _digest(world: World) -> Delivery:
    [digest] = world.every(DeliveryKind.DIGEST, PENDING)
    return digest


def test_what_comes_days_after_the_digest_is_an_update_by_itself(storage: Storage) -> None:
    world = a_desk_with_a_digest(storage)
    world.at = _at(9, 3)
    world.takes_in(1, title=VERDICT)
    assert world.told == [(["Paper 1"], 2)]
    [update] = world.every(UPDATE, PENDING)
    [alert] = world.every(ALERT, BUNDLED)
    assert json.loads(update.payload)["data"]["alert"]["id"] == alert.alert_id
    world.at += HOUR
    world.takes_in(2, title=VERDICT)
    assert len(world.told) == 1  # which is the same day's news


def test_it_waits_for_the_next_digest_of_the_rule(storage: Storage) -> None:
    world = a_desk_with_a_digest(storage, channel=(), digest="daily@07:00")
    world.at = _at(9, 3)
    world.takes_in(1, title=VERDICT)
    world.takes_in(2, title=VERDICT)
    assert (world.told, world.waiting) == ([], [HoldReason.DIGEST])
    world.at = _at(7, 4)
    assert world.digests.make_due() == 1
    assert [papers for papers, _ in world.told] == [["Paper 2", "Paper 1"]]  # newest first
    assert world.digests.make_due() == 0


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("auto", []),
        ("none", []),
        ("count", []),
        ("thread", [["Paper 1"], ["Paper 2"], ["Paper 3"]]),
        ("every", [["Paper 1"], ["Paper 2"], ["Paper 3"]]),
    ],
)
@pytest.mark.parametrize("kind", ["webhook", "email"])
def test_on_the_same_day_only_those_hear_of_it_who_want_to(
    storage: Storage, kind: str, mode: str, told: list[list[str]]
) -> None:
    """Three outlets more go on with a thread that has one alert; a digest has many."""
    channel = {**QUIET, "kind": kind, **_address(kind)}
    world = a_desk_with_a_digest(storage, channel=channel, follow_ups=mode)
    world.takes_in(1, 2, 3)
    assert len(world.every(UPDATE, PENDING)) == len(told)
    if kind == "webhook":
        assert [papers for papers, _ in world.told] == told


def test_its_readers_hear_that_it_matters_more(storage: Storage) -> None:
    world = a_desk_with_a_digest(storage, escalate=3, follow_ups="none")
    world.takes_in(1)
    assert world.told == []
    world.takes_in(2)
    assert world.told == [(["Paper 1", "Paper 2"], 3)]


def test_what_the_digest_told_of_is_not_told_again(storage: Storage) -> None:
    world = a_world(storage, channel=QUIET, follow_ups="every")
    world.takes_in(1, 2)
    assert world.waiting == []  # they are counted in the digest
    world.at = _at(7, 1)
    assert world.digests.make_due() == 1
    [alert] = json.loads(_digest(world).payload)["data"]["alerts"]
    assert alert["story"]["articles"] == 3
    world.takes_in(3)
    assert world.told == [(["Paper 3"], 4)]


def test_a_digest_is_not_replaced_by_one_of_its_alerts(storage: Storage) -> None:
    channel = {**QUIET, "kind": "slack-bot", **_address("slack-bot")}
    world = a_desk_with_a_digest(storage, channel=channel, follow_ups="count")
    _deliver(world, "17.1")
    world.takes_in(1)
    assert world.every(DeliveryKind.COUNT, PENDING) == []


def test_who_was_not_told_hears_nothing_of_it(storage: Storage) -> None:
    world = a_desk_with_a_digest(storage)
    world.change(lambda tx: _redirect(tx, ("https://other.example/hook",)))
    world.at = _at(9, 3)
    world.takes_in(1, title=VERDICT)
    assert world.told == []


def test_who_was_told_in_a_place_of_somebody_who_left_hears_of_it(storage: Storage) -> None:
    world = a_world(storage, channel=QUIET, follow_ups="auto")
    world.change(lambda tx: _redirect(tx, ("https://other.example/hook",)))
    world.at = _at(7, 1)
    assert world.digests.make_due() == 1
    world.at = _at(9, 3)
    world.takes_in(1, title=VERDICT)
    [update] = world.every(UPDATE, PENDING)
    assert update.recipient == _digest(world).recipient == "https://other.example/hook"


def test_killed_in_between_it_is_told_once_under_the_same_id(storage: Storage) -> None:
    world = a_desk_with_a_digest(storage, channel=(), digest="daily@07:00")
    world.at = _at(9, 3)
    world.takes_in(1, title=VERDICT)
    world.at = _at(7, 4)
    release, made = world.digests.release, list[tuple[str, bytes]]()

    def dies(tx: Transaction, *rest: Any) -> int:
        release(tx, *rest)
        every = tx.outbox.recent(limit=None)
        made.extend((each.id, each.payload) for each in every if _is_update(each))
        raise RuntimeError("killed")

    killed = replace(world.digests, release=dies, failed={})
    assert killed.make_due() == 0
    assert (world.told, world.waiting) == ([], [HoldReason.DIGEST])
    assert world.digests.make_due() == 1
    [update] = world.every(UPDATE, PENDING)
    assert [(update.id, update.payload)] == made


def _is_update(delivery: Delivery) -> bool:
    return delivery.kind is UPDATE and bool(delivery.payload)


def _address(kind: str) -> dict[str, Any]:
    to = {"email": "desk@paper.example", "slack-bot": "C1"}
    return {"recipients": (to[kind],)} if kind in to else {}


def _redirect(tx: Transaction, recipients: Sequence[str]) -> None:
    [desk] = tx.channels.all()
    tx.channels.update(replace(desk, recipients=tuple(recipients)))


def _deliver(world: World, receipt: str) -> None:
    def deliver(tx: Transaction) -> None:
        for each in tx.outbox.claim_due({DESK: 9}, now=world.at, lease=LEASE, owner="me"):
            end = Finish(
                state=DeliveryState.DELIVERED, outcome="ok", ended_at=world.at, receipt=receipt
            )
            assert tx.outbox.finish(each, end)

    world.change(deliver)
