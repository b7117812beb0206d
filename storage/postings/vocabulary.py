"""Reads which tokens segments have: `vocabulary.c`."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

_KERNEL = Path(__file__).with_name("vocabulary.wasm")


class Vocabulary:
    """The tokens of segments, for one thread."""

    def __init__(self) -> None:
        from common.native.kernel import Kernel  # dear to import, and few ask for it

        self._kernel = Kernel(_KERNEL)
        self._begin = self._kernel.mark()

    def tokens(self, parts: Sequence[bytes], *, since: bytes, until: bytes) -> bytes:
        """Return the tokens of pages, a line each, in no order; hardly any comes twice.

        Args:
            parts: Pages of one segment after the other.
            since, until: Only of tokens from this one on, and before this one, if that has any
                byte.
        """
        kernel = self._kernel
        ends = kernel.put(np.frombuffer(since + until + bytes(8), np.uint8))
        given = [ends, len(since), ends + len(since), len(until), len(parts)]
        for part in parts:
            given += (kernel.put(np.frombuffer(part, np.uint8)), len(part))
        said = kernel.call("tokens", kernel.put(np.array(given, np.uint32)))
        at, size = kernel.view(said, np.uint32, 2).tolist()
        found = kernel.view(at, np.uint8, size).tobytes()
        kernel.release(self._begin)
        return found
