"""What the C library does with memory that is given back: it goes back to the system.

glibc keeps it for itself, for each thread apart, and asks for ever larger blocks in a way that
never lets go of them: 10 MB of a process that polls 60 feeds.
"""

import ctypes

_ARENA_MAX, _TRIM_THRESHOLD, _MMAP_THRESHOLD = -8, -1, -3  # as malloc.h has them
_KEPT_BYTES = 1 << 20
_LARGE_BYTES = 1 << 19
"""Packing a text takes and gives back blocks of 280 and 328 KB: as pages that come from the system
each time, they take as long as the packing."""


def give_back() -> None:
    """Give back what is free between blocks that are not, which the C library does not by itself.

    It looks through all that is free: call it after much was done, not after little.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def let_memory_go() -> bool:
    """Let threads share one arena, and blocks from 512 KB on go back when they are free.

    Threads of ours hold the interpreter's lock nearly always, so they do not wait there. Returns
    whether the C library can be told: musl and that of macOS cannot, and need not.
    """
    tell = getattr(ctypes.CDLL(None), "mallopt", None)
    if tell is None:
        return False
    told = ((_ARENA_MAX, 1), (_TRIM_THRESHOLD, _KEPT_BYTES), (_MMAP_THRESHOLD, _LARGE_BYTES))
    return all([tell(what, value) for what, value in told])
