"""Numbers of things by their hashes, from the first on; a dict takes five times as much."""

from array import array

from rules.index.memory.kept import Lasting

_LEAST = 1 << 10
_HALF = 2


class Numbers(Lasting):
    """Numbers that were given, one after the other; two things of one hash are one."""

    LASTING = ("_keys", "_numbers", "_count", "_first", "_mask")

    def __init__(self, first: int = 0) -> None:
        self._count = 0
        self._first = first
        self._mask = _LEAST - 1
        self._keys = array("q", bytes(8 * _LEAST))
        self._numbers = array("i", bytes(4 * _LEAST))

    def get(self, key: int) -> int | None:
        """Return the number of a hash; None if it has none."""
        at = self._place(key or 1)
        return self._numbers[at] if self._keys[at] else None

    def add(self, key: int) -> int:
        """Give a hash that has none the next number, and return it."""
        if (self._count + 1) * _HALF > self._mask:
            self._grow()
        number = self._first + self._count
        self._set(key or 1, number)
        self._count += 1
        return number

    def _set(self, key: int, number: int) -> None:
        at = self._place(key)
        self._keys[at], self._numbers[at] = key, number

    def _place(self, key: int) -> int:
        """Return where a key is, or would be."""
        keys, mask = self._keys, self._mask
        at = key & mask
        while (held := keys[at]) != key and held:
            at = (at + 1) & mask
        return at

    def _grow(self) -> None:
        keys, numbers, size = self._keys, self._numbers, 2 * len(self._keys)
        self._mask = size - 1
        self._keys, self._numbers = array("q", bytes(8 * size)), array("i", bytes(4 * size))
        for key, number in zip(keys, numbers, strict=True):
            if key:
                self._set(key, number)
