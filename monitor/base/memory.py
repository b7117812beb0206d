"""What was read and what is given back: it goes back to the system.

glibc keeps for itself what is free, for each thread apart, and asks for ever larger blocks in a way
that never lets go of them: 10 MB of a process that polls 60 feeds. And of a mapped file all stays
that was ever looked at, and what lies around it.
"""

import ctypes
import gc
import mmap
import re
import sys
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import BinaryIO
from weakref import WeakSet

from monitor.base import clock

_ARENA_MAX, _TRIM_THRESHOLD, _MMAP_THRESHOLD = -8, -1, -3  # as malloc.h has them
_KEPT_BYTES = 1 << 20
_LARGE_BYTES = 1 << 19
"""Packing a text takes and gives back blocks of 280 and 328 KB: as pages that come from the system
each time, they take as long as the packing."""

_MAPS = Path("/proc/self/maps")  # which Linux has
_IS_CODE = re.compile(r"\S+ r-xp \S+ \S+ \d+ +/")
_CODE_STAYS_S = 4.0
_LOOKED_THROUGH_AFTER = 10_000
"""In a daemon, whose pages and connections may leave rings of objects for weeks."""

_AT_EACH_TIME, _ALL_AFTER = -1, 110
"""What stays is among the old at once; these are looked through as rarely as with 10 and 10."""

MANY_RULES = 50_000
"""What so many take is hundreds of MB, in which an article looks here and there."""

_IN_LARGE_PAGES, _AT_ONCE, _LARGE_PAGE = 14, 25, 2 << 20  # as sys/mman.h has them
_IS_OURS = re.compile(r"\S+ rw-p \S+ 00:00 0 +(\[heap\])?$")
_MOST_OF_IT = 0.8

_madvise = getattr(ctypes.CDLL(None), "madvise", None)
_mapped: WeakSet[mmap.mmap] = WeakSet()
_mapping = threading.Lock()
"""Held while files become more: what looks up words maps them, whichever thread that is."""


def mapped(file: BinaryIO) -> mmap.mmap:
    """Return a file as memory that is read and never written; `let_pages_go` is for all of these.

    Raises:
        OSError, ValueError: It cannot be mapped, or is empty.
    """
    mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    with _mapping:
        _mapped.add(mapping)
    return mapping


def let_pages_go() -> None:
    """Count what was read of mapped files as the system's own again, which has it still.

    To have all of 20 MB back takes a millisecond: call it after much was looked up.
    """
    if hasattr(mmap, "MADV_DONTNEED"):
        with _mapping:
            every = list(_mapped)
        for each in every:
            each.madvise(mmap.MADV_DONTNEED)


def leave_alone(rules: int) -> None:
    """Look for what nobody needs only among what comes from now on, as often as who goes on must.

    What is there stays for as long as this runs: to look through it takes a tenth of a second
    each time, in which nothing else is done. Of many rules an article makes much that stays, too:
    it is looked through less often, and once, not a second time together with what came in ten
    times as long; and what is there comes to lie in large pages.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(max(_LOOKED_THROUGH_AFTER, rules))
    if rules >= MANY_RULES:
        if sys.version_info < (3, 14):  # from then on the old are looked through piece by piece
            gc.set_threshold(rules, _AT_EACH_TIME, _ALL_AFTER)
        _use_large_pages()


def _use_large_pages() -> None:
    """Have what is written to in pages of 2 MB, where the system has any, and they are filled.

    Who looks here and there in hundreds of MB waits for the addresses of small ones as well.
    """
    if _madvise is None or not _MAPS.exists():
        return
    ours = ""
    for line in _MAPS.with_name("smaps").read_text().splitlines():
        if not line[0].isupper():
            ours = line.split()[0] if _IS_OURS.match(line) else ""
        elif ours and line.startswith("Rss:"):
            begin, end = (int(place, 16) for place in ours.split("-"))
            is_filled = int(line.split()[1]) << 10 >= _MOST_OF_IT * (end - begin)
            begin, end = -(-begin // _LARGE_PAGE) * _LARGE_PAGE, end // _LARGE_PAGE * _LARGE_PAGE
            for how in (_IN_LARGE_PAGES, _AT_ONCE) if is_filled and begin < end else ():
                _madvise(ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), how)


def give_back() -> None:
    """Give back what is free between blocks that are not, which the C library does not by itself.

    It looks through all that is free: call it after much was done, not after little.
    """
    trim = _trim()
    if trim is not None:
        trim(0)
    _code.let_go()


class _Code:
    """The machine code of libraries: a third of what was ever read of it begins processes only.

    Like all that is mapped it is the system's own again, and comes back where it is needed. What
    was written to when it was loaded would not: each is looked at once for that.
    """

    def __init__(self) -> None:
        self._again_s = 0.0
        self._may_go: dict[str, bool] = {}

    def let_go(self) -> None:
        """Let it go, unless that was done a moment ago: it takes a millisecond, 6 at first."""
        if _madvise is None or clock.monotonic() < self._again_s or not _MAPS.exists():
            return
        self._again_s = clock.monotonic() + _CODE_STAYS_S
        every = [line for line in _MAPS.read_text().splitlines() if _IS_CODE.match(line)]
        if not self._may_go.keys() >= {*every}:
            self._look_at(_MAPS.with_name("smaps").read_text())
        for line in filter(self._may_go.get, every):
            begin, end = (int(place, 16) for place in line.split(" ")[0].split("-"))
            size = ctypes.c_size_t(end - begin)
            _madvise(ctypes.c_void_p(begin), size, mmap.MADV_DONTNEED)

    def _look_at(self, mappings: str) -> None:
        """Note which code is just as it is in its file."""
        mapping = ""
        for line in mappings.splitlines():
            if line[0].islower() or line[0].isdecimal():
                mapping = line
            elif line.startswith("Anonymous:") and _IS_CODE.match(mapping):
                self._may_go[mapping] = line.split()[1] == "0"


_code = _Code()


@cache
def _trim() -> Callable[[int], int] | None:
    # Asked for once: each look makes a class, which only the collector takes away again.
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


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
