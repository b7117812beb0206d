"""What is owed when a story that was told of goes on: updates, by rule and channel."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from itertools import chain

from monitor.following.apart import untold
from monitor.following.grown import Grown, grown_of, since_told, spec_of, to_tell
from monitor.following.together import Going, by_message
from monitor.following.told import AN_INSTANT, Told, told_of
from monitor.pipeline.gate import Gate, Silencer
from monitor.pipeline.outbox import (
    Raised,
    Render,
    channels_of,
    delivery_id,
    installation_of,
    made_after,
    new_delivery,
)
from monitor.quiet.held import why_waits
from monitor.quiet.policy import Decision
from monitor.quiet.schedule import STORY
from monitor.stories.carried import Carried
from monitor.stories.follower import Finds
from monitor.stories.worth import escalated
from storage.api.storage import Transaction
from storage.model import (
    Alert,
    Article,
    Channel,
    ChannelState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Match,
    Rule,
    Source,
)
from storage.quiet import Hold, HoldReason
from storage.story import FollowUps

log = logging.getLogger("monitor.owing")

RenderMore = Callable[
    [Raised, Sequence[tuple[Article, Source]], Channel, str, str, str],
    bytes,
]
"""(alert, what joined, channel, delivery id, recipient, the first delivery's id) to the bytes."""


class Updates:
    """Writes down what is owed for stories that go on, in the caller's transaction.

    Args:
        render: Makes the bytes that every attempt of a delivery will carry.
        recount: Makes an alert's bytes anew, with the counts of now.
        zone: Of channels that name none; None for this machine's own.
    """

    def __init__(self, render: RenderMore, recount: Render, *, zone: tzinfo | None) -> None:
        self._render = render
        self._recount = recount
        self._zone = zone
        self._silencer = Silencer()

    def released(
        self, tx: Transaction, story_ids: Sequence[str], rules: Mapping[str, Rule]
    ) -> list[tuple[Article, Match]]:
        """Return the matches that waited until enough outlets carry these stories."""
        waiting = tx.following.waiting(story_ids)
        if not waiting:
            return []
        articles = tx.articles.some(each.match.article_id for each in waiting)
        return [
            (articles[each.match.article_id], each.match)
            for each in waiting
            if each.match.rule_id in rules
        ]

    def moved(
        self,
        tx: Transaction,
        story_ids: Sequence[str],
        rules: Mapping[str, Rule],
        find: Finds,
        *,
        now: datetime,
    ) -> list[tuple[Article, Match]]:
        """Return the matches to be told once a person has moved articles between stories."""
        apart = untold(tx, story_ids, rules, find, now=now) if len(story_ids) > 1 else ()
        return [*self.released(tx, story_ids, rules), *apart]

    def tell(
        self,
        tx: Transaction,
        grown: Mapping[str, Sequence[Article]],
        rules: Mapping[str, Rule],
        *,
        raised: Sequence[Alert],
        now: datetime,
        joined_before: Collection[str] = (),
    ) -> int:
        """Owe updates to whoever wants them; return how many.

        Args:
            grown: What has just joined stories that were there before.
            raised: Alerts that were raised just now: they tell of all of it.
            joined_before: Articles among them that joined silently, and are news by now: who was
                told since then was told of them.
        """
        fresh = {(alert.rule_id, alert.story_id) for alert in raised}
        told = [
            (rule_id, story_id)
            for rule_id, story_id in tx.alerts.told(grown) - fresh
            if rule_id in rules and _follows(rules[rule_id])
        ]
        if not told:
            return 0
        channels = channels_of(tx, [rules[id_] for id_ in {rule_id for rule_id, _ in told}])
        of_somebody = {pair for pair in told if channels[pair[0]]}
        alerts = [
            alert
            for alert in tx.alerts.of_stories({story_id for _, story_id in of_somebody})
            if (alert.rule_id, alert.story_id) in of_somebody
        ]
        if not alerts:
            return 0
        every: list[tuple[Grown, Channel, Told]] = []
        for of_story in _by_story(grown_of(tx, alerts, rules, grown, joined_before)):
            about = next(iter(of_story.values()))
            if FollowUps(about.rule.follow_ups) is FollowUps.NONE and not about.escalates:
                continue
            for channel in channels[about.rule.id]:
                heard = told_of(tx, [each.alert for each in of_story.values()], channel)
                if heard is not None:
                    every.append((of_story[heard.alert.id], channel, heard))
        going = by_message(tx, alerts, every)
        at = _joined_after(tx, going, now)
        gate = Gate(tx, self._silencer, now=now, zone=self._zone)
        deliveries: list[Delivery] = []
        for each in going:
            made = self._of_channel(tx, gate, each, now)
            later = replace(each.grown.now, joined_at=at[each.story_id])
            deliveries += (made_after(delivery, [each.grown.now, later]) for delivery in made)
        tx.outbox.put(deliveries)
        return sum(each.state is DeliveryState.PENDING for each in deliveries)

    def release(
        self, tx: Transaction, channel: Channel, due: Sequence[Delivery], now: datetime
    ) -> int:
        """Owe the updates that were held back for a channel and are due; return how many.

        All that has joined a story since the last message is one update, however many articles
        that is. What a silence covers or a pause holds by now waits on.

        Args:
            channel: It is locked.
            due: Deliveries without bytes, each of which says that an update waits.
        """
        gate = Gate(tx, self._silencer, now=now, zone=self._zone)
        gone = [each.id for each in due if each.recipient not in channel.recipients]
        tx.held.drop(gone, reason="its recipient is gone")
        waiting: dict[str, list[str]] = {}
        for each in due:
            if each.alert_id is not None and each.recipient in channel.recipients:
                waiting.setdefault(each.alert_id, []).append(each.id)
        of_story: dict[tuple[str, str], list[str]] = {}
        for alert in tx.alerts.some(waiting):
            of_story.setdefault((alert.rule_id, alert.story_id), []).extend(waiting[alert.id])
        rules = {rule.id: rule for rule in tx.rules.some({rule_id for rule_id, _ in of_story})}
        alerts = tx.alerts.of_stories({story_id for _, story_id in of_story})
        count = 0
        for (rule_id, story_id), ids in of_story.items():
            every = [alert for alert in alerts if alert.story_id == story_id]
            about = [alert for alert in every if alert.rule_id == rule_id]
            told = told_of(tx, every if channel.digest == STORY else about, channel)
            made = self._released(tx, gate, about, told, rules, channel, ids, now)
            tx.outbox.put(made)  # what another rule has waiting of the story is told by it
            count += len(made)
        return count

    def _released(
        self,
        tx: Transaction,
        gate: Gate,
        alerts: Sequence[Alert],
        told: Told | None,
        rules: Mapping[str, Rule],
        channel: Channel,
        ids: Sequence[str],
        now: datetime,
    ) -> list[Delivery]:
        """Return the updates about a story whose waiting deliveries have these ids.

        Args:
            alerts: Those of one rule about it, the first one first.
            told: What the channel was told of it.
        """
        if told and told.alert not in alerts:
            told = replace(told, alert=alerts[0])
        about = since_told(tx, alerts, rules, told) if told else None
        groups = to_tell(tx, about, channel, told, in_one=True) if told and about else []
        if not told or not about or not groups:
            tx.held.drop(ids, reason="nothing is left to tell")
            return []
        decision = _decided(tx, gate, about, channel, now)
        hold = decision.hold
        # What else holds messages back had its time, as it has for digests.
        if hold and hold.reason in (HoldReason.SILENCED, HoldReason.PAUSED):
            tx.held.hold_on(ids, hold, reason=why_waits(DeliveryKind.UPDATE, decision.why))
            return []
        made = self._updates(tx, about, groups, channel, told, now)
        tx.held.drop(ids, reason="it could not be rendered")  # those that nothing tells of yet
        return [made_after(each, [about.now]) for each in made]

    def _of_channel(
        self, tx: Transaction, gate: Gate, going: Going, now: datetime
    ) -> list[Delivery]:
        """Return the updates for a channel that was told of the story."""
        channel, told = going.channel, going.told
        held: list[Delivery] = []
        is_held = False
        for about, own in going.of_rules:
            groups = to_tell(tx, about, channel, told)
            if not groups:
                continue
            decision = _decided(tx, gate, about, channel, now)
            if decision.hold is None:
                return self._updates(tx, about, groups, channel, told, now)
            is_held = True  # by each for as long as it says: the first that is due tells it
            held += _held(tx, about.alert, channel, own, decision, now)
        if is_held or channel.state is not ChannelState.ACTIVE:
            return held
        counted = (self._counted(tx, each, channel, told.firsts, now) for each, _ in going.of_rules)
        return [*chain.from_iterable(counted)]

    def _updates(
        self,
        tx: Transaction,
        about: Grown,
        groups: Sequence[Sequence[str]],
        channel: Channel,
        told: Told,
        now: datetime,
    ) -> list[Delivery]:
        """Return the updates that tell a channel of these groups of articles.

        What waited is told by them, too.
        """
        rule = escalated(about.rule, about.now)
        updates = []
        for recipient, first in sorted(told.firsts.items()):
            of_groups = (
                self._delivery(tx, about, rule, group, channel, recipient, first, now)
                for group in groups
            )
            made = [delivery for delivery in of_groups if delivery is not None]
            waited = [each.id for each in told.waiting.get(recipient, ())]
            if made and waited:
                reason = f"in the update {made[0].id}"
                tx.held.bundle(waited, digest_id=made[0].id, reason=reason)
            updates += made
        return updates

    def _counted(
        self,
        tx: Transaction,
        about: Grown,
        channel: Channel,
        firsts: Mapping[str, Delivery],
        now: datetime,
    ) -> list[Delivery]:
        """Return what brings the counts of first messages up to date, where they can be replaced.

        Nobody is called by that, so it waits for no quiet hours and uses up no budget.
        """
        has_grown = len(about.now.outlets) > len(about.before.outlets)
        if not has_grown or not spec_of(channel).can_edit:
            return []
        counted = []
        for recipient, first in sorted(firsts.items()):
            if first.receipt is None or first.kind is not DeliveryKind.ALERT:
                continue  # what nobody can name cannot be replaced, nor may a digest be
            if not _is_of(tx, first, about.rule):
                continue  # of several rules it is of the one that tells it
            # Whatever is chosen by now: what it told of besides must not go from it.
            subject = _subject(tx, about, about.rule, first)
            if subject is None:
                continue
            text = f"{about.alert.id} count {about.now.articles}"
            id_ = delivery_id(installation_of(tx), text, channel.id, recipient)
            try:
                payload = self._recount(subject, channel, id_, recipient)
            except Exception:
                # Its reader was told of the story; only the count is as it was.
                log.exception("bug while rendering", extra={"delivery": id_})
                continue
            made = new_delivery(DeliveryKind.COUNT, id_, channel, recipient, payload, now=now)
            counted.append(replace(made, alert_id=about.alert.id))
        return counted

    def _delivery(
        self,
        tx: Transaction,
        about: Grown,
        rule: Rule,
        group: Sequence[str],
        channel: Channel,
        recipient: str,
        first: Delivery,
        now: datetime,
    ) -> Delivery | None:
        alert = about.alert
        subject = _subject(tx, about, rule, first if channel.digest == STORY else None)
        if subject is None:
            return None
        id_ = delivery_id(
            installation_of(tx), f"{alert.id} {group[-1]} {len(group)}", channel.id, recipient
        )
        new = _with_sources(tx, [id_ for id_ in group if id_ not in about.told])
        try:
            payload = self._render(subject, new, channel, id_, recipient, first.id)
        except Exception:
            # Its reader was told of the story, and is told of the rest next time.
            log.exception("bug while rendering", extra={"delivery": id_})
            return None
        delivery = new_delivery(DeliveryKind.UPDATE, id_, channel, recipient, payload, now=now)
        return replace(delivery, alert_id=alert.id)


def _is_of(tx: Transaction, delivery: Delivery, rule: Rule) -> bool:
    """Whether a message is of a rule, and does not only tell of its alert as well."""
    ids = [delivery.alert_id] if delivery.alert_id else []
    return any(alert.rule_id == rule.id for alert in tx.alerts.some(ids))


def _subject(tx: Transaction, about: Grown, rule: Rule, first: Delivery | None) -> Raised | None:
    """Return the alert with what it is about, and who carries its story by now.

    Args:
        first: The message whose other alerts are told of as well, if any is.
    """
    told = _raised(tx, about.alert, rule, about.now)
    if told is None or first is None:
        return told
    members = [first.alert_id, *(each.alert_id for each in tx.held.members(first.id))]
    ids = {id_ for id_ in members if id_ and id_ != about.alert.id}
    others = [each for each in tx.alerts.some(ids) if each.story_id == about.alert.story_id]
    rules = {each.id: each for each in tx.rules.some(other.rule_id for other in others)}
    beside = (_raised(tx, each, rules[each.rule_id], about.now) for each in others)
    return replace(told, beside=tuple(filter(None, beside)))


def _raised(tx: Transaction, alert: Alert, rule: Rule, carried: Carried) -> Raised | None:
    article = tx.articles.get(alert.article_id)
    source = tx.sources.get(article.source_id) if article else None
    if article is None or source is None:
        return None
    return Raised(alert=alert, rule=rule, article=article, source=source, carried=carried)


def _decided(
    tx: Transaction, gate: Gate, about: Grown, channel: Channel, now: datetime
) -> Decision:
    """Return whether a channel may be told by now that a story has grown."""
    newest = about.new[-1]
    source = tx.sources.some([newest.source_id])[newest.source_id]
    rule = escalated(about.rule, about.now)
    decision = gate.decide(about.alert, rule, newest, source, channel)
    if decision.hold is None and channel.state is ChannelState.DISABLED:
        # As with a pause: it is told once the channel works again.
        hold = Hold(reason=HoldReason.PAUSED, of=channel.id, due_at=now)
        return Decision(hold=hold, why=channel.state_reason or "the channel is switched off")
    return decision


def _held(
    tx: Transaction, alert: Alert, channel: Channel, told: Told, decision: Decision, now: datetime
) -> list[Delivery]:
    """Return what says that updates to a channel wait: one a recipient, however much joins."""
    held = []
    for recipient in sorted(told.firsts.keys() - told.waiting.keys()):
        subject = f"{alert.id} held {now.isoformat()}"
        id_ = delivery_id(installation_of(tx), subject, channel.id, recipient)
        waits = new_delivery(DeliveryKind.UPDATE, id_, channel, recipient, b"", now=now)
        waits = replace(waits, alert_id=alert.id, hold=decision.hold)
        why = why_waits(DeliveryKind.UPDATE, decision.why)
        held.append(replace(waits, state=DeliveryState.HELD, state_reason=why))
    return held


def _by_story(every: Iterable[Grown]) -> list[dict[str, Grown]]:
    """Return how stories have grown by alert, for each rule and story: the first one first."""
    found: dict[tuple[str, str], dict[str, Grown]] = {}
    for about in every:
        key = (about.rule.id, about.alert.story_id)
        found.setdefault(key, {})[about.alert.id] = about
    return [*found.values()]


def _with_sources(tx: Transaction, ids: Sequence[str]) -> list[tuple[Article, Source]]:
    articles = tx.articles.some(ids)
    found = ((articles[id_], tx.sources.get(articles[id_].source_id)) for id_ in ids)
    return [(article, source) for article, source in found if source is not None]


def _joined_after(tx: Transaction, every: Sequence[Going], now: datetime) -> dict[str, datetime]:
    """Have what has just joined stories join them after the last message about each.

    That may have been made by a clock that is ahead of ours: what is told by no message yet
    would count as told by that one.

    Returns:
        When it joined, by story.
    """
    at = {each.story_id: now for each in every}
    new = {each.story_id: each.grown.just for each in every}
    for each in every:
        # Held updates of it wait since what they wait for joined, which was not before the last.
        at[each.story_id] = max(at[each.story_id], each.told.last + AN_INSTANT)
    for story, later in at.items():
        if later > now:
            tx.stories.join_later(new[story], at=later)
    return at


def _follows(rule: Rule) -> bool:
    """Whether anybody may want to know that a story of the rule goes on."""
    return FollowUps(rule.follow_ups) is not FollowUps.NONE or rule.escalate is not None
