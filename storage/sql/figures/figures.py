"""Figures as both databases count them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, exists, func, not_, select, type_coerce

from storage.api.articles import AlertOutline, Passage
from storage.model import DeliveryKind, DeliveryState
from storage.sql import rows
from storage.sql.tables.schema import (
    alert,
    article,
    article_version,
    attempt,
    delivery,
    feedback,
    notice,
    rule,
)

_outlines = select(
    alert.c.seq,
    alert.c.id,
    alert.c.rule_id,
    article.c.source_id,
    article.c.language,
    article.c.published_at,
    alert.c.raised_at,
    alert.c.owed,
).join(article, article.c.id == alert.c.article_id)

_last = (  # in the index alone: an alert's moment is read for one of each rule
    select(func.count().label("count"), func.max(alert.c.seq).label("seq"))
    .group_by(alert.c.rule_id)
    .subquery()
)
_raised = select(alert.c.rule_id, _last.c.count, alert.c.raised_at).join(
    _last, _last.c.seq == alert.c.seq
)
# Counted by us: grouped by rule, all alerts would be looked at for the few that were rated.
_verdicts = select(alert.c.rule_id, feedback.c.verdict).select_from(feedback).join(alert)
_notices = (
    select(notice.c.source_id, func.count()).where(~notice.c.routine).group_by(notice.c.source_id)
)

_first_attempt = (
    select(func.min(attempt.c.started_at))
    .where(attempt.c.delivery_id == delivery.c.id)
    .scalar_subquery()
)
_passages = (
    select(
        alert.c.id,
        article.c.source_id,
        delivery.c.channel_id,
        delivery.c.recipient,
        article.c.published_at,
        article.c.first_seen_at,
        alert.c.raised_at,
        type_coerce(_first_attempt, attempt.c.started_at.type),
        delivery.c.delivered_at,
    )
    .join(alert, alert.c.id == delivery.c.alert_id)
    .join(article, article.c.id == alert.c.article_id)
    .where(delivery.c.state == DeliveryState.DELIVERED.value)
    .where(delivery.c.kind == DeliveryKind.ALERT.value)
    .where(delivery.c.delivered_at.is_not(None))
    .where(exists().where(attempt.c.delivery_id == delivery.c.id))
    .order_by(delivery.c.created_at.desc(), delivery.c.id)
)
_raised_at_sight = and_(
    exists().where(rule.c.id == alert.c.rule_id, rule.c.created_at <= article.c.first_seen_at),
    not_(
        exists().where(
            article_version.c.article_id == article.c.id,
            article_version.c.until <= alert.c.raised_at,
        )
    ),
)


class SqlFigures:
    """Implements `storage.api.figures.Figures` inside one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def alerts(self, *, after_seq: int | None = None, limit: int) -> list[AlertOutline]:
        statement = _outlines.limit(limit)
        if after_seq is None:
            statement = statement.order_by(alert.c.seq.desc())
        else:
            statement = statement.where(alert.c.seq > after_seq).order_by(alert.c.seq)
        return [
            AlertOutline(*row[:-1], tuple(dict.fromkeys(channel for channel, _ in row.owed)))
            for row in self._connection.execute(statement)
        ]

    def raised(self) -> dict[str, tuple[int, datetime]]:
        found = self._connection.execute(_raised)
        return {rule_id: (count, last) for rule_id, count, last in found}

    def verdicts(self) -> dict[str, tuple[int, int]]:
        counts: dict[str, Counter[bool]] = {}
        for rule_id, verdict in self._connection.execute(_verdicts):
            counts.setdefault(rule_id, Counter())[verdict == "useful"] += 1
        return {rule_id: (count[True], count[False]) for rule_id, count in counts.items()}

    def articles(
        self, source_ids: Iterable[str], *, since: datetime, until: datetime
    ) -> dict[str, int]:
        counts: dict[str, int] = {}
        seen = article.c.first_seen_at
        counted = select(article.c.source_id, func.count()).where(seen >= since, seen < until)
        for chunk in rows.chunks(source_ids):
            some = counted.where(article.c.source_id.in_(chunk)).group_by(article.c.source_id)
            counts.update((id_, count) for id_, count in self._connection.execute(some))
        return counts

    def notices(self) -> dict[str, int]:
        return {id_: count for id_, count in self._connection.execute(_notices)}

    def passages(self, *, limit: int, alert_id: str | None = None) -> list[Passage]:
        wanted = _passages.limit(limit)
        which = _raised_at_sight if alert_id is None else delivery.c.alert_id == alert_id
        wanted = wanted.where(which)
        return [Passage(*row) for row in self._connection.execute(wanted)]

    def waits(self, *, limit: int) -> list[timedelta]:
        taken = (
            select(delivery.c.created_at, delivery.c.delivered_at)
            .where(delivery.c.state == DeliveryState.DELIVERED.value)
            .order_by(delivery.c.created_at.desc())
            .limit(limit)
        )
        return [at - since for since, at in self._connection.execute(taken) if at is not None]
