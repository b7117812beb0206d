"""The JSON of an alert."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict

from monitor.base.times import show_instant
from monitor.views.article import ArticleShape, article_shape
from monitor.views.delivery import DeliveryShape, HoldShape, OwedDelivery
from monitor.views.evidence import EvidenceShape, evidence_shape
from monitor.views.schema import InstantText
from storage.model import Alert, Article

if TYPE_CHECKING:
    from monitor.services.alerts import Raised


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


class AlertDetailsShape(AlertShape):
    """An alert, and where it went."""

    deliveries: list[DeliveryShape]


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
