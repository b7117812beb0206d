"""py3langid's model over many texts at once: how likely each text is in which language.

Its automaton reads byte after byte in Python, and its table is read column by column. Here all
texts are read side by side, cut into short lanes, by one numpy operation a step; what is reckoned
is what py3langid reckons, up to rounding.
"""

import lzma
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_LONGEST_GRAM = 8
"""Bytes; the model's own are shorter. Before a lane so many are read, and then its state is what
it would be after the whole text."""

_PARTS = 0xFF
"""A byte of no text: after it the automaton stands where it began."""

_SHORTEST_LANE, _LONGEST_LANE = 16, 256
_STEP_IN_BYTES = 500
"""One more step costs as much as so many bytes."""


class LanguageModel:
    """The model without some languages. Safe to use from many threads."""

    def __init__(self, *, without: frozenset[str]) -> None:
        # Half a second, and 80 MB that stay.
        from py3langid.langid import MODEL_DIR, MODEL_FILE

        with tempfile.TemporaryFile() as file:
            with lzma.open(Path(MODEL_DIR) / MODEL_FILE) as packed:
                shutil.copyfileobj(packed, file)
            file.seek(0)
            with np.load(file, allow_pickle=False) as model:
                classes = model["classes"].tolist()
                kept = [place for place, label in enumerate(classes) if label not in without]
                # One after the other, so that no more than needed is in memory at a time.
                self._table = model["ptc"].take(kept, 1).astype(np.float32)
                self._priors = model["pc"][kept]
                self._moves = model["nextmove"]
                self._rows = model["nextmove_row"].astype(np.int32) << 8
                self._grams = model["out_feat"].astype(np.int32)
        self._classes = [classes[place] for place in kept]
        first: dict[str, int] = {}
        self._twice = [
            (first[label], place)
            for place, label in enumerate(self._classes)
            if first.setdefault(label, place) != place
        ]
        self.labels = frozenset(self._classes)

    def classify(self, texts: Sequence[str]) -> list[tuple[str, float]]:
        """Return for each text the likeliest language and how likely it is, in [0, 1]."""
        if not texts:
            return []
        encoded = [_encoded(text) for text in texts]
        scores = self._scores(encoded)
        # The root of the length keeps what is said of short and of long texts comparable.
        scores *= np.array([len(text) or 1 for text in encoded], np.float32)[:, None] ** -0.5
        scores = np.exp(scores - scores.max(1, keepdims=True))
        scores /= scores.sum(1, keepdims=True)
        for kept, other in self._twice:
            scores[:, kept] += scores[:, other]
            scores[:, other] = 0
        best = scores.argmax(1)
        chances = scores[np.arange(len(texts)), best].tolist()
        labels = [self._classes[place] for place in best.tolist()]
        return list(zip(labels, chances, strict=True))

    def _scores(self, encoded: Sequence[bytes]) -> NDArray[np.float32]:
        grams = self._grams_in(encoded)
        ends = np.cumsum([len(text) + 1 for text in encoded])
        scores = np.zeros((len(encoded), len(self._classes)), np.float32)
        for place, (start, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True)):
            of_text = grams[start:end]
            seen, counts = np.unique(of_text[of_text >= 0], return_counts=True)
            if len(seen):
                weights = np.log1p(counts.astype(np.float32))
                scores[place] = weights @ self._table.take(seen, 0) + self._priors
        return scores

    def _grams_in(self, encoded: Sequence[bytes]) -> NDArray[np.int32]:
        """Return which n-gram ends at each byte of the texts, one behind the other; -1 for none."""
        parts = bytes([_PARTS])
        size = sum(map(len, encoded)) + len(encoded)
        lane = int((size * _LONGEST_GRAM / _STEP_IN_BYTES) ** 0.5)
        lane = min(max(lane, _SHORTEST_LANE), _LONGEST_LANE)
        lanes = -(-size // lane)
        before = parts * _LONGEST_GRAM
        text = b"".join(
            (before, *(each + parts for each in encoded), parts * (lanes * lane - size))
        )
        windows = np.lib.stride_tricks.sliding_window_view(
            np.frombuffer(text, np.uint8), _LONGEST_GRAM + lane
        )[::lane]
        states = np.zeros(lanes, np.intp)
        found = np.empty((lane, lanes), np.int32)
        for step, letters in enumerate(np.ascontiguousarray(windows.T)):
            states = self._moves.take(self._rows.take(states) + letters)
            if step >= _LONGEST_GRAM:
                self._grams.take(states, out=found[step - _LONGEST_GRAM], mode="clip")
        return found.T.ravel()[:size]


def _encoded(text: str) -> bytes:
    text = text.lower() if text.isupper() else text
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
