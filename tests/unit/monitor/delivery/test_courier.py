"""Deliveries are carried, left to others, or given up; and people are told once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.config.secrets import MissingTarget
from monitor.delivery.courier import Courier
from monitor.delivery.flow import Ended
from monitor.delivery.settling import Settling
from monitor.delivery.turns import Turn
from monitor.delivery.unsure import Unsure
from monitor.pipeline.notices import Notices
from notifiers.api import DeliveryError, Failure, Message, Settings
from notifiers.channels.kinds import KINDS
from storage.api.errors import StorageError
from storage.api.storage import Storage, Transaction
from storage.model import (
    Channel,
    ChannelState,
    Delivery,
    DeliveryKind,
    DeliveryState,
)
from tests.builders import MINUTE, NOON, a_channel, a_delivery, a_source, an_alert, given

DESK, FALLBACK = a_channel("desk"), a_channel("ops")


@dataclass
class Receiver:
    """Takes what is sent, or answers with an error; implements `notifiers.api.Notifier`."""

    error: DeliveryError | None = None
    taken: list[tuple[Message, Settings]] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None  # what happens while it is sent

    def send(self, message: Message, settings: Settings) -> str | None:
        self.meanwhile()
        if self.error is not None:
            raise self.error
        self.taken.append((message, settings))
        return f"receipt of {message.id}"

    @property
    def ids(self) -> list[str]:
        return [message.id for message, _ in self.taken]


class Host:
    """One machine with a daemon: what it can send to, and its clock."""

    def __init__(
        self,
        storage: Storage,
        receiver: Receiver,
        *,
        name: str = "a",
        knows: Mapping[str, Settings] | None = None,
    ) -> None:
        self.now = NOON
        self.knows = dict(knows) if knows is not None else {"desk": {"url": "x"}, "ops": {}}
        self.courier = Courier(
            storage=storage,
            notifier_of=dict.fromkeys(("webhook", "telegram", "discord"), receiver).get,
            settings=self._settings,
            notices=Notices(render=_text, fallback="ops"),
            host=name,
            owner=f"{name}-1",
            now=lambda: self.now,
            chance=lambda: 0.5,
        )

    def _settings(self, channel: Channel) -> Settings:
        if channel.name not in self.knows:
            raise MissingTarget("the settings are not on this machine")
        return self.knows[channel.name]

    def round(self) -> None:
        """Do what a tick of the daemon does."""
        for channel_id in self.courier.due():
            while self.courier.deliver_due(channel_id):
                pass


def _text(channel: Channel, id: str, recipient: str, text: str) -> bytes:
    return text.encode()


def owed(*names: str) -> list[Delivery]:
    return [a_delivery(an_alert(id=name), DESK) for name in names]


def stored(storage: Storage, delivery: Delivery) -> Delivery:
    with storage.reading() as tx:
        found = tx.outbox.get(delivery.id)
    assert found is not None
    return found


def desk(storage: Storage) -> Channel:
    with storage.reading() as tx:
        channel = tx.channels.get(DESK.id)
    assert channel is not None
    return channel


def notices(storage: Storage) -> list[str]:
    with storage.reading() as tx:
        every = tx.outbox.recent(limit=None)
    return [each.payload.decode() for each in every if each.kind is DeliveryKind.NOTICE]


def test_the_log_says_once_that_a_receiver_is_down_and_once_that_it_is_back(
    storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="monitor.deliver")
    given(storage, DESK, FALLBACK, *owed("1", "2", "3"))
    receiver = Receiver(DeliveryError("HTTP 503", Failure.RETRY))
    host = Host(storage, receiver)
    for _ in range(4):
        host.round()
        host.now += 10 * MINUTE
    [line] = caplog.records
    assert line.levelname == "WARNING"
    assert (line.channel, line.why) == ("desk", "HTTP 503")  # type: ignore[attr-defined]
    caplog.clear()
    receiver.error = None
    host.now = NOON + timedelta(hours=3)
    host.round()
    back, *others = caplog.records
    assert back.getMessage() == "delivered: the channel takes messages again"
    assert (back.after_s, back.failed) == (10800, 12)  # type: ignore[attr-defined]
    assert [line.getMessage() for line in others] == ["delivered"] * 2
    receiver.error = DeliveryError("HTTP 410", Failure.DISABLED)
    given(storage, *owed("4"))
    host.round()
    assert caplog.records[-1].levelname == "ERROR"


def test_who_lacks_the_secret_leaves_a_delivery_to_who_has_it(storage: Storage) -> None:
    given(storage, DESK, FALLBACK, *owed("1", "2"))
    receiver = Receiver()
    without, with_ = Host(storage, receiver, name="b", knows={"ops": {}}), Host(storage, receiver)
    without.round()
    assert [stored(storage, each).state for each in owed("1", "2")] == [DeliveryState.PENDING] * 2
    assert not without.courier.deliver_due(DESK.id)
    with_.round()
    assert sorted(receiver.ids) == sorted(each.id for each in owed("1", "2"))
    assert desk(storage).state is ChannelState.ACTIVE
    assert notices(storage) == []


def test_what_nobody_can_send_is_told_once_and_goes_out_as_soon_as_somebody_can(
    storage: Storage,
) -> None:
    given(storage, DESK, FALLBACK, *owed("1"))
    receiver = Receiver()
    hosts = [Host(storage, receiver, name=name, knows={"ops": {}}) for name in ("a", "b")]
    for seconds in (59, 60, 61, 600):
        for host in hosts:
            host.now = NOON + timedelta(seconds=seconds)
            host.round()
        assert len(notices(storage)) == (0 if seconds < 60 else 1)
    assert 'Channel "desk" is owed messages that nobody has been able to send' in str(
        notices(storage)
    )
    assert desk(storage).state is ChannelState.ACTIVE
    assert desk(storage).state_reason == (
        "a: the settings are not on this machine; b: the settings are not on this machine"
    )
    hosts[0].knows["desk"] = {"url": "x"}
    hosts[0].round()
    assert receiver.ids[-1] == owed("1")[0].id
    assert desk(storage).state_reason is None


def test_a_channel_that_was_paused_is_not_overdue_when_it_is_enabled(storage: Storage) -> None:
    given(storage, DESK, FALLBACK, *owed("1"))
    host = Host(storage, Receiver(), knows={})
    host.now = NOON + timedelta(days=1)
    with storage.transaction() as tx:
        tx.outbox.unhold(DESK.id, now=host.now)
    host.round()
    assert notices(storage) == []


def test_a_secret_that_was_changed_counts_for_what_is_owed(storage: Storage) -> None:
    given(storage, DESK, *owed("1"))
    receiver = Receiver(DeliveryError("HTTP 401", Failure.RETRY))
    host = Host(storage, receiver)
    host.round()
    receiver.error = None
    host.knows["desk"] = {"url": "x", "secret": "new"}
    host.now = NOON + MINUTE
    host.round()
    [(message, settings)] = receiver.taken
    assert (message.payload, settings["secret"]) == (owed("1")[0].payload, "new")


@pytest.mark.parametrize(
    ("failure", "told"), [(Failure.PERMANENT, 1), (Failure.DISABLED, 1), (Failure.RETRY, 0)]
)
def test_many_refused_messages_are_one_notice(
    storage: Storage, failure: Failure, told: int
) -> None:
    names = [str(number) for number in range(30)]
    given(storage, DESK, FALLBACK, *owed(*names))
    host = Host(storage, Receiver(DeliveryError("HTTP 400", failure)), knows={"desk": {}})
    host.round()
    assert len(notices(storage)) == told
    with storage.reading() as tx:
        counts = tx.outbox.counts()
    ended = {Failure.PERMANENT: DeliveryState.DEAD, Failure.DISABLED: DeliveryState.HELD}
    assert counts[ended.get(failure, DeliveryState.PENDING)] == 30


def test_a_day_later_it_is_told_again(storage: Storage) -> None:
    given(storage, DESK, FALLBACK, *owed("1"))
    host = Host(storage, Receiver(DeliveryError("HTTP 400", Failure.PERMANENT)))
    host.knows.pop("ops")
    host.round()
    for hours, so_far in ((23, 1), (25, 2)):
        host.now = NOON + timedelta(hours=hours)
        given(storage, *owed(str(hours)))
        host.round()
        assert len([each for each in notices(storage) if "given up" in each]) == so_far


def test_four_that_are_refused_at_once_switch_a_channel_off_once(storage: Storage) -> None:
    given(storage, DESK, FALLBACK, *owed("1", "2", "3", "4"))
    hosts: list[Host] = []

    class Refusing(Receiver):
        def send(self, message: Message, settings: Settings) -> str | None:
            if hosts:  # while this one is on its way, the next is claimed and refused
                hosts.pop().courier.deliver_due(DESK.id)
            raise DeliveryError("HTTP 410", Failure.DISABLED)

    hosts += [Host(storage, Refusing(), name=name, knows={"desk": {}}) for name in "abcd"]
    hosts.pop().courier.deliver_due(DESK.id)
    assert len(notices(storage)) == 1
    with storage.reading() as tx:
        assert tx.outbox.counts()[DeliveryState.HELD] == 4


class Numbered(Receiver):
    """Counts transactions of the store between what it takes; fails where it is told to."""

    def __init__(self, fails: Mapping[str, Failure] | None = None) -> None:
        super().__init__()
        self.fails = dict(fails or {})

    def send(self, message: Message, settings: Settings) -> str | None:
        super().send(message, settings)
        failure = self.fails.get(message.id)
        if failure is not None:
            raise DeliveryError("no", failure, after=MINUTE if failure is Failure.WAIT else None)
        return None


def aged(*names: str) -> list[Delivery]:
    """Return deliveries each of which is older than the next; their ids say nothing of it."""
    first = NOON - MINUTE
    return [
        replace(each, created_at=first + timedelta(seconds=place), next_at=NOON)
        for place, each in enumerate(owed(*names))
    ]


def test_what_is_owed_leaves_in_the_order_of_its_age(storage: Storage) -> None:
    due = aged(*(str(number) for number in range(40)))
    given(storage, DESK, *due)
    receiver = Receiver()
    Host(storage, receiver).round()
    assert receiver.ids == [each.id for each in due]


def test_who_is_quick_is_sent_many_between_two_transactions(storage: Storage) -> None:
    given(storage, DESK, *aged(*(str(number) for number in range(100))))
    receiver, host = Receiver(), None
    host = Host(storage, receiver)
    turns: list[int] = []
    settle = Settling.settle

    def counted(self: Settling, tx: Transaction, ended: Sequence[Ended], left: object = ()) -> Any:
        turns.append(len(ended))
        return settle(self, tx, ended, left)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Settling, "settle", counted)
        host.round()
    assert sum(turns) == 100
    assert len(turns) < 50
    with storage.reading() as tx:
        attempts = [tx.outbox.attempts(each.id) for each in aged("0", "99")]
    assert [[attempt.outcome for attempt in each] for each in attempts] == [["ok"], ["ok"]]


@pytest.mark.parametrize("failure", [each for each in Failure if each is not Failure.PERMANENT])
def test_after_a_failure_the_rest_of_a_batch_is_not_begun(
    storage: Storage, failure: Failure
) -> None:
    due = aged(*(str(number) for number in range(20)))
    given(storage, DESK, FALLBACK, *due)
    receiver = Numbered({due[10].id: failure})
    host = Host(storage, receiver)
    host.courier._flows.of(DESK.id).usual_s = 0.000_001
    host.courier._flows.of(DESK.id)._last = 64
    claimed = host.courier._turn(host.courier._flows.of(DESK.id), DESK.id)
    assert claimed is not None
    assert len(claimed.deliveries) == 20
    left = host.courier._carry(claimed, host.courier._flows.of(DESK.id))
    assert [each.id for each in left] == [each.id for each in due[11:]]
    host.courier._turn(host.courier._flows.of(DESK.id), DESK.id, left=left, claims=False)
    state = DeliveryState.HELD if failure is Failure.DISABLED else DeliveryState.PENDING
    for each in due[11:]:
        kept = stored(storage, each)
        assert (kept.state, kept.maybe, kept.attempts) == (state, 0, 0)
    with storage.reading() as tx:
        assert tx.outbox.attempts(due[11].id) == []
    assert not host.courier.in_flight


@pytest.mark.parametrize(("owes", "left"), [(12, 0), (20, 6)])
def test_a_batch_that_takes_a_little_longer_is_carried_whole_and_of_a_late_one_the_rest_is_left(
    storage: Storage, owes: int, left: int
) -> None:
    given(storage, DESK, *aged(*(str(number) for number in range(owes))))
    receiver = Receiver()
    host = Host(storage, receiver)
    flow = host.courier._flows.of(DESK.id)
    flow.seconds = lambda: 0.003 * len(receiver.taken)
    flow.usual_s, flow._last = 0.000_001, 64
    batch = host.courier._turn(flow, DESK.id)
    assert batch is not None
    assert len(batch.deliveries) == owes
    assert len(host.courier._carry(batch, flow)) == left


def test_what_one_thread_has_sent_another_writes_down(storage: Storage) -> None:
    due = aged("1", "2", "3")
    given(storage, DESK, *due)
    host = Host(storage, Receiver())
    flow = host.courier._flows.of(DESK.id)
    batch = host.courier._turn(flow, DESK.id)
    assert batch is not None
    host.courier._carry(batch, flow)
    other = host.courier._turn(flow, DESK.id)
    assert other is not None
    assert stored(storage, due[0]).state is DeliveryState.DELIVERED
    assert host.courier._turn(flow, DESK.id, claims=False) is None
    assert stored(storage, due[1]).state is DeliveryState.LEASED


def two_channels(storage: Storage, *names: str) -> Channel:
    """Owe so much to each of two channels; return the other one."""
    other = a_channel("other")
    theirs = [a_delivery(an_alert(id=name), other) for name in names]
    given(storage, DESK, FALLBACK, other, *owed(*names), *theirs)
    return other


def test_what_several_channels_are_owed_is_claimed_and_written_down_in_one_transaction(
    storage: Storage,
) -> None:
    other = two_channels(storage, "1", "2", "3")
    host = Host(storage, Receiver(), knows={"desk": {}, "other": {}})
    for ended in (0, 1):
        turns = []
        for channel in (DESK, other):
            flow = host.courier._flows.of(channel.id)
            turns.append(Turn(flow, channel.id, flow.take()))
            assert len(turns[-1].ended) == ended
        host.courier._take(turns)
        for turn in turns:
            assert {each.channel_id for each in turn.batch.deliveries} == {turn.channel_id}
            host.courier._carry(turn.batch, turn.flow)
    with storage.reading() as tx:
        assert tx.outbox.counts()[DeliveryState.DELIVERED] == 2


def test_several_threads_of_one_channel_claim_together_what_each_sends(storage: Storage) -> None:
    given(storage, DESK, *aged("1", "2", "3"))
    host = Host(storage, Receiver())
    flow = host.courier._flows.of(DESK.id)
    turns = [Turn(flow, DESK.id) for _ in range(4)]
    host.courier._take(turns)
    claimed = [[each.id for each in turn.batch.deliveries] for turn in turns[:3]]
    assert claimed == [[each.id] for each in aged("1", "2", "3")]
    assert turns[3].batch is None


def test_what_goes_wrong_with_one_channel_does_not_stop_another(storage: Storage) -> None:
    two_channels(storage, "1")
    host = Host(storage, Receiver(), knows={"desk": {}, "other": {}})
    asked: list[str] = []

    def settings(channel: Channel) -> Settings:
        asked.append(channel.name)
        if channel.name == "desk":
            raise RuntimeError("our own mistake")
        return {}

    courier = replace(host.courier, settings=settings)
    together = [Turn(courier._flows.of(id_), id_) for id_ in (DESK.id, a_channel("other").id)]
    with pytest.raises(RuntimeError):
        courier._take(together)
    assert "desk" in asked
    assert not courier.in_flight
    with pytest.raises(RuntimeError):
        courier.deliver_due(DESK.id)
    courier.deliver_due(a_channel("other").id)
    assert [message.id for message, _ in receiver_of(host).taken] == [
        a_delivery(an_alert(id="1"), a_channel("other")).id
    ]


def receiver_of(host: Host) -> Receiver:
    receiver = host.courier.notifier_of("webhook")
    assert isinstance(receiver, Receiver)
    return receiver


@contextmanager
def answer_lost(storage: Storage, *, is_committed: bool = True) -> Iterator[None]:
    """Nobody hears what becomes of transactions."""
    transaction = storage.transaction

    @contextmanager
    def lost() -> Iterator[Transaction]:
        with transaction() as tx:
            yield tx
            if not is_committed:
                raise StorageError("the connection was lost before the commit", retry=False)
        raise StorageError("the connection was lost at the commit", retry=False)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(storage, "transaction", lost)
        with pytest.raises(StorageError):
            yield


def test_what_was_claimed_in_a_transaction_that_failed_is_not_kept_from_others(
    storage: Storage,
) -> None:
    given(storage, DESK, *owed("1"))
    host = Host(storage, Receiver())
    host.now = NOON + timedelta(seconds=1, microseconds=234_567)
    with answer_lost(storage):
        host.courier.deliver_due(DESK.id)
    assert not host.courier.in_flight
    assert stored(storage, owed("1")[0]).state is DeliveryState.LEASED
    host.now += timedelta(seconds=1)
    host.courier.keep_alive()
    assert host.courier.reap() == 1  # the lease would last for most of a minute
    given_back = stored(storage, owed("1")[0])
    assert (given_back.state, given_back.maybe) == (DeliveryState.PENDING, 0)
    host.round()
    assert stored(storage, owed("1")[0]).state is DeliveryState.DELIVERED
    assert host.courier.reap() == 0


def test_what_was_claimed_and_kept_alive_before_its_transaction_failed_is_given_back(
    storage: Storage,
) -> None:
    given(storage, DESK, *owed("1"))
    host, transaction = Host(storage, Receiver()), storage.transaction

    @contextmanager
    def lost() -> Iterator[Transaction]:
        with transaction() as tx:
            yield tx
        patched.undo()
        host.now += timedelta(seconds=5)
        host.courier.keep_alive()  # between the commit and the news that its answer was lost
        raise StorageError("the connection was lost at the commit", retry=False)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(storage, "transaction", lost)
        with pytest.raises(StorageError):
            host.courier.deliver_due(DESK.id)
    assert stored(storage, owed("1")[0]).lease_until == host.now + MINUTE
    assert host.courier.reap() == 1
    assert stored(storage, owed("1")[0]).state is DeliveryState.PENDING


def test_what_was_not_begun_and_could_not_be_given_back_is_given_back_soon(
    storage: Storage,
) -> None:
    given(storage, DESK, *owed("1"))
    host = Host(storage, Receiver())
    flow = host.courier._flows.of(DESK.id)
    batch = host.courier._turn(flow, DESK.id)
    assert batch is not None
    with answer_lost(storage, is_committed=False):
        host.courier._turn(flow, DESK.id, left=batch.deliveries, claims=False)
    assert stored(storage, owed("1")[0]).state is DeliveryState.LEASED
    assert host.courier.reap() == 1
    assert stored(storage, owed("1")[0]).state is DeliveryState.PENDING


def test_a_test_whose_claim_was_not_heard_of_does_not_wait_for_the_end_of_its_lease(
    storage: Storage,
) -> None:
    given(storage, DESK)
    host = Host(storage, Receiver())
    with answer_lost(storage):
        host.courier.send_at_once(DESK.id, lambda tx, channel: _made())
    assert not host.courier.in_flight
    assert stored(storage, _made()).state is DeliveryState.LEASED
    assert host.courier.reap() == 1
    assert stored(storage, _made()).state is DeliveryState.PENDING


def test_a_test_is_kept_alive_while_it_is_sent(storage: Storage) -> None:
    given(storage, DESK)
    receiver = Receiver()
    host = Host(storage, receiver)

    def wait() -> None:
        host.now += timedelta(seconds=15)
        host.courier.keep_alive()
        assert stored(storage, _made(lambda: NOON)).lease_until == host.now + MINUTE

    receiver.meanwhile = wait
    ended = host.courier.send_at_once(DESK.id, lambda tx, channel: _made())
    assert ended is not None
    assert ended.state is DeliveryState.DELIVERED
    assert not host.courier.in_flight


def test_of_two_claims_in_doubt_the_one_that_was_made_is_given_back(storage: Storage) -> None:
    given(storage, DESK, *owed("1"))
    now, owner = NOON + timedelta(seconds=1), "a-1"
    with storage.transaction() as tx:
        [made] = tx.outbox.claim_due({DESK.id: 1}, now=now, lease=MINUTE, owner=owner)
    unsure = Unsure(storage, owner, {}, lambda: now)
    unsure.note([made])
    unsure.note([replace(made, lease_until=NOON + MINUTE)])  # was undone before, and is heard late
    assert unsure.give_back() == 1
    assert unsure.give_back() == 0
    assert stored(storage, made).state is DeliveryState.PENDING


def test_a_claim_that_was_undone_ends_no_lease_that_another_thread_has_begun(
    storage: Storage,
) -> None:
    given(storage, DESK, *owed("1"))
    host, transaction = Host(storage, Receiver()), storage.transaction
    in_flight = host.courier.in_flight

    @contextmanager
    def undone() -> Iterator[Transaction]:
        with suppress(ZeroDivisionError), transaction() as tx:
            yield tx
            raise ZeroDivisionError
        in_flight.update((id_, replace(each)) for id_, each in [*in_flight.items()])
        raise StorageError("the connection was lost", retry=False)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(storage, "transaction", undone)
        with pytest.raises(StorageError):
            host.courier.deliver_due(DESK.id)
    assert [*in_flight] == [owed("1")[0].id]


@pytest.mark.parametrize("same_host", [True, False])
def test_what_was_never_claimed_is_not_taken_from_who_claims_it_next(
    storage: Storage, same_host: bool
) -> None:
    given(storage, DESK, *owed("1"))
    host = Host(storage, Receiver())
    other = host if same_host else Host(storage, Receiver(), name="b")
    with answer_lost(storage, is_committed=False):
        host.courier.deliver_due(DESK.id)
    other.now = NOON + timedelta(seconds=1)
    taken_back: list[int] = []
    receiver_of(other).meanwhile = lambda: taken_back.append(host.courier.reap())
    with storage.hold_owner(other.courier.owner):
        other.round()
    assert taken_back == [0]
    sent = stored(storage, owed("1")[0])
    assert (sent.state, sent.attempts) == (DeliveryState.DELIVERED, 1)


def test_what_may_have_been_claimed_is_looked_for_until_its_lease_ends(storage: Storage) -> None:
    given(storage, DESK, *owed("1"))
    host = Host(storage, Receiver())
    with answer_lost(storage, is_committed=False):
        host.courier.deliver_due(DESK.id)
    assert host.courier.reap() == 0
    with storage.transaction() as tx:  # the server commits after all what it was sent
        late = {"now": NOON, "lease": MINUTE, "owner": host.courier.owner}
        assert tx.outbox.claim_due({DESK.id: 1}, **late)  # type: ignore[arg-type]
    assert host.courier.reap() == 1


def test_a_notice_that_switches_its_channel_off_makes_no_other_notice(storage: Storage) -> None:
    third = replace(FALLBACK, id="third", name="third")
    given(storage, DESK, FALLBACK, third)
    receiver = Receiver(DeliveryError("HTTP 410", Failure.DISABLED))
    host = Host(storage, receiver, knows={"desk": {"url": "x"}, "ops": {}, "third": {}})
    with storage.transaction() as tx:
        host.courier.notices.owe(tx, "a subject", "Something happened", now=NOON)
    host.round()
    assert notices(storage) == ["Something happened"]
    with storage.reading() as tx:
        states = {channel.name: channel.state for channel in tx.channels.all()}
    assert states["ops"] is ChannelState.DISABLED


def _made(now: Callable[[], datetime] = lambda: NOON) -> Delivery:
    return a_delivery(channel=DESK, subject=f"test {now()}")


@pytest.mark.parametrize("failure", [f for f in Failure])
def test_a_failed_test_is_tried_once_and_not_queued(storage: Storage, failure: Failure) -> None:
    given(storage, DESK, FALLBACK)
    error = DeliveryError("no", failure, after=MINUTE if failure is Failure.WAIT else None)
    host = Host(storage, Receiver(error))
    ended = host.courier.send_at_once(DESK.id, lambda tx, channel: _made())
    assert ended is not None
    assert (ended.state, ended.last_error) == (DeliveryState.DEAD, "no")
    off = failure is Failure.DISABLED
    assert desk(storage).state is (ChannelState.DISABLED if off else ChannelState.ACTIVE)
    waits = failure is Failure.WAIT
    assert desk(storage).not_before == (NOON + MINUTE if waits else None)
    assert len(notices(storage)) == int(off)


def test_a_test_waits_as_all_others_do_when_the_receiver_asked_for_it(storage: Storage) -> None:
    given(storage, replace(DESK, not_before=NOON + MINUTE))
    receiver = Receiver()
    host = Host(storage, receiver)
    assert host.courier.send_at_once(DESK.id, lambda tx, channel: _made()) is None
    with storage.reading() as tx:
        assert tx.outbox.recent() == []
    host.now = NOON + MINUTE
    ended = host.courier.send_at_once(DESK.id, lambda tx, channel: _made())
    assert ended is not None
    assert ended.state is DeliveryState.DELIVERED


def test_a_test_that_cannot_be_sent_from_here_is_not_queued(storage: Storage) -> None:
    given(storage, DESK)
    with pytest.raises(MissingTarget):
        Host(storage, Receiver(), knows={}).courier.send_at_once(DESK.id, lambda *_: _made())
    with storage.reading() as tx:
        assert tx.outbox.recent() == []


def test_polls_and_deliveries_of_the_dead_are_taken_back_and_counted(storage: Storage) -> None:
    given(storage, DESK, a_source(), *owed("1"))
    with storage.transaction() as tx:
        claim = {"now": NOON, "lease": MINUTE, "owner": "dead-1"}
        assert tx.sources.claim_due(limit=1, **claim)  # type: ignore[arg-type]
        assert tx.outbox.claim_due({DESK.id: 1}, **claim)  # type: ignore[arg-type]
    host = Host(storage, Receiver())
    at_once = host.courier.reap()  # where a database proves that nobody has such a name
    host.now = NOON + MINUTE
    assert at_once + host.courier.reap() == 2
    assert host.courier.reap() == 0


def test_more_of_a_story_is_sent_under_what_told_of_it_first(storage: Storage) -> None:
    alert, other = an_alert(id="1"), an_alert(id="2")
    first = a_delivery(alert, DESK)
    more = [
        replace(a_delivery(each, DESK), id=f"more {each.id}", kind=DeliveryKind.UPDATE)
        for each in (alert, other)
    ]
    given(storage, DESK, FALLBACK, first)
    receiver = Receiver()
    host = Host(storage, receiver)
    host.round()
    given(storage, *(replace(each, next_at=NOON) for each in more))
    host.round()
    threads = {message.id: message.thread for message, _ in receiver.taken}
    assert threads == {
        first.id: "",
        "more 1": f"receipt of {first.id}",
        "more 2": "",  # its story's first message was never sent here
    }


def test_more_of_what_a_digest_told_is_sent_under_the_digest(storage: Storage) -> None:
    alert = an_alert(id="1")
    digest = replace(a_delivery(alert, DESK), id="digest", kind=DeliveryKind.DIGEST, alert_id=None)
    told = replace(
        a_delivery(alert, DESK), payload=b"", state=DeliveryState.BUNDLED, digest_id=digest.id
    )
    more = replace(a_delivery(alert, DESK), id="more", kind=DeliveryKind.UPDATE)
    given(storage, DESK, FALLBACK, told, digest)
    receiver = Receiver()
    host = Host(storage, receiver)
    host.round()
    given(storage, replace(more, next_at=NOON))
    host.round()
    threads = {message.id: message.thread for message, _ in receiver.taken}
    assert threads == {"digest": "", "more": "receipt of digest"}


def test_the_pace_outlasts_a_restart(storage: Storage) -> None:
    chat = replace(DESK, kind="discord")
    pace = KINDS["discord"].pace
    assert pace is not None
    names = [str(number) for number in range(pace.messages + 2)]
    given(storage, chat, FALLBACK, *owed(*names))
    receiver = Receiver()
    for _ in names:  # each is sent by a daemon of its own
        host = Host(storage, receiver)
        host.courier.deliver_due(DESK.id)
        assert len(receiver.ids) <= pace.messages
    host.now += timedelta(seconds=pace.seconds)
    host.round()
    assert len(receiver.ids) == len(names)


def test_a_chat_is_sent_to_no_faster_than_its_pace(storage: Storage) -> None:
    chat = replace(DESK, kind="telegram")
    given(storage, chat, FALLBACK, *owed("1", "2", "3"))
    receiver = Receiver()
    host = Host(storage, receiver)
    host.round()
    assert len(receiver.ids) == 1
    assert desk(storage).not_before == NOON + timedelta(seconds=3)
    host.now += timedelta(seconds=2)
    host.round()
    assert len(receiver.ids) == 1
    for _ in range(2):
        host.now += timedelta(seconds=3)
        host.round()
    assert len(receiver.ids) == 3
