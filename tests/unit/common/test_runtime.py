"""What is declared of wasmtime's C interface is what its own Python declares."""

import ctypes
from typing import Any

import pytest
from wasmtime import _bindings as theirs
from wasmtime import _ffi

from common.native import runtime

_POINTERS = (ctypes._Pointer, ctypes._CFuncPtr)
ALIKE = [
    (runtime.Bytes, theirs.wasm_byte_vec_t),
    (runtime.Bytes, theirs.wasm_valtype_vec_t),
    (runtime.Extern, theirs.wasmtime_extern_t),
    (runtime.FunctionRef, theirs.wasmtime_func_t),
    (runtime.InstanceRef, theirs.wasmtime_instance_t),
    (runtime.MemoryRef, theirs.wasmtime_memory_t),
    (runtime.Value, theirs.wasmtime_val_raw_t),
]


def plain(kind: Any) -> Any:
    """Return a type as it is declared here, where no address says of what it is."""
    return ctypes.c_void_p if kind is not None and issubclass(kind, _POINTERS) else kind


def layout(kind: type[Any]) -> list[int]:
    """Return how large a structure is, and where in it its parts begin."""
    is_union = issubclass(kind, ctypes.Union)
    parts = [] if is_union else [getattr(kind, name).offset for name, _ in kind._fields_]
    return [ctypes.sizeof(kind), ctypes.alignment(kind), *parts]


@pytest.mark.parametrize("name", runtime.FUNCTIONS)
def test_functions_take_and_return_what_they_do_there(name: str) -> None:
    there = getattr(theirs, f"_{name}")
    assert runtime.FUNCTIONS[name] == tuple(map(plain, (there.restype, *there.argtypes)))


@pytest.mark.parametrize(("own", "there"), ALIKE)
def test_structures_are_laid_out_as_they_are_there(own: type[Any], there: type[Any]) -> None:
    assert layout(own) == layout(there)


def test_numbers_mean_what_they_do_there() -> None:
    kinds = (runtime.I32, runtime.I64, runtime._FUNCTION, runtime._MEMORY)
    of_types = (_ffi.WASM_I32, _ffi.WASM_I64)
    there = (*of_types, _ffi.WASMTIME_EXTERN_FUNC, _ffi.WASMTIME_EXTERN_MEMORY)
    assert kinds == tuple(each.value for each in there)


def test_the_library_is_found_where_they_find_it() -> None:
    assert runtime.library() == _ffi.filename


def test_what_cannot_be_compiled_is_refused_with_its_reason() -> None:
    with pytest.raises(runtime.WasmtimeError, match="magic"):
        runtime.Module(runtime.Engine(), b"no module")


def test_what_an_instance_does_not_have_is_not_called() -> None:
    module = runtime.Module(runtime.Engine(), EMPTY)
    with pytest.raises(LookupError, match="nothing"):
        runtime.Instance(module).exported("nothing")


EMPTY = bytes.fromhex("0061736d010000000503010001070a01066d656d6f72790200")
"""A module that has a memory, and nothing else."""
