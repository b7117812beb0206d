"""Machine code that was compiled before: kept as Python keeps what it compiles.

What is kept is run as it is, so a file counts only if nobody else can have written it (as root and
we can), and if it is whole. What it was compiled from is said in it, and for which version and
processor.
"""

import hashlib
import importlib.util
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from common.own_files import opened_if_ours, replacing

_LARGEST_BYTES = 16_000_000
_DIGEST_BYTES = 32

_STARTED = time.time()
"""What this process runs is no younger, whatever files say that came later with an update."""

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
            with suppress(OSError), opened_if_ours(path) as file:
                held = file.read(_LARGEST_BYTES)
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
                with replacing(path) as file:
                    file.write(held)
                return


def were_replaced(files: Iterable[Path]) -> bool:
    """Whether files are of another program than what runs here: an update came meanwhile."""
    return any(path.stat().st_ctime > _STARTED for path in files)


def kept_or_made(
    source: Path, what: str, make: Callable[[], bytes], *, made_by: Iterable[Path], of: str = ""
) -> bytes:
    """Return what was made of letters before, by the same files and Unicode, or make it.

    What a program makes whose files were replaced since it started is kept by nobody.

    Args:
        source: The file that makes it.
        what: What it makes, of letters that a file's name may have.
        made_by: The files that it depends on.
        of: What else it depends on.
    """
    files = list(made_by)
    if were_replaced(files):
        return make()
    python = f"{sys.implementation.cache_tag}-{unicodedata.unidata_version}-{sys.byteorder}"
    content = b"\0".join([*(path.read_bytes() for path in files), of.encode()])
    kept = KeptCode(source, f"{what}-{python}", content)
    known = kept.read()
    if known is None:
        known = make()
        kept.write(known)
    return known
