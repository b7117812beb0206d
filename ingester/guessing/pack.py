"""Making `model.bin` of what py3langid has learned: `python -m ingester.guessing.pack`.

Of each group of bytes is kept for which languages it speaks: where it is at least twenty times as
frequent as in the language's rarest. What says less is noise of the texts that it was learned
from: without it, more short texts are told right. Needs the developers' `py3langid`.
"""

import lzma
import sys
import zlib
from collections import deque
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingester.guessing.model import LOWEST, NO_GROUP, PACKED, STEP

_SMALL = (
    "ace an ary arz bcl crh dz ext fuv gcf gcr gom grc gug guw hbo kab kik la lb lij ltg nso oc "
    "pcm qu sa sdh sn st tk uzs vec vo wa zxx"
)
NEVER_GUESSED = frozenset(_SMALL.split())
"""Known to the model, but rare in news and often mistaken for a bigger neighbour."""

_MOST_CODES = 255


def packed() -> bytes:
    """Return the model without languages that are never guessed, before it is compressed."""
    learned = _learned()
    classes = learned["classes"].tolist()
    kept = [place for place, label in enumerate(classes) if label not in NEVER_GUESSED]
    table = learned["ptc"].astype(np.float32)[:, kept]
    floors = table.min(0)
    order, children, last = _tree(learned)
    groups = learned["out_feat"].astype(np.int64)[order]
    said = np.full(len(order), NO_GROUP, np.uint8)
    worth = np.where(groups[:, None] >= 0, (table - floors)[groups], 0)
    speaks = worth >= LOWEST
    said[groups >= 0] = speaks.sum(1)[groups >= 0]
    codes = np.round((worth[speaks] - LOWEST) / STEP).clip(0, _MOST_CODES).astype(np.uint8)
    languages = np.nonzero(speaks)[1].astype(np.uint8)
    names = " ".join(classes[place] for place in kept).encode()
    sizes = np.array([len(order), len(codes), len(kept), len(names)], "<u4")
    priors = learned["pc"][kept].astype("<f4")
    parts = (sizes, floors.astype("<f4"), priors, children, last, said, languages, codes)
    return b"".join((*(part.tobytes() for part in parts), names))


def _learned() -> Mapping[str, Any]:
    from py3langid.langid import MODEL_DIR, MODEL_FILE

    with lzma.open(Path(MODEL_DIR) / MODEL_FILE) as file:
        return dict(np.load(BytesIO(file.read()), allow_pickle=False))


def _tree(learned: Mapping[str, Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return the automaton's states by depth, how many children each has, and their last bytes.

    A step leads to a child where it leads deeper than anything before: other steps go back to the
    end of what was read.
    """
    moves = learned["nextmove"].reshape(-1, 256)
    rows = learned["nextmove_row"]
    depth = {0: 0}
    order, last, children = [0], [0], list[int]()
    waiting = deque([0])
    while waiting:
        state = waiting.popleft()
        targets = moves[rows[state]]
        found = [
            (byte, target) for byte, target in enumerate(targets.tolist()) if target not in depth
        ]
        children.append(len(found))
        for byte, target in found:
            depth[target] = depth[state] + 1
            order.append(target)
            last.append(byte)
            waiting.append(target)
    return np.array(order), np.array(children, np.uint8), np.array(last, np.uint8)


if __name__ == "__main__":
    PACKED.write_bytes(zlib.compress(packed(), 9))
    sys.stdout.write(f"{PACKED.name}: {PACKED.stat().st_size:,} bytes\n")
