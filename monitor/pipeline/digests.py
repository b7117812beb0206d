"""One step: tell what was held back and is due now: alerts in one message a recipient."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta, tzinfo
from itertools import chain

from common.records import dataclass
from common.words.registry import words_of
from common.words.shape import Words, counted
from monitor.pipeline.outbox import (
    Digest,
    Raised,
    Render,
    delivery_id,
    installation_of,
    made_after,
    messages,
)
from monitor.pipeline.whether_to_tell import STORM
from monitor.quiet.held import why_waits
from monitor.quiet.policy import LONGEST_STORM, MINUTE, STORM_LIMIT, Decision, quiet_hours
from monitor.quiet.schedule import zone_of
from monitor.stories.carried import carried_by
from storage.api.errors import StorageError
from storage.api.storage import Storage, Transaction
from storage.model import Alert, Channel, ChannelState, Delivery, DeliveryKind, stable_id
from storage.quiet import Hold, HoldReason, Priority

log = logging.getLogger("monitor.digests")

MOST_LISTED = 500
"""So many alerts of a digest are read to be told of; the others are counted."""

AGAIN_AFTER = timedelta(minutes=1)
"""When a digest that we tripped over is tried again."""

LOOK_AGAIN = timedelta(seconds=15)
"""When it is seen again whether a storm is over."""

RenderDigest = Callable[[Digest, Channel, str, str], bytes]
"""(what was held back, channel, delivery id, recipient) to the bytes to send."""

Release = Callable[[Transaction, Channel, Sequence[Delivery], datetime], int]
"""(transaction, channel, its updates that are due, now) to how many messages tell of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """Makes digests of alerts that are due, and has updates that are due told.

    Run it as often as you like, in as many processes.

    A digest and the note in each alert that it carries are written in one transaction, and its id
    is made of the alerts that it carries: whoever is killed in between has made nothing.

    Attributes:
        release: Has updates told that were held back and are due.
        zone: In which quiet hours of channels are meant that name no zone; None for this
            machine's own.
        language: Of the readers of channels that name none.
    """

    storage: Storage
    render: RenderDigest
    render_alert: Render
    release: Release
    now: Callable[[], datetime]
    zone: tzinfo | None
    language: str = "en"
    failed: dict[str, datetime] = field(default_factory=dict)

    def make_due(self, *, at_once: bool = False) -> int:
        """Make the digests that are due; return how many messages that are.

        Args:
            at_once: Also roll up a storm that may go on: nobody will look again soon.
        """
        now = self.now()
        ahead = now + (STORM if at_once else timedelta(0))
        with self.storage.reading() as tx:
            due = tx.held.due_channels(now=ahead)
        made = 0
        for channel_id in due:
            if now < self.failed.get(channel_id, now) <= now + AGAIN_AFTER:
                continue  # later than that it was noted by a clock that has been set back
            try:
                with self.storage.transaction() as tx:
                    made += self._make(tx, channel_id, at_once=at_once)
            except StorageError:
                raise
            except Exception:
                # What one channel's digest trips over must not keep the others from theirs.
                log.exception("bug while making a digest", extra={"channel": channel_id})
                self.failed[channel_id] = now + AGAIN_AFTER
            else:
                self.failed.pop(channel_id, None)
        return made

    def _make(self, tx: Transaction, channel_id: str, *, at_once: bool) -> int:
        # Nothing joins a story that is told here, nor is it told elsewhere, before we end.
        tx.placing.hold()
        # Who tells a story that goes on looks at what waits, and leaves to us what it may not tell.
        [channel] = tx.channels.lock([channel_id], alone=True)
        now = self.now()  # what joined while we waited for the channel is told of, too
        if channel.state is not ChannelState.ACTIVE:
            return 0
        # Before what they hold: who ends one has it first and then what it holds.
        tx.silences.lock(now=now)
        due = self._due(tx, channel, now=now, at_once=at_once)
        due = self._outside_quiet_hours(tx, channel, due, now)
        # They are about stories that were told, and stay where those were told.
        updates = [each for each in due if each.kind is DeliveryKind.UPDATE]
        updates = updates if at_once else _of_this_minute(tx, updates, now)
        more = self.release(tx, channel, updates, now) if updates else 0
        by_recipient: dict[str, list[Delivery]] = {}
        for each in due:
            if each.kind is DeliveryKind.UPDATE:
                continue
            # What was for somebody who is gone is told to whoever is there.
            known = each.recipient in channel.recipients
            to = each.recipient if known else channel.recipients[0]
            by_recipient.setdefault(to, []).append(each)
        return more + sum(
            self._tell(tx, channel, recipient, theirs, now)
            for recipient, theirs in by_recipient.items()
        )

    def _due(
        self, tx: Transaction, channel: Channel, *, now: datetime, at_once: bool
    ) -> list[Delivery]:
        """Return what is due; of a storm nothing before it is over, and then all of it."""
        taken = tx.held.take_due(channel.id, now=now)
        if at_once or any(map(_is_of_storm, taken)):
            # All of it: the last that came is due a minute after it came.
            taken = tx.held.take_due(channel.id, now=now + MINUTE)
        storm = [each for each in taken if _is_of_storm(each)]
        due = [each for each in taken if _is_due(each, now) and not _is_of_storm(each)]
        if not storm or at_once or _is_over(storm, now):
            return sorted(due + storm, key=lambda each: (each.created_at, each.id))
        tx.held.reschedule(channel.id, due_at=now + LOOK_AGAIN, reason=HoldReason.STORM)
        return due

    def _outside_quiet_hours(
        self, tx: Transaction, channel: Channel, due: Sequence[Delivery], now: datetime
    ) -> list[Delivery]:
        """Return what may be told of now: in quiet hours what is critical.

        The rest is due when they end, so that it is not read again at each tick of a night.
        """
        quiet = quiet_hours(channel, now, zone_of(channel.zone, self.zone))
        if quiet is None or not due:
            return list(due)
        alerts = tx.alerts.some([each.alert_id for each in due if each.alert_id])
        rules = tx.rules.some({alert.rule_id for alert in alerts})
        critical = {rule.id for rule in rules if rule.priority == Priority.CRITICAL}
        passing = {alert.id for alert in alerts if alert.rule_id in critical}
        self._hold_on(tx, [each for each in due if each.alert_id not in passing], quiet)
        return [each for each in due if each.alert_id in passing]

    @staticmethod
    def _hold_on(tx: Transaction, waiting: Sequence[Delivery], quiet: Decision) -> None:
        count = Counter(each.recipient for each in waiting)
        ids: dict[tuple[HoldReason, DeliveryKind], list[str]] = {}
        for each in waiting:
            # An alert about something old that is alone stays that: it is told by itself.
            is_alone = count[each.recipient] == 1 and _is_old(each)
            reason = HoldReason.BACKFILL if is_alone else HoldReason.QUIET
            ids.setdefault((reason, each.kind), []).append(each.id)
        for (reason, kind), held in ids.items():
            hold = quiet.hold and replace(quiet.hold, reason=reason)
            if hold is not None:
                tx.held.hold_on(held, hold, reason=why_waits(kind, quiet.why))

    def _tell(
        self,
        tx: Transaction,
        channel: Channel,
        recipient: str,
        due: Sequence[Delivery],
        now: datetime,
    ) -> int:
        alone = due[0] if len(due) == 1 else None
        if alone and _is_old(alone):
            [raised] = _best(tx, tx.alerts.some([each.alert_id for each in due if each.alert_id]))
            payload = self.render_alert(raised, channel, alone.id, recipient)
            made_at = max(now, raised.carried.joined_at or now)  # as `made_after` has it
            return int(tx.held.send_alone(alone, payload, now=now, made_at=made_at))
        ids = sorted(each.id for each in due)
        alert_ids = _alert_ids(tx, due)
        alerts = tx.alerts.some(alert_ids)
        digest = Digest(
            best=tuple(_best(tx, alerts)),
            count=len(alert_ids),
            stories=len({alert.story_id for alert in alerts}),
            since=due[0].created_at,
            why=_why(due, words_of(channel.language or self.language)),
        )
        only = replace(channel, recipients=(recipient,))

        def render(channel: Channel, id_: str, recipient: str) -> bytes:
            return self.render(digest, channel, id_, recipient)

        subject = f"digest {stable_id(*ids)}"
        id_ = delivery_id(installation_of(tx), subject, channel.id, recipient)
        tx.held.bundle(ids, digest_id=id_, reason=f"in the digest {id_}")
        carried = [raised.carried for raised in digest.best]
        made = messages(tx, DeliveryKind.DIGEST, subject, only, render, now=now)
        tx.outbox.put(made_after(each, carried) for each in made)
        log.info("made a digest", extra={"channel": channel.name, "alerts": len(due)})
        return 1


