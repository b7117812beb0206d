"""What the nouns' files share: asking for many at once, and finding one by what a person typed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    CursorResult,
    Dialect,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.types import NullType, UserDefinedType

from storage.api.errors import Ambiguous
from storage.model import SHORTEST_ID
from storage.sql.tables.columns import array_of, is_storable, of_column, shown

CHUNK = 500
"""So many values are asked for in one statement."""

LAST = "\U0010ffff"
"""Sorts after every other character."""

_NEW = " ON CONFLICT DO NOTHING"


def chunks(values: Iterable[str], size: int = CHUNK) -> Iterator[list[str]]:
    """Yield the values in lists of at most `size`, each value once, sorted.

    Sorted, so that transactions that touch the same rows wait for one another in one order.
    """
    ordered = iter(sorted(set(values)))
    while chunk := list(islice(ordered, size)):
        yield chunk


def padded(values: list[str]) -> list[str]:
    """Return the values, the last one again and again until they are a power of two.

    Few different statements are worth keeping prepared; a value may be asked for twice.
    """
    size = 1 << (len(values) - 1).bit_length()
    return [*values, *values[-1:] * (size - len(values))]


def by_index(connection: Connection) -> None:
    """Have PostgreSQL find rows by an index in what follows in this transaction.

    It keeps the plan of a statement that comes again, for whoever has the connection next. While
    a table is small, and until it is analysed, that would be to read the whole of it, however
    large it grows meanwhile.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")


def having(
    connection: Connection, columns: Sequence[Column[str]], values: Iterable[str]
) -> Iterator[tuple[str, ...]]:
    """Yield these columns, which are texts, of rows whose first column has one of the values.

    SQLAlchemy would name each value and write each statement anew, which takes longer than all
    that the database does.
    """
    for chunk in chunks(values):
        given: tuple[Any, ...]
        if connection.dialect.name == "postgresql":
            given = (array_of("VARCHAR", chunk),)
        else:
            given = tuple(padded(chunk))
        statement = _having(connection.dialect, tuple(columns), len(given))
        for row in connection.exec_driver_sql(statement, given).all():
            yield tuple(row)


@cache
def _having(dialect: Dialect, columns: tuple[Column[str], ...], size: int) -> str:
    rows = f"{select(*columns).compile(dialect=dialect)} WHERE {columns[0]}"
    if dialect.name == "postgresql":
        return f"{rows} = ANY(%b::VARCHAR[])"
    return f"{rows} IN ({', '.join('?' * size)})"


def of_numbers(
    connection: Connection, text: str, numbers: Sequence[int], then: str = ""
) -> CursorResult[*tuple[Any, ...]]:
    """Execute a text that ends with a column which is to be one of these numbers."""
    if connection.dialect.name == "postgresql":
        given = (array_of("BIGINT", list(numbers)),)
        return connection.exec_driver_sql(f"{text} = ANY(%b::BIGINT[]){then}", given)
    return connection.exec_driver_sql(f"{text} IN ({','.join(map(str, numbers))}){then}")


class OfKeys:
    """A statement about rows whose key, a text, is one of many, for both databases.

    PostgreSQL gets them as one array. A parameter for each makes a statement of every number of
    them, which the driver reads through, and the server plans, before anything is looked for.
    """

    def __init__(self, statement: Select[Any], key: ColumnElement[str]) -> None:
        self._of_array = statement.where(is_in_array(key, "keys"))
        self._of_list = statement.where(key.in_(bindparam("keys", expanding=True)))

    def among(self, connection: Connection, keys: list[str]) -> CursorResult[*tuple[Any, ...]]:
        """Execute it for these keys."""
        if connection.dialect.name == "postgresql":
            return connection.execute(self._of_array, {"keys": array_of("VARCHAR", keys)})
        return connection.execute(self._of_list, {"keys": keys})


