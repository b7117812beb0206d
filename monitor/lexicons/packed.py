"""The news lexicon as a packed file; and the one way to make the files of all lists.

    python -m monitor.lexicons.packed

makes them beforehand, for an image or a package whose folders cannot be written to later.
"""

import os
import sys
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.lexicons.packed_file import packed_apart, packed_file, places_of
from rules.lexicons import news_source, story_words
from rules.lexicons.news_header import HEADER, edition_of

if TYPE_CHECKING:
    from rules.lexicons.news_packed import PackedNews

NAME = "news.lexicon"


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
    for path in places_of(lines / "__pycache__" / NAME, cache):
        with suppress(OSError), path.open("rb") as file:
            length = os.fstat(file.fileno()).st_size
            edition = edition_of(file.read(HEADER.size), length=length, signature=signature)
            if edition is not None:
                return edition
    return None


def _signature_of_news(lines: Path) -> str:
    # The tables beside it say which of its forms are loose.
    return _signature([lines, lines.parent, Path(str(story_words.folder()))])


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


def main(cache: str | None = None) -> None:
    """Pack all lists of which no file is there that counts, and say how long the longest is."""
    from monitor.lexicons.places import packed_places  # dear to import, and not always needed

    place = None if cache is None else Path(cache)
    packed_places(place)
    sys.stdout.write(f"{len(packed_news(place)):,} concepts\n")


if __name__ == "__main__":
    main()
