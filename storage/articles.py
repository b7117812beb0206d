"""What the sources published, as it is kept: articles and their prints."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, or_, select, update

from storage import rows
from storage.model import Article, Print
from storage.schema import article, article_print

LISTED_WITHIN = timedelta(days=1)
"""When an article was last listed is kept to within a day, or every poll would write it anew."""

_COLUMNS = [column for column in article.c if column.name != "url_hash"]
_get = select(*_COLUMNS).where(article.c.id == bindparam("id"))
_count = select(func.count()).select_from(article)


class SqlArticles:
    """Implements `storage.api.Articles` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def known(self, keys: Iterable[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for chunk in rows.chunks(keys):
            statement = select(article_print.c.key, article_print.c.article_id)
            statement = statement.where(article_print.c.key.in_(chunk))
            found.update((key, id_) for key, id_ in self._connection.execute(statement))
        return found

    def add(self, articles: Iterable[tuple[Article, Sequence[Print]]], *, now: datetime) -> int:
        pairs = sorted(articles, key=lambda each: each[0].id)
        new = [to_row(each) for each, _ in pairs]
        added = rows.insert_new(self._connection, self._insert, article, new)
        prints: list[dict[str, Any]] = [
            {"key": each.key, "article_id": owner.id, "kind": each.kind, "listed_at": now}
            for owner, prints in pairs
            for each in prints
        ]
        prints.sort(key=lambda each: each["key"])
        rows.insert_new(self._connection, self._insert, article_print, prints)
        return added

    def listed(self, prints: Mapping[str, str], *, now: datetime) -> None:
        if not prints:
            return
        statement = self._insert(article_print)
        statement = statement.on_conflict_do_update(
            index_elements=["key"],
            set_={"listed_at": statement.excluded.listed_at},
            where=article_print.c.listed_at < now - LISTED_WITHIN,
        )
        self._connection.execute(
            statement,
            [
                {"key": key, "article_id": id_, "kind": "", "listed_at": now}
                for key, id_ in sorted(prints.items())
            ],
        )

    def speak_up(self, ids: Iterable[str], *, since: datetime) -> list[Article]:
        spoken: list[Article] = []
        for chunk in rows.chunks(ids):
            statement = (
                update(article)
                .where(article.c.id.in_(chunk), article.c.quiet, article.c.first_seen_at > since)
                .values(quiet=False)
                .returning(*_COLUMNS)
            )
            spoken += map(from_row, self._connection.execute(statement))
        return sorted(spoken, key=lambda each: each.id)

    def revise(self, article_: Article) -> bool:
        changed = ("title", "text", "summary", "language", "updated_at", "authors", "categories")
        values = to_row(article_)
        statement = (
            update(article)
            .where(article.c.id == article_.id, article.c.source_id == article_.source_id)
            .where(or_(article.c.title != article_.title, article.c.text != article_.text))
            .values({key: values[key] for key in changed})
        )
        return self._connection.execute(statement).rowcount > 0

    def get(self, id: str) -> Article | None:
        row = self._connection.execute(_get, {"id": id}).first()
        return from_row(row) if row else None

    def find(self, prefix: str) -> Article | None:
        # Through the hash, because the index of a long URL would be too large.
        of_url = and_(article.c.url_hash == url_hash(prefix), article.c.url == prefix)
        row = rows.find(self._connection, article, prefix, exactly=[of_url])
        return from_row(row) if row else None

    def recent(
        self,
        *,
        since: datetime | None = None,
        source_ids: Sequence[str] = (),
        language: str | None = None,
        limit: int | None = 100,
        before: tuple[datetime, str] | None = None,
    ) -> list[Article]:
        statement = select(*_COLUMNS)
        if since is not None:
            statement = statement.where(article.c.first_seen_at >= since)
        if source_ids:
            statement = statement.where(article.c.source_id.in_(source_ids))
        if language is not None:
            statement = statement.where(article.c.language == language)
        if before is not None:
            seen_at, id_ = before
            statement = statement.where(
                article.c.first_seen_at <= seen_at,
                or_(article.c.first_seen_at < seen_at, article.c.id < id_),
            )
        newest_first = (article.c.first_seen_at.desc(), article.c.id.desc())
        statement = statement.order_by(*newest_first).limit(limit)
        return [from_row(row) for row in self._connection.execute(statement)]

    def count(self) -> int:
        return self._connection.execute(_count).scalar_one()


def url_hash(url: str) -> str:
    """Return the short text under which an article's URL is looked up."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def to_row(article_: Article) -> dict[str, Any]:
    """Return the columns of an article."""
    return {
        "id": article_.id,
        "source_id": article_.source_id,
        "story_id": article_.story_id,
        "url": article_.url,
        "url_hash": url_hash(article_.url),
        "title": article_.title,
        "summary": article_.summary,
        "language": article_.language,
        "authors": article_.authors,
        "categories": article_.categories,
        "published_at": article_.published_at,
        "updated_at": article_.updated_at,
        "first_seen_at": article_.first_seen_at,
        "quiet": article_.quiet,
        "text": article_.text,
    }


def from_row(row: Row[Any]) -> Article:
    """Return the article of a row with all columns."""
    values = dict(row._mapping)
    values.pop("url_hash", None)
    values["authors"] = tuple(values["authors"])
    values["categories"] = tuple(values["categories"])
    return Article(**values)
