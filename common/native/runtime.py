"""wasmtime, through its C interface: the functions of it that kernels need.

What it brings for Python declares all of its 1,300 functions when it is imported, and has classes
for them: 15 ms and 4 MB of each process that matches anything. These few are declared here as they
are there, which a test compares.
"""

import ctypes
import os
import sys
from collections.abc import Callable
from ctypes import c_bool, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from weakref import finalize

I32, I64 = range(2)
"""How a function's type names whole numbers."""

_FUNCTION, _MEMORY = 0, 3


class WasmtimeError(Exception):
    """Code cannot be compiled or read, or there is no room for it."""


class Trap(Exception):
    """A source went wrong: it read outside its memory, or found its end."""


class Bytes(ctypes.Structure):
    """`wasm_byte_vec_t`, and as well any other list of its kind."""

    _fields_ = (("size", c_size_t), ("data", c_void_p))


class InstanceRef(ctypes.Structure):
    """`wasmtime_instance_t`."""

    _fields_ = (("store_id", c_uint64), ("private", c_size_t))


class FunctionRef(ctypes.Structure):
    """`wasmtime_func_t`."""

    _fields_ = (("store_id", c_uint64), ("private", c_void_p))


class _Place(ctypes.Structure):
    _fields_ = (("store_id", c_uint64), ("private", c_uint32))


class MemoryRef(ctypes.Structure):
    """`wasmtime_memory_t`."""

    _fields_ = (("place", _Place), ("private", c_uint32))


class _Of(ctypes.Union):
    _fields_ = (("func", FunctionRef), ("memory", MemoryRef))


class Extern(ctypes.Structure):
    """`wasmtime_extern_t`: what an instance has under a name."""

    _fields_ = (("kind", c_uint8), ("of", _Of))


class Value(ctypes.Union):
    """`wasmtime_val_raw_t`: an argument of a function, or what it returns."""

    _fields_ = (("i32", ctypes.c_int32), ("i64", ctypes.c_int64), ("room", c_uint64 * 2))


FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "wasm_byte_vec_delete": (None, c_void_p),
    "wasm_config_new": (c_void_p,),
    "wasm_engine_delete": (None, c_void_p),
    "wasm_engine_new_with_config": (c_void_p, c_void_p),
    "wasm_functype_delete": (None, c_void_p),
    "wasm_functype_params": (c_void_p, c_void_p),
    "wasm_functype_results": (c_void_p, c_void_p),
    "wasm_trap_delete": (None, c_void_p),
    "wasm_trap_message": (None, c_void_p, c_void_p),
    "wasm_valtype_kind": (c_uint8, c_void_p),
    "wasmtime_config_memory_guard_size_set": (None, c_void_p, c_uint64),
    "wasmtime_config_memory_reservation_for_growth_set": (None, c_void_p, c_uint64),
    "wasmtime_config_memory_reservation_set": (None, c_void_p, c_uint64),
    "wasmtime_config_parallel_compilation_set": (None, c_void_p, c_bool),
    "wasmtime_error_delete": (None, c_void_p),
    "wasmtime_error_message": (None, c_void_p, c_void_p),
    "wasmtime_func_call_unchecked": (c_void_p, *(c_void_p,) * 3, c_size_t, c_void_p),
    "wasmtime_func_type": (c_void_p, c_void_p, c_void_p),
    "wasmtime_instance_export_get": (c_bool, *(c_void_p,) * 3, c_size_t, c_void_p),
    "wasmtime_instance_new": (c_void_p, *(c_void_p,) * 3, c_size_t, c_void_p, c_void_p),
    "wasmtime_memory_data": (c_void_p, c_void_p, c_void_p),
    "wasmtime_memory_data_size": (c_size_t, c_void_p, c_void_p),
    "wasmtime_memory_grow": (c_void_p, c_void_p, c_void_p, c_uint64, c_void_p),
    "wasmtime_module_delete": (None, c_void_p),
    "wasmtime_module_deserialize": (c_void_p, c_void_p, c_void_p, c_size_t, c_void_p),
    "wasmtime_module_new": (c_void_p, c_void_p, c_void_p, c_size_t, c_void_p),
    "wasmtime_module_serialize": (c_void_p, c_void_p, c_void_p),
    "wasmtime_store_context": (c_void_p, c_void_p),
    "wasmtime_store_delete": (None, c_void_p),
    "wasmtime_store_new": (c_void_p, *(c_void_p,) * 3),
}
"""What each returns, and what it takes; addresses of any kind are `c_void_p`."""


def library() -> Path:
    """Return where wasmtime's library lies, as `wasmtime._ffi` finds it.

    Raises:
        ModuleNotFoundError: It is not installed.
    """
    found = find_spec("wasmtime")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("No module named 'wasmtime'", name="wasmtime")
    machine = {"arm64": "aarch64"}.get(os.uname().machine, os.uname().machine)
    name = "_libwasmtime.dylib" if sys.platform == "darwin" else "_libwasmtime.so"
    return Path(found.submodule_search_locations[0]) / f"{sys.platform}-{machine}" / name


_path = str(library())
_library, _holding = ctypes.CDLL(_path), ctypes.PyDLL(_path)


def function(name: str, *, keeps_lock: bool = False) -> Callable[..., Any]:
    """Return a function of the library.

    Args:
        keeps_lock: The interpreter's lock is kept while it is called.
    """
    found: Callable[..., Any] = getattr(_holding if keeps_lock else _library, name)
    found.restype, *found.argtypes = FUNCTIONS[name]  # type: ignore[attr-defined]
    return found


