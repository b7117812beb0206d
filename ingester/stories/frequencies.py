"""How often the archive has seen words and signs, in a table whose size never grows.

Each is counted at two places that its hash names; the lower count is true unless others share
both. When many articles were counted, all counts are halved: what was long ago fades.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Any
from zlib import crc32

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from ingester.stories.signature import Signature
from ingester.stories.signs import Signs, Told

_BITS = 19
_PLACES = 1 << _BITS
_MASK = np.uint32(_PLACES - 1)
_OTHER = np.uint32(0x85EBCA6B)
_SHIFT = np.uint32(32 - _BITS)
_SEVERAL = 255
MOST_COUNTED = 1 << 17
EVERY_ONE, SOME = 4_096, 8
"""From so many articles on, it learns what is common from one in so many."""
_ARTICLE = struct.Struct("<BHI")
_WHOLE = struct.Struct("<Q")
LEAST_OF_A_LANGUAGE = 800
"""While fewer articles of a language were seen, so many of all stand for them."""
_ROW_BYTES = 1 << 19
"""So much is packed and unpacked at a time: what is written of all is never here as a whole."""


class Frequencies:
    """In how many articles each sign was seen, and which were seen in several languages."""

    def __init__(self, whole: bytes = b"") -> None:
        self.articles = 0
        self._counts = np.zeros((2, _PLACES), dtype=np.uint32)
        self._languages = np.zeros(_PLACES, dtype=np.uint8)
        self._articles_in = np.zeros(_SEVERAL, dtype=np.uint32)
        if whole:
            (self.articles,) = _WHOLE.unpack_from(whole)
            pieces = _unpacked(whole[_WHOLE.size :])
            for row in self._rows():
                piece = next(pieces)
                row[:] = (
                    np.frombuffer(piece, row.dtype.newbyteorder("<"), row.size)
                    if piece
                    else self.articles  # what was written before languages were counted
                )

    def whole(self) -> bytes:
        """Return all of it as bytes."""
        packer = isal_zlib.compressobj(1)
        packed = [_WHOLE.pack(self.articles)]
        for row in self._rows():
            packed.append(packer.compress(row.astype(row.dtype.newbyteorder("<"), copy=False).data))
        packed.append(packer.flush())
        return b"".join(packed)

    def _rows(self) -> Iterator[NDArray[Any]]:
        """Yield what is counted, in the order in which it is written, as rows of so many bytes."""
        for table in (*self._counts, self._languages):
            yield from table.reshape(-1, _ROW_BYTES // table.itemsize)
        yield self._articles_in

    def lesson(self, signatures: Sequence[Signature]) -> bytes:
        """Return what is to be learned of articles: of every one at first, later of some."""
        times = 1 if self.articles < EVERY_ONE else SOME
        parts = list[bytes | Signs]()
        for signature in signatures:
            if times > 1 and int(signature.print.title.sum() >> np.uint32(2)) % SOME:
                continue
            # Numbers are among both.
            others = signature.signs[signature.signs & 3 != Told.NUMBER]
            size = len(signature.words) + len(others)
            parts.append(_ARTICLE.pack(_number(signature.language), times, size))
            parts += signature.words.astype("<u4", copy=False), others.astype("<u4", copy=False)
        return b"".join(parts)

    def learn(self, lesson: bytes) -> None:
        """Count what a lesson says."""
        at = 0
        said: dict[tuple[int, int], list[Signs]] = {}
        while at < len(lesson):
            language, times, size = _ARTICLE.unpack_from(lesson, at)
            at += _ARTICLE.size
            said.setdefault((language, times), []).append(np.frombuffer(lesson, "<u4", size, at))
            at += 4 * size
            self.articles += times
            self._articles_in[language] += times
        for (language, times), signs in said.items():
            first, second = _places(np.concatenate(signs))
            np.add.at(self._counts[0], first, np.uint32(times))
            np.add.at(self._counts[1], second, np.uint32(times))
            known = self._languages[first]
            is_its = (known == 0) | (known == language)
            self._languages[first] = np.where(is_its, language, _SEVERAL)
        if self.articles >= MOST_COUNTED:
            self._counts >>= np.uint32(1)
            self._articles_in >>= np.uint32(1)
            self.articles //= 2

    def of(self, signs: Signs) -> NDArray[np.float32]:
        """Return in how many articles each of these was seen."""
        first, second = _places(signs)
        counts = np.minimum(self._counts[0, first], self._counts[1, second])
        return np.asarray(counts, dtype=np.float32)

    def articles_in(self, languages: Sequence[str]) -> NDArray[np.float32]:
        """Return among how many articles words of each of these languages were counted.

        Among all, words that any article of a language has would be rare where few are in it.
        """
        counted = self._articles_in[[*map(_number, languages)]]
        least = min(self.articles, LEAST_OF_A_LANGUAGE)
        return np.clip(counted, least, self.articles).astype(np.float32)

    def several(self, signs: Signs) -> NDArray[np.bool_]:
        """Return which of these were seen in several languages."""
        return np.asarray(self._languages[_places(signs)[0]] == _SEVERAL)


def _unpacked(packed: bytes) -> Iterator[bytes]:
    """Yield the rows that `Frequencies.whole` has packed."""
    unpacker = zlib.decompressobj()
    while True:
        row = unpacker.decompress(packed, _ROW_BYTES)
        packed = unpacker.unconsumed_tail
        yield row


def _places(signs: Signs) -> tuple[Signs, Signs]:
    return signs & _MASK, (signs * _OTHER) >> _SHIFT


def _number(language: str) -> int:
    """Return what a language is counted as: 1 to 254, and 0 for none."""
    return crc32(language.encode()) % 254 + 1 if language else 0
