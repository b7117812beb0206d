"""Asks the segments of the search index which articles fit a lookup, the newest first; and which
tokens they have, whoever has them.

What a process has read of segments once it remembers: they never change.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    Text,
    bindparam,
    cast,
    null,
    select,
    union_all,
)

from storage.api.lookup import HasIn, Holding
from storage.postings.damage import damage_told, damaged
from storage.postings.lookups import Sought, summaries_of
from storage.postings.remembered import Memory, Remembered
from storage.postings.sealing import opened, opened_firsts
from storage.postings.segments import firsts_of
from storage.postings.vocabulary import Vocabulary
from storage.sql import rows
from storage.sql.archive.numbers import PLACES_OF_SEGMENT, language_number, us_of
from storage.sql.archive.placed import full_by
from storage.sql.archive.places import places_of
from storage.sql.tables.schema import article, article_segment
from storage.sql.tables.schema import article_index as index

_BEGINNING, _END = -(2**62), 2**62
_NONE = np.empty(0, np.intp)
_ALL = 2**62

_PAGES_AT_ONCE = 500
"""Of so many the tokens are told at once."""

_FIRST_ARTICLES = 1_000
"""Segments of about so many articles are asked at first: enough to fill a page with a word of the
news; then of four times as many as before, since each time is a question to the database."""
_FOR_EACH_WANTED = 20
"""Or of so many for each that is to be found."""
_SEVERAL, _TIMES, _TIMES_OF_RARE = 12, 4, 16
"""Where fewer than several fitted, of sixteen times as many: four times would not fill a page."""

_Row = Row[*tuple[Any, ...]]


class Found(NamedTuple):
    """Articles that fit: the number of each, and when it was first seen."""

    numbers: NDArray[np.int64]
    seen: NDArray[np.int64]

    def some(self, which: NDArray[Any] | slice) -> "Found":
        return Found(self.numbers[which], self.seen[which])

    def parted(self, few: int) -> tuple["Found", "Found"]:
        """Return about so many, the last ones, and the others; those of one moment together."""
        if few >= len(self.seen):
            return self, self.some(slice(0))
        start = int(np.searchsorted(self.seen, self.seen[-few], side="left"))
        return self.some(slice(start, None)), self.some(slice(start))


_NOTHING = Found(np.empty(0, np.int64), np.empty(0, np.int64))


def _joined(parts: Iterable[Found]) -> Found:
    return Found(*map(np.concatenate, zip(*parts, strict=True)))


class Turning:
    """What fits a lookup, taken from the newest down: whoever turns pages goes on where it ended.

    Args:
        parts: What fits, each part older than all before, and the newest last in it.

    Attributes:
        full_by: By which analysis the index has every article, as `placed.full_by` has it.
    """

    def __init__(self, parts: Iterator[Found], full_by: str | None) -> None:
        self.full_by = full_by
        self._parts = parts
        self._left = _NOTHING

    def take(self, fewest: int | None, more: int) -> Found:
        """Return what is newest of what is left, the newest last; nothing when all was taken.

        Args:
            fewest: So many at least, as far as there are so many; None for all.
            more: So many more where they are known without another question to the database.
        """
        fewest = _ALL if fewest is None else fewest
        parts, count = [self._left], len(self._left.seen)
        while count < fewest and (part := next(self._parts, None)) is not None:
            parts.append(part)
            count += len(part.seen)
        some, self._left = _joined(reversed(parts)).parted(fewest + more)
        return some

    def give_back(self, some: Found) -> None:
        """Have what was taken last, or the oldest of it, taken again."""
        self._left = _joined((self._left, some))


class _Segment(NamedTuple):
    """A segment, by what tells it from all others for ever."""

    id: int
    pages: int
    articles: int
    oldest: int
    newest: int


_kept = article_segment.c
_these = select(*(_kept[name] for name in _Segment._fields), cast(null(), Text)).where(
    _kept.level >= 0, _kept.newest >= bindparam("since"), _kept.oldest <= bindparam("until")
)
# In one statement: each is a question to the database.
_segments: CompoundSelect[Any] = union_all(
    _these,
    full_by.with_only_columns(*[null() for _ in _Segment._fields], *full_by.selected_columns),
)


def _together(every: Sequence[_Segment], most: int) -> Sequence[_Segment]:
    """Return the first of these, with as many articles in all, but one at least."""
    articles = 0
    for place, each in enumerate(every):
        articles += each.articles
        if place and articles > most:
            return every[:place]
    return every


class Looking:
    """A lookup that is made ready, inside one open transaction."""

    def __init__(self, connection: Connection, memory: Memory, lookup: Holding) -> None:
        self._connection = connection
        self._memory = memory
        self._languages: NDArray[np.int64] | None = None
        if isinstance(lookup, HasIn):
            numbers = [language_number(language) for language in lookup.languages]
            self._languages, lookup = np.array(numbers, np.int64), lookup.part
        self._sought = Sought(lookup)

    def turning(
        self, since: datetime | None, until: datetime | None, fewest: int | None
    ) -> Turning:
        """Return what fits and was first seen since and until then.

        Args:
            fewest: About so many will be taken; None for all.
        """
        first = _BEGINNING if since is None else us_of(since)
        last = _END if until is None else us_of(until)
        by, every = None, list[_Segment]()
        for *segment, value in self._connection.execute(_segments, {"since": first, "until": last}):
            if segment[0] is None:
                by = value
            else:
                every.append(_Segment(*segment))
        every.sort(key=lambda each: (-each.newest, each.id))
        most = max(_FIRST_ARTICLES, _FOR_EACH_WANTED * (fewest or 0))
        return Turning(self._fitting(every, first, last, most), by)

    def _fitting(
        self, every: Sequence[_Segment], first: int, last: int, most: int
    ) -> Iterator[Found]:
        """Yield what fits, each part of it older than all before, and the newest last in it."""
        pending, fitted = _NOTHING, 0
        while every:
            some = _together(every, most)
            every = every[len(some) :]
            rest = every[0].newest if every else _BEGINNING
            looked_into = self.look_into(some)
            fitted += sum(len(each.seen) for each in looked_into)
            found = _joined((pending, *looked_into))
            found = found.some((found.seen >= first) & (found.seen <= last))
            found = found.some(np.argsort(found.seen, kind="stable"))
            # Only what is newer than whatever the other segments have.
            end = int(np.searchsorted(found.seen, rest, side="right"))
            pending = found.some(slice(end))
            if end < len(found.seen):
                yield found.some(slice(end, None))
            self._memory.forget_much()
            most = max(most, sum(each.articles for each in some))
            most *= _TIMES if fitted >= _SEVERAL else _TIMES_OF_RARE

    def look_into(self, some: Sequence[_Segment]) -> list[Found]:
        """Return what fits in some segments.

        Raises:
            IndexDamaged: They cannot be read.
        """
        with damage_told():
            return self._looked_into(some)

    def _looked_into(self, some: Sequence[_Segment]) -> list[Found]:
        known = self._known(some)
        wanted = {each.id: self._pages_of(known[each.id]) for each in some}
        read = self._read(wanted, {id_ for id_, each in known.items() if each.is_sealed})
        fits = {}
        for segment in some:
            pages = read.get(segment.id)
            if pages:
                self._summarise(known[segment.id], wanted[segment.id], pages)
                numbers = self._sought.fitting(b"".join(pages), segment.articles)
                if len(numbers):
                    fits[segment.id] = numbers
        if self._languages is not None:
            return self._with_others([each.id for each in some], fits, self._languages)
        self._read_places({id_: known[id_] for id_ in fits if not known[id_].places})
        return [_found(known[id_].places).some(numbers) for id_, numbers in fits.items()]

    def _with_others(
        self, some: Sequence[int], fits: dict[int, NDArray[np.intp]], languages: NDArray[np.int64]
    ) -> list[Found]:
        """Return what fits, and what is in other languages than these."""
        found = []
        for id_, kept in self._column(article_segment.c.places, some):
            places = places_of(id_, kept)
            wanted = ~np.isin(places.languages, languages)
            wanted[fits.get(id_, _NONE)] = True
            found.append(Found(places.numbers, places.seen).some(wanted))
        return found

    def _known(self, some: Sequence[_Segment]) -> dict[int, Remembered]:
        """Return what is remembered of segments, and read what is needed of others."""
        known = {each.id: found for each in some if (found := self._memory.get(each))}
        new = {each.id: each for each in some if each.id not in known}
        for id_, firsts in self._column(article_segment.c.firsts, new):
            bare, seal = opened_firsts(firsts, id_, pages=new[id_].pages)
            read = Remembered(bare, new[id_].pages, is_sealed=seal)
            known[id_] = self._memory.keep(new[id_], read)
        return known

    def _pages_of(self, segment: Remembered) -> list[int]:
        return self._sought.pages(segment.firsts, summaries_of(segment))

    def _read(
        self, wanted: dict[int, list[int]], have_seals: Collection[int]
    ) -> dict[int, list[bytes]]:
        """Return pages of segments, in their order: all of them, or they are damaged."""
        needed = [id_ * PLACES_OF_SEGMENT + page for id_, some in wanted.items() for page in some]
        pages: dict[int, list[bytes]] = {}
        for start in range(0, len(needed), rows.CHUNK):
            ids = ",".join(map(str, needed[start : start + rows.CHUNK]))
            # As the driver takes it: a search may need a thousand pages.
            read = f"SELECT id, bytes FROM article_page WHERE id IN ({ids}) ORDER BY id"  # noqa: S608 (numbers)
            for number, page in self._connection.exec_driver_sql(read).all():
                id_ = number // PLACES_OF_SEGMENT
                bare = opened(page, number, has_seal=id_ in have_seals)
                pages.setdefault(id_, []).append(bare)
        if sum(map(len, pages.values())) != len(needed):
            raise damaged()
        return pages

    def _summarise(
        self, segment: Remembered, numbers: Sequence[int], pages: Sequence[bytes]
    ) -> None:
        again = set(segment.asked_again(numbers))
        if again:
            new = {
                number: page for number, page in zip(numbers, pages, strict=True) if number in again
            }
            segment.tell(list(new), self._sought.summaries(list(new.values())))

    def _read_places(self, segments: dict[int, Remembered]) -> None:
        for id_, places in self._column(article_segment.c.places, segments):
            # Numbers and times of its articles; not their languages.
            numbers, seen, _ = places_of(id_, places)
            segments[id_].places = numbers.tobytes() + seen.tobytes()

    def _column(self, column: ColumnElement[bytes], of: Collection[int]) -> Iterable[_Row]:
        if not of:
            return ()
        found = select(article_segment.c.id, column).where(_of_segments)
        return self._connection.execute(found, {"ids": list(of)}).all()


def _found(places: bytes) -> Found:
    numbers, seen = np.frombuffer(places, "<i8").reshape(2, -1)
    return Found(numbers, seen)


_of_segments = article_segment.c.id.in_(bindparam("ids", expanding=True, literal_execute=True))
_known = select(index.c.number, index.c.article_id, index.c.analysis).where(
    index.c.number.in_(bindparam("numbers", expanding=True, literal_execute=True))
)


def known(
    connection: Connection,
    numbers: Sequence[int],
    analysis: str,
    wanted: Sequence[ColumnElement[bool]],
) -> dict[int, str]:
    """Return which articles are in the index by these numbers, and their ids.

    Args:
        analysis: By which version they were brought in.
        wanted: What must hold for them in the table of the articles.
    """
    ids: dict[int, str] = {}
    for start in range(0, len(numbers), rows.CHUNK):
        some = numbers[start : start + rows.CHUNK]
        found = _that_are(connection, some, wanted) if wanted else _all_of(connection, some)
        ids.update((number, id_) for number, id_, version in found if version == analysis)
    return ids


def _that_are(
    connection: Connection, numbers: Sequence[int], wanted: Sequence[ColumnElement[bool]]
) -> Iterable[_Row]:
    found = _known.join(article, article.c.id == index.c.article_id).where(*wanted)
    return connection.execute(found, {"numbers": numbers})


def _all_of(connection: Connection, numbers: Sequence[int]) -> Iterable[_Row]:
    """Return the same of all, in a tenth of the time: a parameter for each number is dear."""
    in_ = ",".join(map(str, numbers))
    found = f"SELECT number, article_id, analysis FROM article_index WHERE number IN ({in_})"  # noqa: S608 (numbers)
    return connection.exec_driver_sql(found)


def tokens_between(
    connection: Connection, seen_since: datetime | None, since: str, until: str
) -> Iterator[str]:
    """Yield the tokens between two, some lines at a time: see `words` in `storage.api.articles`.

    Raises:
        IndexDamaged: The segments cannot be read.
    """
    every = _firsts(connection, seen_since)
    first, last = since.encode(), until.encode()
    ahead = sorted(token for each in every for token in each.firsts if token > first)
    if last:
        ahead = ahead[: bisect_left(ahead, last)]
    ends = [*ahead[_PAGES_AT_ONCE::_PAGES_AT_ONCE], last]
    vocabulary = Vocabulary()
    for begin, end in zip([first, *ends[:-1]], ends, strict=True):
        parts = [_pages(connection, segment, begin, end) for segment in every]
        with damage_told():
            given = [part for part in parts if part]
            found = vocabulary.tokens(given, since=begin, until=end).decode()
        if found:
            yield found


class _Firsts(NamedTuple):
    """A segment: the first token of each of its pages, and whether these are sealed."""

    id: int
    firsts: Sequence[bytes]
    have_seals: bool


def _firsts(connection: Connection, seen_since: datetime | None) -> list[_Firsts]:
    """Return the segments."""
    kept = article_segment.c
    found = select(kept.id, kept.firsts, kept.pages).where(kept.level >= 0).order_by(kept.id)
    if seen_since is not None:
        found = found.where(kept.newest >= us_of(seen_since))
    with damage_told():
        return [_firsts_of(*row) for row in connection.execute(found)]


def _firsts_of(id_: int, kept: bytes, pages: int) -> _Firsts:
    bare, seal = opened_firsts(kept, id_, pages=pages)
    return _Firsts(id_, firsts_of(bare), seal)


def _pages(connection: Connection, segment: _Firsts, since: bytes, until: bytes) -> bytes:
    """Return the pages of a segment that may have tokens between two, one after the other."""
    id_, firsts, seal = segment
    start = max(0, bisect_right(firsts, since) - 1)
    while start and firsts[start] == since:  # a long list goes on in the next page
        start -= 1
    end = bisect_left(firsts, until) if until else len(firsts)
    first = id_ * PLACES_OF_SEGMENT
    # As the driver takes it: these are many statements.
    between = f"BETWEEN {first + start} AND {first + end - 1}"
    read = f"SELECT id, bytes FROM article_page WHERE id {between} ORDER BY id"  # noqa: S608 (numbers)
    found = connection.exec_driver_sql(read).all() if start < end else []
    if len(found) != max(0, end - start):
        raise damaged()
    return b"".join(opened(page, number, has_seal=seal) for number, page in found)
