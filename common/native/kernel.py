"""Running a source in C: one instance with a memory of its own, which numpy sees as arrays."""

import ctypes
import mmap
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.native.machine_code import RESERVED, module_of
from common.native.runtime import I32, I64, Instance, Value, WasmtimeError, function, raise_for

Dtype = type[np.generic]

_PAGE = 65_536
_IS_LINUX = sys.platform == "linux"
_DONT_NEED, _IN_LARGE_PAGES = 4, 14  # as sys/mman.h has them
_IN_SMALL_PAGES = 32 << 20
"""What most kernels never fill: a large page of 2 MB would be memory for nothing there."""


_size_of_memory = function("wasmtime_memory_data_size", keeps_lock=True)
_call_briefly = function("wasmtime_func_call_unchecked", keeps_lock=True)
_call = function("wasmtime_func_call_unchecked")


class Kernel:
    """One instance of a compiled source (`NAME.wasm`) with a memory of its own.

    A call costs 2 microseconds, so call it for many things at once. What lies
    in its memory stays until `release`; addresses count bytes. It is not for two threads at a
    time: whoever has it locks it, or has one a thread. A source that reads outside its memory, or
    finds the memory at its end, raises `Trap` and harms nothing else.
    """

    __slots__ = (
        *("_bytes", "_calls", "_context", "_instance", "_is_brief", "_may_have_grown", "_place"),
        "_shown",
    )

    def __init__(self, compiled: Path, *, is_brief: bool = False) -> None:
        """Load `NAME.wasm`; instances of one file share its machine code.

        Args:
            is_brief: Its calls take microseconds, and keep the interpreter's lock: to let it go
                and to get it back among other threads takes longer.
        """
        self._is_brief = is_brief
        try:
            self._begin(compiled, is_tight=False)
            if _IS_LINUX:
                self._ask_for_large_pages()
        except WasmtimeError:  # no room for addresses: a limit of the process (`ulimit -v`)
            self._begin(compiled, is_tight=True)
        self._place = ctypes.byref(self._instance.memory)
        self._context = self._instance.context
        self._bytes: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._shown = memoryview(self._bytes)
        self._may_have_grown = True
        self._calls: dict[str, _Call] = {}

    def _begin(self, compiled: Path, *, is_tight: bool) -> None:
        self._instance = Instance(module_of(compiled, is_tight=is_tight))

    def _ask_for_large_pages(self) -> None:
        """Have what lies behind the first 32 MB in pages of 2 MB, where the system has any.

        Who looks here and there in hundreds of MB waits for the addresses of 4 KB pages as long as
        for what lies in them. A system without large pages refuses, and nothing is lost.
        """
        begin = self._instance.address + _IN_SMALL_PAGES
        size = ctypes.c_size_t(RESERVED - _IN_SMALL_PAGES)
        _c_library().madvise(ctypes.c_void_p(begin), size, _IN_LARGE_PAGES)

    def call(self, name: str, *arguments: int) -> int:
        """Call an exported function that takes and returns whole numbers (0 if it returns none)."""
        known = self._calls.get(name)
        if known is None:
            known = self._calls[name] = _Call(self._instance, name, is_brief=self._is_brief)
        self._may_have_grown = True
        return known(*arguments)

    def take(self, count: int, dtype: Dtype = np.uint8) -> int:
        """Return the address of new room for so many of a type; what lay there lies there."""
        return self.call("take", count * np.dtype(dtype).itemsize)

    def put(self, values: NDArray[Any]) -> int:
        """Copy an array into new room and return its address."""
        at = self.call("take", values.nbytes)
        self.view(at, values.dtype.type, values.size)[:] = values.reshape(-1)
        return at

    def view(self, at: int, dtype: Dtype, count: int) -> NDArray[Any]:
        """Show what lies at an address, without copying; it holds until more is taken."""
        if self._may_have_grown:
            self._look_at_its_size()
        return np.frombuffer(self._bytes, dtype, count, at)

    def write(self, at: int, written: bytes) -> None:
        """Write bytes at an address, in a third of the time that a view takes to be made."""
        if self._may_have_grown:
            self._look_at_its_size()
        end = at + len(written)
        self._shown[at:end] = written

    def read(self, at: int, count: int) -> bytes:
        """Return so many bytes of what lies at an address."""
        if self._may_have_grown:
            self._look_at_its_size()
        return self._shown[at : at + count].tobytes()

    def _look_at_its_size(self) -> None:
        """See all of the memory: only what is called lets it grow, and then it may have moved."""
        size = _size_of_memory(self._context, self._place)
        if size != len(self._bytes):
            memory = (ctypes.c_uint8 * size).from_address(self._instance.address)
            self._bytes = np.frombuffer(memory, np.uint8)
            self._shown = memoryview(self._bytes)
        self._may_have_grown = False

    def mark(self) -> int:
        """Return the end of what is taken, to be given to `release`."""
        return self.call("mark")

    def release(self, mark: int) -> None:
        """Give back all that was taken since that mark."""
        self.call("release", mark)

    def let_go(self, mark: int, *, keep: int = 0) -> None:
        """Give back all that was taken since that mark, and its pages to the system.

        For much that is needed seldom: the system takes time to lay it out again.

        Args:
            keep: So many bytes behind the mark stay ours, for what is needed often.
        """
        self.release(mark)
        first, size = -(-(mark + keep) // mmap.PAGESIZE) * mmap.PAGESIZE, self.size
        if _IS_LINUX and first < size:  # elsewhere the system would not take them at once
            begin = self.view(first, np.uint8, size - first).ctypes.data
            _c_library().madvise(ctypes.c_void_p(begin), ctypes.c_size_t(size - first), _DONT_NEED)

    def reach(self, size: int) -> None:
        """Let its memory have so many bytes, as one had that lay here before; a page is 64 KB."""
        if size > self.size:
            try:
                self._may_have_grown = True
                self._instance.grow(-(-(size - self.size) // _PAGE))
            except WasmtimeError as error:
                raise MemoryError(f"no room for {size:,} bytes") from error

    @property
    def size(self) -> int:
        """How many bytes its memory has; it never shrinks."""
        return self._instance.size


class _Call:
    """A function of a kernel, called without asking for its types each time."""

    __slots__ = (
        *("_call", "_context", "_count", "_function", "_is_wide", "_keeps", "_returns", "_values"),
    )

    def __init__(self, instance: Instance, name: str, *, is_brief: bool) -> None:
        found, takes, returns = instance.exported(name)
        assert {*takes, *returns} <= {I32, I64}
        self._count = len(takes)
        self._returns = len(returns)
        self._is_wide = returns == [I64]
        self._values = (Value * max(1, self._count))()
        self._context = instance.context
        self._function = ctypes.byref(found)
        self._keeps = (found, instance)
        self._call = _call_briefly if is_brief else _call

    def __call__(self, *arguments: int) -> int:
        if len(arguments) != self._count:
            raise TypeError(f"{self._count} arguments, not {len(arguments)}")
        values = self._values
        for at, argument in enumerate(arguments):
            values[at].i64 = argument
        trap = ctypes.c_void_p()
        error = self._call(self._context, self._function, values, len(values), ctypes.byref(trap))
        if error or trap:
            raise_for(error, trap)
        if not self._returns:
            return 0
        return int(values[0].i64 if self._is_wide else values[0].i32)


@lru_cache(maxsize=1)
def _c_library() -> ctypes.CDLL:
    return ctypes.CDLL(None)
