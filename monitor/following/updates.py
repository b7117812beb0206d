"""What is owed when a story that was told of goes on: updates, by rule and channel."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from itertools import chain
from typing import TYPE_CHECKING

from common.records import dataclass
from monitor.pipeline.gate import Gate, Silencer
from monitor.pipeline.outbox import (
    Raised,
    Render,
    channels_of,
    delivery_id,
    installation_of,
    new_delivery,
)
from monitor.stories.carried import Carried, carried, members_of, outlet_names
from monitor.stories.worth import escalated
from storage.api.storage import Transaction
from storage.model import (
    Alert,
    Article,
    Channel,
    ChannelState,
    Delivery,
    DeliveryKind,
    Match,
    Rule,
    Source,
)
from storage.story import SAME_TEXT, FollowUps, Membership

if TYPE_CHECKING:
    from notifiers.spec import ChannelSpec

log = logging.getLogger("monitor.owing")

ENOUGH_OUTLETS = 3
"""So many outlets must have joined since the last message before a thread goes on by itself."""
STALE_AFTER = timedelta(days=2)
"""What was published so long after the last message tells what has become of the matter since."""


RenderMore = Callable[
    [Raised, Sequence[tuple[Article, Source]], Channel, str, str, str],
    bytes,
]
"""(alert, what joined, channel, delivery id, recipient, the first delivery's id) to the bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grown:
    """A story that has grown, seen from one alert about it.

    Attributes:
        new: The articles that have just joined, oldest first.
        before, now: By whom it was and is carried.
    """

    alert: Alert
    rule: Rule
    new: tuple[Article, ...]
    members: Sequence[Membership]
    before: Carried
    now: Carried

    @property
    def escalates(self) -> bool:
        """Whether enough outlets carry it from now on for the rule's `escalate`."""
        bound = self.rule.escalate
        return bound is not None and len(self.before.outlets) < bound <= len(self.now.outlets)

    def has_moved_on(self, tx: Transaction, last: datetime) -> bool:
        """Whether something has joined that is days newer than the last message.

        The verdict a week after a testimony is of the same story, and news all the same, also
        with the old text under it. What comes again word for word under its old title is not.
        """
        joined = {*self.since(last)}
        late = {
            member.article_id: member.reason
            for member in self.members
            if member.article_id in joined and member.appeared_at >= last + STALE_AFTER
        }
        if any(reason != SAME_TEXT for reason in late.values()):
            return True
        if not late:
            return False
        articles = tx.articles.some(member.article_id for member in self.members)
        known = {each.title.casefold() for id_, each in articles.items() if id_ not in late}
        return any(articles[id_].title.casefold() not in known for id_ in late)

    def since(self, at: datetime) -> list[str]:
        """Return the articles that joined after that, and those that just did, by appearance."""
        just = {article.id for article in self.new}
        return [m.article_id for m in self.members if m.joined_at > at or m.article_id in just]


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

    def tell(
        self,
        tx: Transaction,
        grown: Mapping[str, Sequence[Article]],
        rules: Mapping[str, Rule],
        *,
        raised: Sequence[Alert],
        now: datetime,
    ) -> int:
        """Owe updates to whoever wants them; return how many.

        Args:
            grown: What has just joined stories that were there before.
            raised: Alerts that were raised just now: they tell of all of it.
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
        gate = Gate(tx, self._silencer, now=now, zone=self._zone)
        deliveries: list[Delivery] = []
        for about in _about(tx, alerts, rules, grown):
            if FollowUps(about.rule.follow_ups) is FollowUps.NONE and not about.escalates:
                continue
            for channel in channels[about.rule.id]:
                deliveries += self._of_channel(tx, gate, about, channel, now)
        tx.outbox.put(deliveries)
        return len(deliveries)

    def _of_channel(
        self, tx: Transaction, gate: Gate, about: _Grown, channel: Channel, now: datetime
    ) -> list[Delivery]:
        """Return the updates for a channel that was told of the story."""
        told = tx.outbox.recent(alert_id=about.alert.id, channel_id=channel.id, limit=None)
        told = [delivery for delivery in told if delivery.payload]
        firsts = {each.recipient: each for each in told if each.kind is DeliveryKind.ALERT}
        if not firsts or channel.state is not ChannelState.ACTIVE:
            return []
        # Counting up calls nobody: its reader knows what the last message said.
        said = [each.created_at for each in told if each.kind is not DeliveryKind.COUNT]
        groups = _groups(tx, about, channel, max(said))
        if not groups:
            return self._counted(tx, about, channel, firsts, now)
        rule = escalated(about.rule, about.now)
        newest = about.new[-1]
        source = tx.sources.get(newest.source_id)
        if source is None or gate.decide(about.alert, rule, newest, source, channel).hold:
            # The next message, or the digest, tells of it.
            return []
        return [
            delivery
            for group in groups
            for recipient, first in sorted(firsts.items())
            if (delivery := self._delivery(tx, about, rule, group, channel, recipient, first, now))
        ]

    def _counted(
        self,
        tx: Transaction,
        about: _Grown,
        channel: Channel,
        firsts: Mapping[str, Delivery],
        now: datetime,
    ) -> list[Delivery]:
        """Return what brings the counts of first messages up to date, where they can be replaced.

        Nobody is called by that, so it waits for no quiet hours and uses up no budget.
        """
        has_grown = len(about.now.outlets) > len(about.before.outlets)
        if not has_grown or not _spec(channel).can_edit:
            return []
        subject = _subject(tx, about, about.rule)
        counted = []
        for recipient, first in sorted(firsts.items()):
            if subject is None or first.receipt is None:
                continue  # what nobody can name cannot be replaced
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
        about: _Grown,
        rule: Rule,
        group: Sequence[str],
        channel: Channel,
        recipient: str,
        first: Delivery,
        now: datetime,
    ) -> Delivery | None:
        alert = about.alert
        subject = _subject(tx, about, rule)
        if subject is None:
            return None
        id_ = delivery_id(
            installation_of(tx), f"{alert.id} {group[-1]} {len(group)}", channel.id, recipient
        )
        new = _with_sources(tx, [id_ for id_ in group if id_ != alert.article_id])
        try:
            payload = self._render(subject, new, channel, id_, recipient, first.id)
        except Exception:
            # Its reader was told of the story, and is told of the rest next time.
            log.exception("bug while rendering", extra={"delivery": id_})
            return None
        delivery = new_delivery(DeliveryKind.UPDATE, id_, channel, recipient, payload, now=now)
        return replace(delivery, alert_id=alert.id)


def _subject(tx: Transaction, about: _Grown, rule: Rule) -> Raised | None:
    """Return the alert with what it is about and who carries its story by now."""
    alert = about.alert
    article = tx.articles.get(alert.article_id)
    source = tx.sources.get(article.source_id) if article else None
    if article is None or source is None:
        return None
    return Raised(alert=alert, rule=rule, article=article, source=source, carried=about.now)


def _spec(channel: Channel) -> "ChannelSpec":
    from notifiers.channels.kinds import KINDS  # all of them: dear to import before any is owed

    return KINDS[channel.kind]


def _groups(tx: Transaction, about: _Grown, channel: Channel, last: datetime) -> list[list[str]]:
    """Return what each update to a channel tells of; `last` is when it was told something."""
    mode = FollowUps(about.rule.follow_ups)
    joined = about.since(last)
    if mode is FollowUps.EVERY:
        first, *rest = [article.id for article in about.new]
        # The first tells also of those that were held back when they joined.
        held = [id_ for id_ in joined if id_ not in {first, *rest}]
        return [[*held, first], *([id_] for id_ in rest)]
    if mode is FollowUps.THREAD or about.escalates:
        return [joined]
    if mode is FollowUps.COUNT:
        return []
    if about.has_moved_on(tx, last):
        return [joined[::-1]]  # a message may not have room for all of them
    outlets = {member.outlet for member in about.members if member.article_id in joined}
    outlets -= {member.outlet for member in about.members if member.article_id not in joined}
    if not _spec(channel).threads or len(outlets) < ENOUGH_OUTLETS:
        return []
    return [joined]


def _with_sources(tx: Transaction, ids: Sequence[str]) -> list[tuple[Article, Source]]:
    articles = tx.articles.some(ids)
    found = ((articles[id_], tx.sources.get(articles[id_].source_id)) for id_ in ids)
    return [(article, source) for article, source in found if source is not None]


def _follows(rule: Rule) -> bool:
    """Whether anybody may want to know that a story of the rule goes on."""
    return FollowUps(rule.follow_ups) is not FollowUps.NONE or rule.escalate is not None


def _about(
    tx: Transaction,
    alerts: Sequence[Alert],
    rules: Mapping[str, Rule],
    grown: Mapping[str, Sequence[Article]],
) -> Iterator[_Grown]:
    """Yield how the stories of alerts have grown; their articles are read all at once."""
    members = members_of(tx, (alert.story_id for alert in alerts))
    names = outlet_names(tx, chain.from_iterable(members.values()))
    for alert in alerts:
        new, of_story = grown[alert.story_id], members[alert.story_id]
        just = {article.id for article in new}
        yield _Grown(
            alert=alert,
            rule=rules[alert.rule_id],
            new=tuple(new),
            members=of_story,
            before=carried([each for each in of_story if each.article_id not in just], names),
            now=carried(of_story, names),
        )
