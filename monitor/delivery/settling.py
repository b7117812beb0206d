"""What the ends of attempts change: deliveries, their channel, and whom is told."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import fields, replace
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from common.records import dataclass
from monitor.base.errors import Remedy, RemedyKind, quoted
from monitor.delivery import pacing
from monitor.delivery.flow import Ended
from notifiers.api import DeliveryError, Failure
from storage.api.outbox import Finish
from storage.api.storage import Transaction
from storage.model import Channel, ChannelState, Delivery, DeliveryKind, DeliveryState

if TYPE_CHECKING:
    from monitor.pipeline.notices import Notices


@dataclass(frozen=True, slots=True)
class Settled:
    """An end that was written down, to be logged once the transaction has been committed."""

    ended: Ended
    told: str | None = None
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class Settling:
    """Writes down how attempts ended, those of several channels in one transaction."""

    notices: "Notices"
    now: Callable[[], datetime]

    def settle(
        self, tx: Transaction, ended: Sequence[Ended], left: Sequence[Delivery] = ()
    ) -> list[Settled]:
        """Write the ends of attempts, and give back what was not begun.

        Channels are changed in the order of their ids: who does the same at the same time waits.
        """
        now = self.now()
        ended = _as_of(now, ended)
        written: set[str] = set()
        if ended:
            written = tx.outbox.finish_all([(each.delivery, each.end) for each in ended])
        if left:
            tx.outbox.give_back(left)
        by_channel: dict[str, list[Ended]] = {}
        for each in ended:
            by_channel.setdefault(each.channel.id, []).append(each)
        begun = Counter(each.channel_id for each in (*(e.delivery for e in ended), *left))
        settled: list[Settled] = []
        for id_, theirs in sorted(by_channel.items()):
            settled += self._settle_one(tx, theirs, written, begun=begun[id_], now=now)
        return settled

    def _settle_one(
        self,
        tx: Transaction,
        ended: Sequence[Ended],
        written: Collection[str],
        *,
        begun: int,
        now: datetime,
    ) -> list[Settled]:
        """Do what the ends of one channel's attempts ask for."""
        channel = ended[0].channel
        free_at = pacing.end(tx, channel, begun=begun, sent=len(ended), now=now)
        if free_at is not None:
            tx.channels.set_not_before(channel.id, free_at)
        ours = [each for each in ended if each.delivery.id in written]
        if channel.state_reason is not None and any(
            each.end.state is DeliveryState.DELIVERED for each in ours
        ):
            tx.channels.note(channel.id, None, instead_of=channel.state_reason)
        settled = [Settled(each, self._effects(tx, each)) for each in ours]
        return settled + [
            Settled(each, is_lost=True) for each in ended if each.delivery.id not in written
        ]

    def _effects(self, tx: Transaction, ended: Ended) -> str | None:
        """Do what a failure asks for beside its delivery; return who is told, if anybody."""
        end, error, channel = ended.end, ended.error, ended.channel
        if error is None:
            return None
        if error.failure is Failure.WAIT and end.next_at is not None:
            tx.channels.set_not_before(channel.id, end.next_at)
        if end.outcome == Failure.DISABLED.value:
            return self._switch_off(tx, ended.delivery, channel, error)
        if end.state is DeliveryState.DEAD:
            return self._tell_dead(tx, ended.delivery, channel, end)
        return None

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
        text = f"Channel {quoted(channel.name)} is switched off: {error}. Its alerts are held"
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
        text = f"A delivery to channel {quoted(channel.name)} was given up: {end.error}"
        return self.notices.owe_once_a_day(
            tx,
            f"dead {channel.id} {end.outcome}",
            text,
            now=self.now(),
            remedy=Remedy(RemedyKind.REDELIVER, delivery.id),
            besides=channel,
        )


def _as_of(now: datetime, ended: Sequence[Ended]) -> list[Ended]:
    """Return ends by the clock as it is now: it may have been set meanwhile. Alike ones are one."""
    ends: dict[tuple[object, ...], Finish] = {}
    moved = []
    for each in ended:
        end = each.end
        again_in = None if end.next_at is None else end.next_at - end.ended_at
        alike = again_in, *_but_when(end)
        if alike not in ends:
            again = None if again_in is None else now + again_in
            ends[alike] = replace(end, ended_at=now, next_at=again)
        moved.append(Ended(each.delivery, each.channel, ends[alike], each.error))
    return moved


_but_when = attrgetter(
    *(field.name for field in fields(Finish) if field.name not in {"ended_at", "next_at"})
)
