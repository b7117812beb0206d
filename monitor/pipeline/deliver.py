"""One step: carry a due delivery to its channel, and write down what became of it."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.base.errors import Remedy, RemedyKind
from monitor.base.remedies import remedy_words
from monitor.config.secrets import MissingTarget
from monitor.pipeline.notices import Notices
from notifiers.api import DeliveryError, Failure, Message, Notifier, Settings
from notifiers.channels.kinds import KINDS
from notifiers.retry import after_failure
from storage.api import Finish, Storage, StorageError, Transaction
from storage.model import Channel, ChannelState, Delivery, DeliveryKind, DeliveryState

log = logging.getLogger("monitor.deliver")

LEASE = timedelta(seconds=60)
"""Longer than any send but e-mail's, whose claims are kept alive (`Courier.keep_alive`)."""

NO_MAIL_SERVER = "no mail server is set" + remedy_words(Remedy(RemedyKind.SET_MAIL_SERVER))
NO_KIND = "this program does not know this kind of channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """Carries due deliveries to their channels, one at a time. Run as many as you like.

    Attributes:
        settings: Returns a channel's settings with secrets; raises MissingTarget when they
            are not on this machine.
        notices: Tells what could not be delivered.
    """

    storage: Storage
    notifiers: Mapping[str, Notifier]
    settings: Callable[[Channel], Settings]
    notices: Notices
    owner: str
    now: Callable[[], datetime]
    chance: Callable[[], float]
    in_flight: dict[str, Delivery] = field(default_factory=dict)

    def deliver_next(self, channel_id: str) -> bool:
        """Try the channel's delivery that is due longest; tell whether there was one.

        Sending happens between two short transactions and never inside one: a slow
        receiver must not hold the database. If we die in between, the lease runs out, or is
        seen to be ours and dead, and the delivery is tried again under the same id.
        """
        with self.storage.transaction() as tx:
            claimed = tx.outbox.claim_due(
                channel_id=channel_id, now=self.now(), limit=1, lease=LEASE, owner=self.owner
            )
            channel = tx.channels.get(channel_id)
        for delivery in claimed:
            self._carry(delivery, channel)
        return bool(claimed)

    def deliver_now(self, delivery_id: str, *, timeout: timedelta) -> Delivery:
        """Try this delivery now and return it as it stands then.

        When the daemon has it already, wait up to `timeout` for its first attempt to end.

        Raises:
            LookupError: There is no such delivery.
        """
        deadline = time.monotonic() + timeout.total_seconds()
        while True:
            with self.storage.transaction() as tx:
                mine = tx.outbox.claim(delivery_id, now=self.now(), lease=LEASE, owner=self.owner)
                delivery = mine or tx.outbox.get(delivery_id)
                if delivery is None:
                    raise LookupError(delivery_id)
                channel = tx.channels.get(delivery.channel_id)
            if mine is not None:
                self._carry(mine, channel)
                with self.storage.reading() as tx:
                    return tx.outbox.get(delivery_id) or mine
            if delivery.state is not DeliveryState.LEASED or time.monotonic() > deadline:
                return delivery
            time.sleep(0.05)

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

    def _carry(self, delivery: Delivery, channel: Channel | None) -> None:
        self.in_flight[delivery.id] = delivery
        try:
            end = self._send(delivery, channel)
            self._write_down(delivery, channel, end)
        finally:
            self.in_flight.pop(delivery.id, None)

    def _send(
        self, delivery: Delivery, channel: Channel | None
    ) -> tuple[Finish, DeliveryError | None]:
        if channel is None or channel.state is ChannelState.REMOVED:
            return held(self.now(), "the channel was removed"), None
        notifier = self.notifiers.get(channel.kind)
        if notifier is None:
            return held(self.now(), _why_no_notifier(channel.kind)), None
        message = Message(
            id=delivery.id,
            kind=delivery.kind,
            payload=delivery.payload,
            recipient=delivery.recipient,
        )
        try:
            receipt = notifier.send(message, self.settings(channel))
        except DeliveryError as error:
            return self._failed(delivery, error), error
        except MissingTarget as error:
            return held(self.now(), str(error)), None
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
        self,
        delivery: Delivery,
        channel: Channel | None,
        ended: tuple[Finish, DeliveryError | None],
    ) -> None:
        """Write the end of the attempt, trying until the lease is over.

        What was sent but not written down is sent again, so nothing matters more now.
        """
        end, error = ended
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
        self,
        delivery: Delivery,
        channel: Channel | None,
        end: Finish,
        error: DeliveryError | None,
    ) -> None:
        with self.storage.transaction() as tx:
            end = _as_of(self.now(), end)
            if not tx.outbox.finish(delivery, end):
                log.warning("somebody else has this delivery", extra={"delivery": delivery.id})
                return
            if channel is not None and error is not None:
                if error.failure is Failure.WAIT and end.next_at is not None:
                    tx.channels.set_not_before(channel.id, end.next_at)
                if end.state is DeliveryState.HELD:
                    tx.channels.set_state(channel.id, ChannelState.DISABLED, reason=str(error))
                    tx.outbox.hold(channel.id, reason=str(error))
            told = self._tell(tx, delivery, channel, end, error)
        self._log(delivery, channel, end, told)

    def _tell(
        self,
        tx: Transaction,
        delivery: Delivery,
        channel: Channel | None,
        end: Finish,
        error: DeliveryError | None,
    ) -> str | None:
        """Owe a notice to the fallback channel for what will not arrive; return its name.

        A notice never makes a notice, and a channel is not told through itself.
        """
        name = channel.name if channel else delivery.channel_id
        if error is not None and end.state is DeliveryState.HELD:
            subject = f"disabled {delivery.id}"
            remedy = Remedy(RemedyKind.MEND_AND_ENABLE, name)
            text = f'Channel "{name}" is switched off: {error}. Its alerts are held'
        elif end.state is DeliveryState.DEAD:
            subject = f"dead {delivery.id}"
            remedy = Remedy(RemedyKind.REDELIVER, delivery.id)
            text = f'A delivery to channel "{name}" was given up: {end.error}'
        else:
            return None
        if delivery.kind is DeliveryKind.NOTICE:
            return None
        return self.notices.owe(tx, subject, text, now=self.now(), remedy=remedy, besides=channel)

    def _log(
        self, delivery: Delivery, channel: Channel | None, end: Finish, told: str | None
    ) -> None:
        extra = {
            "delivery": delivery.id,
            "channel": channel.name if channel else delivery.channel_id,
        }
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


def _why_no_notifier(kind: str) -> str:
    spec = KINDS.get(kind)
    return NO_MAIL_SERVER if spec is not None and spec.needs_smtp else NO_KIND


def held(now: datetime, reason: str) -> Finish:
    """Return the end of an attempt that could not even begin and waits for a person."""
    return Finish(
        state=DeliveryState.HELD,
        outcome="disabled",
        ended_at=now,
        counts=False,
        reason=reason,
        error=reason,
    )
