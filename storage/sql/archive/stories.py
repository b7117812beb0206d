"""Which articles tell the same event, as it is kept."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, func, select, tuple_, update

from storage.model import Article
from storage.sql import rows
from storage.sql.archive.articles import from_row as article_from_row
from storage.sql.tables.schema import alert, article
from storage.sql.tables.story_tables import alert_waiting, story, story_live, story_member
from storage.story import Membership, Story

_OF_ARTICLES = (
    (article, article.c.id),
    (alert, alert.c.article_id),
    (alert_waiting, alert_waiting.c.article_id),
)


_MOVES = tuple(
    update(table).where(of_it == bindparam("moved")).values(story_id=bindparam("home"))
    for table, of_it in _OF_ARTICLES
)
_homes = rows.OfKeys(select(article.c.id, article.c.story_id), article.c.id)
_placed = exists().where(story_member.c.article_id == article.c.id)
_unplaced = rows.OfKeys(select(article.c.id).where(~_placed), article.c.id)
_some = rows.OfKeys(
    select(story.c.id, story.c.seen_at, story.c.articles, story.c.follows), story.c.id
)


class SqlStories:
    """Implements `storage.api.stories.Stories` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def get(self, id: str) -> Story | None:
        return self.some([id]).get(id)

    def some(self, ids: Iterable[str]) -> dict[str, Story]:
        found: dict[str, Story] = {}
        for chunk in rows.chunks(ids):
            for id_, seen_at, articles, follows in _some.among(self._connection, chunk):
                found[id_] = Story(id=id_, seen_at=seen_at, articles=articles, follows=follows)
        return found

    def find(self, prefix: str) -> Story | None:
        row = rows.find(self._connection, story, prefix)
        return _from_row(row) if row else None

    def recent(
        self,
        *,
        since: datetime | None = None,
        before: tuple[datetime, str] | None = None,
        rule_id: str | None = None,
        limit: int | None = 100,
    ) -> list[Story]:
        statement = select(story).order_by(story.c.seen_at.desc(), story.c.id.desc()).limit(limit)
        if since is not None:
            statement = statement.where(story.c.seen_at >= since)
        if before is not None:
            statement = statement.where(tuple_(story.c.seen_at, story.c.id) < before)
        if rule_id is not None:
            told = select(alert.c.story_id).where(alert.c.rule_id == rule_id)
            statement = statement.where(story.c.id.in_(told))
        return [_from_row(row) for row in self._connection.execute(statement)]

    def members(self, ids: Iterable[str]) -> list[Membership]:
        found: list[Membership] = []
        for chunk in rows.chunks(ids):
            statement = select(story_member).where(story_member.c.story_id.in_(chunk))
            found += (Membership(**row._mapping) for row in self._connection.execute(statement))
        return sorted(
            found, key=lambda member: (member.appeared_at, member.joined_at, member.article_id)
        )

    def put(self, stories: Iterable[Story]) -> None:
        values = [
            {
                "id": each.id,
                "seen_at": each.seen_at,
                "articles": each.articles,
                "follows": each.follows,
            }
            for each in sorted(stories, key=lambda each: each.id)
        ]
        rows.put(self._connection, self._insert, story, values)

    def join(self, members: Iterable[Membership]) -> None:
        values = [
            {
                "article_id": member.article_id,
                "story_id": member.story_id,
                "joined_at": member.joined_at,
                "appeared_at": member.appeared_at,
                "outlet": member.outlet,
                "language": member.language,
                "reason": member.reason,
            }
            for member in sorted(members, key=lambda member: member.article_id)
        ]
        rows.put(self._connection, self._insert, story_member, values, are_new=True)

    def join_later(self, ids: Iterable[str], *, at: datetime) -> None:
        for chunk in rows.chunks(ids):
            later = update(story_member).where(story_member.c.article_id.in_(chunk))
            self._connection.execute(later.values(joined_at=at))

    def move(self, homes: Mapping[str, str]) -> None:
        for chunk in rows.chunks(homes):
            known = _homes.among(self._connection, chunk).all()
            moved = [
                {"moved": id_, "home": homes[id_]}
                for id_, story_id in sorted(known)
                if homes[id_] != story_id
            ]
            for statement in _MOVES if moved else ():
                self._connection.execute(statement, moved)

    def remove(self, id: str) -> None:
        self._connection.execute(delete(story_live).where(story_live.c.story_id == id))
        self._connection.execute(delete(story).where(story.c.id == id))

    def unplaced(self, limit: int, *, after: tuple[datetime, str] | None = None) -> list[Article]:
        # Who goes on behind a place knows already that there may be any.
        if after is None and not self._missing():
            return []
        columns = [each for each in article.c if each.name not in ("url_hash", "indexed")]
        statement = select(*columns).where(~_placed)
        if after is not None:
            statement = statement.where(tuple_(article.c.first_seen_at, article.c.id) > after)
        statement = statement.order_by(article.c.first_seen_at, article.c.id).limit(limit)
        return [article_from_row(row) for row in self._connection.execute(statement)]

    def are_unplaced(self, ids: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for chunk in rows.chunks(ids):
            found.update(_unplaced.among(self._connection, chunk).scalars())
        return found

    def _missing(self) -> bool:
        """Whether there are more articles than members, which is asked faster than which."""
        counted = (
            select(func.count()).select_from(table).scalar_subquery()
            for table in (article, story_member)
        )
        articles, members = self._connection.execute(select(*counted)).one()
        return bool(articles > members)


def _from_row(row: Row[Any]) -> Story:
    return Story(**row._mapping)
