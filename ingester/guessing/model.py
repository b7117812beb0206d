"""How likely texts are in which language: py3langid's model, packed, and read by native code."""

import threading
import unicodedata
import zlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from common.native.kernel import Kernel

PACKED = Path(__file__).with_name("model.bin")
_KERNEL = Path(__file__).with_name("guess.wasm")

NO_GROUP = 255
"""In the place of how many languages a group of bytes speaks for: it is only the way to others."""

LOWEST, STEP = 3.0, 0.135
"""What the first code is worth that a group says for a language, and each further one more."""

_CALM = 0.9
"""Without the noise that py3langid's own model has it would be surer than it is right."""

_MOST_COUNTED = 8_192
"""A group counts no more that a text holds more often: longer texts are not asked about."""


class LanguageModel:
    """What is known of languages. Safe to use from many threads.

    Attributes:
        classes: What it tells apart; a language that is written in two scripts is there twice.
        labels: All languages that it knows.
    """

    def __init__(
        self,
        one_code: Mapping[str, str] = MappingProxyType({}),
        alike: Collection[Collection[str]] = (),
    ) -> None:
        """Learn the languages.

        Args:
            one_code: The code that is said for others: what speaks for several of one code speaks
                for one language. A short text in Chinese is as likely Wu or Cantonese.
            alike: Languages of which the likeliest is as likely as all of them: most sentences in
                Serbian may be Croatian or Bosnian.
        """
        self._kernel = Kernel(_KERNEL)
        self._lock = threading.Lock()
        self._room = 0, 0
        self.classes = self._learn(zlib.decompress(PACKED.read_bytes()))
        first: dict[str, int] = {}
        self._twice = [
            (first[label], place)
            for place, label in enumerate(one_code.get(label, label) for label in self.classes)
            if first.setdefault(label, place) != place
        ]
        self.labels = frozenset(self.classes)
        self._alike = np.eye(len(self.classes), dtype=np.float32)
        for group in alike:
            places = [place for place, label in enumerate(self.classes) if label in group]
            self._alike[np.ix_(places, places)] = 1

    def _learn(self, data: bytes) -> list[str]:
        """Give the kernel what `pack.py` has packed; return the languages' names."""
        kernel = self._kernel
        nodes, sayings, classes, named = np.frombuffer(data, "<u4", 4).tolist()
        parts, at = list[int](), 16
        for size in (4 * classes, 4 * classes, nodes, nodes, nodes, sayings, sayings):
            parts.append(kernel.put(np.frombuffer(data, np.uint8, size, at)))
            at += size
        floors, priors, children, last, said, languages, codes = parts
        worth = kernel.put(LOWEST + STEP * np.arange(256, dtype=np.float32))
        weights = kernel.put(np.log1p(np.arange(_MOST_COUNTED + 1, dtype=np.float32)))
        kernel.call("plant", nodes, children, last)
        kernel.call("teach", classes, said, languages, codes, sayings)
        kernel.call("weigh", worth, floors, priors, weights, _MOST_COUNTED)
        return data[at : at + named].decode().split()

    def classify(self, texts: Sequence[str]) -> list[tuple[str, float]]:
        """Return for each text the likeliest language and how likely it is, in [0, 1]."""
        if not texts:
            return []
        encoded = [_encoded(text) for text in texts]
        lengths = np.array([len(text) or 1 for text in encoded], np.float32)
        # The root of the length keeps what is said of short and of long texts comparable.
        scores = self.scores(encoded) * (_CALM * lengths[:, None] ** -0.5)
        scores = np.exp(scores - scores.max(1, keepdims=True))
        scores /= scores.sum(1, keepdims=True)
        for kept, other in self._twice:
            scores[:, kept] += scores[:, other]
            scores[:, other] = 0
        best = scores.argmax(1)
        chances = (scores * self._alike[best]).sum(1).tolist()
        labels = [self.classes[place] for place in best.tolist()]
        return list(zip(labels, chances, strict=True))

    def scores(self, texts: Sequence[bytes]) -> NDArray[np.float32]:
        """Return how much speaks for each of `classes`, a row a text."""
        kernel, size = self._kernel, len(texts) * len(self.classes)
        ends = np.cumsum([len(text) for text in texts], dtype=np.uint32)
        joined = b"".join(texts)
        places, letters = 4 * size, 4 * (size + len(texts))
        with self._lock:
            room = self._room_for(letters + len(joined))
            kernel.write(room + places, ends.tobytes() + joined)
            kernel.call("guess", room + letters, room + places, len(texts), room)
            scores = kernel.read(room, 4 * size)
        return np.frombuffer(scores, np.float32).reshape(len(texts), -1)

    def _room_for(self, size: int) -> int:
        """Return where so many bytes may be written; what was written there before is gone."""
        room, has = self._room
        if size > has:
            has = max(size, 2 * has)
            self._room = room, has = self._kernel.take(has), has
        return room


def _encoded(text: str) -> bytes:
    text = text.lower() if text.isupper() else text
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
