"""In which order articles were stored or revised: numbers that grow with the commits."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, func, select

from storage.sql import meta, rows
from storage.sql.tables.columns import array_of
from storage.sql.tables.schema import ARTICLE_NUMBER, article, article_order

# In PostgreSQL one statement moves the counter and numbers all rows.
_IN_ORDER = """
WITH moved AS (
    UPDATE meta SET value = (value::BIGINT + %b::BIGINT)::TEXT WHERE key = %b RETURNING value
)
INSERT INTO article_order (number, article_id, again)
SELECT value::BIGINT - count(*) OVER () + place, article_id, again
FROM moved, unnest(%b::VARCHAR[], %b::BOOLEAN[]) WITH ORDINALITY AS new (article_id, again, place)
"""


class ArticleOrder:
    """Gives articles their numbers, at the end of the transaction that stores them.

    Only then, because who gives numbers makes all others wait until the commit: they wait
    shortest so, and nobody waits for anything afterwards, so that no two wait for each other.
    """

    def __init__(
        self, connection: Connection, insert: Callable[..., Any], moved: meta.Moved
    ) -> None:
        self._connection = connection
        self._insert = insert
        self._moved = moved
        self._changed: dict[str, bool] = {}

    def stored(self, ids: Iterable[str]) -> None:
        """Note that articles are new in this transaction."""
        for id_ in ids:
            self._changed.setdefault(id_, False)

    def revised(self, id: str) -> None:
        """Note that an article says something else from this transaction on."""
        self._changed[id] = True

    def end(self) -> None:
        """Give all of them their numbers."""
        if not self._changed:
            return
        known = [id_ for id_, was_there in self._changed.items() if was_there]
        for chunk in rows.chunks(known):
            of_them = article_order.c.article_id.in_(chunk)
            self._connection.execute(delete(article_order).where(of_them, article_order.c.again))
        if self._connection.dialect.name == "postgresql":
            ids, again = list(self._changed), list(self._changed.values())
            given = (len(ids), ARTICLE_NUMBER, array_of("VARCHAR", ids), array_of("BOOLEAN", again))
            self._connection.exec_driver_sql(_IN_ORDER, given)
        else:
            last = self._moved.advance(ARTICLE_NUMBER, len(self._changed))
            numbered = [
                {"number": number, "article_id": id_, "again": was_there}
                for number, (id_, was_there) in enumerate(
                    self._changed.items(), start=last - len(self._changed) + 1
                )
            ]
            rows.insert_own(self._connection, self._insert, article_order, numbered)
        self._changed.clear()

    def last(self, seen_since: datetime | None) -> int:
        """Return what `storage.api.articles.Articles.last_number` promises."""
        if seen_since is None:
            return meta.read(self._connection, ARTICLE_NUMBER)
        is_late = article.c.first_seen_at >= seen_since
        if not self._is_any(~is_late):
            return 0
        ids = select(article.c.id).where(is_late)
        first = select(func.min(article_order.c.number)).where(
            article_order.c.article_id.in_(ids), _is_last
        )
        number = self._connection.execute(first).scalar()
        return meta.read(self._connection, ARTICLE_NUMBER) if number is None else number - 1

    def _is_any(self, condition: Any) -> bool:
        some = exists().where(condition)
        return bool(self._connection.execute(select(some)).scalar())


def after(number: int) -> Select[Any]:
    """Return what selects number and id of what was stored after that number, in order."""
    kept = article_order.c
    later = select(kept.number, kept.article_id).where(kept.number > number, _is_last)
    return later.order_by(kept.number)


_given_again = article_order.alias()
_is_last = ~exists().where(
    _given_again.c.again,
    _given_again.c.article_id == article_order.c.article_id,
    _given_again.c.number > article_order.c.number,
)
"""That an article has no later number. Its first one stays: to find it would need an index."""
