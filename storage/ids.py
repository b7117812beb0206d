"""Ids that are computed from content: the same parts give the same id, always."""

import hashlib
import struct
from functools import lru_cache

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_LENGTHS = [size.to_bytes(8) for size in range(256)]
_NUMBER, _NUMBERS = struct.Struct(">Q").unpack_from, struct.Struct(">QQB").unpack_from


@lru_cache(maxsize=1_024)
def stable_id(*parts: str) -> str:
    """Return the same 26 lower-case letters and digits for the same parts, always.

    130 bits of SHA-256 over the length-prefixed parts, which tells ("ab", "c") from ("a", "bc").
    What is asked for is remembered, and the parts with it: of texts ask `digest_of`.
    """
    return digest_of(*parts)


def digest_of(*parts: str) -> str:
    """Return what `stable_id` does, and remember nothing."""
    first, second, third = _NUMBERS(_hashed(parts))
    # Ten bits of it at a time: written out, since a poll asks for thousands of them.
    return (
        f"{_PAIRS[first >> 54]}{_PAIRS[first >> 44 & 1023]}{_PAIRS[first >> 34 & 1023]}"
        f"{_PAIRS[first >> 24 & 1023]}{_PAIRS[first >> 14 & 1023]}{_PAIRS[first >> 4 & 1023]}"
        f"{_PAIRS[(first & 15) << 6 | second >> 58]}{_PAIRS[second >> 48 & 1023]}"
        f"{_PAIRS[second >> 38 & 1023]}{_PAIRS[second >> 28 & 1023]}{_PAIRS[second >> 18 & 1023]}"
        f"{_PAIRS[second >> 8 & 1023]}{_PAIRS[(second & 255) << 2 | third >> 6]}"
    )


def beginning_of_digest(*parts: str) -> str:
    """Return the first 12 letters of what `digest_of` returns."""
    (number,) = _NUMBER(_hashed(parts))
    return (
        f"{_PAIRS[number >> 54]}{_PAIRS[number >> 44 & 1023]}{_PAIRS[number >> 34 & 1023]}"
        f"{_PAIRS[number >> 24 & 1023]}{_PAIRS[number >> 14 & 1023]}{_PAIRS[number >> 4 & 1023]}"
    )


def _hashed(parts: tuple[str, ...]) -> bytes:
    pieces = list[bytes]()
    for part in parts:
        try:
            piece = part.encode()
        except UnicodeEncodeError:
            piece = part.encode("utf-8", "surrogatepass")
        size = len(piece)
        pieces.append(_LENGTHS[size] if size < len(_LENGTHS) else size.to_bytes(8))
        pieces.append(piece)
    return hashlib.sha256(b"".join(pieces)).digest()
