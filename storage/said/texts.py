"""Statements as SQLAlchemy has written them for SQLite, with what their values are made of.

`texts.json` has them by name; `python -m storage.admin.writing` writes it, and a test holds it
to the statements that it was written from.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from storage.said import values

FILE = Path(__file__).with_name("texts.json")

Given = Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""Values by the names that the statement has for them; several times, for one that writes."""

KEPT_AS: dict[str, Callable[[Any], Any] | None] = {
    "words": values.checked,
    "instant": values.for_sqlite,
    "duration": values.as_duration,
    "json": values.as_json,
    "packed": values.packed,
    "yes_or_no": None,
    "number": None,
}
"""How a value of a kind of column is written."""

READ_AS: dict[str, Callable[[Any], Any] | None] = {
    "words": None,
    "instant": values.read_instant,
    "duration": values.read_duration,
    "json": values.read_json,
    "packed": values.unpacked,
    "yes_or_no": lambda value: None if value is None else bool(value),
    "number": None,
}
"""How what is kept is read again."""

NONE_OF = "SELECT 1 FROM (SELECT 1) WHERE 1!=1"
"""What stands for a list of nothing."""


class Place(NamedTuple):
    """A value in a statement, in its order.

    Attributes:
        name: How it is called; empty for one that is always the same.
        kind: A key of `KEPT_AS`; or the value, when there is no name.
        mark: What stands for a list of values in the text; empty for one value.
    """

    name: str
    kind: Any
    mark: str = ""


class Text(NamedTuple):
    """One statement.

    Attributes:
        given: Its values.
        names: The columns that it returns.
        kinds: Of which kind each of them is: a key of `READ_AS`.
    """

    sql: str
    given: tuple[Place, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]


class Answer:
    """What a statement has returned: as much of SQLAlchemy's `Result` as is needed here."""

    def __init__(self, rows: list[tuple[Any, ...]], names: tuple[str, ...], rowcount: int) -> None:
        self._rows = rows
        self._names = names
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._rows)

    def first(self) -> tuple[Any, ...] | None:
        return self._rows[0] if self._rows else None

    def scalar(self) -> Any:
        return self._rows[0][0] if self._rows else None

    def scalars(self) -> list[Any]:
        return [row[0] for row in self._rows]

    def mappings(self) -> list[dict[str, Any]]:
        return [dict(zip(self._names, row, strict=True)) for row in self._rows]


class Answered(Protocol):
    """What both `Answer` and SQLAlchemy's `Result` can tell."""

    def __iter__(self) -> Iterator[Any]: ...

    def first(self) -> Any: ...

    def scalar(self) -> Any: ...

    def scalars(self) -> Any: ...

    def mappings(self) -> Any: ...


@cache
def texts() -> Mapping[str, Text]:
    """Return all of them, by name."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        name: Text(
            of["sql"],
            tuple(Place(*each) for each in of["given"]),
            tuple(column for column, _ in of["row"]),
            tuple(kind for _, kind in of["row"]),
        )
        for name, of in kept.items()
    }


def ask(connection: sqlite3.Connection, text: Text, given: Given) -> Answer:
    """Return what a statement returns.

    Raises:
        sqlite3.Error: SQLite refuses it.
        ValueError: A value cannot be kept.
    """
    if isinstance(given, Mapping):
        sql, said = _said(text, given)
        cursor = connection.execute(sql, said)
    else:
        every = [_said(text, each)[1] for each in given]
        cursor = connection.executemany(text.sql, every)
    made = [(place, READ_AS[kind]) for place, kind in enumerate(text.kinds)]
    reading = [(place, read) for place, read in made if read is not None]
    rows = cursor.fetchall()
    if reading:
        rows = [_read(row, reading) for row in rows]
    return Answer(rows, text.names, cursor.rowcount)


def _read(row: tuple[Any, ...], reading: list[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    """Return a row with what is kept in another form read again; of nothing comes nothing."""
    values = list(row)
    for place, read in reading:
        if (value := values[place]) is not None:
            values[place] = read(value)
    return tuple(values)


def _said(text: Text, given: Mapping[str, Any]) -> tuple[str, list[Any]]:
    sql, said = text.sql, list[Any]()
    for name, kind, mark in text.given:
        if not name:
            said.append(kind)
            continue
        made = KEPT_AS[kind]
        if mark:
            every = list(given[name])
            sql = sql.replace(mark, ", ".join("?" * len(every)) if every else NONE_OF, 1)
            said += every if made is None else map(made, every)
        else:
            value = given[name]
            said.append(value if made is None else made(value))
    return sql, said
