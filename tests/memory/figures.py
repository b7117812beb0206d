"""Figures in memory."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from storage.api.articles import AlertOutline, Passage
from storage.model import DeliveryKind, DeliveryState
from tests.memory.kept import Kept


class MemoryFigures:
    """Implements `storage.api.figures.Figures`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def alerts(self, *, after_seq: int | None = None, limit: int) -> list[AlertOutline]:
        kept = self._kept
        every = sorted(kept.alerts.values(), key=lambda alert: alert.seq, reverse=after_seq is None)
        return [
            AlertOutline(
                seq=alert.seq,
                alert_id=alert.id,
                rule_id=alert.rule_id,
                source_id=kept.articles[alert.article_id].source_id,
                language=kept.articles[alert.article_id].language,
                published_at=kept.articles[alert.article_id].published_at,
                raised_at=alert.raised_at,
                channel_ids=tuple(dict.fromkeys(id_ for id_, _ in kept.owed[alert.id])),
            )
            for alert in every
            if after_seq is None or alert.seq > after_seq
        ][:limit]

    def raised(self) -> dict[str, tuple[int, datetime]]:
        figures: dict[str, tuple[int, datetime]] = {}
        for alert in sorted(self._kept.alerts.values(), key=lambda alert: alert.seq):
            count, _ = figures.get(alert.rule_id, (0, None))
            figures[alert.rule_id] = (count + 1, alert.raised_at)
        return figures

    def verdicts(self) -> dict[str, tuple[int, int]]:
        figures: dict[str, tuple[int, int]] = {}
        for alert_id, verdict in self._kept.feedback.items():
            rule_id = self._kept.alerts[alert_id].rule_id
            useful, noise = figures.get(rule_id, (0, 0))
            is_useful = verdict == "useful"
            figures[rule_id] = (useful + is_useful, noise + (not is_useful))
        return figures

    def articles(
        self, source_ids: Iterable[str], *, since: datetime, until: datetime
    ) -> dict[str, int]:
        wanted = set(source_ids)
        every = self._kept.articles.values()
        seen = [article for article in every if since <= article.first_seen_at < until]
        return dict(Counter(a.source_id for a in seen if a.source_id in wanted))

    def notices(self) -> dict[str, int]:
        every = self._kept.notices.values()
        return dict(Counter(notice.source_id for notice in every if not notice.routine))

    def passages(self, *, limit: int, alert_id: str | None = None) -> list[Passage]:
        kept = self._kept
        wanted = [
            delivery
            for delivery in kept.deliveries.values()
            if delivery.state is DeliveryState.DELIVERED
            and delivery.kind is DeliveryKind.ALERT
            and alert_id in (None, delivery.alert_id)
        ]
        wanted.sort(key=lambda delivery: delivery.id)
        wanted.sort(key=lambda delivery: delivery.created_at, reverse=True)
        made = []
        for delivery in wanted:
            begun = [a.started_at for a in kept.attempts.values() if a.delivery_id == delivery.id]
            if not begun or delivery.alert_id is None or delivery.delivered_at is None:
                continue
            alert = kept.alerts[delivery.alert_id]
            article = kept.articles[alert.article_id]
            editions = kept.versions.get(article.id, ())
            is_late = kept.rules[alert.rule_id].created_at > article.first_seen_at or any(
                each.until <= alert.raised_at for each in editions
            )
            if is_late and alert_id is None:
                continue
            made.append(
                Passage(
                    alert_id=alert.id,
                    source_id=article.source_id,
                    channel_id=delivery.channel_id,
                    recipient=delivery.recipient,
                    published_at=article.published_at,
                    seen_at=article.first_seen_at,
                    matched_at=alert.raised_at,
                    sent_at=min(begun),
                    delivered_at=delivery.delivered_at,
                )
            )
        return made[:limit]

    def waits(self, *, limit: int) -> list[timedelta]:
        taken = [
            delivery
            for delivery in self._kept.deliveries.values()
            if delivery.state is DeliveryState.DELIVERED
        ]
        taken.sort(key=lambda delivery: delivery.created_at, reverse=True)
        return [
            delivery.delivered_at - delivery.created_at
            for delivery in taken[:limit]
            if delivery.delivered_at is not None
        ]
