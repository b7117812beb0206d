"""Which ways a word may be a part of, by its first consonants and the vowels before each.

What `loud_sounds` says of one word of a text and one of rules, for all words of rules at once, as
bits, one place of a word at a time.
"""

from rules.index.loud_sounds import LoudSounds, costs_between
from rules.languages.phonemes import Profile

_PLACES = 3

Bits = tuple[int, int, int]
"""Ways, as bits, of which a word may be the leading word, another, or the only one."""

NO_BITS: Bits = (0, 0, 0)


def united(one: Bits, other: Bits) -> Bits:
    """Return the ways of either."""
    return one[0] | other[0], one[1] | other[1], one[2] | other[2]


def shared(one: Bits, other: Bits) -> Bits:
    """Return the ways of both."""
    return one[0] & other[0], one[1] & other[1], one[2] & other[2]


class PieceMasks:
    """Ways by the pieces of their words."""

    def __init__(self) -> None:
        self._groups: list[dict[tuple[str, float, Profile], Bits]] = [{} for _ in range(_PLACES)]
        self._free = [NO_BITS] * _PLACES
        self._masks: dict[Profile, tuple[dict[str, Bits], ...]] = {}

    def add(self, loud: LoudSounds, bits: Bits) -> None:
        """Add a word of ways."""
        self._masks = {}
        for place, groups in enumerate(self._groups):
            if place < len(loud.pieces):
                key = (loud.pieces[place], loud.room, loud.profile)
                groups[key] = united(groups.get(key, NO_BITS), bits)
            else:
                self._free[place] = united(self._free[place], bits)

    def masked(self, bits: Bits, pieces: tuple[str, ...], heard: Profile) -> Bits:
        """Return the ways of which a word may still be the part."""
        masks = self._masks.get(heard)
        if masks is None:
            masks = self._masks[heard] = tuple({} for _ in range(_PLACES))
        for place, piece in enumerate(pieces[:_PLACES]):
            mask = masks[place].get(piece)
            if mask is None:
                mask = masks[place][piece] = self._mask(place, piece, heard)
            bits = shared(bits, mask)
        return bits

    def _mask(self, place: int, piece: str, heard: Profile) -> Bits:
        found = self._free[place]
        for (own, room, profile), bits in self._groups[place].items():
            if own == piece or costs_between(heard, profile)[own, piece] <= room:
                found = united(found, bits)
        return found
