"""Machine code of kernels: kept, or compiled in a process that ends with all that compiling takes.

The compiler leaves 10 MB behind in a process that runs it, and one that polls may run for months.
"""

import os
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from common.native.kept import KeptCode
from common.native.runtime import Engine, Module, WasmtimeError

RESERVED = 1 << 32
"""So many addresses, not memory, each instance has: all that it can ever ask for."""

_ROOT = Path(__file__).parents[2]
_ROOMS = ("ingester", "rules", "storage")
_START = (
    "import sys; sys.path[:] = {path!r}; from common.native.machine_code import main; "
    "main(sys.argv[1:])"
)
_PATIENCE_S = 60.0
_SIZE = struct.Struct(">I")

_one_at_a_time = threading.Lock()


@lru_cache(maxsize=32)
def module_of(compiled: Path, *, is_tight: bool) -> Module:
    """Return the machine code of a `NAME.wasm`, for all instances of it.

    Args:
        is_tight: It asks before each access instead of reserving addresses.
    """
    with _one_at_a_time:  # or threads that need the same would each have it compiled
        engine, kept = _engine(is_tight=is_tight), _kept(compiled, is_tight=is_tight)
        module = _read(engine, kept.read())
        if module is None and not is_tight:  # then there is no room for another process, either
            module = _read(engine, _compiled_apart(compiled))
        if module is None:
            module = Module(engine, compiled.read_bytes())
            kept.write(module.serialize())
        return module


def _read(engine: Engine, code: bytes | None) -> Module | None:
    """Return what code runs; None if it is for another version or processor, which it says."""
    with suppress(WasmtimeError):
        return Module.deserialize(engine, code) if code else None
    return None


def _kept(compiled: Path, *, is_tight: bool = False) -> KeptCode:
    kind = os.uname().machine + ("-tight" if is_tight else "")
    return KeptCode(compiled, kind, compiled.read_bytes())


def _compiled_apart(compiled: Path) -> bytes | None:
    """Have a kernel compiled by another process, and keep it; None if there can be none.

    With it all others of ours of which none is kept: to begin a process takes as long.
    """
    every = [compiled]
    ours = sorted(path for room in _ROOMS for path in (_ROOT / room).rglob("*.wasm"))
    if compiled in ours:
        every += [path for path in ours if path != compiled and _kept(path).read() is None]
    code = _START.format(path=[os.path.abspath(folder) for folder in sys.path])
    command = [sys.executable, "-I", "-B", "-c", code, *map(str, every)]
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and our own code
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE_S, check=True
        )
        codes = [*_parted(done.stdout, len(every))]
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    for path, each in zip(every, codes, strict=True):
        _kept(path).write(each)
    return codes[0]


def _parted(said: bytes, count: int) -> Iterator[bytes]:
    """Yield what `main` wrote.

    Raises:
        ValueError: It is something else: a site's own Python may say what it likes at its start.
    """
    at = 0
    for _ in range(count):
        size = int.from_bytes(said[at : at + _SIZE.size])
        yield said[at + _SIZE.size : (at := at + _SIZE.size + size)]
    if at != len(said):
        raise ValueError("not the machine code of so many kernels")


def main(paths: Sequence[str]) -> None:
    """Write the machine code of each kernel to stdout, behind its size."""
    engine = _engine(is_tight=False)
    for path in paths:
        code = Module(engine, Path(path).read_bytes()).serialize()
        sys.stdout.buffer.write(_SIZE.pack(len(code)) + code)


@lru_cache(maxsize=2)
def _engine(*, is_tight: bool) -> Engine:
    """Return what compiles; a tight one asks before each access instead of reserving addresses.

    Reserving 4 GB of addresses (not of memory) for each instance makes such questions needless.
    """
    tight = {"memory_reservation_for_growth": 0, "memory_guard_size": 0} if is_tight else {}
    # Its threads do not live on in a process that is forked, which would wait for them for ever.
    return Engine(
        memory_reservation=0 if is_tight else RESERVED, parallel_compilation=False, **tight
    )
