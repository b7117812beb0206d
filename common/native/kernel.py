"""Running a source in C: one instance with a memory of its own, which numpy sees as arrays."""

import atexit
import ctypes
import mmap
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from wasmtime import Func, Instance, Memory, Store, Trap, ValType, WasmtimeError
from wasmtime import _bindings as raw
from wasmtime._ffi import dll
from wasmtime._managed import Managed

from common.native.machine_code import RESERVED, module_of

Dtype = type[np.generic]

_PAGE = 65_536
_IS_LINUX = sys.platform == "linux"
_DONT_NEED, _IN_LARGE_PAGES = 4, 14  # as sys/mman.h has them
_IN_SMALL_PAGES = 32 << 20
"""What most kernels never fill: a large page of 2 MB would be memory for nothing there."""


def _keeping_the_lock(function: Any) -> Any:
    """Return a function of wasmtime that keeps the interpreter's lock while it is called."""
    same = getattr(ctypes.PyDLL(dll._name), function.__name__)
    same.restype, same.argtypes = function.restype, function.argtypes
    return same


_size_of_memory = _keeping_the_lock(raw._wasmtime_memory_data_size)
_call_briefly = _keeping_the_lock(raw._wasmtime_func_call_unchecked)


class Kernel:
    """One instance of a compiled source (`NAME.wasm`) with a memory of its own.

    A call costs 2 microseconds, so call it for many things at once. What lies
    in its memory stays until `release`; addresses count bytes. It is not for two threads at a
    time: whoever has it locks it, or has one a thread. A source that reads outside its memory, or
    finds the memory at its end, raises `wasmtime.Trap` and harms nothing else.
    """

    __slots__ = (
        *("_bytes", "_calls", "_context", "_instance", "_is_brief", "_may_have_grown", "_memory"),
        *("_place", "_shown", "_store"),
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
        self._place = ctypes.byref(self._memory._memory)
        self._context = self._store._context()
        self._bytes: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._shown = memoryview(self._bytes)
        self._may_have_grown = True
        self._calls: dict[str, _Call] = {}

    def _begin(self, compiled: Path, *, is_tight: bool) -> None:
        engine, module = module_of(compiled, is_tight=is_tight)
        self._store = Store(engine)
        self._instance = Instance(self._store, module, [])
        memory = self._instance.exports(self._store)["memory"]
        assert isinstance(memory, Memory)
        self._memory = memory

    def _ask_for_large_pages(self) -> None:
        """Have what lies behind the first 32 MB in pages of 2 MB, where the system has any.

        Who looks here and there in hundreds of MB waits for the addresses of 4 KB pages as long as
        for what lies in them. A system without large pages refuses, and nothing is lost.
        """
        begin = ctypes.addressof(self._memory.data_ptr(self._store).contents) + _IN_SMALL_PAGES
        size = ctypes.c_size_t(RESERVED - _IN_SMALL_PAGES)
        _c_library().madvise(ctypes.c_void_p(begin), size, _IN_LARGE_PAGES)

    def call(self, name: str, *arguments: int) -> int:
        """Call an exported function that takes and returns whole numbers (0 if it returns none)."""
        function = self._calls.get(name)
        if function is None:
            found = self._instance.exports(self._store)[name]
            assert isinstance(found, Func), name
            function = self._calls[name] = _Call(found, self._store, is_brief=self._is_brief)
        self._may_have_grown = True
        return function(*arguments)

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
            self._bytes = np.frombuffer(self._memory.get_buffer_ptr(self._store), np.uint8)
            self._shown = memoryview(self._bytes)
        self._may_have_grown = False

    def mark(self) -> int:
        """Return the end of what is taken, to be given to `release`."""
        return self.call("mark")

    def release(self, mark: int) -> None:
        """Give back all that was taken since that mark."""
        self.call("release", mark)

    def let_go(self, mark: int) -> None:
        """Give back all that was taken since that mark, and its pages to the system.

        For much that is needed seldom: the system takes time to lay it out again.
        """
        self.release(mark)
        first, size = -(-mark // mmap.PAGESIZE) * mmap.PAGESIZE, self.size
        if _IS_LINUX and first < size:  # elsewhere the system would not take them at once
            begin = self.view(first, np.uint8, size - first).ctypes.data
            _c_library().madvise(ctypes.c_void_p(begin), ctypes.c_size_t(size - first), _DONT_NEED)

    def reach(self, size: int) -> None:
        """Let its memory have so many bytes, as one had that lay here before; a page is 64 KB."""
        if size > self.size:
            try:
                self._may_have_grown = True
                self._memory.grow(self._store, -(-(size - self.size) // _PAGE))
            except WasmtimeError as error:
                raise MemoryError(f"no room for {size:,} bytes") from error

    @property
    def size(self) -> int:
        """How many bytes its memory has; it never shrinks."""
        return self._memory.data_len(self._store)


class _Call:
    """A function of a kernel, called without asking for its types each time.

    What wasmtime has for Python makes objects of all of them: 20 microseconds of 22.
    """

    __slots__ = (
        *("_call", "_context", "_count", "_function", "_is_wide", "_keeps", "_returns", "_values"),
    )

    def __init__(self, function: Func, store: Store, *, is_brief: bool) -> None:
        kind = function.type(store)
        assert {str(each) for each in (*kind.params, *kind.results)} <= {"i32", "i64"}
        self._count = len(kind.params)
        self._returns = len(kind.results)
        self._is_wide = self._returns > 0 and kind.results[0] == ValType.i64()
        self._values = (raw.wasmtime_val_raw_t * max(1, self._count))()
        self._context = store._context()
        self._function = ctypes.byref(function._func)
        self._keeps = (function, store)
        self._call = _call_briefly if is_brief else raw.wasmtime_func_call_unchecked

    def __call__(self, *arguments: int) -> int:
        if len(arguments) != self._count:
            raise TypeError(f"{self._count} arguments, not {len(arguments)}")
        values = self._values
        for at, argument in enumerate(arguments):
            values[at].i64 = argument
        trap = ctypes.POINTER(raw.wasm_trap_t)()
        error = self._call(self._context, self._function, values, len(values), ctypes.byref(trap))
        if error:
            raise WasmtimeError._from_ptr(error)
        if trap:
            raise Trap._from_ptr(trap)
        if not self._returns:
            return 0
        return int(values[0].i64 if self._is_wide else values[0].i32)


@atexit.register
def _free_nothing() -> None:
    """Let what is left go with the process: freed one by one, it asks for modules that are gone."""
    setattr(Managed, "__del__", lambda _: None)  # noqa: B010 (mypy knows no method to assign)


@lru_cache(maxsize=1)
def _c_library() -> ctypes.CDLL:
    return ctypes.CDLL(None)