def _of_this_minute(tx: Transaction, updates: Sequence[Delivery], now: datetime) -> list[Delivery]:
    """Return the updates of as many stories as a minute may tell of; the rest waits its turn.

    Each is a message of its own, and what was held all night is due in one instant.
    """
    by_alert: dict[str | None, list[Delivery]] = {}
    for each in updates:
        by_alert.setdefault(each.alert_id, []).append(each)
    later: dict[tuple[Hold, str], list[str]] = {}
    for turn, of_alert in enumerate(by_alert.values()):
        due_at = now + turn // STORM_LIMIT * MINUTE
        for each in of_alert:
            if each.hold and due_at > now:
                hold = replace(each.hold, due_at=due_at)
                later.setdefault((hold, each.state_reason or ""), []).append(each.id)
    for (hold, reason), ids in later.items():
        tx.held.hold_on(ids, hold, reason=reason)
    now_told = [*by_alert][:STORM_LIMIT]
    return [each for alert_id in now_told for each in by_alert[alert_id]]


def _is_old(delivery: Delivery) -> bool:
    return delivery.hold is not None and delivery.hold.reason is HoldReason.BACKFILL


def _is_due(delivery: Delivery, now: datetime) -> bool:
    due_at = delivery.hold.due_at if delivery.hold else None
    return due_at is not None and due_at <= now


