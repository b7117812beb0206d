"""Which concepts of the news lexicon words of a text name, fast enough for every article.

Keyed by language and shortened words, so that endings do not matter; packed with the lexicon.
Numbers are little-endian: how many keys; then the keys, in order; then what each says; then a bit
for each short hash that some key has, because most words are looked for in vain.
"""

import re
import struct
from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from common.stems import LETTERS_AND_MARKS, SPACELESS, shortened
from rules.lexicons.news_source import ENGLISH, SIGNS, Concept
from rules.text.folding import fold

MOST_WORDS = 4
MOST_SIGNS = 12
"""So long is the longest form that is looked for, where words have no spaces between them."""

_BITS = 23
_SHORT = (1 << _BITS) - 1
_COUNT = struct.Struct("<I")
_WORDS = re.compile(rf"[{LETTERS_AND_MARKS}]+")
_BEGINS = 0xFFFFFF
"""In the place of a concept: longer forms begin so, the longest with so many words or signs."""


class Named(NamedTuple):
    """A concept that a form names.

    Attributes:
        number: The concept's, the same in every language.
        is_acronym: Whether it counts in capitals only.
        length: Of the form's last word as the lexicon has it; 0 where words have no spaces.
    """

    number: int
    is_acronym: bool
    length: int


class Entry(NamedTuple):
    """What is known under a word: what it names, and how long forms that begin so may be."""

    named: tuple[Named, ...]
    longest: int


_NOTHING = Entry((), 0)


def pack_concepts(concepts: Iterable[Concept]) -> bytes:
    """Return the forms of all concepts, each concept known by its place, as one section.

    What says nothing alone (former, result) tells no event from another, and is left out.
    """
    said: dict[str, set[int]] = {}
    longest: dict[tuple[str, str], int] = {}
    for number, concept in enumerate(concepts):
        if concept.forms[ENGLISH][0].startswith("~"):
            continue
        for language, forms in concept.forms.items():
            for form in forms:
                _add(said, longest, language, form, number)
    for (language, begins), length in longest.items():
        said.setdefault(f"{language}\t{begins}", set()).add(_BEGINS << 8 | length)
    ordered = sorted((_key(text), value) for text, values in said.items() for value in values)
    keys = np.array([key for key, _ in ordered], dtype="<u8")
    what = np.array([value for _, value in ordered], dtype="<u4")
    bits = np.zeros(1 << _BITS, dtype=np.uint8)
    bits[[_short(text) for text in said]] = 1
    some = np.packbits(bits, bitorder="little").tobytes()
    return _COUNT.pack(len(ordered)) + keys.tobytes() + what.tobytes() + some


def _add(
    said: dict[str, set[int]],
    longest: dict[tuple[str, str], int],
    language: str,
    written: str,
    number: int,
) -> None:
    is_acronym = written[0] == "@"
    folded = fold(written[1:] if written[0] in SIGNS else written)
    if language in SPACELESS:
        if not 2 <= len(folded) <= MOST_SIGNS:
            return
        begins, length, last, key = folded[:2], len(folded), 0, folded
    else:
        words = _WORDS.findall(folded)
        if not words or len(words) > MOST_WORDS or len(folded) < 2:
            return
        stems = [shortened(word) for word in words]
        begins, length, last, key = stems[0], len(words), len(words[-1]), " ".join(stems)
    what = number << 8 | is_acronym << 7 | min(last, 127)
    said.setdefault(f"{language}\t{key}", set()).add(what)
    if length > 1:
        longest[language, begins] = max(length, longest.get((language, begins), 0))


def _key(text: str) -> int:
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _short(text: str) -> int:
    return crc32(text.encode("utf-8", "replace")) & _SHORT


class Concepts:
    """The packed section, opened; safe to share among threads."""

    _MOST_KEPT = 8_000

    def __init__(self, data: bytes | memoryview) -> None:
        (count,) = _COUNT.unpack_from(data)
        at = _COUNT.size
        # Copied: the section may begin anywhere, and numbers are read fastest where they belong.
        self._keys: NDArray[np.uint64] = np.frombuffer(data, "<u8", count, at).copy()
        self._said: NDArray[np.uint32] = np.frombuffer(data, "<u4", count, at + 8 * count).copy()
        self._some = bytes(memoryview(data)[at + 12 * count :])
        self._kept: dict[str, Entry] = {}

    def entry(self, language: str, text: str) -> Entry:
        """Return what is known of these words, each `shortened`, or signs, of a language."""
        asked = f"{language}\t{text}"
        short = _short(asked)
        if not self._some[short >> 3] >> (short & 7) & 1:
            return _NOTHING
        known = self._kept.get(asked)
        if known is None:
            if len(self._kept) >= self._MOST_KEPT:
                self._kept.clear()
            known = self._kept[asked] = self._entry(asked)
        return known

    def _entry(self, asked: str) -> Entry:
        key = np.uint64(_key(asked))
        first = int(np.searchsorted(self._keys, key))
        named, longest = [], 0
        for place in range(first, len(self._keys)):
            if self._keys[place] != key:
                break
            said = int(self._said[place])
            if said >> 8 == _BEGINS:
                longest = said & 127
            else:
                named.append(Named(said >> 8, bool(said & 128), said & 127))
        return Entry(tuple(named), longest) if named or longest else _NOTHING
