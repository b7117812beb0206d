"""Packed lists as files: made at first use, mapped into memory after that.

    python -m monitor.lexicons.packed

makes them beforehand, for an image or a package whose folders cannot be written to later.

To pack takes 300 MB, and a process that did it keeps half of them, between what it needs, for as
long as it runs: so another one does, which ends.
"""

import os
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from common.own_files import replacing
from monitor.base.memory import mapped
from rules.lexicons import news_source, story_words
from rules.lexicons.news_header import HEADER, edition_of

if TYPE_CHECKING:
    from rules.lexicons.news_packed import PackedNews

NAME = "news.lexicon"

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
    paths = _places(path, cache)

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


def packed_news(
    cache: Path | None = None,
    *,
    tell: Callable[[str], None] = lambda sentence: None,
    apart: bool = False,
) -> "PackedNews":
    """Return the news lexicon, as `packed_file` does.

    Args:
        tell: Gets a sentence for whoever waits, before it is packed, which takes seconds.
        apart: Whether another process packs it.
    """
    from rules.lexicons import news
    from rules.lexicons.news_packed import PackedNews, pack

    lines = Path(str(news_source.folder()))
    if not lines.is_dir():
        return news.packed_from_lines()
    signature = _signature_of_news(lines)

    said = "Reading the news lexicon for the first time takes a few seconds."

    def elsewhere() -> bool:
        if apart:
            tell(said)
        return apart and packed_apart(cache)

    def make() -> bytes:
        if not apart:
            tell(said)
        every, more = news_source.concepts(), story_words.lines()
        packed = pack(every, signature=signature, story_words=more)
        news_source.groups.cache_clear()
        return packed

    path = lines / "__pycache__" / NAME
    return packed_file(path, cache, signature, read=PackedNews, make=make, apart=elsewhere)


def news_edition(cache: Path | None = None) -> str | None:
    """Return the edition of the news lexicon without reading it; None if it is not packed yet."""
    lines = Path(str(news_source.folder()))
    if not lines.is_dir():
        return None
    signature = _signature_of_news(lines)
    for path in _places(lines / "__pycache__" / NAME, cache):
        with suppress(OSError), path.open("rb") as file:
            length = os.fstat(file.fileno()).st_size
            edition = edition_of(file.read(HEADER.size), length=length, signature=signature)
            if edition is not None:
                return edition
    return None


def _signature_of_news(lines: Path) -> str:
    return _signature([lines, Path(str(story_words.folder()))])


def _places(path: Path, cache: Path | None) -> list[Path]:
    """Return where a packed file may lie, the first that counts first."""
    return [path, *([cache / path.name] if cache is not None else [])]


def _signature(folders: Iterable[Path]) -> str:
    """Return a text that changes when a file of these does, without reading it."""
    said = 0
    entries = (entry for each in folders for entry in sorted(os.scandir(each), key=_name_of))
    for entry in entries:
        if entry.name.endswith((".tsv", ".txt")):
            state = entry.stat()
            # Whole seconds: layers of images and archives keep no more.
            what = f"{entry.name} {state.st_size} {int(state.st_mtime)}"
            said = zlib.crc32(what.encode(), said)
    return format(said, "08x")


def _name_of(entry: "os.DirEntry[str]") -> str:
    return entry.name


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


def main(cache: str | None = None) -> None:
    """Pack all lists of which no file is there that counts, and say how long the longest is."""
    from monitor.lexicons.places import packed_places

    place = None if cache is None else Path(cache)
    packed_places(place)
    sys.stdout.write(f"{len(packed_news(place)):,} concepts\n")


if __name__ == "__main__":
    main()
