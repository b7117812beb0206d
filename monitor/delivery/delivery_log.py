"""What the log is told of deliveries: of a receiver that is down once, and once that it is back."""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from storage.model import DeliveryState

if TYPE_CHECKING:
    from monitor.delivery.settling import Settled

log = logging.getLogger("monitor.deliver")


@dataclass(slots=True)
class _Down:
    """A channel whose receiver does not take what it is sent: counted, however long that lasts."""

    since: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True)
class DeliveryLog:
    """Says what became of deliveries. Safe to use from many threads."""

    _down: dict[str, _Down] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, settled: Iterable["Settled"]) -> None:
        """Say what was written down."""
        with self._lock:
            for each in settled:
                self._say(each)

    def _say(self, settled: "Settled") -> None:
        delivery, channel, end = settled.ended.delivery, settled.ended.channel, settled.ended.end
        extra: dict[str, object] = {"delivery": delivery.id, "channel": channel.name}
        if settled.is_lost:
            log.warning("somebody else has this delivery", extra=extra)
        elif end.state is DeliveryState.DELIVERED:
            if (down := self._down.pop(channel.id, None)) is None:
                log.info("delivered", extra=extra)
                return
            after_s = round((end.ended_at - down.since).total_seconds())
            extra |= {"after_s": after_s, "failed": down.tries}
            log.info("delivered: the channel takes messages again", extra=extra)
        elif end.state is DeliveryState.PENDING:
            is_first = channel.id not in self._down
            down = self._down.setdefault(channel.id, _Down(end.ended_at))
            down.tries += 1
            extra |= {"why": end.error, "again": end.next_at}
            if is_first:
                log.warning("not delivered yet; what else fails there is counted", extra=extra)
            else:
                log.debug("not delivered yet", extra=extra)
        else:
            extra |= {"why": end.error or end.reason, "told": settled.told}
            log.error(f"not delivered: {end.state}", extra=extra)
