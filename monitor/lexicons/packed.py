"""The packed news lexicon as a file: made at first use, mapped into memory after that.

    python -m monitor.lexicons.packed

makes it beforehand, for an image or a package whose folders cannot be written to later.
"""

import mmap
import os
import sys
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

from rules.lexicons import news, news_source
from rules.lexicons.news_packed import PackedNews, pack

NAME = "news.lexicon"


def packed_news(
    cache: Path | None = None, *, tell: Callable[[str], None] = lambda sentence: None
) -> PackedNews:
    """Return the lexicon, from its file if that is of the lines that are installed.

    Otherwise it is packed anew, which takes seconds, and written beside the package as Python
    does with what it compiles, or else into the cache; where neither can be written, it is packed
    in each process.

    Args:
        tell: Gets a sentence for whoever waits, before it is packed.
    """
    lines = Path(str(news_source.folder()))
    if not lines.is_dir():
        return news.packed_from_lines()
    signature = _signature(lines)
    folders = [lines / "__pycache__", *([cache] if cache is not None else [])]
    for folder in folders:
        if (packed_before := _opened(folder / NAME)) and packed_before.signature == signature:
            return packed_before
    tell("Reading the news lexicon for the first time takes a few seconds.")
    packed = pack(news_source.concepts(), signature=signature)
    news_source.groups.cache_clear()
    for folder in folders:
        if _write(packed, folder):
            break
    return PackedNews(packed)


def _signature(lines: Path) -> str:
    """Return a text that changes when a file does, without reading it."""
    said = 0
    for entry in sorted(os.scandir(lines), key=lambda entry: entry.name):
        if entry.name.endswith(".tsv"):
            state = entry.stat()
            # Whole seconds: layers of images and archives keep no more.
            what = f"{entry.name} {state.st_size} {int(state.st_mtime)}"
            said = zlib.crc32(what.encode(), said)
    return format(said, "08x")


def _opened(path: Path) -> PackedNews | None:
    """Return the file's lexicon, or None if there is none that can be read."""
    try:
        with path.open("rb") as file:
            return PackedNews(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))
    except (OSError, ValueError):  # an empty file cannot be mapped, a damaged one not be read
        return None


def _write(packed: bytes, folder: Path) -> bool:
    """Write the file as a whole or not at all; return whether it could be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=NAME, delete=False) as file:
            file.write(packed)
        os.chmod(file.name, 0o644)  # others may run the monitor of this package too
        os.replace(file.name, folder / NAME)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.stdout.write(f"{len(packed_news()):,} concepts\n")
