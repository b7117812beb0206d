"""What every store promises about what is owed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from storage.api.errors import Ambiguous
from storage.api.outbox import Attempt, Finish
from storage.api.storage import Storage
from storage.model import CHANNEL_REMOVED, ChannelState, Delivery, DeliveryKind, DeliveryState
from storage.quiet import Hold, HoldReason
from tests.builders import (
    LEASE,
    MINUTE,
    NOON,
    a_channel,
    a_delivery,
    an_alert,
    an_article,
    given,
)

A_MOMENT = timedelta(microseconds=1)
OK = Finish(state=DeliveryState.DELIVERED, outcome="ok", ended_at=NOON + MINUTE, receipt="r1")


def owed(subject: str, **changes: object) -> Delivery:
    return a_delivery(subject=subject, **changes)


def claim(
    storage: Storage, *, now: datetime = NOON, limit: int = 10, owner: str = "me"
) -> list[Delivery]:
    with storage.transaction() as tx:
        return tx.outbox.claim_due({a_channel().id: limit}, now=now, lease=LEASE, owner=owner)


def finish(storage: Storage, delivery: Delivery, end: Finish) -> bool:
    with storage.transaction() as tx:
        return tx.outbox.finish(delivery, end)


def stored(storage: Storage, delivery: Delivery) -> Delivery:
    with storage.reading() as tx:
        kept = tx.outbox.get(delivery.id)
    assert kept is not None
    return kept


def test_a_delivery_comes_back_as_it_was_put(storage: Storage) -> None:
    delivery = a_delivery(
        recipient="a@x.example",
        payload=bytes(range(256)) * 100,
        state=DeliveryState.SUPPRESSED,
        state_reason="too many today",
        attempts=2,
        maybe=1,
        receipt="r",
        last_error="HTTP 500",
        delivered_at=NOON,
    )
    given(storage, delivery)
    assert stored(storage, delivery) == delivery
    with storage.reading() as tx:
        assert tx.outbox.get("other") is None


def test_putting_again_changes_nothing(storage: Storage) -> None:
    given(storage, owed("a"))
    with storage.transaction() as tx:
        changed = owed("a", payload=b"changed")
        assert tx.outbox.put([changed, owed("b"), owed("b"), owed("c")]) == 2
        assert tx.outbox.put([owed("a"), owed("b")]) == 0
        assert tx.outbox.put([]) == 0
    assert stored(storage, owed("a")) == owed("a")


def test_a_claim_carries_its_lease_and_is_recorded_as_an_attempt(storage: Storage) -> None:
    given(storage, owed("a"))
    (claimed,) = claim(storage)
    assert claimed == replace(
        owed("a"),
        state=DeliveryState.LEASED,
        lease_owner="me",
        lease_token=1,
        lease_until=NOON + LEASE,
    )
    assert stored(storage, claimed) == claimed
    with storage.reading() as tx:
        begun = Attempt(delivery_id=claimed.id, token=1, owner="me", started_at=NOON)
        assert tx.outbox.attempts(claimed.id) == [begun]
        assert tx.outbox.attempts("other") == []


def test_due_deliveries_are_claimed_oldest_first(storage: Storage) -> None:
    given(
        storage,
        owed("now"),
        owed("late", next_at=NOON - MINUTE),
        owed("later", next_at=NOON + A_MOMENT),
        owed("latest", next_at=NOON - 2 * MINUTE),
    )
    first = claim(storage, limit=2)
    assert first == [
        stored(storage, owed("latest")),
        stored(storage, owed("late")),
    ]
    assert [delivery.id for delivery in claim(storage)] == [owed("now").id]
    assert claim(storage) == []
    assert [delivery.id for delivery in claim(storage, now=NOON + A_MOMENT)] == [owed("later").id]


def test_of_several_channels_each_is_claimed_up_to_its_limit(storage: Storage) -> None:
    one, two, shut = (a_channel(name) for name in ("one", "two", "shut"))
    for channel in (one, two, shut):
        age = [
            a_delivery(channel=channel, subject=str(n), next_at=NOON - n * MINUTE)
            for n in (1, 2, 3)
        ]
        given(storage, channel, *age)
    with storage.transaction() as tx:
        tx.channels.set_state(shut.id, ChannelState.PAUSED, reason=None)
        limits = {two.id: 2, shut.id: 3, one.id: 1, "unknown": 1}
        claimed = tx.outbox.claim_due(limits, now=NOON, lease=LEASE, owner="me")
        assert tx.outbox.claim_due({}, now=NOON, lease=LEASE, owner="me") == []
    of = {each.id: [c.next_at for c in claimed if c.channel_id == each.id] for each in (one, two)}
    assert of == {one.id: [NOON - 3 * MINUTE], two.id: [NOON - 3 * MINUTE, NOON - 2 * MINUTE]}
    assert len(claimed) == 3


def test_a_claim_excludes_others_until_it_is_reaped(storage: Storage) -> None:
    given(storage, owed("a"))
    claim(storage)
    with storage.transaction() as tx:
        assert tx.outbox.reap(now=NOON + LEASE - A_MOMENT) == 0
    assert claim(storage, now=NOON + LEASE) == []
    with storage.transaction() as tx:
        assert tx.outbox.reap(now=NOON + LEASE) == 1
        assert tx.outbox.reap(now=NOON + LEASE) == 0
    (again,) = claim(storage, now=NOON + LEASE)
    assert (again.id, again.lease_token, again.maybe, again.attempts) == (owed("a").id, 2, 1, 0)
    with storage.reading() as tx:
        assert [attempt.outcome for attempt in tx.outbox.attempts(again.id)] == [None, None]


def test_claims_of_the_dead_are_reaped_at_once(storage: Storage) -> None:
    given(storage, owed("a"), owed("b", next_at=NOON - MINUTE))
    claim(storage, limit=1, owner="dead")
    claim(storage, owner="alive")
    with storage.transaction() as tx:
        assert tx.outbox.lease_owners() == ["alive", "dead"]
        assert tx.outbox.reap(now=NOON + A_MOMENT, dead_owners=["dead", "nobody"]) == 1
        assert tx.outbox.lease_owners() == ["alive"]
    reaped = stored(storage, owed("b"))
    assert (reaped.state, reaped.maybe) == (DeliveryState.PENDING, 1)
    assert (reaped.lease_owner, reaped.lease_until) == (None, None)
    assert reaped.next_at == NOON + A_MOMENT


def test_who_lost_the_lease_writes_nothing(storage: Storage) -> None:
    given(storage, owed("a"))
    (stale,) = claim(storage)
    with storage.transaction() as tx:
        tx.outbox.reap(now=NOON + LEASE)
    assert not finish(storage, stale, OK)
    with storage.transaction() as tx:
        assert not tx.outbox.extend(stale, until=NOON + timedelta(days=1))
    (fresh,) = claim(storage, now=NOON + LEASE)
    assert not finish(storage, stale, OK)
    assert stored(storage, fresh) == fresh
    with storage.reading() as tx:
        assert [attempt.outcome for attempt in tx.outbox.attempts(fresh.id)] == [None, None]
    assert finish(storage, fresh, OK)
    assert not finish(storage, fresh, OK)


def test_a_late_end_counts_while_nobody_else_took_the_claim(storage: Storage) -> None:
    given(storage, owed("a"))
    (claimed,) = claim(storage)
    late = replace(OK, ended_at=NOON + 10 * LEASE)
    assert finish(storage, claimed, late)


def test_a_success_is_written_down(storage: Storage) -> None:
    given(storage, owed("a", last_error="HTTP 500", attempts=1))
    (claimed,) = claim(storage)
    assert finish(storage, claimed, OK)
    assert stored(storage, claimed) == replace(
        claimed,
        state=DeliveryState.DELIVERED,
        attempts=2,
        delivered_at=NOON + MINUTE,
        receipt="r1",
        last_error=None,
        lease_owner=None,
        lease_until=None,
    )
    with storage.reading() as tx:
        (attempt,) = tx.outbox.attempts(claimed.id)
    assert (attempt.outcome, attempt.ended_at, attempt.error) == ("ok", NOON + MINUTE, None)


def test_a_failure_is_written_down_and_tried_again_when_due(storage: Storage) -> None:
    given(storage, owed("a"))
    (claimed,) = claim(storage)
    again_at = NOON + 3 * MINUTE
    end = Finish(
        state=DeliveryState.PENDING,
        outcome="unknown",
        ended_at=NOON,
        next_at=again_at,
        maybe=True,
        error="time-out",
        reason="waits",
    )
    assert finish(storage, claimed, end)
    failed = stored(storage, claimed)
    assert (failed.state, failed.next_at, failed.attempts) == (DeliveryState.PENDING, again_at, 1)
    assert (failed.maybe, failed.last_error, failed.state_reason) == (1, "time-out", "waits")
    assert failed.delivered_at is None
    assert claim(storage, now=again_at - A_MOMENT) == []
    assert len(claim(storage, now=again_at)) == 1


def test_a_wait_that_the_receiver_asked_for_uses_up_no_try(storage: Storage) -> None:
    given(storage, owed("a"))
    (claimed,) = claim(storage)
    end = Finish(
        state=DeliveryState.PENDING, outcome="wait", ended_at=NOON, next_at=NOON, counts=False
    )
    assert finish(storage, claimed, end)
    assert stored(storage, claimed).attempts == 0


@pytest.mark.parametrize("state", [DeliveryState.DEAD, DeliveryState.HELD])
def test_what_is_dead_or_held_is_not_claimed(storage: Storage, state: DeliveryState) -> None:
    given(storage, owed("a"))
    (claimed,) = claim(storage)
    end = Finish(state=state, outcome="permanent", ended_at=NOON, reason="HTTP 400", error="no")
    assert finish(storage, claimed, end)
    ended = stored(storage, claimed)
    assert (ended.state, ended.state_reason, ended.last_error) == (state, "HTTP 400", "no")
    assert claim(storage, now=NOON + timedelta(days=9)) == []
    with storage.transaction() as tx:
        assert tx.outbox.claim(claimed.id, now=NOON, lease=LEASE, owner="me") is None


def test_a_lease_is_extended(storage: Storage) -> None:
    given(storage, owed("a"))
    (claimed,) = claim(storage)
    with storage.transaction() as tx:
        assert tx.outbox.extend(claimed, until=NOON + 3 * LEASE)
        assert tx.outbox.reap(now=NOON + 2 * LEASE) == 0
        assert tx.outbox.reap(now=NOON + 3 * LEASE) == 1


def test_a_delivery_is_claimed_by_name_due_or_not(storage: Storage) -> None:
    given(storage, owed("a", next_at=NOON + MINUTE))
    with storage.transaction() as tx:
        claimed = tx.outbox.claim(owed("a").id, now=NOON, lease=LEASE, owner="me")
        assert claimed is not None
        assert claimed.lease_until == NOON + LEASE
        assert tx.outbox.claim(owed("a").id, now=NOON, lease=LEASE, owner="me") is None
        assert tx.outbox.claim("unknown", now=NOON, lease=LEASE, owner="me") is None
        assert len(tx.outbox.attempts(claimed.id)) == 1


@pytest.mark.parametrize(
    "state", [ChannelState.PAUSED, ChannelState.DISABLED, ChannelState.REMOVED]
)
def test_nothing_is_taken_for_a_channel_that_is_not_active(
    storage: Storage, state: ChannelState
) -> None:
    given(storage, owed("a"))
    with storage.transaction() as tx:
        assert tx.outbox.due_channels(now=NOON) == [a_channel().id]
        tx.channels.set_state(a_channel().id, state, reason=None)
        assert tx.outbox.due_channels(now=NOON) == []
    assert claim(storage) == []


def test_nothing_is_taken_before_the_receiver_wants_it(storage: Storage) -> None:
    given(storage, owed("a"))
    with storage.transaction() as tx:
        tx.channels.set_not_before(a_channel().id, NOON + MINUTE)
        assert tx.outbox.due_channels(now=NOON + MINUTE - A_MOMENT) == []
        assert tx.outbox.due_channels(now=NOON + MINUTE) == [a_channel().id]
    assert claim(storage, now=NOON + MINUTE - A_MOMENT) == []
    assert len(claim(storage, now=NOON + MINUTE)) == 1


def test_only_channels_that_owe_something_now_are_due(storage: Storage) -> None:
    a, b, c = a_channel("a"), a_channel("b"), a_channel("c")
    given(storage, a, b, c, owed("x", channel=b), owed("y", channel=a), owed("z", channel=b))
    given(storage, owed("x", channel=c, next_at=NOON + MINUTE))
    with storage.reading() as tx:
        assert tx.outbox.due_channels(now=NOON) == sorted([a.id, b.id])
        assert tx.outbox.due_channels(now=NOON - MINUTE) == []
    with storage.transaction() as tx:
        for channel in (a, b):
            tx.outbox.claim_due({channel.id: 1}, now=NOON, lease=LEASE, owner="me")
    with storage.reading() as tx:
        assert tx.outbox.due_channels(now=NOON) == [b.id]


def test_a_claim_touches_only_its_channel(storage: Storage) -> None:
    given(storage, owed("a"), owed("a", channel=a_channel("other")))
    assert [delivery.channel_id for delivery in claim(storage)] == [a_channel().id]
    with storage.transaction() as tx:
        nothing = tx.outbox.claim_due({"unknown": 1}, now=NOON, lease=LEASE, owner="me")
    assert nothing == []


def test_a_channel_is_held_and_let_go(storage: Storage) -> None:
    leased = owed("leased", next_at=NOON - MINUTE)
    given(storage, leased, owed("a", attempts=4), owed("b"), owed("c", channel=a_channel("other")))
    claim(storage, limit=1)
    with storage.transaction() as tx:
        assert tx.outbox.hold(a_channel().id, reason="HTTP 410") == 2
        assert tx.outbox.hold(a_channel().id, reason="HTTP 410") == 0
    held = stored(storage, owed("a"))
    assert (held.state, held.state_reason) == (DeliveryState.HELD, "HTTP 410")
    assert stored(storage, leased).state is DeliveryState.LEASED
    later = NOON + timedelta(days=30)
    with storage.transaction() as tx:
        assert tx.outbox.unhold(a_channel().id, now=later) == 2
    assert stored(storage, owed("a")) == replace(
        owed("a"), next_at=later, give_up_at=later + timedelta(hours=77)
    )
    assert stored(storage, owed("c", channel=a_channel("other"))).state is DeliveryState.PENDING


@pytest.mark.parametrize("state", list(DeliveryState))
def test_what_is_at_rest_can_be_sent_again(storage: Storage, state: DeliveryState) -> None:
    leased = state is DeliveryState.LEASED
    given(
        storage,
        owed(
            "a",
            state=state,
            attempts=5,
            lease_owner="x" if leased else None,
            lease_until=NOON if leased else None,
            delivered_at=NOON if state is DeliveryState.DELIVERED else None,
            state_reason="why",
        ),
    )
    later = NOON + timedelta(days=4)
    with storage.transaction() as tx:
        again = tx.outbox.requeue(owed("a").id, now=later)
        assert not tx.outbox.requeue("unknown", now=later)
    assert again == (state not in (DeliveryState.LEASED, DeliveryState.PENDING))
    if again:
        assert stored(storage, owed("a")) == replace(
            owed("a"), next_at=later, give_up_at=later + timedelta(hours=77)
        )


def test_deliveries_are_counted_by_state(storage: Storage) -> None:
    with storage.reading() as tx:
        assert tx.outbox.counts() == dict.fromkeys(DeliveryState, 0)
    dead = {"kind": DeliveryKind.NOTICE, "state": DeliveryState.DEAD}
    given(storage, owed("a"), owed("b"), owed("c", **dead))
    claim(storage, limit=1)
    with storage.reading() as tx:
        assert tx.outbox.counts() == {
            **dict.fromkeys(DeliveryState, 0),
            DeliveryState.PENDING: 1,
            DeliveryState.LEASED: 1,
            DeliveryState.DEAD: 1,
        }


def test_a_test_that_failed_is_not_counted_as_dead(storage: Storage) -> None:
    failed = {"kind": DeliveryKind.TEST, "alert_id": None, "state": DeliveryState.DEAD}
    dead = failed | {"kind": DeliveryKind.NOTICE}
    given(storage, owed("a", **dead), owed("b", **failed), owed("c", **failed))
    with storage.reading() as tx:
        assert tx.outbox.counts()[DeliveryState.DEAD] == 1


def test_a_delivery_is_found_by_the_beginning_of_its_id(storage: Storage) -> None:
    one, two = owed("1", id="msg_abcd1"), owed("2", id="msg_abcd2")
    given(storage, one, two)
    with storage.reading() as tx:
        for typed in ("msg_abcd1", "abcd1"):
            assert tx.outbox.find(typed) == one
        for typed in ("", "abcf", "bcd1", "msg_x", "msg_abc", "abc"):
            assert tx.outbox.find(typed) is None
        for typed in ("abcd", "msg_abcd"):
            with pytest.raises(Ambiguous):
                tx.outbox.find(typed)


def test_recent_deliveries_come_newest_first(storage: Storage) -> None:
    alert = an_alert(article=an_article("Other"))
    given(
        storage,
        owed("1", id="b", created_at=NOON - MINUTE, state=DeliveryState.DEAD),
        owed("2", id="d", state=DeliveryState.HELD),
        owed("3", id="c", channel=a_channel("other")),
        a_delivery(alert, id="a", created_at=NOON + MINUTE, state=DeliveryState.DELIVERED),
    )
    with storage.reading() as tx:

        def ids(**wanted: object) -> list[str]:
            return [delivery.id for delivery in tx.outbox.recent(**wanted)]  # type: ignore[arg-type]

        assert ids() == ["a", "c", "d", "b"]
        assert ids(limit=1) == ["a"]
        assert ids(limit=None) == ["a", "c", "d", "b"]
        assert ids(open_only=True) == ["c", "d"]
        assert ids(channel_id=a_channel("other").id) == ["c"]
        assert ids(alert_id=alert.id) == ["a"]
        assert ids(since=NOON) == ["a", "c", "d"]
        assert ids(states=[DeliveryState.DEAD, DeliveryState.HELD]) == ["d", "b"]
        assert ids(states=[DeliveryState.DEAD, DeliveryState.HELD], open_only=True) == ["d"]
        (delivery,) = tx.outbox.recent(alert_id=alert.id)
        assert delivery.kind is DeliveryKind.ALERT


def test_workers_that_claim_at_once_share_nothing(storage: Storage) -> None:
    everything = [owed(str(number)) for number in range(40)]
    given(storage, *everything)

    def work(_: int) -> list[str]:
        taken: list[str] = []
        while batch := claim(storage, limit=3):
            taken += [delivery.id for delivery in batch]
        return taken

    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(work, range(4)))

    claimed = [id_ for share in shares for id_ in share]
    assert sorted(claimed) == sorted(delivery.id for delivery in everything)


def test_of_several_that_are_due_since_the_same_moment_the_oldest_is_claimed_first(
    storage: Storage,
) -> None:
    due = [
        owed(str(number), created_at=NOON - number * A_MOMENT, next_at=NOON) for number in range(6)
    ]
    given(storage, *due)
    claimed = claim(storage, limit=4) + claim(storage)
    assert [each.id for each in claimed] == [each.id for each in reversed(due)]


def test_ends_of_several_attempts_are_written_at_once(storage: Storage) -> None:
    given(storage, *(owed(name) for name in "abcd"))
    lost, *ours = claim(storage)
    assert finish(storage, lost, OK)
    again = Finish(
        state=DeliveryState.PENDING,
        outcome="retry",
        ended_at=NOON,
        next_at=NOON + MINUTE,
        error="HTTP 500",
    )
    with storage.transaction() as tx:
        ends = [(lost, again), (ours[0], OK), (ours[1], again), (ours[2], OK)]
        assert tx.outbox.finish_all(ends) == {each.id for each in ours}
        assert tx.outbox.finish_all([]) == set()
    delivered, pending = DeliveryState.DELIVERED, DeliveryState.PENDING
    kept = [stored(storage, each) for each in (lost, *ours)]
    assert [each.state for each in kept] == [delivered, delivered, pending, delivered]
    assert [each.attempts for each in kept] == [1, 1, 1, 1]
    assert [each.receipt for each in kept] == ["r1", "r1", None, "r1"]
    assert kept[2].next_at == NOON + MINUTE
    with storage.reading() as tx:
        outcomes = [tx.outbox.attempts(each.id)[0].outcome for each in kept]
    assert outcomes == ["ok", "ok", "retry", "ok"]


def test_what_is_given_back_is_as_if_it_had_not_been_claimed(storage: Storage) -> None:
    given(storage, owed("a"), owed("b"))
    lost, ours = claim(storage)
    with storage.transaction() as tx:
        tx.outbox.reap(now=NOON, dead_owners=["me"])
    (lost_again, ours) = sorted(claim(storage), key=lambda each: each.id != lost.id)
    with storage.transaction() as tx:
        assert tx.outbox.give_back([lost, ours]) == {ours.id}
    kept = stored(storage, ours)
    assert (kept.state, kept.maybe, kept.attempts) == (DeliveryState.PENDING, 1, 0)
    assert (kept.next_at, kept.lease_owner, kept.lease_until) == (NOON, None, None)
    assert stored(storage, lost) == lost_again
    with storage.reading() as tx:
        assert len(tx.outbox.attempts(ours.id)) == 1
        assert len(tx.outbox.attempts(lost.id)) == 2
    assert [each.id for each in claim(storage)] == [ours.id]


@pytest.mark.parametrize("state", [ChannelState.DISABLED, ChannelState.REMOVED])
def test_what_is_given_back_to_a_channel_that_is_shut_is_held(
    storage: Storage, state: ChannelState
) -> None:
    given(storage, owed("a"))
    claimed = claim(storage)
    with storage.transaction() as tx:
        tx.channels.set_state(a_channel().id, state, reason="HTTP 410")
        assert tx.outbox.give_back(claimed) == {claimed[0].id}
    why = CHANNEL_REMOVED if state is ChannelState.REMOVED else "HTTP 410"
    kept = stored(storage, claimed[0])
    assert (kept.state, kept.state_reason) == (DeliveryState.HELD, why)


def test_of_many_ends_of_one_attempt_one_counts(storage: Storage) -> None:
    given(storage, owed("a"))
    (claimed,) = claim(storage)
    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(lambda _: finish(storage, claimed, OK), range(4)))
    assert sorted(ended) == [False, False, False, True]
    assert stored(storage, claimed).attempts == 1


@pytest.mark.parametrize(
    ("state", "reason", "why"),
    [
        (ChannelState.REMOVED, "x", CHANNEL_REMOVED),
        (ChannelState.DISABLED, "HTTP 410", "HTTP 410"),
        (ChannelState.DISABLED, None, "the channel is switched off"),
    ],
)
@pytest.mark.parametrize("ending", ["finish", "reap"])
def test_what_comes_back_to_a_channel_that_is_shut_is_held(
    storage: Storage, ending: str, state: ChannelState, reason: str | None, why: str
) -> None:
    open_one = a_channel("open")
    given(storage, owed("a"), owed("b", channel=open_one))
    with storage.transaction() as tx:
        (claimed,) = tx.outbox.claim_due({a_channel().id: 1}, now=NOON, lease=LEASE, owner="me")
        (other,) = tx.outbox.claim_due({open_one.id: 1}, now=NOON, lease=LEASE, owner="me")
        tx.channels.set_state(a_channel().id, state, reason=reason)
    again = Finish(
        state=DeliveryState.PENDING,
        outcome="retry",
        ended_at=NOON + MINUTE,
        next_at=NOON + 2 * MINUTE,
        error="HTTP 500",
    )
    with storage.transaction() as tx:
        if ending == "reap":
            assert tx.outbox.reap(now=NOON, dead_owners=["me"]) == 2
        else:
            assert tx.outbox.finish(claimed, again)
            assert tx.outbox.finish(other, again)
    held = stored(storage, claimed)
    assert (held.state, held.state_reason, held.lease_owner) == (DeliveryState.HELD, why, None)
    assert stored(storage, other).state is DeliveryState.PENDING
    assert held.last_error == (None if ending == "reap" else "HTTP 500")


def test_what_was_put_without_a_payload_is_given_none_later(storage: Storage) -> None:
    held = owed("a", payload=b"", state=DeliveryState.HELD, state_reason="a bug")
    given(storage, held)
    with storage.transaction() as tx:
        assert tx.outbox.put([owed("a", payload=b"later"), owed("b")]) == 1
        assert tx.outbox.get(held.id) == held
        assert tx.outbox.get(owed("b").id) == owed("b")


def test_what_has_no_payload_stays_held(storage: Storage) -> None:
    given(storage, owed("a", payload=b"", state=DeliveryState.HELD, state_reason="a bug"))
    with storage.transaction() as tx:
        assert not tx.outbox.requeue(owed("a").id, now=NOON)
        assert tx.outbox.unhold(a_channel().id, now=NOON) == 0
    assert stored(storage, owed("a")).state_reason == "a bug"


def test_the_oldest_open_delivery_is_told(storage: Storage) -> None:
    with storage.reading() as tx:
        assert tx.outbox.oldest_open() is None
    held = {"state": DeliveryState.HELD}
    in_quiet = Hold(reason=HoldReason.QUIET, of=a_channel().id, due_at=NOON + MINUTE)
    given(
        storage,
        owed("gone", created_at=NOON - 9 * MINUTE, state=DeliveryState.DEAD),
        replace(owed("quiet", created_at=NOON - 8 * MINUTE, payload=b"", **held), hold=in_quiet),
        owed("held", created_at=NOON - 2 * MINUTE, **held),
        owed("pending", created_at=NOON - MINUTE),
    )
    with storage.reading() as tx:
        assert tx.outbox.oldest_open() == NOON - 2 * MINUTE


def test_since_when_a_channel_waits_is_told(storage: Storage) -> None:
    given(storage, owed("a", next_at=NOON), owed("b", next_at=NOON + 5 * MINUTE))
    given(storage, owed("c", next_at=NOON - MINUTE, state=DeliveryState.HELD))
    id_ = a_channel().id
    with storage.transaction() as tx:
        assert tx.outbox.waiting_since(id_, now=NOON - MINUTE) is None
        assert tx.outbox.waiting_since(id_, now=NOON + 9 * MINUTE) == NOON
        tx.channels.set_not_before(id_, NOON + 2 * MINUTE)
        assert tx.outbox.waiting_since(id_, now=NOON + 9 * MINUTE) == NOON + 2 * MINUTE
        assert tx.outbox.waiting_since("unknown", now=NOON) is None


def test_what_is_for_others_is_suppressed(storage: Storage) -> None:
    channel = a_channel(recipients=("a", "b"))
    a, b = (owed("x", channel=channel, recipient=recipient) for recipient in ("a", "b"))
    held = owed("y", channel=channel, recipient="b", state=DeliveryState.HELD)
    gone = owed("z", channel=channel, recipient="b", state=DeliveryState.DEAD)
    given(storage, channel, a, b, held, gone, owed("x", channel=a_channel("other")))
    with storage.transaction() as tx:
        assert tx.outbox.suppress(channel.id, but_for=("a",), reason="elsewhere") == 2
        assert tx.outbox.suppress(channel.id, but_for=("a",), reason="elsewhere") == 0
    assert stored(storage, a).state is DeliveryState.PENDING
    assert stored(storage, gone).state is DeliveryState.DEAD
    for each in (b, held):
        ended = stored(storage, each)
        assert (ended.state, ended.state_reason) == (DeliveryState.SUPPRESSED, "elsewhere")
