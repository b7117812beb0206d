"""Deliveries are carried, left to others, or given up; and people are told once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from monitor.config.secrets import MissingTarget
from monitor.pipeline.deliver import Courier
from monitor.pipeline.notices import Notices
from notifiers.api import DeliveryError, Failure, Message, Settings
from storage.api import Storage
from storage.model import (
    Channel,
    ChannelState,
    Delivery,
    DeliveryKind,
    DeliveryState,
)
from tests.builders import MINUTE, NOON, a_channel, a_delivery, an_alert, given

DESK, FALLBACK = a_channel("desk"), a_channel("ops")


@dataclass
class Receiver:
    """Takes what is sent, or answers with an error; implements `notifiers.api.Notifier`."""

    error: DeliveryError | None = None
    taken: list[tuple[Message, Settings]] = field(default_factory=list)

    def send(self, message: Message, settings: Settings) -> str | None:
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
            notifiers={"webhook": receiver, "telegram": receiver},
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
            while self.courier.deliver_next(channel_id):
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


def test_who_lacks_the_secret_leaves_a_delivery_to_who_has_it(storage: Storage) -> None:
    given(storage, DESK, FALLBACK, *owed("1", "2"))
    receiver = Receiver()
    without, with_ = Host(storage, receiver, name="b", knows={"ops": {}}), Host(storage, receiver)
    without.round()
    assert [stored(storage, each).state for each in owed("1", "2")] == [DeliveryState.PENDING] * 2
    assert not without.courier.deliver_next(DESK.id)
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
    given(storage, DESK, FALLBACK, *owed("1", "2", "3"))
    receiver = Receiver()
    host = Host(storage, receiver)
    with storage.transaction() as tx:
        claimed = tx.outbox.claim_due(
            channel_id=DESK.id, now=NOON, limit=3, lease=MINUTE, owner="a-1"
        )
    receiver.error = DeliveryError("HTTP 410", Failure.DISABLED)
    for each in claimed:
        host.courier._carry(each, DESK, (receiver, {}))
    assert len(notices(storage)) == 1


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
