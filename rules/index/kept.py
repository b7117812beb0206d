"""A file that holds what an index has built: facts as JSON, arrays, and native memory as it lies.

It says of which program it is. What is of another one, damaged, cut off, or may be another's is as
good as none: who asks builds anew.
"""

import hashlib
import json
import sys
from array import array
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.own_files import opened_if_ours, replacing

Column = array[int] | array[float] | bytearray
Columns = Mapping[str, Column]
Memory = NDArray[np.uint8]

MEMORY = "memory"
_MAGIC = b"index of rules 1"
_DIGEST_BYTES, _LENGTH_BYTES = 32, 8
_PROGRAM = (".py", ".tsv", ".txt", ".wasm")
_FOLDERS = (Path(__file__).parents[1], Path(__file__).parents[2] / "common")
_WITHOUT = "lexicon"  # which variants are made of, and an index nothing


_USELESS = (
    OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError
)  # fmt: skip


class Held(NamedTuple):
    """What a file holds, but for native memory."""

    facts: dict[str, Any]
    columns: dict[str, bytes]


def write(path: Path, facts: object, columns: Columns, memory: Memory) -> bool:
    """Keep an index; False if there is no room for it, or no right to write."""
    parts = [memoryview(column).cast("B") for column in (*columns.values(), memory)]
    names = [*columns, MEMORY]
    sizes = dict(zip(names, map(len, parts), strict=True))
    head = json.dumps({"of": program(), "facts": facts, "sizes": sizes}).encode()
    parts.insert(0, memoryview(head))
    digest = hashlib.sha256()
    try:
        with replacing(path, mode=0o600) as file:  # it holds what rules say
            file.write(_MAGIC + bytes(_DIGEST_BYTES) + len(head).to_bytes(_LENGTH_BYTES))
            for part in parts:
                digest.update(part)
                file.write(part)
            file.seek(len(_MAGIC))
            file.write(digest.digest())
    except OSError:
        return False
    return True


def read(path: Path, room: Callable[[int], Memory]) -> Held | None:
    """Return what a file holds, and read native memory into room for so many bytes."""
    try:
        with opened_if_ours(path) as file:
            return _read(file, path.stat().st_size, room)
    except _USELESS:
        return None


def _read(file: BinaryIO, size: int, room: Callable[[int], Memory]) -> Held:
    start = file.read(len(_MAGIC) + _DIGEST_BYTES + _LENGTH_BYTES)
    length = int.from_bytes(start[-_LENGTH_BYTES:])
    if not start.startswith(_MAGIC) or length > size:
        raise ValueError("no index")
    head = file.read(length)
    said = json.loads(head)
    sizes: dict[str, int] = said["sizes"]
    if said["of"] != program() or min(sizes.values()) < 0:
        raise ValueError("of another program")
    if len(start) + length + sum(sizes.values()) != size or [*sizes][-1] != MEMORY:
        raise ValueError("not whole")
    digest = hashlib.sha256(head)
    columns = {name: file.read(size) for name, size in sizes.items() if name != MEMORY}
    memory = room(sizes[MEMORY])
    if file.readinto(memory) != len(memory):  # type: ignore[attr-defined]
        raise ValueError("not whole")
    for column in columns.values():
        digest.update(column)
    digest.update(memory)
    if digest.digest() != start[len(_MAGIC) : -_LENGTH_BYTES]:
        raise ValueError("damaged")
    return Held(said["facts"], columns)


def fill(columns: Columns, held: Mapping[str, bytes]) -> None:
    """Make columns what was kept of them."""
    for name, column in columns.items():
        del column[:]
        if isinstance(column, bytearray):
            column += held[name]
        else:
            column.frombytes(held[name])


def named(prefix: str, columns: Columns) -> dict[str, Column]:
    """Return columns under names that begin with a prefix."""
    return {f"{prefix}.{name}": column for name, column in columns.items()}


@cache
def program() -> str:
    """Return a digest of what tables depend on: all of this program, and Python's numbers."""
    python = f"{sys.version} {sys.byteorder} {hash((1, 2, 3))} {version('anyascii')}"
    digest = hashlib.sha256(python.encode())
    for path in _files():
        with suppress(OSError):
            digest.update(f"\0{path.name} {path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _files() -> Iterable[Path]:
    every = (path for folder in _FOLDERS for path in folder.rglob("*"))
    return sorted(
        path for path in every if path.suffix in _PROGRAM and path.parent.name != _WITHOUT
    )