def _is_of_storm(delivery: Delivery) -> bool:
    return delivery.hold is not None and delivery.hold.reason is HoldReason.STORM


def _is_over(storm: Sequence[Delivery], now: datetime) -> bool:
    """Whether it has been calm for a minute, or has lasted for long enough.

    What came by a clock that has been set back since says nothing.
    """
    came = [each.created_at for each in storm if each.created_at <= now] or [now - LONGEST_STORM]
    return max(came) <= now - MINUTE or min(came) <= now - LONGEST_STORM


def _why(due: Sequence[Delivery], words: Words) -> tuple[str, ...]:
    """Return why they were held back, most of them first."""
    reasons = Counter(each.hold.reason for each in due if each.hold)
    return tuple(counted(words.held[reason], count) for reason, count in reasons.most_common())


def _alert_ids(tx: Transaction, due: Sequence[Delivery]) -> set[str]:
    """Return the alerts that are told of; a message that was never sent may have had several."""
    unsent = [each for each in due if each.hold and each.hold.reason is HoldReason.PAUSED]
    told = chain(due, *(tx.held.members(each.id) for each in unsent))
    return {each.alert_id for each in told if each.alert_id}


def _best(tx: Transaction, alerts: Sequence[Alert]) -> list[Raised]:
    """Return the alerts to tell of, best first: what matters more, then what is surer and newer."""
    rules = {rule.id: rule for rule in tx.rules.some({alert.rule_id for alert in alerts})}
    ranked = sorted(
        (alert for alert in alerts if alert.rule_id in rules),
        key=lambda alert: (
            -Priority(rules[alert.rule_id].priority).rank,
            -alert.score,
            -alert.seq,
        ),
    )
    best, ranked = [], ranked[:MOST_LISTED]
    told = carried_by(tx, {alert.story_id for alert in ranked})
    for alert in ranked:
        article = tx.articles.get(alert.article_id)
        source = tx.sources.get(article.source_id) if article else None
        if article is not None and source is not None:
            best.append(
                Raised(
                    alert=alert,
                    rule=rules[alert.rule_id],
                    article=article,
                    source=source,
                    carried=told[alert.story_id],
                )
            )
    return sorted(best, key=_rank)


def _rank(raised: Raised) -> tuple[float, ...]:
    """Return by what the best come first: what matters more, is told more, surer, fresher."""
    at = raised.article.published_at or raised.article.first_seen_at
    outlets = len(raised.carried.outlets)
    return (-Priority(raised.rule.priority).rank, -outlets, -raised.alert.score, -at.timestamp())
