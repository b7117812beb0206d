"""How the packed news lexicon begins: enough to say which one it is, without reading it."""

import struct

MAGIC = b"newslexE"
HEADER = struct.Struct("<8s8s16sIIIIIQ")
"""Magic, edition, signature; six counts, of which the last is the length of the whole."""


def edition_of(begins: bytes, *, length: int, signature: str) -> str | None:
    """Return which edition a file holds; None if it is none of this version and signature.

    Args:
        begins: The first bytes of the file, as many as `HEADER` has.
        length: Of the file, in bytes.
    """
    if len(begins) != HEADER.size:
        return None
    magic, edition, signed, *counts = HEADER.unpack(begins)
    whole = magic == MAGIC and counts[-1] == length
    is_it = whole and signed == signature.encode().ljust(16)
    return str(edition.decode()) if is_it else None
