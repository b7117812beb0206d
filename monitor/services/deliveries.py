"""Deliveries as people look at them, those that somebody wants sent again, and tests."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from common.records import dataclass
from monitor.base.errors import Missing, Refusal, Remedy, RemedyKind, clipped, quoted
from monitor.base.names import one_named
from monitor.base.times import show_instant
from monitor.config.secrets import MissingTarget
from monitor.pipeline.outbox import messages
from monitor.services.channels import ChannelChanges, channel_named, edit_channel
from monitor.services.mail_login import let_log_in
from storage.api.alerts import Headline
from storage.api.storage import Transaction
from storage.model import (
    CHANNEL_REMOVED,
    Channel,
    ChannelState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    stable_id,
)

if TYPE_CHECKING:
    from monitor.delivery.courier import Courier

_FAILED = (DeliveryState.DEAD, DeliveryState.HELD)


_UNTITLED = {
    DeliveryKind.DIGEST: "a digest",
    DeliveryKind.NOTICE: "a notice",
    DeliveryKind.TEST: "a test",
}


@dataclass(frozen=True, slots=True)
class Owed:
    """A delivery, and its channel; None when that is not known.

    Attributes:
        subject: Which alert it is about; None when that was not asked, or it is about none.
    """

    delivery: Delivery
    channel: Channel | None
    subject: Headline | None = None

    @property
    def about(self) -> str:
        """What it tells, in few words."""
        if self.subject is not None:
            return self.subject.title or "(no title)"
        return _UNTITLED.get(self.delivery.kind, self.delivery.kind.value)

    @property
    def channel_name(self) -> str:
        """What its channel is called; a channel nobody knows is named by its id."""
        return self.channel.name if self.channel else self.delivery.channel_id

    @property
    def next_at(self) -> datetime | None:
        """When it is tried next; None while somebody must act first."""
        channel, delivery = self.channel, self.delivery
        if delivery.hold is not None:
            waits = delivery.state is DeliveryState.HELD
            is_shut = waits and channel is not None and bool(_why_shut(channel))
            return None if is_shut else delivery.hold.due_at
        if delivery.state is DeliveryState.LEASED:
            return delivery.next_at
        if delivery.state is not DeliveryState.PENDING or channel is None:
            return None
        if channel.state is not ChannelState.ACTIVE:
            return None
        return max(delivery.next_at, channel.not_before or delivery.next_at)

    @property
    def waits_for(self) -> str | None:
        """What an open delivery waits for, beside its time."""
        channel, delivery = self.channel, self.delivery
        if delivery.state is DeliveryState.LEASED:
            return "it is being sent"
        if delivery.state is DeliveryState.HELD:
            why = delivery.state_reason or "somebody to act"
            # What holds it back may end, and it still goes nowhere.
            shut = _why_shut(channel) if channel and delivery.hold else ""
            return why if shut in why else f"{why}; {shut}"
        if delivery.state is not DeliveryState.PENDING or channel is None:
            return None
        if shut := _why_shut(channel):
            return shut
        if channel.not_before is not None and channel.not_before > delivery.next_at:
            return f"the receiver wants nothing before {show_instant(channel.not_before)}"
        return channel.state_reason

    @property
    def why(self) -> str | None:
        """Why it is where it is, in the words that matter most."""
        return self.waits_for or self.delivery.last_error or self.delivery.state_reason


def _why_shut(channel: Channel) -> str:
    """Return why nothing goes to a channel; "" if it does."""
    if channel.state is ChannelState.ACTIVE:
        return ""
    if channel.state is ChannelState.PAUSED:
        return "the channel is paused"
    if channel.state is ChannelState.REMOVED:
        return CHANNEL_REMOVED
    return f"the channel is switched off: {channel.state_reason}"


def with_channels(tx: Transaction, deliveries: Iterable[Delivery]) -> list[Owed]:
    """Return deliveries with their channels."""
    channels: dict[str, Channel | None] = {}
    owed = []
    for delivery in deliveries:
        id_ = delivery.channel_id
        if id_ not in channels:
            channels[id_] = tx.channels.get(id_)
        owed.append(Owed(delivery, channels[id_]))
    return owed


def with_subjects(tx: Transaction, deliveries: Iterable[Delivery]) -> list[Owed]:
    """Return deliveries with their channels, and which alerts they are about."""
    owed = with_channels(tx, deliveries)
    subjects = tx.alerts.headlines({id_ for each in owed if (id_ := each.delivery.alert_id)})
    return [replace(each, subject=subjects.get(each.delivery.alert_id or "")) for each in owed]


def requeue_one(tx: Transaction, word: str, *, again: bool, now: datetime) -> Delivery:
    """Make one delivery due again; return it as it stands then.

    Args:
        word: Its id, or the beginning of it; or the code of an alert that one message told of.
        again: Whether it may have been delivered already.

    Raises:
        Refusal: It cannot be sent again; the sentence says why and what to do.
    """
    delivery = tx.outbox.find(word) or _of_alert(tx, word)
    if delivery.state is DeliveryState.LEASED:
        raise Refusal(f"{delivery.id} is being sent right now; wait for its end", misuse=False)
    if delivery.state is DeliveryState.PENDING:
        sooner = tx.channels.get(delivery.channel_id)
        raise Refusal(
            f"{delivery.id} is owed already and due at {show_instant(delivery.next_at)}",
            misuse=False,
            remedy=Remedy(RemedyKind.SEND_SOONER, sooner.name) if sooner else None,
        )
    if delivery.state is DeliveryState.DELIVERED and not again:
        raise Refusal(
            f"{delivery.id} was delivered", remedy=Remedy(RemedyKind.SEND_AGAIN, delivery.id)
        )
    # Whoever removes it holds what is owed to it, and could not see what becomes owed meanwhile.
    channel = next(iter(tx.channels.lock([delivery.channel_id])), None)
    if obstacle := _unreachable(channel):
        raise _refused(delivery, obstacle)
    if not tx.outbox.requeue(delivery.id, now=now):
        raise _refused(delivery, _unfit(delivery))
    return tx.outbox.get(delivery.id) or delivery


def _of_alert(tx: Transaction, word: str) -> Delivery:
    """Return the message that told of the alert with this code, which messages show, not theirs."""
    alert = tx.alerts.find(word.removeprefix("#"))
    if alert is None:
        raise Missing(f'there is no delivery "{clipped(word)}"', word=word)
    every = tx.outbox.recent(alert_id=alert.id, limit=None)
    ids = {each.digest_id or each.id for each in every if each.kind is DeliveryKind.ALERT}
    if len(ids) != 1:
        listed = ", ".join(sorted(ids)) or "none"
        raise Refusal(f"{alert.id} is an alert; name one of its deliveries: {listed}")
    return one_named("delivery", ids.pop(), tx.outbox.find, lambda: ())


def requeue_failed(tx: Transaction, *, since: datetime | None, now: datetime) -> list[Delivery]:
    """Make deliveries due again that are dead or held and whose channel can be sent to.

    No tests: whoever wanted to see whether one arrives has seen that it did not.
    """
    every = tx.outbox.recent(since=since, states=_FAILED, limit=None)
    failed = [delivery for delivery in every if delivery.kind is not DeliveryKind.TEST]
    locked = tx.channels.lock({delivery.channel_id for delivery in failed})
    channels = {channel.id: channel for channel in locked}
    requeued = []
    for delivery in failed:
        reachable = not _unreachable(channels.get(delivery.channel_id))
        if reachable and tx.outbox.requeue(delivery.id, now=now):
            requeued.append(tx.outbox.get(delivery.id) or delivery)
    return requeued


Obstacle = tuple[str, Remedy | None]
"""Why a delivery is not sent, and what can be done."""


def _refused(delivery: Delivery, obstacle: Obstacle) -> Refusal:
    why, remedy = obstacle
    return Refusal(f"{delivery.id}: {why}", misuse=False, remedy=remedy)


def _unreachable(channel: Channel | None) -> Obstacle | None:
    """Return why nothing can be sent to a channel until somebody acts, or None."""
    if channel is None or channel.state is ChannelState.REMOVED:
        why = (
            "its channel was removed; added again with the same target, it is sent all it was owed"
        )
        return why, None
    if channel.state is ChannelState.DISABLED:
        return (
            f"its channel {quoted(channel.name)} is switched off ({channel.state_reason})",
            Remedy(RemedyKind.ENABLE_FOR_THE_OWED, channel.name),
        )
    return None


def _unfit(delivery: Delivery) -> Obstacle:
    """Return why a delivery that is at rest is not sent."""
    if delivery.digest_id is not None:
        remedy = Remedy(RemedyKind.REDELIVER_DIGEST, delivery.digest_id)
        return "another message has told it", remedy
    if delivery.hold is not None:
        due = show_instant(delivery.hold.due_at)
        return f"it is held back ({delivery.state_reason}){f' until {due}' if due else ''}", None
    if not delivery.payload:
        return f"there is nothing to send: {delivery.state_reason}; please report it", None
    return (
        "it was made before its channel was last added, for another target",
        Remedy(RemedyKind.SHOW_ALERT, delivery.alert_id or ""),
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may leave a channel with what was sent to them."""

    channel: Channel
    recipient: str
    delivery: Delivery


