"""Names of places as one compact file: how it is packed and looked up.

What packages know of places takes seconds to read. Packed, only the pages that a look touches are
read. Numbers are little-endian:

    magic, signature; how many pairs of a name and a place, how many places; length of the whole
    pairs: a hash of each name as it is folded, in order; then its place; then how many languages
    places: where the text of each begins; then the texts, each deflated
"""

import hashlib
import struct
import zlib
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from rules.text.folding import fold

Buffer = bytes | memoryview

_MAGIC = b"places01"
_HEADER = struct.Struct("<8s16sIIQ")
_MOST_WORDS = 4
_MARKS = frozenset("0123456789,;/:()[]\t\n")


class Name(NamedTuple):
    """What one language calls a place.

    Attributes:
        place: Says which place; the same in every language.
        language: BCP 47 primary subtag.
    """

    place: str
    language: str
    text: str


class DamagedNamesError(ValueError):
    """The bytes are no packed names, or those of another version."""


def pack_names(names: Iterable[Name], *, signature: str) -> bytes:
    """Return names as one file; what is no plain name (brackets, digits) is left out.

    Args:
        signature: What the file was made of, at most 16 ASCII characters.
    """
    by_place: dict[str, dict[str, set[str]]] = {}
    counts: dict[tuple[str, str], int] = {}
    for place, language, text in names:
        if len(text.split()) > _MOST_WORDS or not _MARKS.isdisjoint(text):
            continue
        languages = by_place.setdefault(place, {}).setdefault(text, set())
        if language not in languages:
            languages.add(language)
            pair = (fold(text), place)
            counts[pair] = counts.get(pair, 0) + 1
    places = sorted(by_place)
    numbers = {place: number for number, place in enumerate(places)}
    pairs = sorted((_hash(folded), numbers[place], n) for (folded, place), n in counts.items())
    hashes = np.array([pair[0] for pair in pairs], "<u8")
    others = np.array([pair[1:] for pair in pairs], "<u4").reshape(-1, 2)
    lines = (
        "\n".join("\t".join((text, *sorted(names))) for text, names in by_place[place].items())
        for place in places
    )
    texts = [zlib.compress(each.encode(), 9) for each in lines]
    starts = np.cumsum([0, *map(len, texts)], dtype="<u4")
    columns = (hashes, others[:, 0].copy(), others[:, 1].copy(), starts)
    body = b"".join([*(column.tobytes() for column in columns), *texts])
    length = _HEADER.size + len(body)
    head = _HEADER.pack(_MAGIC, signature.encode().ljust(16), len(pairs), len(places), length)
    return head + body


class PackedNames:
    """Packed names of places; a place is a number, in the order of what says which place."""

    def __init__(self, data: Buffer) -> None:
        """Take the bytes of `pack_names`; they may be a mapped file and are not read as a whole.

        Raises:
            DamagedNamesError: They are something else.
        """
        try:
            magic, signature, pairs, places, length = _HEADER.unpack_from(data)
        except struct.error as error:
            raise DamagedNamesError("too short") from error
        if magic != _MAGIC or length != len(data):
            raise DamagedNamesError("no names of this version, or cut off")
        self.signature: str = signature.decode().rstrip()
        at = _HEADER.size
        self._hashes = np.frombuffer(data, "<u8", pairs, at)
        self._places = np.frombuffer(data, "<u4", pairs, at + 8 * pairs)
        self._counts = np.frombuffer(data, "<u4", pairs, at + 12 * pairs)
        self._starts = np.frombuffer(data, "<u4", places + 1, at + 16 * pairs)
        self._texts = memoryview(data)[at + 16 * pairs + 4 * (places + 1) :]

    def places(self, folded: str) -> dict[int, int]:
        """Return the places that are called so, and in how many languages each is."""
        key = np.uint64(_hash(folded))  # of the same type, or all of them are converted
        first = np.searchsorted(self._hashes, key, "left")
        last = np.searchsorted(self._hashes, key, "right")
        counts = self._counts[first:last].tolist()
        return dict(zip(self._places[first:last].tolist(), counts, strict=True))

    def names(self, place: int) -> dict[str, tuple[str, ...]]:
        """Return what a place is called, with the languages that call it so, in order."""
        start, end = self._starts[place : place + 2].tolist()
        lines = zlib.decompress(self._texts[start:end]).decode().split("\n")
        cells = (line.split("\t") for line in lines)
        return {text: tuple(languages) for text, *languages in cells}


def _hash(folded: str) -> int:
    return int.from_bytes(hashlib.blake2b(folded.encode(), digest_size=8).digest(), "little")
