"""Small facts about the store itself, and the two counters."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Connection, Executable, Text, bindparam, cast, select, update

from storage.model import INSTALLATION
from storage.said.asking import NOTHING
from storage.said.others import AskedMeta
from storage.said.texts import Given
from storage.sql.tables.schema import meta

_value = select(meta.c.value).where(meta.c.key == bindparam("k"))
_value_to_change = _value.with_for_update()
_value_to_keep = _value.with_for_update(read=True)
_advance = (
    update(meta)
    .where(meta.c.key == bindparam("k"))
    .values(value=cast(cast(meta.c.value, BigInteger) + bindparam("by", type_=BigInteger), Text))
    .returning(meta.c.value)
)

_set = update(meta).where(meta.c.key == bindparam("k")).values(value=bindparam("v"))

SAID: dict[str, Executable] = {"get": _value}


def setting(insert: Callable[..., Any]) -> Executable:
    """Return the statement that keeps a fact."""
    made = insert(meta).values(key=bindparam("the_key"), value=bindparam("the_value"))
    kept: Executable = made.on_conflict_do_update(
        index_elements=["key"], set_={"value": made.excluded.value}
    )
    return kept


class SqlMeta(AskedMeta):
    """Implements `storage.api.storage.Meta` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def ask(self, name: str, given: Given = NOTHING) -> Any:
        statement = setting(self._insert) if name == "set" else SAID[name]
        return self._connection.execute(statement, given)

    def hold(self) -> None:
        # Any row that nobody changes will do; the nouns' own are locked behind it.
        self._connection.execute(_value_to_change, {"k": INSTALLATION})


class Moved:
    """The counters, and what else of it changes, that a transaction moves: written at its end.

    They lie in one page. Were it written now and again among thousands of others, SQLite, which
    has room for a few hundred, would put it into its log before its time; and what is there is
    changed only by reading all that was logged behind it once more, to seal it anew.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._values: dict[str, str] = {}
        self._moved = set[str]()

    def take(self, key: str) -> str:
        """Return what a value is, and let nobody read it to change it until we end."""
        if key not in self._values:
            found = self._connection.execute(_value_to_change, {"k": key})
            self._values[key] = str(found.scalar_one())
        return self._values[key]

    def put(self, key: str, value: str) -> None:
        """Change a value that was taken."""
        self._values[key] = value
        self._moved.add(key)

    def advance(self, counter: str, by: int = 1) -> int:
        """Move a counter and return where it stands then."""
        number = int(self.take(counter)) + by
        self.put(counter, str(number))
        return number

    def end(self) -> None:
        """Write all of it; the commit follows."""
        if self._moved:
            moved = [{"k": key, "v": self._values[key]} for key in sorted(self._moved)]
            self._connection.execute(_set, moved)
            self._moved.clear()


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
