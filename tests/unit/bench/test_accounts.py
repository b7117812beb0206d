"""What a soak says became of each alert: nothing that is lost may look as if it were told."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from bench.base.accounts import (
    FAILED,
    HELD,
    IN_ANOTHER,
    LEFT_OUT,
    LOST,
    PENDING,
    TOLD,
    Account,
    Kept,
)
from bench.base.press import RULES, Digest, Told
from storage.model import DeliveryState

RULE = next(iter(RULES))


def kept(
    states: Mapping[int, DeliveryState],
    carriers: Mapping[int, str] = MappingProxyType({}),
    **digests: DeliveryState,
) -> Kept:
    """Return a store in which each of these items raised an alert, and what tells of it."""
    return Kept(
        stories={item: f"story {item}" for item in states},
        alerts={(RULE, f"story {item}"): (f"alert {item}", item) for item in states},
        owed={(f"alert {item}", "slack"): f"msg_{item}" for item in states},
        deliveries={
            **{f"msg_{item}": (state, carriers.get(item), None) for item, state in states.items()},
            **{f"msg_{code}": (state, None, None) for code, state in digests.items()},
        },
        states={},
        problems=[],
    )


def account(items: int, told: Told, stored: Kept) -> Account:
    filled = Account("slack", is_program=False, rules=[RULE])
    filled.fill(items, told, stored)
    return filled


@pytest.mark.parametrize(
    ("state", "fate"),
    [
        (DeliveryState.PENDING, PENDING),
        (DeliveryState.LEASED, PENDING),
        (DeliveryState.HELD, HELD),
        (DeliveryState.DEAD, FAILED),
        (DeliveryState.DELIVERED, LOST),  # nobody has got it
        (DeliveryState.BUNDLED, LOST),  # and nothing carries it
    ],
)
def test_what_nobody_was_told_is_what_the_store_says_by_name(
    state: DeliveryState, fate: str
) -> None:
    filled = account(1, Told(), kept({1: state}))
    assert filled.came_to == {fate: 1}
    assert bool(filled.lost) is (fate == LOST)


def test_what_a_receiver_has_got_is_told_whatever_the_store_says() -> None:
    assert account(1, Told(told={"1"}), kept({1: DeliveryState.PENDING})).came_to == {TOLD: 1}


def test_what_was_never_stored_or_never_raised_an_alert_is_lost() -> None:
    stored = kept({1: DeliveryState.DELIVERED})
    silent = replace(stored, alerts={}, owed={})
    assert account(2, Told(told={"1"}), stored).came_to == {TOLD: 1, LOST: 1}
    assert account(1, Told(), silent).came_to == {LOST: 1}


def test_an_item_that_joined_a_story_is_told_with_it() -> None:
    stored = kept({1: DeliveryState.DELIVERED})
    joined = replace(stored, stories={1: "story 1", 2: "story 1"})
    assert account(2, Told(told={"1"}), joined).came_to == {TOLD: 1, IN_ANOTHER: 1}


BUNDLED = dict.fromkeys(range(1, 6), DeliveryState.BUNDLED)
IN_ONE = dict.fromkeys(BUNDLED, "msg_abcdef")


def test_a_digest_tells_by_number_of_what_it_has_no_room_for() -> None:
    digest = Digest(listed={"1", "2"}, left_out=3)
    told = Told(told={"1", "2"}, digests={"abcdef": digest})
    filled = account(5, told, kept(BUNDLED, IN_ONE, abcdef=DeliveryState.DELIVERED))
    assert filled.came_to == {TOLD: 2, LEFT_OUT: 3}
    assert (filled.lost, filled.wrong) == ([], [])


def test_a_digest_that_says_too_few_has_lost_some() -> None:
    digest = Digest(listed={"1", "2"}, left_out=2)
    told = Told(told={"1", "2"}, digests={"abcdef": digest})
    filled = account(5, told, kept(BUNDLED, IN_ONE, abcdef=DeliveryState.DELIVERED))
    assert filled.lost == ["slack: #abcdef says too few"]
    assert filled.wrong == ["slack #abcdef says 4 and carries 5"]


def test_what_a_digest_carries_that_has_not_come_waits_with_it() -> None:
    filled = account(5, Told(), kept(BUNDLED, IN_ONE, abcdef=DeliveryState.PENDING))
    assert filled.came_to == {PENDING: 5}
    lost = account(5, Told(), kept(BUNDLED, IN_ONE, abcdef=DeliveryState.DELIVERED))
    assert lost.came_to == {LOST: 5}