def reader_of(tx: Transaction, delivery_id: str | None) -> Reader:
    """Return who may leave with what was sent to them.

    Args:
        delivery_id: None for nothing that we have sent.

    Raises:
        Missing: They are not there any more, or have left once since.
    """
    delivery = tx.outbox.get(delivery_id) if delivery_id else None
    channel = tx.channels.get(delivery.channel_id) if delivery else None
    if delivery is None or channel is None or delivery.recipient not in channel.recipients:
        raise Missing("this link does not lead anywhere any more", word="")
    left_at = tx.meta.get(_left(channel, delivery.recipient))
    if left_at is not None and delivery.created_at <= datetime.fromisoformat(left_at):
        raise Missing("this link was used already", word="")
    return Reader(channel, delivery.recipient, delivery)


def leave(tx: Transaction, home: Path, delivery_id: str | None, *, now: datetime) -> Reader:
    """Send nothing more to whom this was sent; all links sent to them so far end with it.

    A channel that nobody reads any more is switched off.

    Raises:
        Missing: As `reader_of`.
    """
    reader = reader_of(tx, delivery_id)
    channel, recipient = reader.channel, reader.recipient
    others = [each for each in channel.recipients if each != recipient]
    if others:
        changes = ChannelChanges(target=f"mailto:{','.join(others)}")
        edit_channel(tx, home, channel, changes, now=now)
    else:
        why = "its last reader has left"
        tx.channels.set_state(channel.id, ChannelState.DISABLED, reason=why)
        tx.outbox.hold(channel.id, reason=why)
    tx.meta.set(_left(channel, recipient), now.isoformat())
    return reader


