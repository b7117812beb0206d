"""What the sources published, as it is kept: articles, fingerprints, and how they are found."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    union_all,
    update,
)

from storage.api.articles import MOST_VERSIONS, Known, Version
from storage.api.lookup import Holding
from storage.model import Article, Fingerprint
from storage.said.others import DAMAGED
from storage.sql import rows
from storage.sql.archive.article_order import ArticleOrder, after
from storage.sql.archive.search import ArticleIndex, Stretch, newest_first
from storage.sql.tables.columns import written
from storage.sql.tables.schema import (
    article,
    article_listing,
    article_order,
    article_print,
    article_version,
)

LISTED_WITHIN = timedelta(days=1)
"""When an article was last listed is kept to within a day, or every poll would write it anew."""

_COLUMNS = [column for column in article.c if column.name not in ("url_hash", "indexed")]
_FIELDS = ["baseline" if column.name == "quiet" else column.name for column in _COLUMNS]
_get = select(*_COLUMNS).where(article.c.id == bindparam("id"))
_get_to_change = _get.with_for_update(key_share=True)
_some = rows.OfKeys(select(*_COLUMNS).order_by(article.c.id), article.c.id)
_texts = rows.OfKeys(select(article.c.id, article.c.title, article.c.text), article.c.id)
_KNOWN = (article_print.c.key, article_print.c.article_id, article_print.c.said)
_count = select(func.count()).select_from(article)


class SqlArticles:
    """Implements `storage.api.articles.Articles` inside one open transaction."""

    def __init__(
        self,
        connection: Connection,
        insert: Callable[..., Any],
        index: ArticleIndex,
        order: ArticleOrder,
    ) -> None:
        self._connection = connection
        self._insert = insert
        self._index = index
        self._order = order

    def known(self, keys: Iterable[str]) -> dict[str, Known]:
        rows.by_index(self._connection)  # who only reads asks, too, with the same statement
        found = rows.having(self._connection, _KNOWN, keys)
        return {key: Known(id_, said) for key, id_, said in found}

    def add(
        self, articles: Iterable[tuple[Article, Sequence[Fingerprint]]], *, now: datetime
    ) -> int:
        pairs = sorted(articles, key=lambda pair: pair[0].id)
        known = self._known({article_.id for article_, _ in pairs})
        fresh = {
            article_.id: article_ for article_, _ in reversed(pairs) if article_.id not in known
        }
        of_them = ((each, owner.id) for owner, several in pairs for each in several)
        prints = _prints(of_them, now)
        if fresh:
            return self._add(fresh, rows.Beside(article_print, prints, are_own=False))
        rows.insert_new(self._connection, self._insert, article_print, prints)
        return 0

    def _known(self, ids: Iterable[str]) -> set[str]:
        """Return which articles are there, as far as that must be known before.

        PostgreSQL says which it has added, and hardly any that a poll brings is known.
        """
        if self._connection.dialect.name == "postgresql":
            return set()
        found = rows.having(self._connection, (article.c.id,), ids)
        return {id_ for (id_,) in found}

    def _add(self, fresh: Mapping[str, Article], prints: rows.Beside) -> int:
        """Store articles that are not there, unless another transaction is faster."""
        placed = self._index.place(list(fresh.values()))
        new = [to_row(fresh[id_]) | {"indexed": placed.numbers.get(id_)} for id_ in sorted(fresh)]
        added = rows.insert_fresh(
            self._connection,
            self._insert,
            article,
            new,
            beside=[*placed.beside(), prints],
            repeated=self._index.known,
        )
        if added:
            self._index.stored(numbered=not added.isdisjoint(placed.numbers))
            self._order.stored(id_ for id_ in fresh if id_ in added)
        return len(added)

    def listed(self, fingerprints: Iterable[tuple[Fingerprint, str]], *, now: datetime) -> None:
        values = _prints(fingerprints, now)
        if not values:
            return
        statement = self._insert(article_print)
        given, kept = statement.excluded, article_print.c
        statement = statement.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "listed_at": given.listed_at,
                "said": case((given.said == "", kept.said), else_=given.said),
            },
            where=or_(
                kept.listed_at < now - LISTED_WITHIN,
                and_(given.said != "", given.said != kept.said),
            ),
        )
        self._connection.execute(statement, values)

    def listed_by(self, source_id: str, ids: Iterable[str], *, now: datetime) -> set[str]:
        new: set[str] = set()
        # Not those that were pruned since they were recognised.
        for chunk in rows.chunks(self.texts(ids)):
            statement = self._insert(article_listing).values(
                [{"article_id": id_, "source_id": source_id, "listed_at": now} for id_ in chunk]
            )
            statement = statement.on_conflict_do_nothing().returning(article_listing.c.article_id)
            new.update(self._connection.execute(statement).scalars())
        return new

    def sources_of(self, ids: Iterable[str]) -> dict[str, list[str]]:
        listing: dict[str, list[str]] = {}
        columns = (article_listing.c.article_id, article_listing.c.source_id)
        for chunk in rows.chunks(ids):
            statement = select(*columns).where(article_listing.c.article_id.in_(chunk))
            for id_, source_id in self._connection.execute(statement.order_by(*columns)):
                listing.setdefault(id_, []).append(source_id)
        return listing

    def end_baseline(self, ids: Iterable[str], *, since: datetime, lister: str) -> list[Article]:
        released: list[Article] = []
        for chunk in rows.chunks(ids):
            statement = (
                update(article)
                .where(article.c.id.in_(chunk), article.c.quiet, article.c.first_seen_at > since)
                .where(article.c.source_id != lister)
                .values(quiet=False)
                .returning(*_COLUMNS)
            )
            released += map(from_row, self._connection.execute(statement))
        return sorted(released, key=lambda article_: article_.id)

    def revise(self, article_: Article, *, now: datetime) -> bool:
        row = self._connection.execute(_get_to_change, {"id": article_.id}).first()
        stored = from_row(row) if row else None
        if stored is None or stored.source_id != article_.source_id:
            return False
        if (stored.title, stored.text) == (article_.title, article_.text):
            return False
        self._keep_version(stored, now)
        changed = ("title", "text", "summary", "language", "updated_at", "authors", "categories")
        values = to_row(article_)
        statement = (
            update(article)
            .where(article.c.id == article_.id)
            .values({key: values[key] for key in changed})
        )
        self._connection.execute(statement)
        self._index.revised(self.some([article_.id])[article_.id])
        self._order.revised(article_.id)
        return True

    def _keep_version(self, stored: Article, now: datetime) -> None:
        """Keep what an article says now, and drop the oldest of too many versions."""
        kept = article_version.c
        of_it = kept.article_id == stored.id
        last = self._connection.execute(select(func.max(kept.number)).where(of_it)).scalar()
        number = 1 if last is None else last + 1
        values = {
            "article_id": stored.id,
            "number": number,
            "until": now,
            "title": stored.title,
            "text": stored.text,
        }
        self._connection.execute(self._insert(article_version).values(values))
        too_old = and_(of_it, kept.number <= number - MOST_VERSIONS)
        self._connection.execute(delete(article_version).where(too_old))

    def languages(self, limit: int) -> list[tuple[str, int]]:
        newest = select(article.c.language).order_by(article.c.first_seen_at.desc()).limit(limit)
        some = newest.subquery()
        counted = func.count().label("articles")
        by_language = select(some.c.language, counted).where(some.c.language != "")
        by_language = by_language.group_by(some.c.language)
        ordered = by_language.order_by(counted.desc(), some.c.language)
        return [(language, count) for language, count in self._connection.execute(ordered)]

    def words(self, since: str, until: str, *, seen_since: datetime | None = None) -> Iterator[str]:
        return self._index.words(seen_since, since, until)

    def versions(self, article_id: str) -> list[Version]:
        kept = article_version.c
        statement = select(kept.title, kept.text, kept.until).where(kept.article_id == article_id)
        statement = statement.order_by(kept.number.desc())
        return [Version(*row) for row in self._connection.execute(statement)]

    def some(self, ids: Iterable[str]) -> dict[str, Article]:
        stored: dict[str, Article] = {}
        for chunk in rows.chunks(ids):
            found = _some.among(self._connection, chunk).all()
            stored.update((row[0], _from_columns(row)) for row in found)
        return stored

    def texts(self, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        texts: dict[str, tuple[str, str]] = {}
        for chunk in rows.chunks(ids):
            found = _texts.among(self._connection, chunk).all()
            texts.update((id_, (title, text)) for id_, title, text in found)
        return texts

    def get(self, id: str) -> Article | None:
        row = self._connection.execute(_get, {"id": id}).first()
        return from_row(row) if row else None

    def find(self, prefix: str) -> Article | None:
        alike = self._alike(prefix)
        exactly = [and_(article.c.id.in_(alike), article.c.url == prefix)] if alike else []
        row = rows.find(self._connection, article, prefix, exactly=exactly)
        return from_row(row) if row else None

    def _alike(self, typed: str) -> list[str]:
        """Return which may have this address: read through an index, but nothing else."""
        if ":" not in typed:
            return []
        alike = select(article.c.id).where(article.c.url_hash == url_hash(typed))
        return list(self._connection.execute(alike).scalars())

    def recent(
        self,
        *,
        since: datetime | None = None,
        source_ids: Sequence[str] = (),
        language: str | None = None,
        limit: int | None = 100,
        before: tuple[datetime, str] | None = None,
        holding: Holding | None = None,
    ) -> list[Article]:
        chosen = self.places(
            since=since,
            source_ids=source_ids,
            language=language,
            limit=limit,
            before=before,
            holding=holding,
        )
        found = self.some(id_ for _, id_ in chosen)
        return [found[id_] for _, id_ in chosen]

    def places(
        self,
        *,
        since: datetime | None = None,
        source_ids: Sequence[str] = (),
        language: str | None = None,
        limit: int | None = 100,
        before: tuple[datetime, str] | None = None,
        holding: Holding | None = None,
    ) -> list[tuple[datetime, str]]:
        stretch = Stretch(since, before)
        wanted = [] if language is None else [article.c.language == language]
        turning = self._index.turning(holding, stretch, limit) if holding else None
        if turning is None or turning.full_by == DAMAGED:
            return self._newest(wanted, source_ids, stretch, limit)
        every = [*wanted, *_of_sources(source_ids)]
        found = self._index.newest(turning, every, stretch, limit)
        if not self._index.is_ours(turning.full_by):
            found += self._newest([*wanted, self._index.lacks], source_ids, stretch, limit)
            found = sorted(found, reverse=True)[:limit]
        return found

    def _newest(
        self,
        wanted: list[ColumnElement[bool]],
        source_ids: Sequence[str],
        stretch: Stretch,
        limit: int | None,
    ) -> list[tuple[datetime, str]]:
        """Return the newest articles, chosen in an index alone: reading articles is what costs."""
        chosen = select(article.c.id, article.c.first_seen_at).where(*wanted)
        if len(source_ids) == 1:  # which may be of few
            own = chosen.where(article.c.source_id == source_ids[0])
            of_others = chosen.join(article_listing, article_listing.c.article_id == article.c.id)
            of_others = of_others.where(article_listing.c.source_id == source_ids[0])
            parts = [
                select(_in_order(each, stretch).limit(limit).subquery())
                for each in (own, of_others)
            ]
            either = union_all(*parts).subquery()
            chosen = select(either.c.id, either.c.first_seen_at)
            chosen = chosen.order_by(either.c.first_seen_at.desc(), either.c.id.desc())
        else:
            chosen = _in_order(chosen.where(*_of_sources(source_ids)), stretch)
        found = self._connection.execute(chosen.limit(limit))
        return [(seen_at, id_) for id_, seen_at in found]

    def stored_after(
        self,
        number: int,
        *,
        source_ids: Sequence[str] = (),
        language: str | None = None,
        limit: int = 100,
    ) -> list[tuple[int, Article]]:
        chosen = after(number).limit(limit)
        wanted = _of_sources(source_ids)
        if language is not None:
            wanted.append(article.c.language == language)
        # Numbers of pruned articles may stay for a moment.
        chosen = chosen.join(article, article.c.id == article_order.c.article_id)
        numbers = self._connection.execute(chosen.where(*wanted)).all()
        found = self.some(id_ for _, id_ in numbers)
        return [(place, found[id_]) for place, id_ in numbers]

    def last_number(self, *, seen_since: datetime | None = None) -> int:
        return self._order.last(seen_since)

    def fill_index(self, *, after: str, limit: int) -> str | None:
        if self._index.analysis is None or self._index.is_full:
            return None
        if not after:
            self._index.clear_others()
            if self._index.note_full():
                return None  # each article was brought in when it was stored
        elif self._index.is_damaged:
            return None  # again: whoever comes next makes it anew, or nobody would ever be done
        seen_at, _, last = after.partition(" ")
        before = (datetime.fromisoformat(seen_at), last) if after else None
        places = select(article.c.id, article.c.first_seen_at)
        places = _in_order(places, Stretch(None, before)).limit(limit)
        page = self._connection.execute(places).all()
        if not page:
            return None if self._index.note_full() else ""
        missing = select(*_COLUMNS).where(article.c.id.in_([row.id for row in page]))
        # In one order, so that no two transactions wait for each other.
        missing = missing.where(self._index.lacks).order_by(article.c.id)
        unindexed = self._connection.execute(missing.with_for_update(key_share=True))
        self._index.put([from_row(row) for row in unindexed])
        return f"{written(page[-1].first_seen_at)} {page[-1].id}"

    def index_is_full(self) -> bool:
        return self._index.is_full

    def index_is_damaged(self) -> bool:
        return self._index.is_damaged

    def count(self, *, since: datetime | None = None) -> int:
        counted = _count if since is None else _count.where(article.c.first_seen_at >= since)
        return self._connection.execute(counted).scalar_one()


def _of_sources(source_ids: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return the condition that some sources list an article; nothing for any."""
    if not source_ids:
        return []
    listing = article_listing.c
    listed = exists().where(listing.article_id == article.c.id, listing.source_id.in_(source_ids))
    return [or_(article.c.source_id.in_(source_ids), listed)]