def is_in_array(key: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Return the condition that a text is one of an `array_of` VARCHAR of that name."""
    return key == func.any(array(name, "VARCHAR"))


def array(name: str, kind: str) -> ColumnElement[Any]:
    """Return an `array_of` a kind that is given under a name."""
    return cast(bindparam(name, type_=NullType()), _Array(kind))


class _Array(UserDefinedType[Any]):
    cache_ok = True

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def get_col_spec(self, **_: Any) -> str:
        return f"{self.kind}[]"


def insert_new(
    connection: Connection, insert: Callable[..., Any], table: Table, values: list[dict[str, Any]]
) -> int:
    """Insert the rows whose key is not known; return how many that were.

    Args:
        insert: The database's own INSERT, which knows ON CONFLICT.
    """
    if connection.dialect.name == "postgresql":
        return sum(done.rowcount for done in _in_arrays(connection, table, values, _NEW))
    return _write(connection, insert, table, values, over=())


def insert_own(
    connection: Connection, insert: Callable[..., Any], table: Table, values: list[dict[str, Any]]
) -> None:
    """Insert rows under numbers that this transaction was given, which nobody else has.

    PostgreSQL looks for each row before and after it writes it where another one might be faster.
    """
    if connection.dialect.name == "postgresql":
        _write_arrays(connection, Beside(table, values), values)
    else:
        _write(connection, insert, table, values, over=None)


class Beside(NamedTuple):
    """Rows of another table that are written with some.

    Attributes:
        are_own: Whether they are written as by `insert_own`, else as by `insert_new`.
    """

    table: Table
    values: list[dict[str, Any]]
    are_own: bool = True


class Repeated(NamedTuple):
    """A row of another table for each that was added, under a number that was given to it.

    Attributes:
        columns: Of the other table: which of the added row's they repeat; its number comes first.
        same: What is the same in all of them.
    """

    table: Table
    columns: Mapping[str, str]
    same: Mapping[str, str]

    def rows(self, values: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows for some that were added."""
        number = next(iter(self.columns.values()))
        numbered = sorted(
            (row for row in values if row[number] is not None), key=itemgetter(number)
        )
        return [
            {name: row[of] for name, of in self.columns.items()} | dict(self.same)
            for row in numbered
        ]


def insert_fresh(
    connection: Connection,
    insert: Callable[..., Any],
    table: Table,
    values: list[dict[str, Any]],
    *,
    beside: Sequence[Beside],
    repeated: Repeated,
) -> set[str]:
    """Insert rows of whose keys this transaction has seen none; return the ids of those we added.

    In SQLite one transaction writes at a time, so that these are all. Elsewhere another one may
    have been faster, and what is written beside them goes in the same statement: each costs both
    sides as much as a few rows do.
    """
    if connection.dialect.name != "postgresql":
        for each in beside:
            _write(connection, insert, *each[:2], over=None if each.are_own else ())
        _write(connection, insert, table, values, over=())
        insert_own(connection, insert, repeated.table, repeated.rows(values))
        return {row["id"] for row in values}
    added: set[str] = set()
    for start in range(0, len(values), CHUNK):
        first = [each for each in beside if each.values and not start]
        for each in first:
            _write_arrays(connection, each, each.values[CHUNK:])
        some = [each._replace(values=each.values[:CHUNK]) for each in first]
        added |= _in_one(connection, table, values[start : start + CHUNK], some, repeated)
    return added


def _write_arrays(connection: Connection, how: Beside, values: list[dict[str, Any]]) -> None:
    for _ in _in_arrays(connection, how.table, values, "" if how.are_own else _NEW):
        pass


def _in_one(
    connection: Connection,
    table: Table,
    values: list[dict[str, Any]],
    beside: Sequence[Beside],
    repeated: Repeated,
) -> set[str]:
    """Write rows, and what goes with them, in one statement; return the ids of those we added."""
    parts, given = [], []
    for place, each in enumerate((*beside, Beside(table, values, are_own=False))):
        statement = _of_arrays(connection.dialect, each.table, tuple(each.values[0]))
        given += statement.arrays(each.values)
        parts.append(f"n{place} AS ({statement.text}{'' if each.are_own else _NEW}")
    of, same, added = repeated.columns, repeated.same, f"n{len(beside)}"
    given += [array_of("VARCHAR", [value]) for value in same.values()]
    number, *_ = of.values()
    read = ", ".join([*of.values(), *["(%b::VARCHAR[])[1]"] * len(same)])
    written = f"INSERT INTO {repeated.table.name} ({', '.join((*of, *same))}) SELECT {read}"
    text = f"WITH {'), '.join(parts)} RETURNING id, {number}), repeated AS ({written} FROM {added}"
    text += f" WHERE {number} IS NOT NULL) SELECT id FROM {added}"  # noqa: S608
    return set(connection.exec_driver_sql(text, tuple(given)).scalars())


def _in_arrays(
    connection: Connection, table: Table, values: list[dict[str, Any]], known: str = ""
) -> Iterator[CursorResult[Any]]:
    """Insert new rows as one array a column: one statement for many, and one look at its plan."""
    for start in range(0, len(values), CHUNK):
        some = values[start : start + CHUNK]
        statement = _of_arrays(connection.dialect, table, tuple(some[0]))
        yield connection.exec_driver_sql(
            statement.text + known,
            tuple(statement.arrays(some)),
            execution_options={"preserve_rowcount": True},
        )


@cache
def _of_arrays(dialect: Dialect, table: Table, names: tuple[str, ...]) -> "_Prepared":
    kinds = tuple(
        table.c[name].type.dialect_impl(dialect).compile(dialect).partition(" COLLATE")[0]
        for name in names
    )
    quoted = ", ".join(dialect.identifier_preparer.quote(name) for name in names)
    arrays = ", ".join(f"%b::{kind}[]" for kind in kinds)
    text = f"INSERT INTO {table.name} ({quoted}) SELECT * FROM unnest({arrays})"  # noqa: S608
    columns = tuple(
        (name, None if kind == "BYTEA" else made)  # bytes are written as they are
        for kind, (name, made) in zip(kinds, _columns(dialect, table, names), strict=True)
    )
    return _Prepared(text, columns, True, kinds)


def put(
    connection: Connection,
    insert: Callable[..., Any],
    table: Table,
    values: list[dict[str, Any]],
    *,
    are_new: bool = False,
    added: tuple[str, ...] = (),
) -> None:
    """Insert the rows, each of a key of its own, and write over those whose key is known.

    Args:
        added: Columns whose numbers are added to those that are there.
        are_new: Whether hardly one is known. In SQLite a row of a table that points at others takes
            twice as long if it might be there: it has a journal of its own.
    """
    if not values:
        return
    over = tuple(table.primary_key.columns.keys())
    if connection.dialect.name == "postgresql":
        for _ in _in_arrays(connection, table, values, _or_over(table, tuple(values[0]), added)):
            pass
    elif not are_new or _write(connection, insert, table, values, over=()) < len(values):
        _write(connection, insert, table, values, over=over, added=added)


@cache
def _or_over(table: Table, names: tuple[str, ...], added: tuple[str, ...]) -> str:
    """Return what is done in PostgreSQL to rows that are there: they are written over."""
    key = table.primary_key.columns.keys()
    before = {name: f"{table.name}.{name} + " for name in added}
    changed = ", ".join(
        f"{name} = {before.get(name, '')}excluded.{name}" for name in names if name not in key
    )
    return f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}"


