"""How much each word and sign of an article tells: the rarer in the archive, the more."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingester.stories.frequencies import Frequencies
from ingester.stories.prints import Print
from ingester.stories.signature import Signature
from ingester.stories.signs import Floats, Sign, Signs

PRIOR = 30
"""So many articles without any of its words the archive is taken to have besides its own."""
COMMON_PRIOR = 10
"""In so many of these a short word is."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """An article's words and signs by how much each tells; the squares of each add up to 1.

    Attributes:
        several: Which of the signs were seen in several languages.
    """

    language: str
    size: float
    words: Signs
    word_weights: Floats
    signs: Signs
    sign_weights: Floats
    several: NDArray[np.bool_]
    shown: Callable[[Sign], str]
    print: Print

    def telling(self, words: int, signs: int) -> tuple[Signs, Floats]:
        """Return the words and signs that tell most, and how much each does."""
        best = np.argsort(-self.word_weights, kind="stable")[:words]
        signed = np.argsort(-self.sign_weights, kind="stable")[:signs]
        return (
            np.concatenate((self.words[best], self.signs[signed])),
            np.concatenate((self.word_weights[best], self.sign_weights[signed])),
        )


def weighed(signature: Signature, known: Frequencies) -> Weighed:
    """Weigh what an article says by how rare it is."""
    common = (signature.words & 1) * np.float32(COMMON_PRIOR)
    return Weighed(
        signature.language,
        signature.size,
        signature.words,
        _weights(signature.words, signature.word_counts, known, common),
        signature.signs,
        _weights(signature.signs, signature.sign_counts, known, np.float32(0)),
        known.several(signature.signs),
        signature.shown,
        signature.print,
    )


def _weights(
    signs: Signs, counts: Floats, known: Frequencies, common: Floats | np.float32
) -> Floats:
    seen = known.of(signs) + 1 + common
    rare = np.maximum(np.log(np.float32(known.articles + PRIOR) / seen), 0)
    weights = (counts * rare).astype(np.float32)
    length = float(np.sqrt(weights @ weights))
    normal: Floats = weights / np.float32(length or 1.0)
    return normal
