"""Plain text of many small pieces of HTML at once: native code reads what is ordinary."""

import functools
import threading
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from html.entities import name2codepoint
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from common.native.kernel import Kernel
from common.native.runtime import Trap
from ingester.text.text import MAY_JOIN, clean_text, is_markup, unusual

LONGEST = 100_000
"""Characters; what is longer is read by itself."""
_ROOM = 1 << 20
"""Bytes that are read in one call."""

_MOST = 2_000

# As markup.c names them.
_KINDS = {
    1: "abbr b big cite code em font i q s small span strong sub sup tt u",
    2: "a",
    3: "p",
    4: "h1 h2 h3 h4 h5 h6",
    5: "div blockquote section article figure main aside header footer nav",
    6: "ul ol",
    7: "li",
    8: "br",
    9: "hr",
    10: "img",
}
_DECLINED, _CLEAN = 0, 1

_JOINED_BY = [
    *range(0x1161, 0x1176),  # of Hangul, whose syllables are joined by rule and not by a table
    *range(0x11A8, 0x11C3),
]


def plain_texts(markups: Iterable[str]) -> Mapping[str, str]:
    """Return, by the markup, what `plain_text` makes of those that are plainly nested HTML.

    Of what is missing it is to be asked itself.
    """
    wanted = [each for each in dict.fromkeys(markups) if len(each) <= LONGEST and is_markup(each)]
    texts: dict[str, str] = {}
    for some in _in_calls(wanted):
        texts |= _native().read(some)
    return texts


def _in_calls(markups: Sequence[str]) -> Iterable[Mapping[str, bytes]]:
    """Yield the markups in groups that fit into one call, with their bytes."""
    some: dict[str, bytes] = {}
    size = 0
    for markup in markups:
        encoded = markup.encode("utf-8", "surrogatepass")
        if some and (size + len(encoded) > _ROOM or len(some) == _MOST):
            yield some
            some, size = {}, 0
        some[markup] = encoded
        size += len(encoded)
    if some:
        yield some


class _Native:
    """The native code with what it must know. Safe to use from many threads."""

    def __init__(self) -> None:
        self._kernel = kernel = Kernel(Path(__file__).with_suffix(".wasm"))
        self._lock = threading.Lock()
        tags = sorted(
            (_tag(name), kind) for kind, names in _KINDS.items() for name in names.split()
        )
        references = sorted((_number(name), code) for name, code in name2codepoint.items())
        kernel.call(
            "know",
            kernel.put(np.array(tags, np.uint64)),
            len(tags),
            kernel.put(np.array([name for name, _ in references], np.uint64)),
            kernel.put(np.array([code for _, code in references], np.uint32)),
            len(references),
            kernel.put(_unusual_letters()),
        )
        self._in, self._out = kernel.take(_ROOM), kernel.take(_ROOM)
        self._ends, self._out_ends = (kernel.take(_MOST, np.uint32) for _ in range(2))
        self._states = kernel.take(_MOST)

    def read(self, markups: Mapping[str, bytes]) -> dict[str, str]:
        """Return the texts of those markups that are ordinary."""
        joined, count = b"".join(markups.values()), len(markups)
        with self._lock:
            view = self._kernel.view
            ends = np.cumsum([len(each) for each in markups.values()], dtype=np.uint32)
            self._kernel.write(self._in, joined)
            self._kernel.write(self._ends, ends.tobytes())
            places = (self._in, self._ends, count, self._out, self._out_ends, self._states)
            try:
                self._kernel.call("plain", *places)
            except Trap:  # a mistake of ours, which must not cost a feed: libxml2 reads it
                return {}
            out_ends = view(self._out_ends, np.uint32, count).tolist()
            states = view(self._states, np.uint8, count).tolist()
            out = self._kernel.read(self._out, out_ends[-1])
        texts, begin = {}, 0
        for markup, text_end, state in zip(markups, out_ends, states, strict=True):
            if state != _DECLINED:
                text = out[begin:text_end].decode()
                texts[markup] = text if state == _CLEAN else clean_text(text)
            begin = text_end
        return texts


def _tag(name: str) -> int:
    return functools.reduce(lambda number, letter: 37 * number + int(letter, 36) + 1, name, 0)


def _number(name: str) -> int:
    return int.from_bytes(name.encode(), "big")


def _unusual_letters() -> NDArray[np.uint8]:
    """Return a bit for each letter of the first plane: whether it may not be stored as it is.

    Beside what `clean_text` looks at these are letters that may join the one before them.
    """
    marked = np.zeros(0x10000, np.bool_)
    for first, last in unusual():
        marked[first : last + 1] = True
    for code in chain.from_iterable(MAY_JOIN):
        whole = unicodedata.decomposition(chr(code))
        if not whole or whole[0] == "<":
            continue
        parts = whole.split()
        if len(parts) == 2:
            marked[int(parts[1], 16)] = True
        if unicodedata.normalize("NFC", chr(code)) != chr(code):
            marked[code] = True
    marked[_JOINED_BY] = True
    return np.packbits(marked, bitorder="little")


@functools.lru_cache(maxsize=1)
def _loaded() -> _Native:
    return _Native()


_loading = threading.Lock()


def _native() -> _Native:
    with _loading:
        return _loaded()
