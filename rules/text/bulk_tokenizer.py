"""Many short texts to words at once: the analysis of `rules.text.tokenizer`, without places."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rules.text.folding import fold
from rules.text.tokenizer import WORD

_BETWEEN = "\n"
_JOINER = "\x1f"
_PIECE = re.compile(re.sub(r"\?P<\w+>", "?:", WORD.pattern) + "|\n")


def tokenize_many(
    texts: Sequence[str],
) -> tuple[list[str], list[str], NDArray[np.int64], NDArray[np.int64]]:
    """Return the words of all texts, as written and as folded, and where those of each stand.

    The words of `texts[i]` begin at the i-th place of the third answer; the fourth has their
    number.
    """
    clean = [text.replace(_BETWEEN, " ") if _BETWEEN in text else text for text in texts]
    pieces = _PIECE.findall(_BETWEEN.join(clean))
    folded = fold(_JOINER.join(pieces)).split(_JOINER) if pieces else []
    if "" in folded:  # invisible characters are no words
        kept = [place for place, piece in enumerate(folded) if piece]
        pieces, folded = [pieces[at] for at in kept], [folded[at] for at in kept]
    between = np.array([at for at, piece in enumerate(pieces) if piece == _BETWEEN], np.int64)
    starts = np.concatenate((np.zeros(1, np.int64), between + 1))
    ends = np.append(between, len(pieces))
    return pieces, folded, starts, ends - starts
