"""What was found out about words, for the last that were asked for."""

from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """Keeps at least the last `most` answers that were asked for, and at most twice as many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._young: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        """Return what is remembered, None if nothing is."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def some(self, keys: set[Key]) -> dict[Key, Value]:
        """Return what is remembered of these."""
        young, old = self._young, self._old
        found = {key: young[key] for key in young.keys() & keys}
        if len(found) < len(keys):
            for key in old.keys() & (keys - found.keys()):
                found[key] = old[key]
                self.put(key, old[key])
        return found

    def put(self, key: Key, value: Value) -> None:
        """Remember something."""
        if len(self._young) >= self._most:
            self._old, self._young = self._young, {}
        self._young[key] = value

    def clear(self) -> None:
        """Forget everything."""
        if self._young or self._old:
            self._young, self._old = {}, {}
