"""Seals what is kept of a segment with a checksum: its bytes mean nothing to the database, which
sees no damage in them, and some damage would be read as something else."""

from zlib import crc32

from storage.postings.damage import damaged

_MARK = b"\xff\xff"
"""No page without a seal begins so, nor do first tokens, nor with one of these two bytes: they
begin with lengths up to 200, and with text. Numbers may; they are told by their size."""

SEAL_BYTES = len(_MARK) + 4


def sealed(kept: bytes, of: int) -> bytes:
    """Return bytes with a seal in front.

    Args:
        of: The number of the row, so that the bytes of another one do not count.
    """
    return _MARK + _sum(kept, of) + kept


def is_sealed(kept: bytes) -> bool:
    """Whether first tokens or a page have a seal: no segment has one on some of its parts only.

    To be asked of the first tokens, for all of a segment: what is damaged would say of itself
    that it has none, such as a page that became zeros.
    """
    return 0xFF in kept[:2]


def opened(kept: bytes, of: int, *, has_seal: bool) -> bytes:
    """Return bytes without their seal, or as they are if an older program has written them.

    Args:
        of: As `sealed` was given it.
        has_seal: Whether what the segment has is sealed.

    Raises:
        IndexDamaged: They are not those that were sealed, or have a seal of which nobody knows.
    """
    if not has_seal:
        if is_sealed(kept):
            raise damaged()
        return kept
    bare = kept[SEAL_BYTES:]
    if kept[:SEAL_BYTES] != _MARK + _sum(bare, of):
        raise damaged()
    return bare


def opened_firsts(kept: bytes, of: int, *, pages: int) -> tuple[bytes, bool]:
    """Return first tokens without their seal, and whether what the segment has is sealed.

    Args:
        of: As `sealed` was given it.
        pages: How many pages the segment has.

    Raises:
        IndexDamaged: As `opened`; or there are none, so that no page would ever be looked at.
    """
    if pages and not kept:
        raise damaged()
    has_seal = is_sealed(kept)
    return opened(kept, of, has_seal=has_seal), has_seal


def _sum(kept: bytes, of: int) -> bytes:
    return crc32(kept, of & 0xFFFFFFFF).to_bytes(4)
