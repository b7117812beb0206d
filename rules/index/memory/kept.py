"""What an index has built, in a file for the next start: its values, and native memory as it lies.

The file says of which program it is. What is of another one, damaged, cut off, or may be another's
is as good as none: who asks builds anew.
"""

import hashlib
import marshal
import os
import sys
from array import array
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from common.native.kept import were_replaced
from common.own_files import opened_if_ours, replacing

Memory = NDArray[np.uint8]

_MAGIC = b"index of rules 3"
_DIGEST_BYTES, _LENGTH_BYTES = 32, 8
_PROGRAM = (".py", ".tsv", ".txt", ".wasm")
_ROOT = Path(__file__).parents[3]
_FOLDERS = (_ROOT / "rules", _ROOT / "common")
_GROUPS = _ROOT / "storage" / "variant_groups.py"
_WITHOUT = {"lexicon", "story_words", "lexicons", "expand", "explain", "search", "words"}
"""What makes variants, searches, explains and tells: an index is made of none of it."""

_USELESS = (OSError, ValueError, EOFError, TypeError, MemoryError)


class Lasting:
    """What is kept of a thing: plain values, arrays of numbers, and things of this kind."""

    LASTING: ClassVar[tuple[str, ...]]

    def state(self) -> list[Any]:
        """Return all that is kept."""
        held = (getattr(self, name) for name in self.LASTING)
        return [each.state() if isinstance(each, Lasting) else each for each in held]

    def restore(self, state: list[Any]) -> None:
        """Be as it was when it was kept."""
        for name, value in zip(self.LASTING, state, strict=True):
            match getattr(self, name):
                case Lasting() as held:
                    held.restore(value)
                case array() as held:
                    setattr(self, name, array(held.typecode, value))
                case held:
                    setattr(self, name, bytearray(value) if isinstance(held, bytearray) else value)


def packed(state: list[Any]) -> bytes:
    """Return what is kept as bytes; of which nothing is ever run."""
    return marshal.dumps(state)


def write(path: Path, state: bytes, memory: Memory) -> bool:
    """Keep an index; False if there is no room for it, or no right to write."""
    parts = (program(), len(state).to_bytes(_LENGTH_BYTES), state, memory.data)
    try:
        with replacing(path, mode=0o600) as file:  # it holds what rules say
            file.writelines((_MAGIC, _digest(*parts), *parts))
    except OSError:
        return False
    return True


def read(path: Path, room: Callable[[int], Memory]) -> Any:
    """Return what was kept, with native memory in room for so many bytes; None if nothing was."""
    try:
        with opened_if_ours(path) as file:
            magic, digest = file.read(len(_MAGIC)), file.read(_DIGEST_BYTES)
            of, length = file.read(_DIGEST_BYTES), file.read(_LENGTH_BYTES)
            if magic != _MAGIC or of != program():
                return None
            state = file.read(int.from_bytes(length))
            memory = room(path.stat().st_size - file.tell())
            file.readinto(memory)  # type: ignore[attr-defined]
        if _digest(of, length, state, memory.data) != digest:
            return None
        return marshal.loads(state)  # noqa: S302 - nothing of it is run, and it is what we wrote
    except _USELESS:
        return None


def _digest(*parts: bytes | memoryview) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


@cache
def program() -> bytes:
    """Return a digest of what tables depend on: of this program, and Python's numbers."""
    python = f"{sys.version} {sys.byteorder} {hash((1, 2, 3))} {version('anyascii')}"
    digest = hashlib.sha256(python.encode())
    files = list(_files())
    if were_replaced(files):
        digest.update(os.urandom(_DIGEST_BYTES))  # what is kept by this one is for nobody
    for path in files:
        with suppress(OSError):
            digest.update(f"\0{path.name} {path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.digest()


def _files() -> Iterable[Path]:
    every = (path for folder in _FOLDERS for path in folder.rglob("*"))
    wanted = (
        each for each in every if each.suffix in _PROGRAM and each.parent.name not in _WITHOUT
    )
    return sorted((*wanted, _GROUPS))
