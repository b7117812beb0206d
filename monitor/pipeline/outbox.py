"""What is owed for a match: the alert, and one frozen delivery for each recipient."""

import logging
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from itertools import chain
from typing import TYPE_CHECKING

from common.records import dataclass
from monitor.pipeline.gate import Gate, Silencer
from monitor.quiet.policy import Decision
from monitor.quiet.routing import told
from monitor.quiet.schedule import STORY
from monitor.stories.carried import ALONE, Carried, appeared_at, carried_by, outlet_of
from monitor.stories.spikes import Burst
from monitor.stories.worth import (
    added,
    bursts,
    carried_enough,
    escalated,
    not_told,
    without_mentions,
)
from notifiers.retry import GIVE_UP_AFTER
from storage.api.storage import Transaction
from storage.ids import digest_of
from storage.model import (
    INSTALLATION,
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
    stable_id,
)
from storage.quiet import Priority
from storage.variant_use import VariantHit

if TYPE_CHECKING:
    from monitor.stories.placing import StoryPlacer  # dear to import, and commands owe, too

log = logging.getLogger("monitor.owing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An alert with what it is about. The rule has its variants.

    Attributes:
        carried: By whom its story is told so far.
        note: What its message says besides.
        beside: Alerts of other rules about its story that its message tells of as well.
    """

    alert: Alert
    rule: Rule
    article: Article
    source: Source
    carried: Carried = ALONE
    note: str = ""
    beside: "tuple[Raised, ...]" = ()

    @property
    def first(self) -> str:
        """Who told the story first, where that is somebody else; "" otherwise."""
        outlets = self.carried.outlets
        own = (outlet_of(self.article), self.source.name)
        return outlets[0] if outlets and outlets[0] not in own else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Alerts that were held back, to be told in one message.

    Attributes:
        best: Those that are listed, best first.
        count, stories: How many there are in all, and how many stories these are about.
        since: When the first of them was raised.
        why: Why they were held back, a sentence each.
    """

    best: tuple[Raised, ...]
    count: int
    stories: int
    since: datetime
    why: tuple[str, ...]


Render = Callable[[Raised, Channel, str, str], bytes]
"""(alert with what it is about, channel, delivery id, recipient) to the bytes to send."""

RenderNotice = Callable[[Channel, str, str, str], bytes]
"""(channel, delivery id, recipient, text) to the bytes to send."""


class OutboxWriter:
    """Writes down what is owed, in the caller's transaction.

    Args:
        render: Makes the bytes that every attempt of a delivery will carry.
        notice: Makes those of a sentence; without it none is told by itself.
        zone: In which days and hours of channels are meant that name no zone; None for this
            machine's own.
        language: Of the readers of channels that name none.
        stories: Returns what gives articles their stories that have none yet; without it they
            stay so.
    """

    def __init__(
        self,
        render: Render,
        *,
        notice: RenderNotice | None = None,
        zone: tzinfo | None = UTC,
        language: str = "en",
        stories: "Callable[[], StoryPlacer] | None" = None,
    ) -> None:
        self._render = render
        self._notice = notice
        self._zone = zone
        self._language = language
        self._stories = stories
        self._silencer = Silencer()

    def enqueue(
        self,
        tx: Transaction,
        matches: Sequence[tuple[Article, Match]],
        *,
        rules: Mapping[str, Rule],
        now: datetime,
        are_old: bool = False,
        placed: Container[str] = (),
    ) -> list[Alert]:
        """Store an alert for each match that has none yet, with its deliveries; return the new.

        Rules that have expired say nothing. What cannot be rendered is held, with the reason.

        Args:
            are_old: Whether they are about what was stored before their rules were there.
            placed: Ids of articles that surely have their stories.
        """
        matches = self._at_home(tx, matches, placed, now=now)
        about = not_told(tx, _new_alerts(matches, rules, now=now))
        found = {} if are_old else bursts(tx, (match for _, match in matches), rules, now=now)
        about = without_mentions(about, rules, found)
        about = carried_enough(tx, about, rules, now=now)
        if not about:
            return []
        channels = channels_of(tx, [rules[alert.rule_id] for alert, _ in about.values()])
        owed = {id_: _recipients(told_) for id_, told_ in channels.items()}
        articles, raised = added(tx, about, owed)
        hits = [hit for alert in raised for hit in _hits(alert, articles[alert.id])]
        if hits:
            tx.rules.count_hits(hits, now=now)
        told = [alert for alert in raised if channels[alert.rule_id]]
        if told:
            gate = Gate(
                tx,
                self._silencer,
                now=now,
                zone=self._zone,
                language=self._language,
                are_old=are_old,
            )
            subjects = _subjects(tx, told, articles, rules, found)
            tx.outbox.put([*self._owed(tx, subjects, channels, gate, now)])
        return raised

    def _owed(
        self,
        tx: Transaction,
        subjects: Iterable[Raised],
        channels: Mapping[str, Sequence[Channel]],
        gate: Gate,
        now: datetime,
    ) -> Iterator[Delivery]:
        """Yield what is owed for alerts, whose rules are told of on these channels, by rule."""
        installation = installation_of(tx)
        together: dict[tuple[str, str], tuple[Channel, list[tuple[Raised, Decision]]]] = {}
        if any(map(_tells_stories, chain.from_iterable(channels.values()))):
            subjects = sorted(subjects, key=lambda each: -Priority(each.rule.priority).rank)
        for each in subjects:
            for channel in channels[each.rule.id]:
                told_of = (each.alert, each.rule, each.article, each.source, channel)
                key = (channel.id, each.alert.story_id)
                decision = gate.decide(*told_of, is_beside=key in together)
                if decision.hold is None and _tells_stories(channel):
                    together.setdefault(key, (channel, []))[1].append((each, decision))
                    continue
                yield from self._deliveries(each, channel, decision, now, installation)
                yield from self._said_by_itself(tx, channel, decision, now)
        for channel, members in together.values():
            yield from self._together(channel, members, now, installation)

    def _together(
        self,
        channel: Channel,
        members: Sequence[tuple[Raised, Decision]],
        now: datetime,
        installation: str,
    ) -> Iterator[Delivery]:
        """Yield the message that tells a channel of alerts of one story, and who is in it."""
        (first, _), *others = members
        beside = tuple(subject for subject, _ in others)
        notes = " · ".join(dict.fromkeys(decision.note for _, decision in members if decision.note))
        subject, decision = replace(first, beside=beside), Decision(note=notes)
        made = self._deliveries(subject, channel, decision, now, installation)
        if not all(each.payload for each in made):  # better by themselves than not at all
            for subject, decision in members:
                yield from self._deliveries(subject, channel, decision, now, installation)
            return
        for told_by in made:
            yield told_by
            for alert_id in (other.alert.id for other in beside):
                id_ = delivery_id(installation, alert_id, channel.id, told_by.recipient)
                carried = replace(told_by, id=id_, alert_id=alert_id, digest_id=told_by.id)
                reason = f"in the message {told_by.id}"
                yield replace(
                    carried, state=DeliveryState.BUNDLED, state_reason=reason, payload=b""
                )

    def _at_home(
        self,
        tx: Transaction,
        matches: Sequence[tuple[Article, Match]],
        placed: Container[str],
        *,
        now: datetime,
    ) -> Sequence[tuple[Article, Match]]:
        """Return matches whose articles have stories: a rule tells a story once."""
        articles = {article.id: article for article, _ in matches if article.id not in placed}
        if self._stories is None or not articles:
            return matches
        homes = self._stories().settle(tx, [*articles.values()], now=now)
        if not homes:  # all had one
            return matches
        return [
            (replace(article, story_id=homes.get(article.id, article.story_id)), match)
            for article, match in matches
        ]

    def _said_by_itself(
        self, tx: Transaction, channel: Channel, decision: Decision, now: datetime
    ) -> list[Delivery]:
        """Return the note of what is held: once until that is told of."""
        hold, notice = decision.hold, self._notice
        if hold is None or notice is None or not decision.note:
            return []

        def render(channel: Channel, id_: str, recipient: str) -> bytes:
            return notice(channel, id_, recipient, decision.note)

        subject = f"limit {hold.of} {hold.due_at}"
        return messages(tx, DeliveryKind.NOTICE, subject, channel, render, now=now)

    def _deliveries(
        self,
        subject: Raised,
        channel: Channel,
        decision: Decision,
        now: datetime,
        installation: str,
    ) -> list[Delivery]:
        """Return the deliveries of an alert to a channel; `decision` may hold them back."""
        deliveries = []
        note = " · ".join(filter(None, (subject.note, decision.note)))
        subject = replace(subject, note=note)
        for recipient in channel.recipients:
            state, state_reason = DeliveryState.PENDING, None
            if channel.state is ChannelState.DISABLED:
                state, state_reason = DeliveryState.HELD, channel.state_reason
            id_ = delivery_id(installation, subject.alert.id, channel.id, recipient)
            try:
                payload = b""
                if decision.hold is not None:
                    state, state_reason = DeliveryState.HELD, decision.why
                else:
                    payload = self._render(subject, channel, id_, recipient)
            except Exception as bug:
                # The alert is stored all the same, and one look shows why nobody was told.
                log.exception("bug while rendering", extra={"delivery": id_})
                payload = b""
                state = DeliveryState.HELD
                state_reason = f"it could not be rendered: internal error: {type(bug).__name__}"
            delivery = new_delivery(DeliveryKind.ALERT, id_, channel, recipient, payload, now=now)
            delivery = made_after(delivery, [subject.carried])
            delivery = replace(delivery, alert_id=subject.alert.id, hold=decision.hold)
            deliveries.append(replace(delivery, state=state, state_reason=state_reason))
        return deliveries


def _tells_stories(channel: Channel) -> bool:
    """Whether it is told in one message what rules find of one story at once."""
    return channel.digest == STORY


def _hits(alert: Alert, article: Article) -> Iterator[VariantHit]:
    """Yield the variants through which an alert was found, each once."""
    for text in {text for evidence in alert.evidence for text in evidence.variants}:
        yield VariantHit(alert.rule_id, text, article.language)


def _subjects(
    tx: Transaction,
    alerts: Sequence[Alert],
    articles: Mapping[str, Article],
    rules: Mapping[str, Rule],
    found: Mapping[str, Burst],
) -> Iterator[Raised]:
    """Yield alerts with what messages about them say; read for all of them at once.

    Args:
        articles: What they are about, by their ids.
        found: The bursts that they tell of, by rule.
    """
    # Messages say whose variant it is; what is matched with holds none of them.
    through = {each.rule_id for each in alerts if any(of.variants for of in each.evidence)}
    whole = {rule.id: rule for rule in tx.rules.some(through)}
    sources = tx.sources.some({articles[alert.id].source_id for alert in alerts})
    carried = carried_by(tx, {alert.story_id for alert in alerts})
    for alert in alerts:
        article, rule = articles[alert.id], whole.get(alert.rule_id) or rules[alert.rule_id]
        yield Raised(
            alert=alert,
            rule=escalated(rule, carried[alert.story_id]),
            article=article,
            source=sources[article.source_id],
            carried=carried[alert.story_id],
            note=str(found.get(rule.id, "")),
        )


def _new_alerts(
    matches: Sequence[tuple[Article, Match]], rules: Mapping[str, Rule], *, now: datetime
) -> dict[str, tuple[Alert, Article]]:
    """Return, by id, the alerts that matches of living rules raise: of each story the first."""
    about: dict[str, tuple[Alert, Article]] = {}
    for article, match in sorted(matches, key=lambda pair: appeared_at(pair[0])):
        expires_at = rules[match.rule_id].expires_at
        if expires_at is None or expires_at > now:
            alert = alert_of(article, match, now=now)
            about.setdefault(alert.id, (alert, article))
    return about


def installation_of(tx: Transaction) -> str:
    """Return what tells this store from all others."""
    return tx.meta.get(INSTALLATION) or ""


def delivery_id(installation: str, subject: str, channel_id: str, recipient: str) -> str:
    """Return the id that every attempt carries and that receivers may remember.

    Two installations never make the same one, though they have the same rule and channel.
    """
    return "msg_" + stable_id("delivery", installation, subject, channel_id, recipient)


def new_delivery(
    kind: DeliveryKind,
    id: str,
    channel: Channel,
    recipient: str,
    payload: bytes,
    *,
    now: datetime,
) -> Delivery:
    """Return a delivery that is due at once; the one place that makes any.

    Args:
        payload: The bytes that every attempt will carry.
    """
    return Delivery(
        id=id,
        kind=kind,
        alert_id=None,
        channel_id=channel.id,
        recipient=recipient,
        payload=payload,
        created_at=now,
        next_at=now,
        give_up_at=now + GIVE_UP_AFTER,
    )


def made_after(delivery: Delivery, told: Iterable[Carried]) -> Delivery:
    """Return a delivery as made when all had joined that it tells of, whatever clocks say.

    What joins a story is told by the next message if it has joined after this one was made. Who
    made it may have a clock that is behind that of who stored what it tells of, be it that the
    clock was set back, or that two processes measure the server's by some milliseconds apart.
    """
    joined = [each.joined_at for each in told if each.joined_at is not None]
    at = max([delivery.created_at, *joined])
    if at == delivery.created_at:
        return delivery
    return replace(delivery, created_at=at, give_up_at=at + GIVE_UP_AFTER)


def messages(
    tx: Transaction,
    kind: DeliveryKind,
    subject: str,
    channel: Channel,
    render: Callable[[Channel, str, str], bytes],
    *,
    now: datetime,
) -> list[Delivery]:
    """Return deliveries of something that no article raised, one a recipient; none is stored.

    Args:
        subject: What it is about; about one subject a recipient is told once.
        render: Makes the bytes for (channel, delivery id, recipient).
    """
    installation = installation_of(tx)
    made = []
    for recipient in channel.recipients:
        id_ = delivery_id(installation, subject, channel.id, recipient)
        payload = render(channel, id_, recipient)
        made.append(new_delivery(kind, id_, channel, recipient, payload, now=now))
    return made


def alert_of(article: Article, match: Match, *, now: datetime) -> Alert:
    """Return the alert that a match raises about an article's story."""
    return Alert(
        id=digest_of("alert", match.rule_id, article.story_id),
        rule_id=match.rule_id,
        story_id=article.story_id,
        article_id=article.id,
        raised_at=now,
        score=match.score,
        evidence=match.evidence,
    )


def channels_of(tx: Transaction, rules: Iterable[Rule]) -> dict[str, list[Channel]]:
    """Return the channels that are sent alerts of these rules, by the rule's id.

    Nobody removes, disables or changes one before this transaction ends: such a channel's
    deliveries are held by whoever does it, and ours could not be seen yet.
    """
    listed = tx.channels.all()
    wanted = {rule.id: told(listed, rule) for rule in rules}
    ids = {channel.id for channels in wanted.values() for channel in channels}
    locked = tx.channels.lock(ids)
    return {rule.id: told(locked, rule) for rule in rules}


def _recipients(channels: Iterable[Channel]) -> list[tuple[str, str]]:
    return [(channel.id, recipient) for channel in channels for recipient in channel.recipients]
