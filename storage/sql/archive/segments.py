"""The segments of the search index: written in the transaction that stores articles.

Several small ones become one, a bite in each of the transactions that follow. They stay until it
is done, so that a search, or a program that ends in the middle, never finds less.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    Connection,
    Row,
    Text,
    cast,
    delete,
    func,
    null,
    or_,
    select,
    union_all,
    update,
)

from storage.model import Article
from storage.postings import segments
from storage.postings.damage import damage_told, damaged
from storage.postings.sealing import is_sealed, opened, opened_firsts, sealed
from storage.sql import rows
from storage.sql.archive.keeper import Keeper
from storage.sql.archive.numbers import PLACES_OF_SEGMENT, language_number, us_of
from storage.sql.archive.placed import Placed, full_by
from storage.sql.archive.places import Places, are_sealed, places_of
from storage.sql.tables.schema import article_page, article_segment

_TOGETHER = 16
"""So many segments of a level become one."""
_LEVELS = (8, 90, 1_000)
"""How many pages a segment of each level has, at least; those of the last one stay as they are."""
_TOP = len(_LEVELS)
_IN_THE_MAKING, GONE = -1, -2
_BITE = 128
"""About so many pages are read in one transaction to make segments one: nobody waits for long,
also where others want the processor (a commit of 320 takes twice the time that most take).
Three times as many as it brings, if that is more: each page is read twice on its way."""

_NUMBERS_AT_ONCE = 5_000
_KNOWN = "SELECT number FROM article_index WHERE number"
_PAGES = "SELECT id, bytes FROM article_page WHERE id"


_Row = Row[*tuple[Any, ...]]


def _joined(parts: Sequence[Places]) -> Places:
    return Places(*map(np.concatenate, zip(*parts, strict=True)))


class Segments:
    """The segments inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any], keeper: Keeper) -> None:
        self._connection = connection
        self._insert = insert
        self._keeper = keeper
        self._brought = 0

    def place(self, articles: Iterable[Article], tokens: Callable[[Article], str]) -> Placed:
        """Return segments of articles."""
        few: list[Article] = []
        found: list[str] = []
        room = segments.LARGEST
        placed = Placed({}, [], [])
        for article_ in sorted(articles, key=_place):
            analysed = tokens(article_)
            room -= len(analysed)
            if room < 0 and few:
                self._add(placed, few, found)
                few, found, room = [], [], segments.LARGEST - len(analysed)
            few.append(article_)
            found.append(analysed)
        if few:
            self._add(placed, few, found)
        self._brought += len(placed.pages)
        return placed

    def _add(self, placed: Placed, articles: Sequence[Article], tokens: Sequence[str]) -> None:
        id_ = self._keeper.next_segment(self._connection)
        first = id_ * PLACES_OF_SEGMENT
        numbers = np.arange(first, first + len(articles), dtype=np.int64)
        seen = np.array([us_of(article_.first_seen_at) for article_ in articles], np.int64)
        languages = np.array([_language(article_) for article_ in articles], np.int64)
        made = segments.build(tokens)
        level = _level(len(made.pages))
        placed.segments.append(_row(id_, Places(numbers, seen, languages), made, level=level))
        placed.pages.extend(_pages(id_, 0, made.pages, seal=True))
        numbered = enumerate(articles, start=first)
        placed.numbers.update((article_.id, number) for number, article_ in numbered)

    def state(self) -> tuple[str | None, list[int]]:
        """Return what `ArticleIndex.full_by` does, and of which levels something is to be done."""
        by, levels = None, []
        for level, count, value in self._connection.execute(_state):
            if level is None:
                by = value
            elif level < 0 or count >= _TOGETHER:
                levels.append(level)
        return by, sorted(levels)

    def tend(self, levels: Sequence[int]) -> None:
        """Tidy up a little, for what was brought.

        Args:
            levels: As `state` has them.

        Raises:
            IndexDamaged: What was to become one cannot be read; nothing was made of it.
        """
        bite, self._brought = max(_BITE, 3 * self._brought), 0
        self._tend(levels, bite)

    def _tend(self, levels: Sequence[int], bite: int) -> None:
        """Do a little of what keeps segments few: each costs every search a look.

        Args:
            levels: As `tend`.
            bite: About so many pages are read, and as many deleted.

        Raises:
            IndexDamaged: As `tend`.
        """
        if not levels or not self._keeper.may_merge(self._connection):
            return
        if GONE in levels:
            self._sweep(bite)
        crowded = [level for level in levels if level >= 0]
        if crowded and _IN_THE_MAKING not in levels:
            self._begin(crowded[0])
            return
        making = select(article_segment).where(article_segment.c.level == _IN_THE_MAKING)
        for target in self._connection.execute(making.limit(1)).all():
            with damage_told():
                self._go_on(target, bite)

    def shed(self, after: int) -> int | None:
        """Do a little of what rids segments of articles that are gone; see `storage.api.pruning`.

        One of whose articles most are gone is made anew.

        Raises:
            IndexDamaged: As `tend`.
        """
        if not self._keeper.may_merge(self._connection):
            return None  # whoever does will go on
        kept = article_segment.c
        unfinished = select(kept.id).where(kept.level < 0).limit(1)
        if self._connection.execute(unfinished).first() is not None:
            self._tend(self.state()[1], _BITE)
            return after
        whole = select(kept.id, kept.places).where(kept.id > after, kept.becomes.is_(None))
        segment = self._connection.execute(whole.order_by(kept.id).limit(1)).first()
        if segment is None:
            return None
        numbers = places_of(segment.id, segment.places).numbers.tolist()
        if 2 * len(self._still_known(numbers)) < len(numbers):
            self._make_one_of([segment])
        return int(segment.id)

    def _begin(self, level: int) -> None:
        """Begin a segment that is made of several of a level."""
        kept = article_segment.c
        oldest = select(kept.id, kept.places).where(kept.level == level, kept.becomes.is_(None))
        together = self._connection.execute(oldest.order_by(kept.id).limit(_TOGETHER)).all()
        if len(together) == _TOGETHER:
            self._make_one_of(together)

    def _make_one_of(self, together: Sequence[_Row]) -> None:
        """Begin a segment that is made of others, of the articles that are left."""
        kept = article_segment.c
        places = _joined([places_of(segment.id, segment.places) for segment in together])
        places = places.in_order()
        places = places.some(np.isin(places.numbers, self._still_known(places.numbers.tolist())))
        these = update(article_segment).where(kept.id.in_([segment.id for segment in together]))
        if not len(places.numbers):
            self._connection.execute(these.values(level=GONE))
            return
        id_ = self._keeper.next_segment(self._connection)
        made = _row(id_, places, segments.Pages(b"", []), level=_IN_THE_MAKING)
        rows.insert_own(self._connection, self._insert, article_segment, [made])
        self._connection.execute(these.values(becomes=id_))

    def _still_known(self, numbers: Sequence[int]) -> list[int]:
        """Return which of these numbers still mean an article, in few statements."""
        still: list[int] = []
        for start in range(0, len(numbers), _NUMBERS_AT_ONCE):
            some = numbers[start : start + _NUMBERS_AT_ONCE]
            still += rows.of_numbers(self._connection, _KNOWN, some).scalars().all()
        return still

    def _go_on(self, target: _Row, bite: int) -> None:
        """Make some more of a segment that is made of others."""
        kept = article_segment.c
        parts = select(kept.id, kept.firsts, kept.pages, kept.places)
        parts = parts.where(kept.becomes == target.id).order_by(kept.id)
        parts_ = self._connection.execute(parts).all()
        firsts = [_firsts_of(part.id, part.firsts, part.pages) for part in parts_]
        since: bytes = target.made_to
        starts = [max(0, bisect_left(tokens, since) - 1) for tokens in firsts]
        ahead = sorted(
            token
            for tokens, start in zip(firsts, starts, strict=True)
            for first in [max(start + 1, bisect_right(tokens, since))]
            for token in tokens[first : first + bite + 1]
        )
        until = ahead[bite] if len(ahead) > bite else None
        ends = [len(each) if until is None else bisect_left(each, until) for each in firsts]
        among = _Among(places_of(target.id, target.places).numbers)
        wanted = [range(start, end) for start, end in zip(starts, ends, strict=True)]
        have_seals = {part.id for part in parts_ if is_sealed(part.firsts)}
        pages_of = self._pages_of([part.id for part in parts_], wanted, have_seals)
        made = segments.merge(
            (
                segments.Part(
                    pages_of.get(part.id, b""),
                    among.places(places_of(part.id, part.places).numbers),
                )
                for part in parts_
            ),
            since=since,
            until=until,
        )
        seal = are_sealed(target.places)  # not if an older program has begun it
        more = _pages(target.id, target.pages, made.pages, seal=seal)
        rows.insert_own(self._connection, self._insert, article_page, more)
        pages = target.pages + len(made.pages)
        its_firsts = opened(target.firsts, target.id, has_seal=seal) + made.firsts
        its_firsts = sealed(its_firsts, target.id) if seal else its_firsts
        values = {"pages": pages, "firsts": its_firsts, "made_to": until or b""}
        if until is None:
            values["level"] = _level(pages)
            gone = update(article_segment).where(kept.becomes == target.id)
            self._connection.execute(gone.values(level=GONE))
        changed = update(article_segment).where(kept.id == target.id)
        self._connection.execute(changed.values(values))

    def _sweep(self, bite: int) -> None:
        """Delete some segments that others were made of."""
        kept = article_segment.c
        gone = select(kept.id, kept.pages).where(kept.level == GONE).order_by(kept.id)
        ids: list[int] = []
        pages = 0
        for segment in self._connection.execute(gone.limit(_TOGETHER)).all():
            ids.append(segment.id)
            pages += segment.pages
            if pages > bite:
                break
        if ids:
            theirs = " OR ".join(map(_is_of, ids))
            self._connection.exec_driver_sql(f"DELETE FROM article_page WHERE {theirs}")  # noqa: S608 (numbers)
        self._connection.execute(delete(article_segment).where(kept.id.in_(ids)))

    def _pages_of(
        self, ids: Sequence[int], wanted: Sequence[range], have_seals: Collection[int]
    ) -> dict[int, bytes]:
        """Return pages of several segments, each segment's as one, in one statement."""
        numbers = [
            id_ * PLACES_OF_SEGMENT + number
            for id_, some in zip(ids, wanted, strict=True)
            for number in some
        ]
        pages: dict[int, list[bytes]] = {}
        if numbers:
            found = rows.of_numbers(self._connection, _PAGES, numbers, " ORDER BY id")
            for number, page in found.all():
                id_ = number // PLACES_OF_SEGMENT
                bare = opened(page, number, has_seal=id_ in have_seals)
                pages.setdefault(id_, []).append(bare)
        if sum(map(len, pages.values())) != sum(map(len, wanted)):
            raise damaged()
        return {id_: b"".join(some) for id_, some in pages.items()}


