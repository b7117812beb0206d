"""Files that are kept for a later run: put in place whole, and read only if nobody else wrote them.

What they hold is believed as it stands, so a file counts only if root or we own it, and if nobody
else may write it.
"""

import fcntl
import glob
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
    # A pipe must not keep us waiting for somebody who writes into it.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    with os.fdopen(os.open(path, flags), "rb") as file:
        state = os.fstat(file.fileno())
        is_ours = state.st_uid in (0, os.geteuid()) and not state.st_mode & _OTHERS_MAY_WRITE
        if not (is_ours and stat.S_ISREG(state.st_mode)):
            raise PermissionError(f"{path.name} may be another's")
        yield file


@contextmanager
def replacing(path: Path, *, mode: int = 0o644) -> Iterator[BinaryIO]:
    """Write a file anew: who reads it at the same time sees the old one or the new one.

    What a process left that was killed while it wrote is taken away.

    Raises:
        OSError: It cannot be written; what was there before is still there.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    prefix = f".{path.name}-"
    for left in path.parent.glob(f"{glob.escape(prefix)}*"):
        _take_away(left)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=prefix)
    try:
        with os.fdopen(descriptor, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # ours for as long as we live
            yield file
            os.fchmod(file.fileno(), mode)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _take_away(left: Path) -> None:
    """Remove an unfinished file, unless somebody is at it."""
    with suppress(OSError), opened_if_ours(left) as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        left.unlink()
