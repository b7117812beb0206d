"""Carries what is due to its channels: claimed in batches, sent outside of any transaction."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from common.records import dataclass
from monitor.base import clock, measures
from monitor.base.errors import Remedy, RemedyKind, quoted
from monitor.base.measures import Measures
from monitor.base.remedies import remedy_words
from monitor.base.right_of_way import RightOfWay
from monitor.config.secrets import MissingTarget
from monitor.delivery import pacing
from monitor.delivery.delivery_log import DeliveryLog
from monitor.delivery.flow import Ended, Flow, Flows
from monitor.delivery.settling import Settling
from monitor.delivery.turns import Turn, Turns
from monitor.delivery.unsure import Unsure
from monitor.following.told import digests_of
from notifiers.api import DeliveryError, Failure, Message, Notifier, Settings
from notifiers.retry import after_failure
from storage.api.errors import StorageError
from storage.api.outbox import Finish
from storage.api.storage import Storage, Transaction
from storage.model import Channel, ChannelState, Delivery, DeliveryKind, DeliveryState

if TYPE_CHECKING:
    from monitor.pipeline.notices import Notices

log = logging.getLogger("monitor.deliver")

LEASE = timedelta(seconds=60)
"""Longer than any send but e-mail's, whose claims are kept alive (`Courier.keep_alive`)."""

LEFT_TO_OTHERS = LEASE
"""Whoever cannot send leaves a delivery for so long to those who can, before people are told."""

STRETCH_S = 2.0
"""After so long who serves a channel looks up: the program may be about to end."""

LATE = 2
"""A batch is as large as fits into its time; to give the end of it back costs more than a little
delay, so it may take so many times as long."""

NO_MAIL_SERVER = "no mail server is set" + remedy_words(Remedy(RemedyKind.SET_MAIL_SERVER))
NO_KIND = "this program does not know this kind of channel"