def _row(id_: int, places: Places, made: segments.Pages, *, level: int) -> dict[str, Any]:
    """Return the row of a segment."""
    return {
        "id": id_,
        "level": level,
        "pages": len(made.pages),
        "articles": len(places.numbers),
        "becomes": None,
        "made_to": b"",
        "oldest": int(places.seen.min()),
        "newest": int(places.seen.max()),
        "firsts": sealed(made.firsts, id_),
        "places": sealed(np.concatenate(places).astype("<i8").tobytes(), id_),
    }


def _pages(id_: int, first: int, pages: Iterable[bytes], *, seal: bool) -> list[dict[str, Any]]:
    """Return the rows of pages of a segment."""
    return [
        {"id": number, "bytes": sealed(page, number) if seal else page}
        for number, page in enumerate(pages, start=id_ * PLACES_OF_SEGMENT + first)
    ]


def _is_of(id_: int) -> str:
    """Return the condition that a page is of a segment."""
    first = id_ * PLACES_OF_SEGMENT
    return f"id BETWEEN {first} AND {first + PLACES_OF_SEGMENT - 1}"


_levels = (
    select(article_segment.c.level, func.count(), cast(null(), Text))
    .where(
        article_segment.c.level < _TOP,
        or_(article_segment.c.level < 0, article_segment.c.becomes.is_(None)),
    )
    .group_by(article_segment.c.level)
)
# In one statement: each costs us and PostgreSQL together as much as some rows do.
_state = union_all(_levels, full_by.with_only_columns(null(), null(), *full_by.selected_columns))


@lru_cache(maxsize=2 * _TOGETHER)
def _firsts_of(segment: int, kept: bytes, pages: int) -> list[bytes]:
    """Return first tokens; those of segments that become one are asked for bite by bite."""
    bare, _ = opened_firsts(kept, segment, pages=pages)
    return segments.firsts_of(bare)


def _level(pages: int) -> int:
    """Return the level of a segment: what those of one become is mostly of the next."""
    return sum(pages >= least for least in _LEVELS)


class _Among:
    """Says where articles stand among others."""

    def __init__(self, others: NDArray[np.int64]) -> None:
        self._order = np.argsort(others)
        self._sorted = others[self._order]

    def places(self, numbers: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Return where each of these articles stands; `GONE` for those that do not."""
        at = np.minimum(np.searchsorted(self._sorted, numbers), len(self._sorted) - 1)
        places = self._order[at].astype(np.uint32)
        places[self._sorted[at] != numbers] = segments.GONE
        return places


def _place(article_: Article) -> tuple[int, datetime, str]:
    return _language(article_), article_.first_seen_at, article_.id


def _language(article_: Article) -> int:
    return language_number(article_.language)