def _in_order(chosen: Select[Any], stretch: Stretch) -> Select[Any]:
    return newest_first(chosen, article.c.first_seen_at, article.c.id, stretch)


def _prints(of: Iterable[tuple[Fingerprint, str]], now: datetime) -> list[dict[str, Any]]:
    """Return the rows of fingerprints, each with the id of its article, in one order."""
    rows_ = [
        {
            "key": fingerprint.key,
            "article_id": id_,
            "listed_at": now,
            "said": fingerprint.said,
        }
        for fingerprint, id_ in of
    ]
    return sorted(rows_, key=itemgetter("key"))


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
        "quiet": article_.baseline,
        "text": article_.text,
        "publisher": article_.publisher,
    }


def _from_columns(row: Row[Any]) -> Article:
    """Return the article of a row of `_COLUMNS`: for many, without a look at the row's names."""
    values = dict(zip(_FIELDS, row, strict=True))
    values["authors"] = tuple(values["authors"])
    values["categories"] = tuple(values["categories"])
    return Article(**values)


def from_row(row: Row[Any]) -> Article:
    """Return the article of a row with all columns."""
    values = row._asdict()
    values.pop("url_hash", None)
    values.pop("indexed", None)
    values["baseline"] = values.pop("quiet")
    values["authors"] = tuple(values["authors"])
    values["categories"] = tuple(values["categories"])
    return Article(**values)