_c = {name: function(name) for name in FUNCTIONS}


def raise_for(error: int | None, trap: c_void_p | None = None) -> None:
    """Raise what a function returned or wrote, if anything; it is freed.

    Raises:
        WasmtimeError: It returned an error.
        Trap: It wrote a trap.
    """
    if error:
        raise WasmtimeError(_message(error, "wasmtime_error"))
    if trap:
        raise Trap(_message(trap.value, "wasm_trap"))


def _message(of: int | None, kind: str) -> str:
    said = Bytes()
    _c[f"{kind}_message"](of, ctypes.byref(said))
    _c[f"{kind}_delete"](of)
    return _taken(said).decode(errors="replace").rstrip("\0")


def _taken(said: Bytes) -> bytes:
    """Return bytes that were written, and free them."""
    taken = ctypes.string_at(said.data, said.size) if said.size else b""
    _c["wasm_byte_vec_delete"](ctypes.byref(said))
    return taken


def _until_gone(owner: object, name: str, pointer: int | None) -> None:
    """Free what is somebody's with them; what is left at the end goes with the process."""
    finalize(owner, _c[name], pointer).atexit = False


class Engine:
    """What compiles and runs modules."""

    def __init__(self, **settings: int) -> None:
        """Begin with these settings, named as `wasmtime_config_NAME_set` is."""
        config = _c["wasm_config_new"]()
        for name, value in settings.items():
            _c[f"wasmtime_config_{name}_set"](config, value)
        self.pointer = _c["wasm_engine_new_with_config"](config)
        _until_gone(self, "wasm_engine_delete", self.pointer)


class Module:
    """Machine code of a source."""

    def __init__(self, engine: Engine, wasm: bytes) -> None:
        """Compile it.

        Raises:
            WasmtimeError: It cannot be compiled.
        """
        self._have("wasmtime_module_new", engine, wasm)

    @classmethod
    def deserialize(cls, engine: Engine, code: bytes) -> "Module":
        """Return a module of which `code` was made by `serialize`; its bytes must be trusted.

        Raises:
            WasmtimeError: It is of another version, processor or engine.
        """
        module = cls.__new__(cls)
        module._have("wasmtime_module_deserialize", engine, code)
        return module

    def _have(self, name: str, engine: Engine, of: bytes) -> None:
        made = c_void_p()
        raise_for(_c[name](engine.pointer, of, len(of), ctypes.byref(made)))
        self.engine, self.pointer = engine, made.value
        _until_gone(self, "wasmtime_module_delete", self.pointer)

    def serialize(self) -> bytes:
        """Return what `deserialize` reads."""
        code = Bytes()
        raise_for(_c["wasmtime_module_serialize"](self.pointer, ctypes.byref(code)))
        return _taken(code)


class Instance:
    """A module with a memory of its own.

    Attributes:
        context: What functions are called in.
        memory: Its memory.
    """

    def __init__(self, module: Module) -> None:
        """Begin.

        Raises:
            WasmtimeError: There is no room for it.
        """
        store = _c["wasmtime_store_new"](module.engine.pointer, None, None)
        _until_gone(self, "wasmtime_store_delete", store)
        self.context = _c["wasmtime_store_context"](store)
        self._own, trap = InstanceRef(), c_void_p()
        own = ctypes.byref(self._own)
        made = _c["wasmtime_instance_new"]
        raise_for(made(self.context, module.pointer, None, 0, own, ctypes.byref(trap)), trap)
        self.memory: MemoryRef = self._exported("memory", _MEMORY).memory

    def _exported(self, name: str, kind: int) -> Any:
        found, letters = Extern(), name.encode()
        own, place = ctypes.byref(self._own), ctypes.byref(found)
        get = _c["wasmtime_instance_export_get"]
        is_there = get(self.context, own, letters, len(letters), place)
        if not is_there or found.kind != kind:
            raise LookupError(name)
        return found.of

    def exported(self, name: str) -> tuple[FunctionRef, list[int], list[int]]:
        """Return a function, and the kinds of what it takes and returns.

        Raises:
            LookupError: There is none.
        """
        found: FunctionRef = self._exported(name, _FUNCTION).func
        kind = _c["wasmtime_func_type"](self.context, ctypes.byref(found))
        takes, returns = (_kinds(_c[f"wasm_functype_{each}"](kind)) for each in _SIDES)
        _c["wasm_functype_delete"](kind)
        return found, takes, returns

    @property
    def address(self) -> int:
        """Where its memory begins; it may be elsewhere once it has grown."""
        return int(_c["wasmtime_memory_data"](self.context, ctypes.byref(self.memory)))

    @property
    def size(self) -> int:
        """How many bytes its memory has."""
        return int(_c["wasmtime_memory_data_size"](self.context, ctypes.byref(self.memory)))

    def grow(self, pages: int) -> None:
        """Let its memory have so many pages of 64 KB more.

        Raises:
            WasmtimeError: There is no room for them.
        """
        memory, before = ctypes.byref(self.memory), c_uint64()
        grown = _c["wasmtime_memory_grow"](self.context, memory, pages, ctypes.byref(before))
        raise_for(grown)


_SIDES = ("params", "results")


def _kinds(listed: int) -> list[int]:
    """Return the kinds of values in a list of types."""
    types = Bytes.from_address(listed)
    pointers = (c_void_p * types.size).from_address(types.data) if types.size else ()
    return [_c["wasm_valtype_kind"](each) for each in pointers]
