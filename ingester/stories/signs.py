"""Signs: what stands for words, concepts, names and numbers."""

from collections.abc import Callable, Sequence, Set
from enum import IntEnum
from itertools import repeat
from typing import NamedTuple, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Signs = NDArray[np.uint32]
Floats = NDArray[np.float32]
Places = NDArray[np.int64]
Keys = NDArray[np.uint64]
Sign = int
"""The hash of a sign, 32 bits."""
Fold = Callable[[str], str]
Common = Callable[[str], Set[str]]
"""Returns a language's common words, folded."""


class Misread(Protocol):
    """Tells words from names that they only begin as."""

    def __call__(
        self, word: str, language: str, length: int, behind: int, *, is_small: bool
    ) -> bool:
        """Return whether a word, folded, that begins as a name does is no form of that name.

        Args:
            length: Of the name, in letters.
            behind: What `letters_behind` says of the name.
            is_small: Whether the word has no capital, in a script that has some.
        """
        ...


_CRC = np.array([crc32(bytes([n])) ^ crc32(b"\0") for n in range(256)], dtype=np.uint32)
_WIDTHS = np.array([0x80, 0x800, 0x10000], dtype=np.uint32)
_LEADS = np.array([0, 0xC0, 0xE0, 0xF0], dtype=np.uint32)
_BITS_BEHIND = np.array([0, 6, 12, 18], dtype=np.uint32)
_SURROGATES = np.uint32(0xD800 >> 11)


class Told(IntEnum):
    """What a sign is; the last two bits of it. General concepts are said of any event."""

    CONCEPT = 0
    NUMBER = 1
    NAME = 2
    GENERAL = 3


class Commonplace(NamedTuple):
    """The signs of concepts by how well they tell events from others.

    Attributes:
        everyday: Any event's report may name them.
        recurring: Reported every day of other days and places.
        incidents: What happens in many places on one day.
        naming: Places, institutions and persons, which are names in any language.
        callings: What a name stands beside that says who or what bears it: minister, company.
        places: Of those that are naming, the places, and what is called after them.
    """

    everyday: frozenset[Sign]
    recurring: frozenset[Sign]
    incidents: frozenset[Sign]
    naming: frozenset[Sign]
    callings: frozenset[Sign]
    places: frozenset[Sign]


class Named(Protocol):
    """The concepts that forms name, those of one form after those of the other.

    Attributes:
        counts: How many each form names.
        numbers: Of the concepts; odd if one is general.
        is_acronym: Which count in capitals only.
        has_capital: Which are called so with a capital only.
        lengths: Of the form's last word; 0 where words have no spaces.
        behind: What `letters_behind` says of that word, where its beginning is not enough; else 0.
    """

    @property
    def counts(self) -> Places: ...
    @property
    def numbers(self) -> Places: ...
    @property
    def is_acronym(self) -> NDArray[np.bool_]: ...
    @property
    def has_capital(self) -> NDArray[np.bool_]: ...
    @property
    def lengths(self) -> Places: ...
    @property
    def behind(self) -> Signs: ...


class Concepts(Protocol):
    """What words of a language name, by concepts that are the same in every language.

    Forms are looked up by keys: that of a form is made of that of its beginning.
    """

    def hashes_of(self, texts: Sequence[str]) -> Keys:
        """Return what words, shortened, add to keys; the key of a language has no words yet."""
        ...

    def with_words(self, keys: Keys, hashes: Keys) -> Keys:
        """Return the keys of forms that go on with these words."""
        ...

    def with_signs(self, keys: Keys, signs: Signs) -> Keys:
        """Return the keys of forms that go on with these signs, in a text without spaces."""
        ...

    def places(self, keys: Keys) -> Places:
        """Return where these forms, or longer ones that begin so, are known; -1 where not."""
        ...

    def longest(self, places: Places) -> Places:
        """Return how many words or signs the longest form has that begins so; 0: there is none."""
        ...

    def named(self, places: Places) -> Named:
        """Return what forms name, at places that are known."""
        ...


def are_among(signs: Signs, others: Signs) -> NDArray[np.bool_]:
    """Return which of these are among others that are in order: a fifth of what `isin` takes."""
    if not len(others):
        return np.zeros(len(signs), dtype=np.bool_)
    return np.asarray(others.take(others.searchsorted(signs), mode="clip") == signs)


def nothing_known(language: str) -> frozenset[str]:
    """Return that no word is known to be common."""
    return frozenset()


def nothing_misread(word: str, language: str, length: int, behind: int, *, is_small: bool) -> bool:
    """Return that no word is known to be another than it begins as."""
    return False


def word_signs(stems: Sequence[str], is_common: NDArray[np.bool_]) -> Signs:
    """Return the signs of words: odd if they are short enough to be common ones."""
    return checksums(stems, b"w") & np.uint32(0xFFFFFFFE) | is_common


def checksums(texts: Sequence[str], begun: bytes = b"") -> Signs:
    """Return the CRC-32 of each of these texts, behind what it is begun with."""
    written = [each.encode("utf-8", "replace") for each in texts]
    return np.fromiter(map(crc32, written, repeat(crc32(begun))), np.uint32, len(texts))


def signs_of_pairs(first: Signs, second: Signs) -> Signs:
    """Return what `word_signs` does of words of two characters each, given as code points."""
    crc = np.full(len(first), crc32(b"w") ^ 0xFFFFFFFF, dtype=np.uint32)
    for points in (first, second):
        crc = _with_characters(crc, points)
    return (crc ^ np.uint32(0xFFFFFFFF)) & np.uint32(0xFFFFFFFE)


def _with_characters(crc: Signs, points: Signs) -> Signs:
    """Go on with a CRC-32 each, by the bytes of a character each in UTF-8."""
    # What cannot be encoded is replaced.
    points = np.where(points >> np.uint32(11) == _SURROGATES, np.uint32(ord("?")), points)
    width = np.searchsorted(_WIDTHS, points, "right")
    crc = _with_bytes(crc, points >> (_BITS_BEHIND[width]) | _LEADS[width])
    for behind in range(int(width.max(initial=0)), 0, -1):
        trail = points >> np.uint32(6 * (behind - 1)) & np.uint32(0x3F) | np.uint32(0x80)
        crc = np.where(width >= behind, _with_bytes(crc, trail), crc)
    return crc


def _with_bytes(crc: Signs, given: Signs) -> Signs:
    stepped: Signs = _CRC[(crc ^ given) & np.uint32(0xFF)] ^ crc >> np.uint32(8)
    return stepped


def concept_signs(numbers: Places) -> Signs:
    """Return the signs of concepts."""
    told = np.where(numbers & 1, int(Told.GENERAL), int(Told.CONCEPT))
    return (numbers & ~3 | told).astype(np.uint32)


def number_sign(digits: str) -> Sign:
    """Return the sign of a number, given without zeros before it; 0 of one digit.

    Some write 82,000 where others write 82 thousand.
    """
    while len(digits) > 4 and digits.endswith("000"):
        digits = digits[:-3]
    if len(digits) < 2:
        return 0
    return crc32(b"n" + digits.encode("utf-8", "replace")) & ~3 | Told.NUMBER


PLAIN_NUMBERS = frozenset(
    number_sign(str(n))
    for n in (
        *range(10, 100),
        *range(100, 10_000, 100),
        *range(1900, 2100),
        *(tenths / 10 for tenths in range(1, 50) if tenths % 10),
        *(quarters / 4 for quarters in range(1, 60, 2)),
    )
)
"""The signs of numbers that any report may say: ages and minutes, counts that are rounded, years,
rates of interest. Few others are said of two events.
"""
