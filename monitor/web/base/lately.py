"""The newest alerts in outline, in memory: what pages filter by and chart without asking for all.

An alert's outline never changes once it is stored, so each who asks reads only what came since.
"""

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import field
from datetime import date, datetime, tzinfo
from itertools import islice
from typing import NamedTuple

from common.records import dataclass
from storage.api.articles import AlertOutline
from storage.api.storage import Transaction
from storage.model import Rule

MOST = 20_000
"""So many of the newest alerts are remembered; what is older is found under its rule."""

_AT_A_TIME = 5_000


class Outline(NamedTuple):
    """An alert in outline, and the day on which it was raised by the reader's calendar."""

    alert: AlertOutline
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which alerts are asked for; what is None is not asked for.

    Attributes:
        before: Only alerts with a smaller number.
    """

    since: datetime | None = None
    rule_ids: frozenset[str] | None = None
    source_ids: frozenset[str] | None = None
    language: str | None = None
    channel_id: str | None = None
    before: int | None = None

    def fits(self, alert: AlertOutline) -> bool:
        """Whether an alert is one of those."""
        return (
            (self.rule_ids is None or alert.rule_id in self.rule_ids)
            and (self.language is None or alert.language == self.language)
            and (self.source_ids is None or alert.source_id in self.source_ids)
            and (self.channel_id is None or self.channel_id in alert.channel_ids)
            and (self.before is None or alert.seq < self.before)
        )


@dataclass(slots=True)
class Lately:
    """The newest alerts, newest first. Safe to use from many threads.

    Args:
        zone: By whose calendar days are counted; None for this machine's own.
    """

    zone: tzinfo | None
    _alerts: deque[Outline] = field(default_factory=lambda: deque(maxlen=MOST))
    _rules: tuple[int, tuple[Rule, ...]] = (-1, ())
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, tx: Transaction) -> list[Outline]:
        """Return all that are remembered, newest first, with those that came since."""
        with self._lock:
            newest = tx.figures.alerts(limit=1)
            known = self._alerts[0].alert if self._alerts else None
            if not newest or (known and newest[0].seq < known.seq):
                self._alerts.clear()  # another store than before: it was restored
                known = None
            if newest and known is None:
                self._alerts.extend(map(self._dated, tx.figures.alerts(limit=MOST)))
            elif known is not None and newest[0].seq > known.seq:
                for alert in _after(tx, known.seq):
                    self._alerts.appendleft(self._dated(alert))
            return list(self._alerts)

    def rules(self, tx: Transaction) -> tuple[Rule, ...]:
        """Return all rules that are not removed, without their variants, by creation."""
        revision = tx.rules.revision()
        if self._rules[0] != revision:
            self._rules = (revision, tuple(tx.rules.outlines()))
        return self._rules[1]

    def chosen(self, tx: Transaction, choice: Choice) -> Iterator[Outline]:
        """Yield those that are asked for, newest first."""
        for outline in self.read(tx):
            if choice.since is not None and outline.alert.raised_at < choice.since:
                return  # numbers are given in the order in which alerts are raised
            if choice.fits(outline.alert):
                yield outline

    def _dated(self, alert: AlertOutline) -> Outline:
        return Outline(alert, alert.raised_at.astimezone(self.zone).date())


def _after(tx: Transaction, seq: int) -> Iterator[AlertOutline]:
    while later := tx.figures.alerts(after_seq=seq, limit=_AT_A_TIME):
        yield from later
        seq = later[-1].seq


def first(outlines: Iterator[Outline], count: int) -> list[str]:
    """Return the ids of the next so many alerts."""
    return [outline.alert.alert_id for outline in islice(outlines, count)]
