"""What was raised, as it is kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from storage.api.alerts import Headline
from storage.model import Alert, ChannelState, Evidence
from storage.sql import rows
from storage.sql.meta import Moved
from storage.sql.tables.schema import ALERT_SEQ, alert, article, channel, rule

_COLUMNS = [column for column in alert.c if column.name != "owed"]
_get = select(*_COLUMNS).where(alert.c.id == bindparam("id"))
_recipients = select(channel.c.id, channel.c.recipients).where(
    channel.c.state != ChannelState.REMOVED.value
)


class SqlAlerts:
    """Implements `storage.api.alerts.Alerts` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any], moved: Moved) -> None:
        self._connection = connection
        self._insert = insert
        self._moved = moved

    def add_new(
        self,
        alerts: Iterable[Alert],
        *,
        owed: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    ) -> list[Alert]:
        first: dict[str, Alert] = {}
        for alert_ in alerts:
            first.setdefault(alert_.id, alert_)
        # From here to the commit nobody else raises alerts: numbers are given in the order of
        # commits, without gaps, and whoever follows them misses none.
        last = int(self._moved.take(ALERT_SEQ))
        known = {id_ for (id_,) in rows.having(self._connection, [alert.c.id], first)}
        new = [alert_ for alert_ in first.values() if alert_.id not in known]
        if not new:
            return []
        self._moved.advance(ALERT_SEQ, len(new))
        numbered = [replace(alert_, seq=last + place) for place, alert_ in enumerate(new, start=1)]
        if owed is None:
            owed = self._owed({alert_.rule_id for alert_ in numbered})
        # By article, and so nearly by story: pages of two indexes are written once each.
        in_order = sorted(numbered, key=attrgetter("article_id"))
        values = [to_row(alert_, owed.get(alert_.rule_id, [])) for alert_ in in_order]
        rows.insert_own(self._connection, self._insert, alert, values)
        return numbered

    def _owed(self, rule_ids: set[str]) -> dict[str, list[tuple[str, str]]]:
        """Return which (channel, recipient) pairs each rule names now."""
        recipients = {id_: names for id_, names in self._connection.execute(_recipients)}
        owed: dict[str, list[tuple[str, str]]] = {}
        for chunk in rows.chunks(rule_ids):
            named = select(rule.c.id, rule.c.channel_ids).where(rule.c.id.in_(chunk))
            for rule_id, channel_ids in self._connection.execute(named):
                owed[rule_id] = [
                    (id_, recipient) for id_ in channel_ids for recipient in recipients.get(id_, ())
                ]
        return owed

    def get(self, id: str) -> Alert | None:
        row = self._connection.execute(_get, {"id": id}).first()
        return from_row(row) if row else None

    def some(self, ids: Iterable[str]) -> list[Alert]:
        found: list[Alert] = []
        for chunk in rows.chunks(ids):
            statement = select(*_COLUMNS).where(alert.c.id.in_(chunk))
            found += map(from_row, self._connection.execute(statement))
        return sorted(found, key=lambda alert_: alert_.seq)

    def headlines(self, ids: Iterable[str]) -> dict[str, Headline]:
        found = {}
        for chunk in rows.chunks(ids):
            statement = (
                select(alert.c.id, rule.c.name, article.c.title, article.c.language)
                .outerjoin_from(alert, rule, rule.c.id == alert.c.rule_id)
                .outerjoin(article, article.c.id == alert.c.article_id)
                .where(alert.c.id.in_(chunk))
            )
            for id_, name, title, language in self._connection.execute(statement):
                found[id_] = Headline(rule=name or "", title=title or "", language=language or "")
        return found

    def of_stories(self, ids: Iterable[str]) -> list[Alert]:
        told: list[Alert] = []
        for chunk in rows.chunks(ids):
            statement = select(*_COLUMNS).where(alert.c.story_id.in_(chunk))
            told += map(from_row, self._connection.execute(statement))
        return sorted(told, key=lambda alert_: alert_.seq)

    def told(self, story_ids: Iterable[str]) -> set[tuple[str, str]]:
        columns = [alert.c.story_id, alert.c.rule_id]
        return {
            (rule_id, id_) for id_, rule_id in rows.having(self._connection, columns, story_ids)
        }

    def find(self, prefix: str) -> Alert | None:
        row = rows.find(self._connection, alert, prefix)
        return from_row(row) if row else None

    def recent(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        rule_id: str | None = None,
        after_seq: int | None = None,
        limit: int | None = 100,
    ) -> list[Alert]:
        statement = select(*_COLUMNS).where(*_where(rule_id, since)).limit(limit)
        if until is not None:
            statement = statement.where(alert.c.raised_at < until)
        if after_seq is None:
            statement = statement.order_by(alert.c.seq.desc())
        else:
            statement = statement.where(alert.c.seq > after_seq).order_by(alert.c.seq)
        return [from_row(row) for row in self._connection.execute(statement)]

    def count(self, *, rule_id: str | None = None, since: datetime | None = None) -> int:
        statement = select(func.count()).select_from(alert).where(*_where(rule_id, since))
        return self._connection.execute(statement).scalar_one()


def _where(rule_id: str | None, since: datetime | None) -> list[Any]:
    conditions: list[Any] = []
    if rule_id is not None:
        conditions.append(alert.c.rule_id == rule_id)
    if since is not None:
        conditions.append(alert.c.raised_at >= since)
    return conditions


def to_row(alert_: Alert, owed: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return the columns of an alert and of what was owed for it."""
    return {
        "id": alert_.id,
        "seq": alert_.seq,
        "rule_id": alert_.rule_id,
        "story_id": alert_.story_id,
        "article_id": alert_.article_id,
        "raised_at": alert_.raised_at,
        "score": alert_.score,
        "evidence": values_of(alert_.evidence),
        "owed": owed,
    }


def from_row(row: Row[Any]) -> Alert:
    """Return the alert of a row."""
    values = dict(row._mapping)
    values.pop("owed", None)
    values["evidence"] = tuple(evidence_of(fields) for fields in values["evidence"])
    return Alert(**values)


_EVIDENCE = tuple(field.name for field in fields(Evidence))
_all_of_evidence = attrgetter(*_EVIDENCE)


def values_of(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Return evidence as it is kept as JSON."""
    return [dict(zip(_EVIDENCE, _all_of_evidence(each), strict=True)) for each in evidence]


def evidence_of(values: dict[str, Any]) -> Evidence:
    """Return the evidence that was kept as JSON."""
    return Evidence(**{**values, "variants": tuple(values.get("variants", ()))})
