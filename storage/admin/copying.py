"""Copies a whole store into another database, SQLite or PostgreSQL, and proves that it is the same.

Every table is copied row by row as it is: ids, leases, what is owed, the search index, and the
name of the installation, of which all ids are made. What is in no database stays where it is.
"""

from collections.abc import Callable, Iterator
from hashlib import blake2b
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, func, select

from common.records import dataclass
from storage.admin.copy_ends import End
from storage.api.errors import StorageError
from storage.sql.tables.schema import delivery, metadata

ROWS_AT_ONCE = 250
"""Rows may be long: an article has up to 100,000 letters."""

Progress = Callable[[int, int], None]
"""(rows copied and looked at so far, of how many)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What was copied.

    Attributes:
        rows: How many rows each table has, on both sides, all the same.
    """

    rows: dict[str, int]


@dataclass(slots=True)
class _Sum:
    """Of all rows of a table, in whatever order."""

    count: int = 0
    total: int = 0

    def add(self, row: tuple[Any, ...]) -> None:
        written = repr(row).encode("utf-8", "surrogatepass")
        self.count += 1
        self.total += int.from_bytes(blake2b(written, digest_size=8).digest())


def copy(source: End, target: End, progress: Progress = lambda done, of: None) -> Copied:
    """Fill an empty database with all that another holds; nothing of that is changed.

    The target is filled as a whole or not at all, and is read once more and compared before
    that. Nobody may work with either meanwhile: what is owed would be sent from both.

    Raises:
        NotEmpty: The target holds something.
        NotUpToDate: The source is of an older program.
        StorageError: One of them cannot be used, or somebody works with it.
    """
    for end in (source, target):
        _refuse_work(end)
    with source.reading() as reading:
        before = _moves(reading)
        steps = _Steps(reading, progress)
        with target.filling() as filling:
            sums = {table: steps.copy(table, filling) for table in metadata.sorted_tables}
            target.go_on_after(filling, source.last_segment(reading))
            for table, expected in sums.items():
                if steps.sum_of(table, filling) != expected:
                    text = f"{target.place}: the table {table.name} is not what was copied; "
                    raise StorageError(text + "nothing was kept, try again", retry=False)
            _refuse_work(source)
            with source.reading() as again:
                if _moves(again) != before:
                    raise StorageError(_WORKED.format(place=source.place), retry=False)
    return Copied(rows={table.name: sum_.count for table, sum_ in sums.items()})


_WORKED = (
    "{place}: somebody works with it; stop what runs there (run, worker) before it is copied: "
    "what is owed would be sent twice"
)


def _refuse_work(end: End) -> None:
    if end.is_worked_with():
        raise StorageError(_WORKED.format(place=end.place), retry=False)


def _moves(connection: Connection) -> tuple[Any, ...]:
    """Return what changes whenever something is owed, claimed or sent."""
    moved = select(func.count(), func.coalesce(func.sum(delivery.c.lease_token), 0))
    return tuple(int(number) for number in connection.execute(moved.select_from(delivery)).one())


class _Steps:
    """Reads and writes tables, and tells how far that is."""

    def __init__(self, source: Connection, progress: Progress) -> None:
        self._source = source
        self._progress = progress
        counts = (
            source.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        )
        self._of = 2 * sum(counts)
        self._done = 0

    def copy(self, table: Table, target: Connection) -> _Sum:
        """Copy a table; return the sum of what was read."""
        names = table.columns.keys()
        sum_ = _Sum()
        for rows in _some_rows(table, self._source):
            for row in rows:
                sum_.add(row)
            target.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in rows])
            self._tell(len(rows))
        return sum_

    def sum_of(self, table: Table, target: Connection) -> _Sum:
        """Return the sum of a table as it is there now."""
        sum_ = _Sum()
        for rows in _some_rows(table, target):
            for row in rows:
                sum_.add(row)
            self._tell(len(rows))
        return sum_

    def _tell(self, rows: int) -> None:
        self._done += rows
        self._progress(self._done, self._of)


def _some_rows(table: Table, connection: Connection) -> Iterator[list[tuple[Any, ...]]]:
    """Yield all rows of a table, some at a time; never many in memory."""
    every = select(*table.columns).execution_options(stream_results=True, yield_per=ROWS_AT_ONCE)
    rows = (tuple(row) for row in connection.execute(every))
    while some := list(islice(rows, ROWS_AT_ONCE)):
        yield some
