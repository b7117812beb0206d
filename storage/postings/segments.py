"""Makes segments of articles, and one of several: `segments.c`."""

import struct
import threading
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from common.native.kernel import Kernel

GONE = 0xFFFFFFFF
"""The new number of an article that is left out."""

LARGEST = 500_000
"""So many bytes of tokens are made one segment; more only of one article alone."""

_KEPT = 4 << 20
"""So many bytes of pages are made one in the memory that is kept; more in one that goes with it."""

_AT_HAND = 2 << 20
"""So many bytes of memory stay ours: to have them laid out again for each few articles takes the
system two fifths as long as what is done in them."""

_lock = threading.Lock()
_KERNEL = Path(__file__).with_name("segments.wasm")


class Pages(NamedTuple):
    """The pages of a segment.

    Attributes:
        firsts: The first token of each, with its length before it.
        pages: Each up to 7,980 bytes.
    """

    firsts: bytes
    pages: list[bytes]


class Part(NamedTuple):
    """One of several segments that become one.

    Attributes:
        pages: Its pages, one after the other.
        becomes: The numbers that its articles get in the new one, which grow, or `GONE`.
    """

    pages: bytes
    becomes: NDArray[np.uint32]


def build(articles: Sequence[str]) -> Pages:
    """Return a segment of the tokens of articles, as `storage.api.articles` returns them."""
    text = b"\0".join(article.encode() for article in articles) + b"\0"
    if len(text) > LARGEST:  # its memory would stay as large
        return _built(_new_kernel(), text)
    with _lock:
        return _built(_kernel(), text)


def _built(kernel: "Kernel", text: bytes) -> Pages:
    before = kernel.mark()
    try:
        said = kernel.call("build", kernel.put(np.frombuffer(text, np.uint8)), len(text))
        return _written(kernel, said)
    finally:
        kernel.let_go(before, keep=_AT_HAND)


def merge(parts: Iterable[Part], *, since: bytes = b"", until: bytes | None = None) -> Pages:
    """Return one segment of several.

    Args:
        since: Only of tokens from this one on.
        until: And before this one.
    """
    given = list(parts)
    if sum(len(part.pages) for part in given) > _KEPT:
        return _merged(_new_kernel(), given, since, until)
    with _lock:
        return _merged(_kernel(), given, since, until)


def _merged(kernel: "Kernel", parts: Sequence[Part], since: bytes, until: bytes | None) -> Pages:
    mark = kernel.mark()
    try:
        ends = kernel.put(np.frombuffer(since + (until or b"") + bytes(8), np.uint8))
        before = GONE if until is None else len(until)
        given = [ends, len(since), ends + len(since), before, len(parts)]
        for pages, becomes in parts:
            at = kernel.put(np.frombuffer(pages, np.uint8))
            given += (at, len(pages), kernel.put(becomes), len(becomes))
        at = kernel.put(np.array(given, np.uint32))
        return _written(kernel, kernel.call("merge", at))
    finally:
        kernel.let_go(mark, keep=_AT_HAND)


def firsts_of(kept: bytes) -> list[bytes]:
    """Return the tokens of `Pages.firsts`."""
    tokens = []
    at = 0
    while at < len(kept):
        end = at + 1 + kept[at]
        tokens.append(kept[at + 1 : end])
        at = end
    return tokens


def _written(kernel: "Kernel", said: int) -> Pages:
    at, size = kernel.view(said, np.uint32, 2).tolist()
    written = kernel.view(at, np.uint8, size).tobytes()
    firsts, pages = [], []
    at = 0
    while at < size:
        (length,) = struct.unpack_from("<I", written, at)
        begins = at + 5 + written[at + 4]
        firsts.append(written[at + 4 : begins])
        at = begins + length
        pages.append(written[begins:at])
    return Pages(b"".join(firsts), pages)


def _new_kernel() -> "Kernel":
    from common.native.kernel import Kernel  # dear to import, and many commands store nothing

    return Kernel(_KERNEL)


@cache
def _kernel() -> "Kernel":
    return _new_kernel()
