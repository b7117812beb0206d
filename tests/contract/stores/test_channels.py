"""What every store promises about channels."""

import pytest

from storage.api.errors import Ambiguous
from storage.api.storage import Storage, Transaction
from storage.model import CHANNEL_REMOVED, Channel, ChannelState, DeliveryState
from tests.builders import MINUTE, NOON, a_channel, a_delivery, given


def stored(storage: Storage, channel: Channel | None = None) -> Channel:
    with storage.reading() as tx:
        channel_ = tx.channels.get((channel or a_channel()).id)
    assert channel_ is not None
    return channel_


def test_a_channel_comes_back_as_it_was_added(storage: Storage) -> None:
    channel = a_channel(
        recipients=("a@x.example", "b@x.example"),
        state=ChannelState.DISABLED,
        state_reason="410",
        not_before=NOON,
    )
    with storage.transaction() as tx:
        assert tx.channels.add(channel)
    assert stored(storage) == channel


def test_adding_a_known_channel_changes_nothing(storage: Storage) -> None:
    given(storage, a_channel())
    with storage.transaction() as tx:
        assert not tx.channels.add(a_channel(target="other"))
    assert stored(storage) == a_channel()


def test_a_removed_channel_is_kept_not_listed_and_can_come_back(storage: Storage) -> None:
    given(storage, a_channel())
    with storage.transaction() as tx:
        tx.channels.set_state(a_channel().id, ChannelState.REMOVED, reason=None)
    with storage.reading() as tx:
        assert tx.channels.all() == []
        assert tx.channels.find("desk") is None
    assert stored(storage).state is ChannelState.REMOVED
    with storage.transaction() as tx:
        assert tx.channels.add(a_channel(target="other"))
    assert stored(storage) == a_channel(target="other")


def test_channels_are_listed_by_name(storage: Storage) -> None:
    given(storage, a_channel("b"), a_channel("B"), a_channel("a", state=ChannelState.PAUSED))
    with storage.reading() as tx:
        assert [channel.name for channel in tx.channels.all()] == ["B", "a", "b"]


def test_some_channels_are_asked_for_at_once_removed_ones_too(storage: Storage) -> None:
    gone = a_channel("gone")
    given(storage, a_channel("a"), a_channel("b"), gone)
    with storage.transaction() as tx:
        tx.channels.set_state(gone.id, ChannelState.REMOVED, reason=None)
        asked = tx.channels.some([a_channel("a").id, gone.id, "unknown"])
        assert {id_: each.name for id_, each in asked.items()} == {
            a_channel("a").id: "a",
            gone.id: "gone",
        }
        assert tx.channels.some([]) == {}


def test_a_channel_is_found_by_name_or_beginning_of_its_id(storage: Storage) -> None:
    given(storage, a_channel(), a_channel("one", id="abcd1"), a_channel("two", id="abcd2"))
    with storage.reading() as tx:
        for typed in ("desk", a_channel().id, a_channel().id[:10]):
            assert tx.channels.find(typed) == a_channel()
        assert tx.channels.find("") is None
        assert tx.channels.find("Desk") is None
        with pytest.raises(Ambiguous):
            tx.channels.find("abcd")


def test_a_state_is_set_with_its_reason(storage: Storage) -> None:
    given(storage, a_channel())
    with storage.transaction() as tx:
        tx.channels.set_state(a_channel().id, ChannelState.DISABLED, reason="HTTP 410")
        tx.channels.set_state("unknown", ChannelState.PAUSED, reason=None)
    disabled = stored(storage)
    assert (disabled.state, disabled.state_reason) == (ChannelState.DISABLED, "HTTP 410")
    with storage.transaction() as tx:
        tx.channels.set_state(a_channel().id, ChannelState.ACTIVE, reason=None)
    assert stored(storage) == a_channel()


def test_a_wish_to_wait_only_moves_forward_until_it_is_taken_back(storage: Storage) -> None:
    given(storage, a_channel())
    for instant, then in (
        (NOON, NOON),
        (NOON - MINUTE, NOON),
        (NOON + MINUTE, NOON + MINUTE),
        (None, None),
        (NOON, NOON),
    ):
        with storage.transaction() as tx:
            tx.channels.set_not_before(a_channel().id, instant)
            tx.channels.set_not_before("unknown", instant)
        assert stored(storage).not_before == then


