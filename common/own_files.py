"""Files that are kept for a later run: put in place whole, and read only if nobody else wrote them.

What they hold is believed as it stands, so a file counts only if root or we own it, and if nobody
else may write it.
"""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


@contextmanager
def opened_if_ours(path: Path) -> Iterator[BinaryIO]:
    """Open a file to read it.

    Raises:
        OSError: It cannot be read, or may be another's.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        state = os.fstat(file.fileno())
        is_ours = state.st_uid in (0, os.geteuid()) and not state.st_mode & _OTHERS_MAY_WRITE
        if not (is_ours and stat.S_ISREG(state.st_mode)):
            raise PermissionError(f"{path.name} may be another's")
        yield file


@contextmanager
def replacing(path: Path, *, mode: int = 0o644) -> Iterator[BinaryIO]:
    """Write a file anew: who reads it at the same time sees the old one or the new one.

    Raises:
        OSError: It cannot be written; what was there before is still there.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            os.fchmod(file.fileno(), mode)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
