"""Small facts about the store itself, and the two counters."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Connection, Text, bindparam, cast, select, update

from storage.sql.schema import meta

_value = select(meta.c.value).where(meta.c.key == bindparam("k"))
_value_to_change = _value.with_for_update()
_value_to_keep = _value.with_for_update(read=True)
_advance = (
    update(meta)
    .where(meta.c.key == bindparam("k"))
    .values(value=cast(cast(meta.c.value, BigInteger) + bindparam("by", type_=BigInteger), Text))
    .returning(meta.c.value)
)


class SqlMeta:
    """Implements `storage.api.Meta` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def get(self, key: str) -> str | None:
        return self._connection.execute(_value, {"k": key}).scalar()

    def set(self, key: str, value: str) -> None:
        statement = self._insert(meta).values(key=key, value=value)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["key"], set_={"value": statement.excluded.value}
            )
        )


def read(connection: Connection, counter: str) -> int:
    """Return where a counter stands."""
    return int(connection.execute(_value, {"k": counter}).scalar_one())


def keep(connection: Connection, counter: str) -> int:
    """Return where a counter stands, and let nobody move it until this transaction ends."""
    return int(connection.execute(_value_to_keep, {"k": counter}).scalar_one())


def take(connection: Connection, counter: str) -> int:
    """Return where a counter stands, and let nobody read it to change it until we end."""
    return int(connection.execute(_value_to_change, {"k": counter}).scalar_one())


def advance(connection: Connection, counter: str, by: int = 1) -> int:
    """Move a counter and return where it stands then."""
    return int(connection.execute(_advance, {"k": counter, "by": by}).scalar_one())
