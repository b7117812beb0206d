"""What somebody does not want to hear of for a while, and what readers said, as it is kept."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from storage.model import Variant, VariantState
from storage.silence import Silence
from storage.sql import rows
from storage.sql.tables.schema import alert, feedback, silence

_IN_ORDER = (silence.c.created_at, silence.c.id)


class SqlSilences:
    """Implements `storage.api.quiet.Silences` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def add(self, silence_: Silence) -> bool:
        return rows.insert_new(self._connection, self._insert, silence, [to_row(silence_)]) > 0

    def get(self, id: str) -> Silence | None:
        row = self._connection.execute(select(silence).where(silence.c.id == id)).first()
        return from_row(row) if row else None

    def find(self, prefix: str) -> Silence | None:
        row = rows.find(self._connection, silence, prefix)
        return from_row(row) if row else None

    def all(self, *, now: datetime | None = None) -> list[Silence]:
        wanted = select(silence).order_by(*_IN_ORDER)
        if now is not None:
            wanted = wanted.where(silence.c.ended_at.is_(None), silence.c.until > now)
        return [from_row(row) for row in self._connection.execute(wanted)]

    def lock(self, *, now: datetime) -> list[Silence]:
        wanted = select(silence).where(silence.c.ended_at.is_(None), silence.c.until > now)
        locked = wanted.order_by(*_IN_ORDER).with_for_update(read=True)
        return [from_row(row) for row in self._connection.execute(locked)]

    def end(self, id: str, *, at: datetime) -> bool:
        ended = update(silence).where(silence.c.id == id, silence.c.ended_at.is_(None))
        return self._connection.execute(ended.values(ended_at=at)).rowcount > 0


class SqlFeedback:
    """Implements `storage.api.alerts.Feedback` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def give(self, alert_id: str, verdict: str, *, at: datetime) -> None:
        said = {"alert_id": alert_id, "verdict": verdict, "given_at": at}
        statement = self._insert(feedback).values(said)
        last = {"verdict": verdict, "given_at": at}
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["alert_id"], set_=last)
        )

    def take_back(self, alert_id: str) -> None:
        self._connection.execute(delete(feedback).where(feedback.c.alert_id == alert_id))

    def some(self, alert_ids: Iterable[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for chunk in rows.chunks(alert_ids):
            said = select(feedback.c.alert_id, feedback.c.verdict)
            said = said.where(feedback.c.alert_id.in_(chunk))
            found.update((id_, verdict) for id_, verdict in self._connection.execute(said))
        return found

    def of_rule(self, rule_id: str) -> dict[str, str]:
        said = select(feedback.c.alert_id, feedback.c.verdict)
        said = said.join(alert, alert.c.id == feedback.c.alert_id)
        said = said.where(alert.c.rule_id == rule_id).order_by(feedback.c.alert_id)
        return {alert_id: verdict for alert_id, verdict in self._connection.execute(said)}


def to_row(silence_: Silence) -> dict[str, Any]:
    """Return the columns of a silence."""
    return {
        "id": silence_.id,
        "reason": silence_.reason,
        "created_at": silence_.created_at,
        "until": silence_.until,
        "ended_at": silence_.ended_at,
        "rule_id": silence_.rule_id,
        "source_id": silence_.source_id,
        "story_id": silence_.story_id,
        "query": silence_.query,
        "variants": [asdict(variant) for variant in silence_.variants],
    }


def from_row(row: Row[Any]) -> Silence:
    """Return the silence of a row."""
    values = dict(row._mapping)
    values["variants"] = tuple(
        Variant(**{**variant, "state": VariantState(variant["state"])})
        for variant in values["variants"]
    )
    return Silence(**values)
