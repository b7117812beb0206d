"""Many short texts in little room: as bytes behind each other, and found by their hashes.

As strings in a list each takes some 70 bytes more than its letters, and in a dictionary or a set
100.
"""

from array import array
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Set
from itertools import accumulate, islice
from zlib import crc32

_GONE = 0xFFFFFFFF
_LEAST_ROOM = 64


class PackedTexts:
    """Texts by number, from 1 on, in the order in which they came; number 0 is an empty one."""

    def __init__(self) -> None:
        self._letters = bytearray()
        self._ends = array("I", [0, 0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        """Return a text.

        Raises:
            IndexError: There is none of that number.
        """
        return self._encoded(number).decode("utf-8", "surrogatepass")

    def extend(self, texts: Iterable[str]) -> None:
        """Add texts, whether they are there or not."""
        encoded = [*map(_encoded, texts)]
        ends = accumulate(map(len, encoded), initial=len(self._letters))
        self._letters += b"".join(encoded)
        self._ends.extend(islice(ends, 1, None))

    def _encoded(self, number: int) -> bytearray:
        return self._letters[self._ends[number] : self._ends[number + 1]]


class NumberedTexts(PackedTexts):
    """Texts of which each is there once, and its number, from 1 on, can be asked for.

    A number is never given again, also when its text is forgotten: added again, it has another.
    """

    def __init__(self) -> None:
        super().__init__()
        # Open addressing: 0 where nothing is, `_GONE` where something was.
        self._table = array("I", bytes(4 * _LEAST_ROOM))
        self._used = 0

    def number(self, text: str) -> int:
        """Return a text's number; 0 if it is not there."""
        return self._table[self._slot(text)]

    def add(self, text: str) -> int:
        """Return a text's number, a new one if it is not there."""
        slot = self._slot(text)
        number = self._table[slot]
        if not number:
            number = self._table[slot] = len(self)
            self.extend([text])
            self._used += 1
            if 3 * self._used > 2 * len(self._table):
                self._make_room()
        return number

    def forget(self, text: str) -> int:
        """Return the number of a text, which from now on is not there; 0 if it was not."""
        slot = self._slot(text)
        number = self._table[slot]
        if number:
            self._table[slot] = _GONE
        return number

    def _slot(self, text: str) -> int:
        """Return where the number of a text stands, or else where it belongs: nothing is there."""
        table, encoded = self._table, _encoded(text)
        last = len(table) - 1
        slot = hash(text) & last
        while (number := table[slot]) and (number == _GONE or self._encoded(number) != encoded):
            slot = (slot + 1) & last
        return slot

    def _make_room(self) -> None:
        """Give what is there twice the room that it needs, without what is gone."""
        live = [number for number in self._table if number not in (0, _GONE)]
        size = _LEAST_ROOM
        while size < 3 * len(live):
            size *= 2
        self._table, self._used = array("I", bytes(4 * size)), len(live)
        for number in live:
            self._table[self._slot(self[number])] = number


class TextSet(Set[str]):
    """Texts that never change; to look for one takes a microsecond. Combined, they are strings."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        every = sorted(set(map(_encoded, texts)), key=crc32)
        self._hashes = array("I", map(crc32, every))
        self._letters = b"".join(every)
        self._ends = array("I", accumulate(map(len, every), initial=0))

    @classmethod
    def _from_iterable(cls, texts: Iterable[str]) -> frozenset[str]:  # type: ignore[override]
        return frozenset(texts)

    def __contains__(self, text: object) -> bool:
        if not isinstance(text, str):
            return False
        hashes, encoded = self._hashes, _encoded(text)
        hashed = crc32(encoded)
        place = bisect_left(hashes, hashed)
        while place < len(hashes) and hashes[place] == hashed:
            if self._at(place) == encoded:
                return True
            place += 1
        return False

    def __iter__(self) -> Iterator[str]:
        for place in range(len(self)):
            yield self._at(place).decode("utf-8", "surrogatepass")

    def __len__(self) -> int:
        return len(self._hashes)

    def _at(self, place: int) -> bytes:
        return self._letters[self._ends[place] : self._ends[place + 1]]


_MOST_LOOKED_FOR = 30


class LineSet(TextSet):
    """The lines of a text, one word each: the first few that are asked for are looked for there.

    To make a set of ten thousand takes as long as to look for forty of them in their text.
    """

    def __init__(self, lines: str) -> None:
        self._lines = f"\n{lines}\n"
        self._left = _MOST_LOOKED_FOR
        super().__init__()

    def __contains__(self, text: object) -> bool:
        if not (lines := self._lines):
            return super().__contains__(text)
        if not isinstance(text, str) or not text or "\n" in text:
            return False
        self._left -= 1
        if self._left < 0:
            self._make()
        return f"\n{text}\n" in lines

    def __iter__(self) -> Iterator[str]:
        self._make()
        return super().__iter__()

    def __len__(self) -> int:
        self._make()
        return super().__len__()

    def _make(self) -> None:
        if self._lines:
            super().__init__(self._lines.split())
            self._lines = ""  # last: another thread may ask meanwhile


class TextHashes(Container[str]):
    """Texts of which nobody asks but whether one is among them: 8 bytes each, and no string.

    By hashes of 64 bits: one in a hundred million million others is taken for one of a hundred
    thousand.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        import numpy as np  # who has so many has it loaded; who has few texts needs none of this

        every = np.unique(np.fromiter(map(hash, texts), np.int64))
        self._hashes = array("q", every.tobytes())

    def __contains__(self, text: object) -> bool:
        hashes, hashed = self._hashes, hash(text)
        place = bisect_left(hashes, hashed)
        return place < len(hashes) and hashes[place] == hashed

    def __len__(self) -> int:
        return len(self._hashes)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
