"""The column types: text that every database can keep, ids, UTC instants, durations, JSON.

What one database would refuse or bend, all refuse, before anything is sent: a text with NUL or
a lone surrogate, an instant without a time zone. They raise ValueError.

And whole columns as arrays in PostgreSQL's own form: a driver would ask each value for its type.
"""

import json
import struct
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import repeat
from typing import Any

from isal import isal_zlib
from sqlalchemy import BigInteger, DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from common.clip import clip

SHOWN = 80
"""So many characters of a bad value are shown."""

_SHORTEST_PACKED = 200
_WORTH_IT = 0.9
_LEVEL = 2
"""A quarter of the time that zlib takes at its quickest, and a little shorter."""


def check_text(text: str) -> str:
    """Return the text.

    Raises:
        ValueError: It holds NUL or a lone surrogate, which PostgreSQL cannot keep.
    """
    try:
        if "\0" not in text and (text.isascii() or text.encode()):
            return text
        why = "the character NUL"
    except UnicodeEncodeError:
        why = "half of a surrogate pair"
    raise ValueError(f"text {shown(text)} holds {why}, which cannot be stored: clean it first")


def shown(text: str) -> str:
    """Return a value for a message: in quotes, clipped, control characters escaped."""
    return f'"{escaped(text, SHOWN)}"'


def escaped(text: str, longest: int) -> str:
    """Return the text clipped, with everything escaped that a terminal would not just print."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in clip(text, longest)
    )


def is_storable(text: str) -> bool:
    """Return whether `check_text` would accept the text."""
    try:
        check_text(text)
    except ValueError:
        return False
    return True


def _check(value: str | None) -> str | None:
    return None if value is None else check_text(value)


def of_column(made: Callable[[Any], Any] | None, values: list[Any]) -> list[Any]:
    """Return the values of a column as a driver takes them.

    Args:
        made: What makes one of them so, as the column's type says; None to leave them as they are.
    """
    if made is None:
        return values
    if made is _check:
        try:  # all of them at one look, and one by one only to say which
            check_text("".join(filter(None, values)))
        except ValueError:
            return list(map(_check, values))
        return values
    if made is _for_sqlite:  # of one batch most are the same
        written_as = {moment: _for_sqlite(moment) for moment in set(values)}
        return [written_as[moment] for moment in values]
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
        return _check(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        # Called for almost every value that is stored, so without the layers in between.
        return _check


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
        return packed(value) if dialect.name == "sqlite" else _check(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | bytes | None]:
        return packed if dialect.name == "sqlite" else _check

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return unpacked(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        return unpacked


def packed(value: str | None) -> str | bytes | None:
    """Return a text as SQLite keeps it."""
    if value is None or len(check_text(value)) < _SHORTEST_PACKED:
        return value
    written = value.encode()
    smaller = isal_zlib.compress(written, _LEVEL, -isal_zlib.MAX_WBITS)
    return smaller if len(smaller) < len(written) * _WORTH_IT else value


def unpacked(value: str | bytes | None) -> str | None:
    """Return the text of what SQLite, or any other database, has kept."""
    if not isinstance(value, bytes):
        return value
    return isal_zlib.decompress(value, -isal_zlib.MAX_WBITS).decode()


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
        return _for_sqlite if dialect.name == "sqlite" else _in_utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return _read(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        # As above: almost every row has several.
        return _read


def _in_utc(moment: datetime | None) -> datetime | None:
    if moment is None or moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"the instant {moment} has no time zone: say which one it is in")
    return moment.astimezone(UTC)


def _for_sqlite(moment: datetime | None) -> str | None:
    utc = _in_utc(moment)
    return None if utc is None else written(utc)


def _read(value: Any) -> datetime | None:
    return None if value is None else instant(value)


def instant(kept: str | datetime) -> datetime:
    """Return the moment of what a database keeps."""
    read = datetime.fromisoformat(kept) if isinstance(kept, str) else kept
    return read if read.tzinfo is UTC else read.astimezone(UTC)


def written(moment: datetime) -> str:
    """Return a moment as SQLite keeps it."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")[:26] + "Z"


class Duration(TypeDecorator[timedelta]):
    """A length of time, kept as whole microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // timedelta(microseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> timedelta | None:
        return None if value is None else timedelta(microseconds=value)


class Json(TypeDecorator[Any]):
    """Lists, mappings and texts, kept as JSON text that people can read."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return _as_json(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        return _as_json

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value == "[]":  # most lists of an article
            return []
        return None if value is None else json.loads(value)


def _as_json(value: Any) -> str | None:
    if value is None:
        return None
    if value == () or value == []:  # most lists of an article
        return "[]"
    _check_all(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _check_all(value: Any) -> None:
    """Check every text in the value: JSON would escape a NUL and hide it from the database."""
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            check_text(key)
            _check_all(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check_all(item)


_HEAD = struct.Struct("!iiIii")
_LENGTH = struct.Struct("!i").pack
_NUMBER = struct.Struct("!iq").pack
_NULL = _LENGTH(-1)
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
    given = [value for value in values if value is not None]
    if len(given) == len(values):
        items = written(given)
        has_null = 0
    else:
        each = iter(written(given))
        items = [_NULL if value is None else next(each) for value in values]
        has_null = 1
    if not values:
        return Array(_HEAD.pack(0, 0, oid, 0, 0)[:12])
    return Array(b"".join((_HEAD.pack(1, has_null, oid, len(values), 1), *items)))


def _bytes(values: list[bytes]) -> list[bytes]:
    return [_LENGTH(len(value)) + value for value in values]


def _letters(values: list[str]) -> list[bytes]:
    return _bytes([value.encode() for value in values])


def _numbers(values: Iterable[int]) -> list[bytes]:
    try:
        return list(map(_NUMBER, repeat(8), values))
    except struct.error as error:
        raise ValueError(f"the store refuses this: {error}") from None


def _instants(values: list[datetime]) -> list[bytes]:
    return _numbers((value - _ARRAYS_EPOCH) // _ARRAYS_US for value in values)


def _yes_or_no(values: list[bool]) -> list[bytes]:
    return [_YES if value else _NO for value in values]


_YES, _NO = _LENGTH(1) + b"\1", _LENGTH(1) + b"\0"

_KINDS: dict[str, tuple[int, Callable[[list[Any]], list[bytes]]]] = {
    "BIGINT": (20, _numbers),
    "BOOLEAN": (16, _yes_or_no),
    "BYTEA": (17, _bytes),
    "TEXT": (25, _letters),
    "TIMESTAMP WITH TIME ZONE": (1184, _instants),
    "VARCHAR": (1043, _letters),
}
"""The number of each type, which no server changes, and how its values are written."""