def _write(
    connection: Connection,
    insert: Callable[..., Any],
    table: Table,
    values: list[dict[str, Any]],
    *,
    over: tuple[str, ...] | None,
    added: tuple[str, ...] = (),
) -> int:
    """Write rows; `over` is what names those that are written over, None to refuse known ones."""
    if not values:
        return 0
    names = tuple(values[0])
    statement = _prepared(connection.dialect, insert, table, names, over=over, added=added)
    # Kept, because the cursor, which counted, is closed when we ask.
    return connection.exec_driver_sql(
        statement.text,
        statement.given(values),
        execution_options={"preserve_rowcount": True},
    ).rowcount


class _Prepared(NamedTuple):
    """An INSERT as its driver takes it: SQLAlchemy would work out each row's values anew.

    Attributes:
        columns: The columns in their order, each with what makes its values the driver's.
        by_place: Whether values stand in this order; else they are named.
        kinds: The database's names of the columns' types, where they are needed.
    """

    text: str
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    by_place: bool
    kinds: tuple[str, ...] = ()

    def of_columns(self, values: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
        """Return the rows' values, column by column."""
        known: dict[str | None, str | bytes | None] = {}
        return [
            of_column(made, [row[name] for row in values], known) for name, made in self.columns
        ]

    def arrays(self, values: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Return the rows' values as an array a column."""
        return list(map(array_of, self.kinds, self.of_columns(values)))

    def given(self, values: Sequence[Mapping[str, Any]]) -> Any:
        rows = list(zip(*self.of_columns(values), strict=True))
        if self.by_place:
            return rows
        names = [name for name, _ in self.columns]
        return [dict(zip(names, row, strict=True)) for row in rows]


@cache
def _prepared(
    dialect: Dialect,
    insert: Callable[..., Any],
    table: Table,
    names: tuple[str, ...],
    *,
    over: tuple[str, ...] | None,
    added: tuple[str, ...],
) -> _Prepared:
    statement = insert(table)
    if over:
        given = statement.excluded
        changed = {name: given[name] for name in names if name not in over}
        changed |= {name: table.c[name] + given[name] for name in added}
        statement = statement.on_conflict_do_update(index_elements=over, set_=changed)
    elif over is not None:
        statement = statement.on_conflict_do_nothing()
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    order = compiled.positiontup or list(names)
    columns = _columns(dialect, table, order)
    return _Prepared(str(compiled), columns, compiled.positiontup is not None)


def _columns(
    dialect: Dialect, table: Table, names: Iterable[str]
) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    return tuple(
        (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names
    )


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
    of an id, if that is long enough to be no slip.

    Args:
        prefixes: What an id may begin with; `typed` itself when empty.
        listed: Only rows for which this holds.

    Raises:
        Ambiguous: Several rows fit equally well.
    """
    if not typed or not is_storable(typed):
        return None
    conditions = [table.c.id == typed, *exactly]
    if len(typed.removeprefix("msg_")) >= SHORTEST_ID:
        conditions.append(or_(*(begins_with(table.c.id, each) for each in prefixes or (typed,))))
    for condition in conditions:
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
