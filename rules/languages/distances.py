"""The distances of a rule's word from each beginning of a word of a text, in native code."""

import struct
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from common.native.kernel import Kernel

SOUNDS = "abcdefghijklmnopqrstuvwxyzN"

_KERNEL = Path(__file__).with_name("distances.wasm")
_GIVEN = struct.Struct("<5d")
_WHOLE, _STEM = 1, 2
_BYTES_OF_A_NUMBER = 8
_LEAST_ROOM = 4_096
_BRIEF = 120
"""So many sounds of both words need no more bytes than the least room has."""

Pairs = tuple[tuple[str, float], ...]
"""Sounds that scripts hardly tell apart, with what taking one for the other costs."""

Costs = Mapping[str, Mapping[str, float]]
"""What one sound for another costs, for both orders."""


class Lenience(NamedTuple):
    """What differences cost.

    Attributes:
        added_vowel: A vowel that only the heard word has.
        missing_vowel: One that only the rule's word has.
        missing_r: An r that the heard word leaves out.
        missing_nasal: An n or m before b, d, g, p or t that it leaves out.
        most: When every distance is greater than this, it is given up.
    """

    added_vowel: float
    missing_vowel: float
    missing_r: float
    missing_nasal: float
    most: float


class Aligner:
    """Aligns words; several threads may ask."""

    def __init__(self, costs_of: Callable[[Pairs], Costs]) -> None:
        """Begin; `costs_of` says what sounds of `SOUNDS` cost where some are hardly told apart."""
        self._costs_of = costs_of
        self._lock = threading.Lock()
        self._kernel: Kernel | None = None
        self._costs: dict[Pairs, int] = {}
        self._at = self._room = 0

    def rows(
        self, pairs: Pairs, lenience: Lenience, own: str, heard: str, *, stem: int, is_abjad: bool
    ) -> tuple[list[float], list[float]]:
        """Return the distances of all of `own`, and of its stem, from each beginning of `heard`.

        Empty if every distance was too great before all of it was looked at.

        Args:
            pairs: Which sounds are hardly told apart.
            stem: How many sounds are its stem; 0 for none.
            is_abjad: Whether `heard` is in a script that writes v for vowels.
        """
        count = len(heard) + 1
        with self._lock:
            kernel = self._kernel or self._ready()
            at = self._room_for(kernel, len(own), len(heard))
            kernel.write(at, _GIVEN.pack(*lenience) + (own + heard).encode())
            costs = self._costs.get(pairs) or self._learn(kernel, pairs)
            said = kernel.call("align", at, costs, len(own), len(heard), stem, is_abjad)
            numbers = kernel.read(said >> 2, 2 * count * _BYTES_OF_A_NUMBER)
        values = struct.unpack(f"<{2 * count}d", numbers)
        whole = list(values[:count]) if said & _WHOLE else []
        return whole, list(values[count:]) if said & _STEM else []

    def _ready(self) -> "Kernel":
        from common.native.kernel import Kernel  # which is slow to import, and often not needed

        self._kernel = Kernel(_KERNEL, is_brief=True)
        return self._kernel

    def _learn(self, kernel: "Kernel", pairs: Pairs) -> int:
        """Hand over a table of costs, and return where it lies; scripts are few."""
        costs = self._costs_of(pairs)
        values = [costs[one][other] for one in SOUNDS for other in SOUNDS]
        table = struct.pack(f"<{len(values)}d", *values)
        at = self._costs[pairs] = kernel.call("take", len(table))
        kernel.write(at, table)
        return at

    def _room_for(self, kernel: "Kernel", own: int, heard: int) -> int:
        needed = kernel.call("room_of", own, heard) if own + heard > _BRIEF else _LEAST_ROOM
        if needed > self._room:
            self._room = max(needed, 2 * self._room)
            self._at = kernel.take(self._room)
        return self._at
