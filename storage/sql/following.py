"""What rules wait for before they alert, and how often they find something, as it is kept."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select

from storage.model import Match
from storage.sql import rows
from storage.sql.alerts import evidence_of, values_of
from storage.sql.tables.story_tables import alert_waiting, rule_mention
from storage.story import Waiting

_mentions = select(rule_mention.c.hour, rule_mention.c.articles).where(
    rule_mention.c.rule_id == bindparam("rule"),
    rule_mention.c.hour >= bindparam("since"),
)


class SqlFollowing:
    """Implements `storage.api.stories.Following` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def wait(self, waiting: Iterable[Waiting], *, forget_before: datetime) -> None:
        values = [
            {
                "rule_id": each.match.rule_id,
                "article_id": each.match.article_id,
                "story_id": each.story_id,
                "found_at": each.found_at,
                "score": each.match.score,
                "evidence": values_of(each.match.evidence),
            }
            for each in waiting
        ]
        rows.insert_new(self._connection, self._insert, alert_waiting, values)
        old = alert_waiting.c.found_at < forget_before
        self._connection.execute(delete(alert_waiting).where(old))

    def waiting(self, story_ids: Iterable[str]) -> list[Waiting]:
        found: list[Waiting] = []
        # Of most stories nothing waits, which is asked in a moment.
        about = rows.having(self._connection, [alert_waiting.c.story_id], story_ids)
        for chunk in rows.chunks(id_ for (id_,) in about):
            statement = select(alert_waiting).where(alert_waiting.c.story_id.in_(chunk))
            found += map(_waiting, self._connection.execute(statement))
        return sorted(found, key=lambda each: (each.found_at, each.match.article_id))

    def end_wait(self, rule_id: str, story_id: str) -> None:
        columns = alert_waiting.c
        about = (columns.rule_id == rule_id, columns.story_id == story_id)
        self._connection.execute(delete(alert_waiting).where(*about))

    def mention(self, rule_id: str, hour: int, articles: int) -> None:
        statement = self._insert(rule_mention).values(rule_id=rule_id, hour=hour, articles=articles)
        counted = rule_mention.c.articles + statement.excluded.articles
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["rule_id", "hour"], set_={"articles": counted}
            )
        )

    def mentions(self, rule_id: str, *, since: int) -> dict[int, int]:
        asked = {"rule": rule_id, "since": since}
        return {hour: articles for hour, articles in self._connection.execute(_mentions, asked)}


def _waiting(row: Row[Any]) -> Waiting:
    return Waiting(
        match=Match(
            rule_id=row.rule_id,
            article_id=row.article_id,
            score=row.score,
            evidence=tuple(evidence_of(fields) for fields in row.evidence),
        ),
        story_id=row.story_id,
        found_at=row.found_at,
    )
