"""The search index of the articles: which of them a lookup may mean.

Articles are brought in as segments (`segments.py`), by a number each; those of articles that
were revised mean nobody. An answer is a superset, and whoever asks looks again.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from storage.api.articles import Analysis
from storage.api.errors import IndexDamaged
from storage.api.lookup import Holding
from storage.model import Article
from storage.postings.remembered import Memory
from storage.said.others import DAMAGED
from storage.said.others import INDEX_IS_FULL as INDEX_IS_FULL
from storage.sql import rows
from storage.sql.archive.keeper import Keeper
from storage.sql.archive.numbers import instant_of, us_of
from storage.sql.archive.placed import Placed, full_by
from storage.sql.tables.schema import article, article_page, article_segment, meta
from storage.sql.tables.schema import article_index as index

if TYPE_CHECKING:
    from storage.sql.archive.lookups import Found, Looking, Turning
    from storage.sql.archive.segments import Segments

_MORE = 10

_NEVER = (datetime.max.replace(tzinfo=UTC), "")


class Stretch(NamedTuple):
    """Articles first seen since some time, and before one of which time and id are given."""

    since: datetime | None
    before: tuple[datetime, str] | None


def newest_first(
    statement: Select[Any],
    seen_at: ColumnElement[datetime],
    id_: ColumnElement[str],
    stretch: Stretch,
) -> Select[Any]:
    """Return the statement with the rows of a stretch, newest first."""
    since, before = stretch
    if since is not None:
        statement = statement.where(seen_at >= since)
    if before is not None:
        last, last_id = before
        statement = statement.where(seen_at <= last, or_(seen_at < last, id_ < last_id))
    return statement.order_by(seen_at.desc(), id_.desc())


class _Turned(NamedTuple):
    """Up to where pages of a lookup were turned: the next one is of this stretch."""

    lookup: Holding
    stretch: Stretch
    turning: "Turning"


class ArticleIndex:
    """The index inside one open transaction.

    Args:
        keeper: What differs between the databases.
        analysis: What goes into it; None leaves articles out until somebody fills it.
        memory: What is remembered of its segments; only of what is committed.
    """

    def __init__(
        self,
        connection: Connection,
        insert: Callable[..., Any],
        keeper: Keeper,
        analysis: Analysis | None,
        memory: Memory,
    ) -> None:
        self._connection = connection
        self._insert = insert
        self._keeper = keeper
        self._memory = memory
        self.analysis = analysis
        self._asked: tuple[Holding, Looking] | None = None
        self._turned: _Turned | None = None

    @property
    def is_full(self) -> bool:
        """Whether it is known to have every article by our analysis."""
        return self.is_ours(self.full_by)

    @property
    def full_by(self) -> str | None:
        """By which analysis it is known to have every article, or `DAMAGED`."""
        return self._connection.execute(full_by).scalar()

    @property
    def is_damaged(self) -> bool:
        """Whether it is known to be damaged, and is to be made anew."""
        return is_damaged(self._connection)

    def give_up(self) -> None:
        """Note that it is damaged: it is asked no more until it was made anew."""
        self._note(DAMAGED)

    def _note(self, full_by: str) -> None:
        noted = self._insert(meta).values(key=INDEX_IS_FULL, value=full_by)
        noted = noted.on_conflict_do_update(
            index_elements=["key"], set_={"value": noted.excluded.value}
        )
        self._connection.execute(noted)

    def is_ours(self, version: str | None) -> bool:
        """Return whether a version is that of our analysis."""
        return self.analysis is not None and version == self.analysis.version

    def note_full(self) -> bool:
        """Note that it has every article by our analysis, if that is so."""
        if self.analysis is None or self._connection.execute(self._some_missing()).first():
            return False
        self._note(self.analysis.version)
        return True

    def _some_missing(self) -> Select[Any]:
        return select(article.c.id).where(self.lacks).limit(1)

    def place(self, articles: Sequence[Article]) -> Placed:
        """Return what articles hold that are about to be stored, to be written with them."""
        self._turned = None  # what it looks at becomes other segments
        if self.analysis is None or not articles:
            return Placed({}, [], [])
        return self._segments.place(articles, self.analysis.tokens)

    @property
    def known(self) -> rows.Repeated:
        """What lets articles be known by their numbers, of those that were stored."""
        columns = {"number": "indexed", "article_id": "id"}
        return rows.Repeated(index, columns, {"analysis": self._version})

    def stored(self, *, numbered: bool) -> None:
        """Tidy up where articles were stored.

        Args:
            numbered: Whether it knows some of them by a number that it was given for them.
        """
        by, levels = self._segments.state() if numbered else (self.full_by, [])
        if by not in (None, DAMAGED) and not self.is_ours(by):
            # It is full by another analysis, and is not from now on.
            self._is_full_no_more()
        self._tend(by, levels)

    def _tend(self, by: str | None, levels: Sequence[int]) -> None:
        if levels and by != DAMAGED:
            try:
                self._segments.tend(levels)
            except IndexDamaged:  # news is stored in spite of it
                self.give_up()

    def _is_full_no_more(self) -> None:
        self._connection.execute(delete(meta).where(meta.c.key == INDEX_IS_FULL))

    def revised(self, article_: Article) -> None:
        """Bring in an article that was just written anew, in the place of what it knew of it."""
        self.put([article_])
        self.stored(numbered=False)

    def put(self, articles: Sequence[Article]) -> None:
        """Bring in articles, which nobody else may change meanwhile."""
        ids = [each.id for each in articles]
        for chunk in rows.chunks(ids):
            before = select(article.c.indexed).where(article.c.id.in_(chunk))
            before = before.where(article.c.indexed.is_not(None))
            numbers = self._connection.execute(before).scalars().all()
            self._connection.execute(delete(index).where(index.c.number.in_(numbers)))
        placed = self.place(articles)
        values = [{"id": id_, "indexed": placed.numbers.get(id_)} for id_ in sorted(ids)]
        known = rows.Beside(index, self.known.rows(values))
        for table, new, _ in (*placed.beside(), known):
            rows.insert_own(self._connection, self._insert, table, new)
        if placed.numbers:
            self._tend(*self._segments.state())
        if values:
            given = [{"of": row["id"], "number": row["indexed"]} for row in values]
            self._connection.execute(_number, given)

    @cached_property
    def _segments(self) -> "Segments":
        from storage.sql.archive.segments import Segments  # dear to import, and not always needed

        return Segments(self._connection, self._insert, self._keeper)

    def clear_others(self) -> None:
        """Forget everything when it is damaged, or most was written by another analysis."""
        is_damaged = self.is_damaged
        if is_damaged:
            self._is_full_no_more()
        count = select(func.count()).select_from(index)
        theirs, ours = (
            self._connection.execute(count.where(condition)).scalar_one()
            for condition in (~self._by_us, self._by_us)
        )
        if is_damaged or theirs > ours:
            for table in (index, article_segment, article_page):
                self._connection.execute(delete(table))

    def words(self, seen_since: datetime | None, since: str, until: str) -> Iterator[str]:
        """Return its tokens: see `words` in `storage.api.articles`."""
        from storage.sql.archive.lookups import tokens_between  # dear to import, and few ask for it

        if self.is_damaged:
            raise IndexDamaged
        return tokens_between(self._connection, seen_since, since, until)

    def newest(
        self,
        turning: "Turning",
        wanted: Sequence[ColumnElement[bool]],
        stretch: Stretch,
        limit: int | None,
    ) -> list[tuple[datetime, str]]:
        """Return when and which: the newest articles whose tokens fit, ties by id.

        Args:
            turning: What `turning` has returned for this stretch.
            wanted: What must hold for them in the table of the articles.
        """
        found: list[tuple[datetime, str]] = []
        before = stretch.before or _NEVER
        turned, self._turned = self._turned, None  # what fails in the middle is begun anew
        while limit is None or len(found) < limit:
            missing = None if limit is None else limit - len(found)
            # Some are not wanted, or revised.
            some = turning.take(missing, missing if wanted and missing else _MORE)
            if not len(some.seen):
                return sorted(found, reverse=True)
            found += [place for place in self._places(some, wanted) if place < before]
        found.sort(reverse=True)
        if limit:
            last = found[limit - 1]
            turning.give_back(some.some(some.seen <= us_of(last[0])))
            self._turned = turned and turned._replace(stretch=stretch._replace(before=last))
        return found[:limit]

    def turning(self, lookup: Holding, stretch: Stretch, limit: int | None) -> "Turning":
        """Return what fits in a stretch: what is left, if it begins where a page has ended.

        Whoever turns pages in one view finds there what was there. The next page is to be taken
        from what this returns, or nothing more.
        """
        if self._turned and self._turned.lookup is lookup and self._turned.stretch == stretch:
            return self._turned.turning
        until = stretch.before and stretch.before[0]
        turning = self._ready(lookup).turning(stretch.since, until, limit)
        self._turned = _Turned(lookup, stretch, turning)
        return turning

    def _ready(self, lookup: Holding) -> "Looking":
        """Return the lookup made ready: whoever turns pages asks for the same one again."""
        from storage.sql.archive.lookups import Looking

        if self._asked is None or self._asked[0] is not lookup:
            self._asked = lookup, Looking(self._connection, self._memory, lookup)
        return self._asked[1]

    def _places(
        self, some: "Found", wanted: Sequence[ColumnElement[bool]]
    ) -> Iterator[tuple[datetime, str]]:
        """Yield when and which: those that are known by their numbers, and wanted."""
        from storage.sql.archive.lookups import known

        numbers: list[int] = some.numbers.tolist()
        ids = known(self._connection, numbers, self._version, wanted)
        for number, seen in zip(numbers, some.seen.tolist(), strict=True):
            if number in ids:
                yield instant_of(seen), ids[number]

    @property
    def lacks(self) -> ColumnElement[bool]:
        """The condition that it does not have an article by our analysis."""
        return ~exists().where(index.c.number == article.c.indexed, self._by_us)

    @property
    def _by_us(self) -> ColumnElement[bool]:
        return index.c.analysis == self._version

    @property
    def _version(self) -> str:
        return self.analysis.version if self.analysis else ""


_number = update(article).where(article.c.id == bindparam("of")).values(indexed=bindparam("number"))
SAID: dict[str, Executable] = {"full_by": full_by}


def is_damaged(connection: Connection) -> bool:
    """Return whether the index is known to be damaged, and is to be made anew."""
    return connection.execute(full_by).scalar() == DAMAGED


def missing_in_index() -> Select[Any]:
    """Return the statement that finds the ids of articles that a full index does not have."""
    in_it = exists().where(index.c.number == article.c.indexed, index.c.analysis == meta.c.value)
    missing = select(article.c.id).join(meta, meta.c.key == INDEX_IS_FULL)
    missing = missing.where(meta.c.value != DAMAGED)
    return missing.where(~in_it).order_by(article.c.id)