def test_what_a_revived_channel_still_owed_was_made_for_another_target(storage: Storage) -> None:
    other = a_channel("other")
    pending, untouched = a_delivery(), a_delivery(channel=other)
    given(storage, pending, other, untouched)
    with storage.transaction() as tx:
        tx.channels.set_state(a_channel().id, ChannelState.REMOVED, reason=None)
        assert tx.channels.add(a_channel(target="elsewhere", added_at=NOON + MINUTE))
        assert not tx.outbox.requeue(pending.id, now=NOON + MINUTE)
        assert tx.outbox.unhold(a_channel().id, now=NOON + MINUTE) == 0
    with storage.reading() as tx:
        held = tx.outbox.get(pending.id)
        assert tx.outbox.get(untouched.id) == untouched
    assert held is not None
    assert (held.state, held.state_reason) == (DeliveryState.HELD, CHANNEL_REMOVED)


def test_channels_are_locked_by_id_removed_ones_too(storage: Storage) -> None:
    given(storage, a_channel("x", id="b"), a_channel("y", id="a"), a_channel("z", id="c"))
    with storage.transaction() as tx:
        tx.channels.set_state("b", ChannelState.REMOVED, reason=None)
        assert [channel.id for channel in tx.channels.lock(["b", "a", "a", "?"])] == ["a", "b"]
        assert tx.channels.lock([]) == []


def test_a_channel_that_comes_back_with_its_target_takes_up_what_it_owed(storage: Storage) -> None:
    known = a_channel(target_print="one")
    pending = a_delivery(channel=known)
    given(storage, known, pending)
    later = NOON + MINUTE
    with storage.transaction() as tx:
        tx.channels.set_state(known.id, ChannelState.REMOVED, reason=CHANNEL_REMOVED)
        tx.outbox.hold(known.id, reason=CHANNEL_REMOVED)
        assert tx.channels.add(a_channel(target_print="one", added_at=later))
        assert tx.outbox.unhold(known.id, now=later) == 1
    with storage.reading() as tx:
        owed = tx.outbox.get(pending.id)
    assert owed is not None
    assert (owed.state, owed.next_at) == (DeliveryState.PENDING, later)
    with storage.transaction() as tx:
        tx.channels.set_state(known.id, ChannelState.REMOVED, reason=CHANNEL_REMOVED)
        assert tx.channels.add(a_channel(target_print="one", kind="slack", added_at=later))
        assert tx.outbox.unhold(known.id, now=later) == 0


def test_of_several_that_set_a_state_one_is_told_that_it_is_new(storage: Storage) -> None:
    given(storage, a_channel())
    with storage.transaction() as tx:
        assert tx.channels.set_state(a_channel().id, ChannelState.DISABLED, reason="1")
        assert not tx.channels.set_state(a_channel().id, ChannelState.DISABLED, reason="2")
        assert not tx.channels.set_state("unknown", ChannelState.DISABLED, reason="2")
    assert stored(storage).state_reason == "2"


def test_a_channel_is_replaced_as_a_whole(storage: Storage) -> None:
    given(storage, a_channel())
    new = a_channel(
        "lobby", id=a_channel().id, target="x", target_print="p", settings_id="s", added_at=NOON
    )
    with storage.transaction() as tx:
        tx.channels.update(new)
        tx.channels.update(a_channel("unknown"))
        assert tx.channels.all() == [new]
    assert stored(storage) == new


def test_an_active_channel_is_noted_by_one_of_several(storage: Storage) -> None:
    given(storage, a_channel())
    id_ = a_channel().id
    with storage.transaction() as tx:
        assert tx.channels.note(id_, "no secret", instead_of=None)
        assert not tx.channels.note(id_, "no server", instead_of=None)
        assert stored_in(tx, id_).state_reason == "no secret"
        assert tx.channels.note(id_, None, instead_of="no secret")
        tx.channels.set_state(id_, ChannelState.PAUSED, reason=None)
        assert not tx.channels.note(id_, "no secret", instead_of=None)
        assert not tx.channels.note("unknown", "no secret", instead_of=None)
        assert stored_in(tx, id_).state_reason is None


def stored_in(tx: Transaction, id: str) -> Channel:
    channel = tx.channels.get(id)
    assert channel is not None
    return channel