def _left(channel: Channel, recipient: str) -> str:
    return f"left {channel.id} {stable_id('recipient', recipient)}"


def send_test(
    courier: "Courier",
    word: str,
    *,
    render: Callable[[Channel, str, str], bytes],
    patience: timedelta,
    pause: Callable[[float], None],
) -> tuple[Channel, list[Delivery]]:
    """Send a channel a test message, once to each recipient; return what became of it.

    The channel is as it is afterwards. What switches it off ends the test: the next recipient
    would only be told that it is off.

    Args:
        word: As `channel_named` takes it.
        render: Makes the message: (channel, delivery id, recipient).
        patience: How long to wait for a receiver that asked for a pause.
        pause: Waits for so many seconds.

    Raises:
        Refusal: There is no such channel, or nothing is sent to it now.
    """
    with courier.storage.hold_owner(courier.owner):
        with courier.storage.reading() as tx:
            channel = channel_named(tx, word)
        ended = []
        for recipient in channel.recipients:
            while (sent := _send_test(courier, channel, recipient, render)) is None:
                pause(_seconds_to_wait(courier, channel, patience))
            ended.append(sent)
            with courier.storage.reading() as tx:
                channel = tx.channels.get(channel.id) or channel
            if channel.state is ChannelState.DISABLED:
                break
    return channel, ended


def _send_test(
    courier: "Courier",
    channel: Channel,
    recipient: str,
    render: Callable[[Channel, str, str], bytes],
) -> Delivery | None:
    now = courier.now()

    def make(tx: Transaction, channel: Channel) -> Delivery:
        let_log_in(tx, channel, now=now)
        one = replace(channel, recipients=(recipient,))
        subject = f"test {now.isoformat()}"
        [made] = messages(tx, DeliveryKind.TEST, subject, one, render, now=now)
        return made

    try:
        return courier.send_at_once(channel.id, make)
    except MissingTarget as missing:
        raise Refusal(f"channel {quoted(channel.name)}: {missing}", misuse=False) from None


def _seconds_to_wait(courier: "Courier", channel: Channel, patience: timedelta) -> float:
    """Return how long the receiver wants nothing yet.

    Raises:
        Refusal: It is longer than anybody waits, or something else is in the way.
    """
    with courier.storage.reading() as tx:
        channel = tx.channels.get(channel.id) or channel
    name = quoted(channel.name)
    if channel.state is not ChannelState.ACTIVE:
        state = "paused"
        if channel.state is not ChannelState.PAUSED:
            state = f"switched off ({channel.state_reason or 'nobody knows why'})"
        raise Refusal(
            f"channel {name} is {state}, so nothing is sent to it",
            misuse=False,
            remedy=Remedy(RemedyKind.ENABLE_CHANNEL, channel.name),
        )
    left = (channel.not_before or courier.now()) - courier.now()
    if left > patience:
        raise Refusal(
            f"the receiver of channel {name} wants nothing before "
            f"{show_instant(channel.not_before)}; nothing was sent",
            misuse=False,
        )
    return max(left.total_seconds(), 0.0)
