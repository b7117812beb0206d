"""Seals what is kept of a segment with a checksum: its bytes mean nothing to the database, which
sees no damage in them, and some damage would be read as something else."""

from zlib import crc32

from storage.postings.damage import damaged

_MARK = b"\xff\xff"
"""What is kept of no segment without a seal begins so, nor with one of these two bytes: it begins
with lengths up to 200, and with text. Numbers may; they are told by their size."""

SEAL_BYTES = len(_MARK) + 4


def sealed(kept: bytes, of: int) -> bytes:
    """Return bytes with a seal in front.

    Args:
        of: The number of the row, so that the bytes of another one do not count.
    """
    return _MARK + _sum(kept, of) + kept


def opened(kept: bytes, of: int, *, has_seal: bool | None = None) -> bytes:
    """Return bytes without their seal, or as they are if an older program has written them.

    Args:
        of: As `sealed` was given it.
        has_seal: Whether they have one, where that is known otherwise.

    Raises:
        IndexDamaged: They are not those that were sealed.
    """
    if has_seal is None:
        has_seal = 0xFF in kept[:2]
    if not has_seal:
        return kept
    bare = kept[SEAL_BYTES:]
    if kept[:SEAL_BYTES] != _MARK + _sum(bare, of):
        raise damaged()
    return bare


def _sum(kept: bytes, of: int) -> bytes:
    return crc32(kept, of & 0xFFFFFFFF).to_bytes(4)
