"""Takes out old stories that nobody was told of; what their articles are known by stays."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    exists,
    func,
    not_,
    or_,
    select,
    update,
)

from storage.api.pruning import Prunable, Pruned
from storage.sql.archive.keeper import Keeper
from storage.sql.archive.search import is_damaged
from storage.sql.tables.schema import (
    alert,
    article,
    article_index,
    article_listing,
    article_order,
    article_print,
    article_version,
)
from storage.sql.tables.story_tables import alert_waiting, story, story_live, story_member

_BY_ARTICLE = (article_listing, article_version, story_member)
_earlier = story.alias()
_INSTANT = timedelta(microseconds=1)


class SqlPruning:
    """Implements `storage.api.pruning.Pruning` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any], keeper: Keeper) -> None:
        self._connection = connection
        self._insert = insert
        self._keeper = keeper

    def newest(self, count: int) -> datetime | None:
        seen = select(article.c.first_seen_at).order_by(article.c.first_seen_at.desc())
        return self._connection.execute(seen.offset(count - 1).limit(1)).scalar()

    def oldest(self, count: int, *, before: datetime) -> datetime:
        order = story.c.seen_at, story.c.id
        held = func.sum(story.c.articles).over(order_by=order).label("held")
        over = select(story.c.seen_at, held).where(_is_over(before)).subquery()
        enough = select(over.c.seen_at).where(over.c.held >= count).order_by(over.c.held).limit(1)
        last: datetime | None = self._connection.execute(enough).scalar()
        return before if last is None else min(before, last + _INSTANT)

    def prunable(self, *, before: datetime) -> Prunable:
        old = select(story.c.id).where(_is_over(before))
        members = select(func.count()).select_from(story_member)
        articles = members.where(story_member.c.story_id.in_(old)).scalar_subquery()
        stories = select(func.count()).select_from(story).where(_is_over(before)).scalar_subquery()
        every = select(func.count()).select_from(article)
        older = every.where(article.c.first_seen_at < before).scalar_subquery()
        row = self._connection.execute(select(articles, stories, older, every.scalar_subquery()))
        found, stories_, older_, total = row.one()
        return Prunable(found, stories_, kept=older_ - found, remaining=total - found)

    def prune(self, *, before: datetime, after: tuple[datetime, str] | None, limit: int) -> Pruned:
        old = select(story.c.seen_at, story.c.id).where(_is_over(before))
        if after is not None:
            seen_at, id_ = after
            later = and_(story.c.seen_at == seen_at, story.c.id > id_)
            old = old.where(or_(story.c.seen_at > seen_at, later))
        places = self._connection.execute(
            old.order_by(story.c.seen_at, story.c.id).limit(limit)
        ).all()
        if not places:
            return Pruned()
        stories = [id_ for _, id_ in places]
        members = select(article.c.id, article.c.indexed)
        members = members.join(story_member, story_member.c.article_id == article.c.id)
        members = members.where(story_member.c.story_id.in_(stories)).order_by(article.c.id)
        found = self._connection.execute(members).all()
        articles = [id_ for id_, _ in found]
        numbers = [number for _, number in found if number is not None]
        self._connection.execute(delete(article_index).where(article_index.c.number.in_(numbers)))
        for table in _BY_ARTICLE:
            self._connection.execute(delete(table).where(table.c.article_id.in_(articles)))
        self._connection.execute(delete(article).where(article.c.id.in_(articles)))
        self._connection.execute(delete(story).where(story.c.id.in_(stories)))
        return Pruned(len(articles), len(stories), tuple(places[-1]))

    def forget(self, *, before: datetime) -> int:
        self._keeper.read_whole(self._connection)
        gone = ~exists().where(_earlier.c.id == story.c.follows)
        follows = update(story).where(story.c.follows != "", gone)
        self._connection.execute(follows.values(follows=""))
        is_there = exists().where(article.c.id == article_order.c.article_id)
        self._connection.execute(delete(article_order).where(~is_there))
        is_there = exists().where(article.c.id == article_print.c.article_id)
        unlisted = delete(article_print).where(article_print.c.listed_at < before, ~is_there)
        return self._connection.execute(unlisted).rowcount

    def shed(self, *, after: int) -> int | None:
        from storage.sql.archive.segments import Segments  # dear to import, and not always needed

        if is_damaged(self._connection):
            return None  # what makes it anew leaves them out
        return Segments(self._connection, self._insert, self._keeper).shed(after)


def _is_over(before: datetime) -> ColumnElement[bool]:
    """The condition that a story has not been told since, and that nobody was told of it."""
    its = story_member.c.story_id == story.c.id
    needed = or_(
        article.c.first_seen_at >= before,
        exists().where(alert.c.article_id == article.c.id),
        exists().where(alert_waiting.c.article_id == article.c.id),
    )
    member = exists().where(its, article.c.id == story_member.c.article_id, needed)
    return and_(
        story.c.seen_at < before,
        not_(exists().where(alert.c.story_id == story.c.id)),
        not_(exists().where(alert_waiting.c.story_id == story.c.id)),
        not_(exists().where(story_live.c.story_id == story.c.id)),
        not_(member),
    )
