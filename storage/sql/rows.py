"""What the nouns' files share: asking for many at once, and finding one by what a person typed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, or_, select

from storage.api import Ambiguous
from storage.sql.columns import is_storable, shown

CHUNK = 500
"""So many values are asked for in one statement."""

LAST = "\U0010ffff"
"""Sorts after every other character."""


def chunks(values: Iterable[str], size: int = CHUNK) -> Iterator[list[str]]:
    """Yield the values in lists of at most `size`, each value once, sorted.

    Sorted, so that transactions that touch the same rows wait for one another in one order.
    """
    ordered = iter(sorted(set(values)))
    while chunk := list(islice(ordered, size)):
        yield chunk


def insert_new(
    connection: Connection, insert: Callable[..., Any], table: Table, values: list[dict[str, Any]]
) -> int:
    """Insert the rows whose key is not known; return how many that were.

    Args:
        insert: The database's own INSERT, which knows ON CONFLICT.
    """
    if not values:
        return 0
    statement = insert(table).on_conflict_do_nothing()
    # Kept, because the cursor, which counted, is closed when we ask.
    return connection.execute(
        statement, values, execution_options={"preserve_rowcount": True}
    ).rowcount


def put(
    connection: Connection, insert: Callable[..., Any], table: Table, values: list[dict[str, Any]]
) -> None:
    """Insert the rows, and write over those whose key is known."""
    if not values:
        return
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in values[0] if name not in keys}
    statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    connection.execute(statement, values)


def begins_with(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """Return the condition that a text begins so; it can use the column's index."""
    return and_(column >= prefix, column <= prefix + LAST)


def find(
    connection: Connection,
    table: Table,
    typed: str,
    *,
    exactly: Sequence[ColumnElement[bool]] = (),
    prefixes: Sequence[str] = (),
    listed: ColumnElement[bool] | None = None,
) -> Row[Any] | None:
    """Return the row that somebody means by what they typed, or None.

    The exact id is tried first, then each of the conditions of `exactly`, then the beginning
    of an id.

    Args:
        prefixes: What an id may begin with; `typed` itself when empty.
        listed: Only rows for which this holds.

    Raises:
        Ambiguous: Several rows fit equally well.
    """
    if not typed or not is_storable(typed):
        return None
    begins = or_(*(begins_with(table.c.id, prefix) for prefix in prefixes or (typed,)))
    for condition in (table.c.id == typed, *exactly, begins):
        statement: Select[Any] = select(table).where(condition)
        if listed is not None:
            statement = statement.where(listed)
        fitting = connection.execute(statement.order_by(table.c.id).limit(3)).all()
        if len(fitting) > 1:
            ids = ", ".join(row.id for row in fitting[:2]) + (", …" if len(fitting) > 2 else "")
            text = f"{shown(typed)} fits more than one {table.name} ({ids}); write more of the id"
            raise Ambiguous(text)
        if fitting:
            return fitting[0]
    return None
