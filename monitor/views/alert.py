"""The JSON of an alert."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict

from monitor.base.times import show_instant
from monitor.views.article import ArticleShape, article_shape
from monitor.views.base.evidence import EvidenceShape, evidence_shape
from monitor.views.base.schema import InstantText
from monitor.views.delivery import DeliveryShape, HoldShape, OwedDelivery, delivery_shape
from storage.api.articles import Passage
from storage.model import Alert, Article

if TYPE_CHECKING:
    from monitor.replay.message import Message
    from monitor.services.alerts import Raised
    from monitor.services.deliveries import Owed


class HeldShape(HoldShape):
    """To which channel an alert is held back, and why in words."""

    channel: str
    why: str | None


class AlertShape(TypedDict):
    """What a rule has to say about a story; `articles` is how many of it there are.

    `held` lists the channels to which it is held back until a digest tells it.
    """

    id: str
    rule: str
    story_id: str
    article: ArticleShape | None
    raised_at: InstantText | None
    score: float
    evidence: list[EvidenceShape]
    articles: int
    seq: int
    held: list[HeldShape]


class ReplayedMessageShape(TypedDict):
    """A message that would have told of an alert; `kind` is alert, update or digest."""

    at: InstantText | None
    kind: str
    channel: str
    recipient: str | None


class ReplayedAlertShape(AlertShape):
    """An alert that recorded days would have raised, and the messages that would tell of it."""

    told: list[ReplayedMessageShape]


def replayed_shape(raised: "Raised", told: "Sequence[Message]") -> ReplayedAlertShape:
    """Return an alert of a replay."""
    messages: list[ReplayedMessageShape] = [
        {
            "at": show_instant(each.at),
            "kind": each.kind,
            "channel": each.channel,
            "recipient": each.recipient or None,
        }
        for each in told
    ]
    return {**raised_shape(raised), "told": messages}


class PassageShape(TypedDict):
    """When an alert passed each stage on its way to a channel; sent is after it was committed."""

    channel: str
    recipient: str | None
    published_at: InstantText | None
    seen_at: InstantText | None
    matched_at: InstantText | None
    sent_at: InstantText | None
    delivered_at: InstantText | None


class AlertDetailsShape(AlertShape):
    """An alert, where it went, and how long that took."""

    deliveries: list[DeliveryShape]
    passages: list[PassageShape]


def details_shape(
    raised: "Raised", deliveries: Sequence["Owed"], passages: Iterable[Passage]
) -> AlertDetailsShape:
    """Return an alert with its deliveries, and when those passed each stage that arrived."""
    names = {owed.delivery.channel_id: owed.channel_name for owed in deliveries}
    return {
        **raised_shape(raised),
        "deliveries": [delivery_shape(owed) for owed in deliveries],
        "passages": [_passage(each, channel=names[each.channel_id]) for each in passages],
    }


def _passage(passage: Passage, *, channel: str) -> PassageShape:
    return {
        "channel": channel,
        "recipient": passage.recipient or None,
        "published_at": show_instant(passage.published_at),
        "seen_at": show_instant(passage.seen_at),
        "matched_at": show_instant(passage.matched_at),
        "sent_at": show_instant(passage.sent_at),
        "delivered_at": show_instant(passage.delivered_at),
    }


def raised_shape(raised: "Raised") -> AlertShape:
    """Return an alert with what it is about."""
    article = raised.article
    sources = {article.source_id: raised.source_name} if article else {}
    shape = alert_shape(
        raised.alert,
        rule=raised.rule_name,
        article=article,
        sources=sources,
        articles=raised.articles,
    )
    return {**shape, "held": [_held(owed) for owed in raised.held]}


def _held(owed: OwedDelivery) -> HeldShape:
    hold = owed.delivery.hold
    return {
        "channel": owed.channel_name,
        "why": owed.delivery.state_reason,
        "reason": hold.reason.value if hold else "",
        "due_at": show_instant(hold.due_at) if hold else None,
    }


def alert_shape(
    alert: Alert,
    *,
    rule: str,
    article: Article | None,
    sources: Mapping[str, str],
    articles: int = 1,
) -> AlertShape:
    """Return an alert with the article that raised it.

    Args:
        rule: The rule's name.
        sources: The names of sources by their ids.
        articles: How many articles tell its story.
    """
    return {
        "id": alert.id,
        "rule": rule,
        "story_id": alert.story_id,
        "article": article_shape(article, sources=sources) if article else None,
        "raised_at": show_instant(alert.raised_at),
        "score": alert.score,
        "evidence": evidence_shape(alert.evidence),
        "articles": articles,
        "seq": alert.seq,
        "held": [],
    }
