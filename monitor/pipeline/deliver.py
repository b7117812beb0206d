"""One step: carry a due delivery to its channel, and write down what became of it."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.base.errors import Remedy, RemedyKind
from monitor.base.remedies import remedy_words
from monitor.config.secrets import MissingTarget
from monitor.pipeline.notices import Notices
from notifiers.api import DeliveryError, Failure, Message, Notifier, Settings
from notifiers.channels.kinds import KINDS
from notifiers.pace import Pacer
from notifiers.retry import after_failure
from storage.api import Finish, Storage, StorageError, Transaction
from storage.model import Channel, ChannelState, Delivery, DeliveryKind, DeliveryState

log = logging.getLogger("monitor.deliver")

LEASE = timedelta(seconds=60)
"""Longer than any send but e-mail's, whose claims are kept alive (`Courier.keep_alive`)."""

LEFT_TO_OTHERS = LEASE
"""Whoever cannot send leaves a delivery for so long to those who can, before people are told."""

NO_MAIL_SERVER = "no mail server is set" + remedy_words(Remedy(RemedyKind.SET_MAIL_SERVER))
NO_KIND = "this program does not know this kind of channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """Carries due deliveries to their channels, one at a time. Run as many as you like.

    Attributes:
        settings: Returns a channel's settings with secrets; raises MissingTarget when they
            are not on this machine.
        notices: Tells what could not be delivered.
        host: What this machine is called, for those who have several.
    """

    storage: Storage
    notifiers: Mapping[str, Notifier]
    settings: Callable[[Channel], Settings]
    notices: Notices
    host: str
    owner: str
    now: Callable[[], datetime]
    chance: Callable[[], float]
    in_flight: dict[str, Delivery] = field(default_factory=dict)
    pacer: Pacer = field(default_factory=Pacer)

    def due(self) -> list[str]:
        """Return ids of channels that owe something now, and that this process can send to.

        The others are left to whoever can; when nobody has for a while, people are told.
        """
        with self.storage.reading() as tx:
            due = [tx.channels.get(id_) for id_ in tx.outbox.due_channels(now=self.now())]
        return [channel.id for channel in due if channel is not None and self._can_send_to(channel)]

    def deliver_next(self, channel_id: str) -> bool:
        """Try the channel's delivery that is due longest; tell whether there was one.

        Sending happens between two short transactions and never inside one: a slow
        receiver must not hold the database. If we die in between, the lease runs out, or is
        seen to be ours and dead, and the delivery is tried again under the same id.
        """
        with self.storage.transaction() as tx:
            channel = tx.channels.get(channel_id)
            if channel is None:
                return False
            try:
                ready = self._ready(channel)
            except MissingTarget:
                return False
            claimed = tx.outbox.claim_due(
                channel_id=channel_id, now=self.now(), limit=1, lease=LEASE, owner=self.owner
            )
            threads = {delivery.id: _thread_of(tx, delivery) for delivery in claimed}
        for delivery in claimed:
            self._carry(delivery, channel, ready, thread=threads[delivery.id])
        return bool(claimed)

    def send_at_once(
        self, channel_id: str, make: Callable[[Transaction, Channel], Delivery]
    ) -> Delivery | None:
        """Store a message and try it now, before what waits; return it as it stands then.

        None, and nothing is stored, when the channel is not active or its receiver wants nothing
        now.

        Raises:
            MissingTarget: This process cannot send to the channel; nothing is stored.
        """
        with self.storage.transaction() as tx:
            channel = tx.channels.get(channel_id)
            if channel is None or channel.state is not ChannelState.ACTIVE:
                return None
            if channel.not_before is not None and channel.not_before > self.now():
                return None
            ready = self._ready(channel)
            made = make(tx, channel)
            tx.outbox.put([made])
            claimed = tx.outbox.claim(made.id, now=self.now(), lease=LEASE, owner=self.owner)
        if claimed is not None:
            self._carry(claimed, channel, ready)
        with self.storage.reading() as tx:
            return tx.outbox.get(made.id)

    def reap(self) -> int:
        """Take back what dead processes had claimed, and claims that ran out."""
        with self.storage.reading() as tx:
            owners = [owner for owner in tx.outbox.lease_owners() if owner != self.owner]
        dead = self.storage.dead_owners(owners) if owners else []
        with self.storage.transaction() as tx:
            now = self.now()
            polls = tx.sources.release(dead, now=now)
            count = tx.outbox.reap(now=now, dead_owners=dead)
        if count or polls:
            log.info("took back claims", extra={"deliveries": count, "polls": polls})
        return count

    def keep_alive(self) -> None:
        """Extend the leases of what is being sent right now; call it every 15 s."""
        for delivery in list(self.in_flight.values()):
            with self.storage.transaction() as tx:
                tx.outbox.extend(delivery, until=self.now() + LEASE)

    def _ready(self, channel: Channel) -> "Ready":
        notifier = self.notifiers.get(channel.kind)
        if notifier is None:
            raise MissingTarget(_why_no_notifier(channel.kind))
        return notifier, self.settings(channel)

    def _can_send_to(self, channel: Channel) -> bool:
        try:
            self._ready(channel)
        except MissingTarget as missing:
            self._leave(channel, f"{self.host}: {missing}")
            return False
        return True

    def _leave(self, channel: Channel, why: str) -> None:
        """Leave a channel to whoever can send to it; say so when nobody has for a while."""
        noted = channel.state_reason
        if noted is not None and why in noted:
            return
        with self.storage.reading() as tx:
            since = tx.outbox.waiting_since(channel.id, now=self.now())
        if since is None or self.now() - since < LEFT_TO_OTHERS:
            return
        both = why if noted is None else f"{noted}; {why}"
        with self.storage.transaction() as tx:
            if not tx.channels.note(channel.id, both, instead_of=noted) or noted is not None:
                return
            text = f'Channel "{channel.name}" is owed messages that nobody has been able to send'
            told = self.notices.owe(
                tx,
                f"cannot send {channel.id} {since.isoformat()}",
                f"{text}: {why}",
                now=self.now(),
                remedy=Remedy(RemedyKind.MEND_TARGET, channel.name),
                besides=channel,
            )
        log.error(
            "nobody can send to a channel",
            extra={"channel": channel.name, "why": why, "told": told},
        )

    def _carry(
        self, delivery: Delivery, channel: Channel, ready: "Ready", *, thread: str = ""
    ) -> None:
        self.in_flight[delivery.id] = delivery
        try:
            end, error = self._send(delivery, *ready, thread=thread)
            self._write_down(delivery, channel, end, error)
        finally:
            self.in_flight.pop(delivery.id, None)

    def _send(
        self, delivery: Delivery, notifier: Notifier, settings: Settings, *, thread: str
    ) -> tuple[Finish, DeliveryError | None]:
        message = Message(
            id=delivery.id,
            kind=delivery.kind,
            payload=delivery.payload,
            recipient=delivery.recipient,
            thread=thread,
        )
        try:
            receipt = notifier.send(message, settings)
        except DeliveryError as error:
            return self._failed(delivery, error), error
        except Exception as bug:
            # A delivery that trips over our own mistake must not stop the others.
            log.exception("bug while delivering", extra={"delivery": delivery.id})
            mistake = DeliveryError(f"internal error: {type(bug).__name__}", Failure.RETRY)
            return self._failed(delivery, mistake), mistake
        return (
            Finish(
                state=DeliveryState.DELIVERED,
                outcome="ok",
                ended_at=self.now(),
                receipt=receipt,
            ),
            None,
        )

    def _failed(self, delivery: Delivery, error: DeliveryError) -> Finish:
        return after_failure(delivery, error, now=self.now(), chance=self.chance())

    def _write_down(
        self, delivery: Delivery, channel: Channel, end: Finish, error: DeliveryError | None
    ) -> None:
        """Write the end of the attempt, trying until the lease is over.

        What was sent but not written down is sent again, so nothing matters more now.
        """
        patience = threading.Event()
        while True:
            try:
                self._finish(delivery, channel, end, error)
            except StorageError as trouble:
                lease_over = delivery.lease_until is None or self.now() >= delivery.lease_until
                if lease_over:
                    raise
                log.warning("cannot write down yet", extra={"why": str(trouble)})
                patience.wait(0.5)
            else:
                return

    def _finish(
        self, delivery: Delivery, channel: Channel, end: Finish, error: DeliveryError | None
    ) -> None:
        told = None
        free_at = self._paced(channel)
        with self.storage.transaction() as tx:
            end = _as_of(self.now(), end)
            if not tx.outbox.finish(delivery, end):
                log.warning("somebody else has this delivery", extra={"delivery": delivery.id})
                return
            if end.state is DeliveryState.DELIVERED and channel.state_reason is not None:
                tx.channels.note(channel.id, None, instead_of=channel.state_reason)
            if free_at is not None:
                tx.channels.set_not_before(channel.id, free_at)
            if error is not None:
                if error.failure is Failure.WAIT and end.next_at is not None:
                    tx.channels.set_not_before(channel.id, end.next_at)
                if end.outcome == Failure.DISABLED.value:
                    told = self._switch_off(tx, delivery, channel, error)
                elif end.state is DeliveryState.DEAD:
                    told = self._tell_dead(tx, delivery, channel, end)
        self._log(delivery, channel, end, told)

    def _paced(self, channel: Channel) -> datetime | None:
        """Return before when the channel's service takes no more, after this attempt."""
        spec = KINDS.get(channel.kind)
        if spec is None or spec.pace is None:
            return None
        return self.pacer.sent(channel.id, spec.pace, now=self.now())

    def _switch_off(
        self, tx: Transaction, delivery: Delivery, channel: Channel, error: DeliveryError
    ) -> str | None:
        """Send nothing to the channel until somebody acts; tell that once, and return who is told.

        A notice never makes a notice.
        """
        is_news = tx.channels.set_state(channel.id, ChannelState.DISABLED, reason=str(error))
        tx.outbox.hold(channel.id, reason=str(error))
        if not is_news or delivery.kind is DeliveryKind.NOTICE:
            return None
        text = f'Channel "{channel.name}" is switched off: {error}. Its alerts are held'
        return self.notices.owe(
            tx,
            f"disabled {delivery.id}",
            text,
            now=self.now(),
            remedy=Remedy(RemedyKind.MEND_AND_ENABLE, channel.name),
            besides=channel,
        )

    def _tell_dead(
        self, tx: Transaction, delivery: Delivery, channel: Channel, end: Finish
    ) -> str | None:
        """Tell that an alert or a digest will not arrive, once a day for all that end alike."""
        if delivery.kind not in (DeliveryKind.ALERT, DeliveryKind.DIGEST):
            return None
        text = f'A delivery to channel "{channel.name}" was given up: {end.error}'
        return self.notices.owe_once_a_day(
            tx,
            f"dead {channel.id} {end.outcome}",
            text,
            now=self.now(),
            remedy=Remedy(RemedyKind.REDELIVER, delivery.id),
            besides=channel,
        )

    def _log(self, delivery: Delivery, channel: Channel, end: Finish, told: str | None) -> None:
        extra = {"delivery": delivery.id, "channel": channel.name}
        if end.state is DeliveryState.DELIVERED:
            log.info("delivered", extra=extra)
        elif end.state is DeliveryState.PENDING:
            log.warning("not delivered yet", extra=extra | {"why": end.error, "again": end.next_at})
        else:
            log.error(
                f"not delivered: {end.state}",
                extra=extra | {"why": end.error or end.reason, "told": told},
            )


def _as_of(now: datetime, end: Finish) -> Finish:
    """Return the end of an attempt by the clock as it is now: it may have been set meanwhile."""
    if end.next_at is None:
        return replace(end, ended_at=now)
    return replace(end, ended_at=now, next_at=now + (end.next_at - end.ended_at))


def _thread_of(tx: Transaction, delivery: Delivery) -> str:
    """Return the receipt of what told of this story first, there and to the same; "" for none.

    It is looked up when more is sent, not when that is made: the first may still be on its way.
    """
    is_more = delivery.kind in (DeliveryKind.UPDATE, DeliveryKind.COUNT)
    if not is_more or delivery.alert_id is None:
        return ""
    told = tx.outbox.recent(alert_id=delivery.alert_id, channel_id=delivery.channel_id, limit=None)
    receipts = [
        first.receipt
        for first in told
        if first.kind is DeliveryKind.ALERT and first.recipient == delivery.recipient
    ]
    return next(filter(None, receipts), "")


Ready = tuple[Notifier, Settings]
"""What sends to a channel, and what it is told at each send."""


def _why_no_notifier(kind: str) -> str:
    spec = KINDS.get(kind)
    return NO_MAIL_SERVER if spec is not None and spec.needs_smtp else NO_KIND
