"""How much each word and sign of an article tells: the rarer in the archive, the more."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.records import dataclass
from ingester.stories.frequencies import Frequencies
from ingester.stories.passages import Course
from ingester.stories.prints import Print
from ingester.stories.signature import Signature
from ingester.stories.signs import Commonplace, Floats, Sign, Signs

PRIOR = 30
"""So many articles without any of its words the archive is taken to have besides its own."""
COMMON_PRIOR = 10
"""In so many of these a short word is."""
RARE = 10
"""A name that the lexicon does not know, and no more articles have, is of few events."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """An article's words and signs by how much each tells; the squares of each add up to 1.

    Attributes:
        several: Which of the signs were seen in several languages.
        rare: Which are names of few events.
        lone: The squares of the weights of the others, 0 of these.
        told: The sum of the squares of these.
        opening, commonplace: As its signature has them.
    """

    language: str
    size: float
    words: Signs
    word_weights: Floats
    signs: Signs
    sign_weights: Floats
    several: NDArray[np.bool_]
    rare: NDArray[np.bool_]
    lone: Floats
    told: float
    shown: Callable[[Sign], str]
    opening: Callable[[], str]
    print: Print
    course: Course
    is_medley: bool
    commonplace: Commonplace


def weighed(signature: Signature, known: Frequencies) -> Weighed:
    """Weigh what an article says by how rare it is."""
    return all_weighed([signature], known)[0]


def all_weighed(signatures: Sequence[Signature], known: Frequencies) -> list[Weighed]:
    """Weigh what each of these articles says by how rare it is."""
    if not signatures:
        return []
    words = np.concatenate([signature.words for signature in signatures])
    counts = np.concatenate([signature.word_counts for signature in signatures])
    word_ends = np.cumsum([0, *(len(signature.words) for signature in signatures)])
    common = (words & 1) * np.float32(COMMON_PRIOR)
    among = known.articles_in([each.language for each in signatures]).repeat(np.diff(word_ends))
    word_weights = _weights(known.of(words) + common, counts, word_ends, among)
    signs = np.concatenate([signature.signs for signature in signatures])
    counts = np.concatenate([signature.sign_counts for signature in signatures])
    ends = np.cumsum([0, *(len(signature.signs) for signature in signatures)])
    seen = known.of(signs)
    sign_weights = _weights(seen, counts, ends, np.float32(known.articles))
    is_unknown = np.concatenate([signature.is_unknown for signature in signatures])
    rare = is_unknown & (seen <= RARE)
    several = known.several(signs)
    squares = sign_weights**2
    told = _sums(np.where(several, squares, 0), ends).tolist()
    lone = np.where(several, np.float32(0), squares)
    bounds = zip(pairwise(word_ends.tolist()), pairwise(ends.tolist()), strict=True)
    return [
        Weighed(
            signature.language,
            signature.size,
            signature.words,
            word_weights[first:last],
            signature.signs,
            sign_weights[start:end],
            several[start:end],
            rare[start:end],
            lone[start:end],
            of_it,
            signature.shown,
            signature.opening,
            signature.print,
            signature.course,
            signature.is_medley,
            signature.commonplace,
        )
        for signature, ((first, last), (start, end)), of_it in zip(
            signatures, bounds, told, strict=True
        )
    ]


def _weights(
    seen: Floats, counts: Floats, ends: NDArray[np.intp], among: Floats | np.float32
) -> Floats:
    tells = np.maximum(np.log((among + np.float32(PRIOR)) / (seen + 1)), 0)
    weights = (counts * tells).astype(np.float32)
    lengths = np.sqrt(_sums(weights.astype(np.float64) ** 2, ends))
    lengths[lengths == 0] = 1
    shares: Floats = (weights / lengths.repeat(np.diff(ends))).astype(np.float32)
    return shares


def _sums(values: NDArray[Any], ends: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the sums of runs of values."""
    added = np.concatenate(([0.0], values.astype(np.float64).cumsum()))
    return np.diff(added[ends])
