"""Machine code that was compiled before: kept as Python keeps what it compiles.

Compiling what all kernels are takes 90 ms and leaves 8 MB of the compiler in memory. What is kept
is run as it is, so a file counts only if nobody else can have written it (as root and we can), and
if it is whole. What it was compiled from is said in it, and for which version and processor.
"""

import hashlib
import importlib.util
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

_LARGEST_BYTES = 16_000_000
_DIGEST_BYTES = 32
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH

_more_folders: list[Path] = []


def also_keep_in(folder: Path) -> None:
    """Keep code there where it cannot be kept beside its source, as in a package of root's."""
    if folder not in _more_folders:
        _more_folders.append(folder)


class KeptCode:
    """Where the code of a source is kept.

    Args:
        source: The file; its code lies where Python's own does, which `PYTHONPYCACHEPREFIX` moves.
        kind: What else the code depends on, of letters that a file's name may have.
        content: What the file holds.
    """

    def __init__(self, source: Path, kind: str, content: bytes) -> None:
        beside = Path(importlib.util.cache_from_source(str(source))).parent
        name = f"{source.stem}.{kind}.code"
        self._paths = [folder / name for folder in (beside, *_more_folders)]
        self._of = hashlib.sha256(kind.encode() + b"\0" + content).digest()

    def read(self) -> bytes | None:
        """Return the code; None if none is kept, or what is there is damaged or another's."""
        for path in self._paths:
            with suppress(OSError):
                held = _read_if_ours(path)
                of, digest = held[:_DIGEST_BYTES], held[_DIGEST_BYTES : 2 * _DIGEST_BYTES]
                code = held[2 * _DIGEST_BYTES :]
                if of == self._of and hashlib.sha256(code).digest() == digest:
                    return code
        return None

    def write(self, code: bytes) -> None:
        """Keep the code in the first place that can be written; nothing happens if none can."""
        held = self._of + hashlib.sha256(code).digest() + code
        for path in self._paths:
            with suppress(OSError):
                _replace(path, held)
                return


def _read_if_ours(path: Path) -> bytes:
    """Return what a file holds; nothing if others than its owner may write it, or it is theirs."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        state = os.fstat(file.fileno())
        is_ours = state.st_uid in (0, os.geteuid()) and not state.st_mode & _OTHERS_MAY_WRITE
        if is_ours and stat.S_ISREG(state.st_mode) and state.st_size <= _LARGEST_BYTES:
            return file.read()
    return b""


def _replace(path: Path, content: bytes) -> None:
    """Put a file in place whole: who reads it at the same time sees the old or the new."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".code")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), 0o644)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
