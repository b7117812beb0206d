"""The column types: text that every database can keep, ids, UTC instants, durations, JSON.

How their values are kept is in `storage.said.values`. Here are also whole columns as
arrays in PostgreSQL's own form: a driver would ask each value for its type.
"""

import struct
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.said.values import (
    as_duration,
    as_json,
    check_text,
    checked,
    for_sqlite,
    in_utc,
    packed,
    read_duration,
    read_instant,
    read_json,
    unpacked,
)
from storage.said.values import escaped as escaped
from storage.said.values import instant as instant
from storage.said.values import is_storable as is_storable
from storage.said.values import shown as shown
from storage.said.values import written as written


def of_column(
    made: Callable[[Any], Any] | None,
    values: list[Any],
    known: dict[str | None, str | bytes | None],
) -> list[Any]:
    """Return the values of a column as a driver takes them.

    Args:
        made: What makes one of them so, as the column's type says; None to leave them as they are.
        known: What texts of the rows have been packed to: of many articles text and summary are
            one.
    """
    if made is None:
        return values
    if made is checked:
        try:  # all of them at one look, and one by one only to say which
            check_text("".join(filter(None, values)))
        except ValueError:
            return list(map(checked, values))
        return values
    if made is for_sqlite:  # of one batch most are the same
        written_as = {moment: for_sqlite(moment) for moment in set(values)}
        return [written_as[moment] for moment in values]
    if made is packed:
        known.update((value, packed(value)) for value in set(values) if value not in known)
        return [known[value] for value in values]
    return list(map(made, values))


class Words(TypeDecorator[str]):
    """Text as it was given, sorted by code point on every database."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # The collation of a PostgreSQL database is anybody's guess; SQLite compares bytes.
        text = Text(collation="C") if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(text)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return checked(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        # Called for almost every value that is stored, so without the layers in between.
        return checked


class Packed(TypeDecorator[str]):
    """A long text: as it was given in PostgreSQL, which packs it itself; in SQLite as deflated.

    What was written before, or would hardly become shorter, is text there. Nothing asks the
    database about such a text.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Words().load_dialect_impl(dialect))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | bytes | None:
        return packed(value) if dialect.name == "sqlite" else checked(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | bytes | None]:
        return packed if dialect.name == "sqlite" else checked

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return unpacked(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        return unpacked


class Instant(TypeDecorator[datetime]):
    """A moment, in UTC with microseconds.

    PostgreSQL keeps a timestamptz; SQLite, which has no such type, ISO text of a fixed width,
    so that comparing texts compares moments.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(
            Text() if dialect.name == "sqlite" else DateTime(timezone=True)
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return self.bind_processor(dialect)(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return for_sqlite if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return read_instant(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        # As above: almost every row has several.
        return read_instant


class Duration(TypeDecorator[timedelta]):
    """A length of time, kept as whole microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return as_duration(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> timedelta | None:
        return read_duration(value)


class Json(TypeDecorator[Any]):
    """Lists, mappings and texts, kept as JSON text that people can read."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return as_json(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        return as_json

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return read_json(value)


_HEAD = struct.Struct("!iiIii")
_LENGTH = struct.Struct("!i").pack
_NUMBER = struct.Struct("!iq").pack
_REAL = struct.Struct("!id").pack
_NULL = _LENGTH(-1)
_SHORT = 127  # a length that is a letter of ASCII
_ARRAYS_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_ARRAYS_US = timedelta(microseconds=1)


class Array(bytes):
    """An array as PostgreSQL sends and receives it; the statement says of what type."""


def array_of(kind: str, values: list[Any]) -> Array | list[Any]:
    """Return values as an array of a type of PostgreSQL.

    Of a type that we do not know they are left as they are, to the driver.
    """
    if kind not in _KINDS:
        return values
    oid, written = _KINDS[kind]
    if not values:
        return Array(_HEAD.pack(0, 0, oid, 0, 0)[:12])
    has_null = int(None in values)
    head = _HEAD.pack(1, has_null, oid, len(values), 1)
    if values.count(values[0]) == len(values):  # as half of the columns of articles are
        one = _NULL if has_null else b"".join(written(values[:1]))
        return Array(head + one * len(values))
    if not has_null:
        return Array(b"".join([head, *written(values)]))
    items = [b"".join(written([value])) if value is not None else _NULL for value in values]
    return Array(head + b"".join(items))


def _bytes(values: list[bytes]) -> Iterable[bytes]:
    return chain.from_iterable(zip(map(_LENGTH, map(len, values)), values, strict=True))


def _letters(values: list[str]) -> Iterable[bytes]:
    length = len(values[0])
    # As ids are: in a quarter of the time.
    if length <= _SHORT and set(map(len, values)) == {length}:
        before = "\0\0\0" + chr(length)
        together = (before + before.join(values)).encode()
        if len(together) == (len(before) + length) * len(values):
            return [together]
    return _bytes(list(map(str.encode, values)))


def _numbers(values: Iterable[int]) -> list[bytes]:
    try:
        return list(map(_NUMBER, repeat(8), values))
    except struct.error as error:
        raise ValueError(f"the store refuses this: {error}") from None


def _reals(values: list[float]) -> list[bytes]:
    return list(map(_REAL, repeat(8), values))


def _instants(values: list[datetime]) -> list[bytes]:
    return _numbers((value - _ARRAYS_EPOCH) // _ARRAYS_US for value in values)


def _yes_or_no(values: list[bool]) -> list[bytes]:
    return [_YES if value else _NO for value in values]


_YES, _NO = _LENGTH(1) + b"\1", _LENGTH(1) + b"\0"

_KINDS: dict[str, tuple[int, Callable[[list[Any]], Iterable[bytes]]]] = {
    "BIGINT": (20, _numbers),
    "BOOLEAN": (16, _yes_or_no),
    "BYTEA": (17, _bytes),
    "DOUBLE PRECISION": (701, _reals),
    "TEXT": (25, _letters),
    "TIMESTAMP WITH TIME ZONE": (1184, _instants),
    "VARCHAR": (1043, _letters),
}
"""The number of each type, which no server changes, and how its values are written."""