Ready = tuple[Notifier, Settings]
"""What sends to a channel, and what it is told at each send."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one thread has claimed of a channel.

    Attributes:
        threads: What deliveries that tell more of a story belong under there.
    """

    channel: Channel
    ready: Ready
    deliveries: Sequence[Delivery]
    threads: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """Carries due deliveries to their channels. Run as many as you like.

    Attributes:
        notifier_of: Returns what sends to channels of a kind; None where nothing here does.
        settings: Returns a channel's settings with secrets; raises MissingTarget when they
            are not on this machine.
        notices: Tells what could not be delivered.
        host: What this machine is called, for those who have several.
        right_of_way: Told when something is delivered.
        is_heard: Whether the log is told what becomes of deliveries.
    """

    storage: Storage
    notifier_of: Callable[[str], Notifier | None]
    settings: Callable[[Channel], Settings]
    notices: "Notices"
    host: str
    owner: str
    now: Callable[[], datetime]
    chance: Callable[[], float]
    measures: Measures = field(default_factory=Measures)
    right_of_way: RightOfWay = field(default_factory=RightOfWay)
    is_heard: bool = True
    in_flight: dict[str, Delivery] = field(default_factory=dict)
    _log: DeliveryLog = field(default_factory=DeliveryLog)
    _flows: Flows = field(default_factory=lambda: Flows(clock.monotonic))
    _turns: Turns = field(init=False)
    _unsure: Unsure = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_turns", Turns(self._take, clock.monotonic))
        unsure = Unsure(self.storage, self.owner, self.in_flight, self.now)
        object.__setattr__(self, "_unsure", unsure)

    def due(self) -> list[str]:
        """Return ids of channels that owe something now, and that this process can send to.

        The others are left to whoever can; when nobody has for a while, people are told.
        """
        with self.storage.reading() as tx:
            ids = tx.outbox.due_channels(now=self.now())
            due = tx.channels.some(ids) if ids else {}
        return [id_ for id_, channel in sorted(due.items()) if self._can_send_to(channel)]

    def width(self, channel_id: str) -> int:
        """Return how many threads may serve a channel now: several while it is slow."""
        if not self._flows.of(channel_id).is_slow:
            return 1
        with self.storage.reading() as tx:
            channel = tx.channels.get(channel_id)
        spec = pacing.spec_of(channel.kind) if channel else None
        return spec.concurrency if spec is not None else 1

    def deliver_due(self, channel_id: str) -> bool:
        """Send what a channel owes, what is due longest first; tell whether more may be due.

        Sending happens between short transactions and never inside one: a slow receiver must
        not hold the database. Each transaction writes down what became of the batch before and
        claims the next. If we die in between, the lease runs out, or is seen to be ours and
        dead, and what was claimed is tried again under the same ids.
        """
        flow = self._flows.of(channel_id)
        if flow.is_crowded:
            return False
        with self.right_of_way.news(), flow.serving():
            until = flow.seconds() + STRETCH_S
            batch = self._turn(flow, channel_id)
            while batch is not None:
                with self._turns.away(flow):
                    left = self._carry(batch, flow)
                if flow.is_crowded or flow.seconds() > until:
                    self._turn(flow, channel_id, left=left, claims=False)
                    return not flow.is_crowded
                batch = self._turn(flow, channel_id, left=left)
        return False

    def send_at_once(
        self, channel_id: str, make: Callable[[Transaction, Channel], Delivery]
    ) -> Delivery | None:
        """Store a message and try it now, before what waits; return it as it stands then.

        None, and nothing is stored, when the channel is not active or its receiver wants nothing
        now.

        Raises:
            MissingTarget: This process cannot send to the channel; nothing is stored.
        """
        flow = Flow(clock.monotonic)
        with self._unsure.claiming() as (tx, claimed):
            channel = tx.channels.get(channel_id)
            if channel is None or channel.state is not ChannelState.ACTIVE:
                return None
            if channel.not_before is not None and channel.not_before > self.now():
                return None
            ready = self._ready(channel)
            made = make(tx, channel)
            tx.outbox.put([made])
            this = tx.outbox.claim(made.id, now=self.now(), lease=LEASE, owner=self.owner)
            pacing.begin(tx, channel, int(this is not None), now=self.now())
            claimed += [this] if this is not None else []
        if claimed:
            left = self._carry(Batch(channel, ready, claimed), flow)
            self._turn(flow, channel_id, left=left, claims=False, is_alone=True)
        with self.storage.reading() as tx:
            return tx.outbox.get(made.id)

    def reap(self) -> int:
        """Take back claims of dead processes, that ran out, or were not begun; return how many."""
        with self.storage.reading() as tx:
            owners = [owner for owner in tx.outbox.lease_owners() if owner != self.owner]
        dead = self.storage.dead_owners(owners) if owners else []
        with self.storage.transaction() as tx:
            now = self.now()
            polls = tx.sources.release(dead, now=now)
            count = tx.outbox.reap(now=now, dead_owners=dead)
        count += self._unsure.give_back()
        if count or polls:
            log.info("took back claims", extra={"deliveries": count, "polls": polls})
        return count + polls

    def keep_alive(self) -> None:
        """Extend the leases of what is being sent right now; call it every 15 s."""
        under_way = list(self.in_flight.values())
        if under_way:
            with self.storage.transaction() as tx:
                for delivery in sorted(under_way, key=lambda delivery: delivery.id):
                    tx.outbox.extend(delivery, until=self.now() + LEASE)

    def _ready(self, channel: Channel) -> "Ready":
        notifier = self.notifier_of(channel.kind)
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
            text = (
                f"Channel {quoted(channel.name)} is owed messages that nobody has been able to send"
            )
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

    def _turn(
        self,
        flow: Flow,
        channel_id: str,
        *,
        left: Sequence[Delivery] = (),
        claims: bool = True,
        is_alone: bool = False,
    ) -> Batch | None:
        """Write down what has ended, give back what was not begun, and claim the next batch.

        Tried until the leases are over: what was sent but not written down is sent again, so
        nothing matters more. Where it was taken with those of others, whose trouble it may have
        been, it is tried again by itself.
        """
        ended = flow.take()
        # What a failure asks for is locked in an order of its own.
        is_alone = is_alone or any(each.error is not None for each in ended)
        turn = Turn(flow, channel_id, ended, left, claims, is_alone)
        patience, begun = threading.Event(), flow.seconds()
        while True:
            try:
                self._turns.take(turn)
            except StorageError as trouble:
                lease = min(
                    (each.delivery.lease_until or self.now() for each in turn.ended), default=None
                )
                if lease is None or self.now() >= lease:
                    self._give_up(turn)
                    raise
                log.warning("cannot write down yet", extra={"why": str(trouble)})
                patience.wait(0.5)
            except Exception:
                if turn.is_alone:
                    self._give_up(turn)
                    raise
            else:
                break
            turn = Turn(flow, channel_id, turn.ended, left, claims, is_alone=True)
        if turn.ended:
            flow.wrote_down(flow.seconds() - begun)
        batch: Batch | None = turn.batch
        return batch

    def _take(self, turns: Sequence[Turn]) -> None:
        """Take turns in one transaction."""
        with self._unsure.claiming() as (tx, claimed):
            ended = [each for turn in turns for each in turn.ended]
            settled = self._settling.settle(tx, ended, [e for turn in turns for e in turn.left])
            batches = self._claim(tx, [turn for turn in turns if turn.claims])
            claimed += [each for _, batch in batches for each in batch.deliveries]
        for turn in turns:
            self._forget(turn)
        for turn, batch in batches:
            turn.batch = batch
        if self.is_heard:
            self._log.say(settled)
        for done in settled:
            self._measure(done.ended)

    def _give_up(self, turn: Turn) -> None:
        """Leave what has ended to whoever comes when its lease is over; give back the rest soon."""
        self._forget(turn)
        self._unsure.note(turn.left)

    def _forget(self, turn: Turn) -> None:
        self._unsure.land((*(each.delivery for each in turn.ended), *turn.left))

    def _measure(self, ended: Ended) -> None:
        kind = ended.channel.kind
        self.measures.count(measures.SENT, kind, ended.end.outcome)
        if ended.end.state is DeliveryState.DELIVERED:
            took = ended.end.ended_at - ended.delivery.created_at
            self.measures.observe(measures.ON_ITS_WAY, took.total_seconds(), kind)

    def _claim(self, tx: Transaction, turns: Sequence[Turn]) -> list[tuple[Turn, Batch]]:
        """Claim what the channels of these turns are owed, each as much as it takes soon."""
        if not turns:
            return []
        now, asking = self.now(), self._asking(tx, turns)
        limits = {
            channel.id: pacing.room(tx, channel, now=now, most=sum(size for _, size in asked))
            for channel, _, asked in asking
        }
        limits = {id_: limit for id_, limit in limits.items() if limit > 0}
        claimed: dict[str, list[Delivery]] = {}
        for each in tx.outbox.claim_due(limits, now=now, lease=LEASE, owner=self.owner):
            claimed.setdefault(each.channel_id, []).append(each)
        batches = []
        for channel, ready, asked in asking:
            deliveries = claimed.get(channel.id, [])
            pacing.begin(tx, channel, len(deliveries), now=now)
            threads = {each.id: _thread_of(tx, each) for each in deliveries}
            for turn, size in asked:
                mine, deliveries = deliveries[:size], deliveries[size:]
                if mine:
                    batches.append((turn, Batch(channel, ready, mine, threads)))
        return batches

    def _asking(
        self, tx: Transaction, turns: Sequence[Turn]
    ) -> list[tuple[Channel, "Ready", list[tuple[Turn, int]]]]:
        """Return the channels that can be sent to, by id, each with its turns and their sizes."""
        by_channel: dict[str, list[Turn]] = {}
        for turn in turns:
            by_channel.setdefault(turn.channel_id, []).append(turn)
        asking = []
        for _, channel in sorted(tx.channels.some(by_channel).items()):
            try:
                ready = self._ready(channel)
            except MissingTarget:
                continue
            spec = pacing.spec_of(channel.kind)
            assert spec is not None  # there is what sends to it
            mine = [(turn, turn.flow.size(spec.at_once)) for turn in by_channel[channel.id]]
            asking.append((channel, ready, mine))
        return asking

    def _carry(self, batch: Batch, flow: Flow) -> Sequence[Delivery]:
        """Send a batch as far as that goes well and quickly; return what was not begun.

        A receiver that wants no more, or that is not well, is not sent the rest of it.
        """
        begun = flow.seconds()
        for place, delivery in enumerate(batch.deliveries, start=1):
            thread, kind = batch.threads.get(delivery.id, ""), batch.channel.kind
            with (
                flow.sending(),
                self.measures.timing(measures.SEND, kind),
                self.right_of_way.waiting(),
            ):
                end, error = self._send(delivery, *batch.ready, thread=thread)
            flow.add(Ended(delivery, batch.channel, end, error))
            is_unwell = error is not None and error.failure is not Failure.PERMANENT
            if is_unwell or flow.seconds() - begun > LATE * flow.window_s:
                return batch.deliveries[place:]
        return ()

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

    @property
    def _settling(self) -> Settling:
        return Settling(self.notices, self.now)


def _thread_of(tx: Transaction, delivery: Delivery) -> str:
    """Return the receipt of what told of this story first, there and to the same; "" for none.

    It is looked up when more is sent, not when that is made: the first may still be on its way.
    """
    is_more = delivery.kind in (DeliveryKind.UPDATE, DeliveryKind.COUNT)
    if not is_more or delivery.alert_id is None:
        return ""
    told = tx.outbox.recent(alert_id=delivery.alert_id, channel_id=delivery.channel_id, limit=None)
    firsts = [each for each in told if each.kind is DeliveryKind.ALERT]
    receipts = [
        first.receipt
        for first in (*firsts, *digests_of(tx, firsts))
        if first.recipient == delivery.recipient
    ]
    return next(filter(None, receipts), "")


def _why_no_notifier(kind: str) -> str:
    spec = pacing.spec_of(kind)
    return NO_MAIL_SERVER if spec is not None and spec.needs_smtp else NO_KIND
