"""Files that are packed at first use and mapped into memory after that.

To pack takes 300 MB, and a process that did it keeps half of them, between what it needs, for as
long as it runs: so another one does, which ends.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Protocol, TypeVar

from common.own_files import replacing
from monitor.base.memory import mapped

_START = (
    "import sys; sys.path[:] = {path!r}; from monitor.lexicons.packed import main; main({cache!r})"
)
_PATIENCE_S = 300.0


class _Packed(Protocol):
    @property
    def signature(self) -> str: ...


P = TypeVar("P", bound=_Packed)


def packed_file(
    path: Path,
    cache: Path | None,
    signature: str,
    *,
    read: Callable[[memoryview], P],
    make: Callable[[], bytes],
    apart: Callable[[], bool] = lambda: False,
) -> P:
    """Return what a packed file holds, from the file if it has the signature.

    Otherwise it is packed anew and written to its path, as Python does with what it compiles, or
    else into the cache; where neither can be written, it is packed in each process.

    Args:
        read: Takes the bytes; raises ValueError when they are something else.
        apart: Has it packed by another process, as `packed_apart` does; whether it could.
    """
    paths = places_of(path, cache)

    def found() -> P | None:
        every = (_opened(place, read) for place in paths)
        return next((each for each in every if each and each.signature == signature), None)

    known = found()
    if known is None and apart():
        known = found()
    if known is not None:
        return known
    packed = make()
    any(_write(packed, place) for place in paths)
    known = found()  # as a file: its pages go when nobody looks at them
    return known if known is not None else read(memoryview(packed))


@lru_cache(maxsize=8)
def packed_apart(cache: Path | None) -> bool:
    """Have another process pack all lists, once; return whether it could."""
    path = [os.path.abspath(folder) for folder in sys.path]
    code = _START.format(path=path, cache=None if cache is None else str(cache))
    try:
        subprocess.run(  # noqa: S603  # our own interpreter and our own code
            [sys.executable, "-I", "-B", "-c", code],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def places_of(path: Path, cache: Path | None) -> list[Path]:
    """Return where a packed file may lie, the first that counts first."""
    return [path, *([cache / path.name] if cache is not None else [])]


def _opened(path: Path, read: Callable[[memoryview], P]) -> P | None:
    """Return what the file holds, or None if there is none that can be read."""
    try:
        with path.open("rb") as file:
            return read(memoryview(mapped(file)))
    except (OSError, ValueError):  # an empty file cannot be mapped, a damaged one not be read
        return None


def _write(packed: bytes, path: Path) -> bool:
    """Write the file as a whole or not at all; return whether it could be."""
    try:
        with replacing(path) as file:
            file.write(packed)
    except OSError:
        return False
    return True
