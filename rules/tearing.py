"""Many short texts to words at once: the analysis of `rules.words`, without places."""

import re
from collections.abc import Iterator, Sequence

from rules.folding import fold
from rules.words import WORD

_BETWEEN = "\n"
_JOINER = "\x1f"
_PIECE = re.compile(re.sub(r"\?P<\w+>", "?:", WORD.pattern) + "|\n")


def split_many(texts: Sequence[str]) -> Iterator[list[tuple[str, str]]]:
    """Yield, for each text, its words: as written, and folded."""
    clean = [each.replace(_BETWEEN, " ") if _BETWEEN in each else each for each in texts]
    pieces = _PIECE.findall(_BETWEEN.join(clean))
    folded = fold(_JOINER.join(pieces)).split(_JOINER) if pieces else []
    found: list[tuple[str, str]] = []
    for written, plain in zip(pieces, folded, strict=True):
        if written == _BETWEEN:
            yield found
            found = []
        elif plain:
            found.append((written, plain))
    if texts:
        yield found
