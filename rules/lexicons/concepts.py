"""Which concepts of the news lexicon words of a text name, fast enough for every article.

A form is known by the key of its words, each shortened so that endings do not matter, or of its
signs where words have no spaces; keys are made one word or sign after the other, of many forms at
once. Of a longer word more is kept, so a form has a key for each length that its inflected forms
may have. A key begins with bits of its language: of a mapped file only those parts are read that
are of languages in which texts come. Numbers are little-endian, the longest first, so that all
stand where they are read fastest: how many keys, concepts and names of keys that have several, or
none, and names of whole words; these, each with what is known of the letters behind its stem above
it; the first 32 bits of the keys, in order; what is said of each: how long the longest form is that
begins so (4 bits), whether it has one name (a bit), and that name (27 bits; if the first is set,
which of those of whole words), or else where its
names are counted; these counts, each before its names; the numbers of the concepts; 16 more bits
of the keys; a bit for each beginning that some key has, because most are looked for in vain.
"""

import mmap
import re
import struct
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.runs import each_once, spread
from common.stems import LETTERS_AND_MARKS, SPACELESS
from rules.lexicons.news_source import ENGLISH, SIGNS, Concept, number_of
from rules.lexicons.story_words import WORD
from rules.text.folding import fold

if TYPE_CHECKING:
    from common.native.kernel import Kernel

Keys = NDArray[np.uint64]
Places = NDArray[np.int64]
Signs = NDArray[np.uint32]

_BITS = 23
_SOME, _SOME_FROM = np.uint64((1 << _BITS) - 1), np.uint64(24)
_OF_LANGUAGE = 0xFF << 56
_WHAT_BITS = np.uint64(32)
_WHAT = np.uint64((1 << 32) - 1)
_TOP, _REST = np.uint64(32), np.uint64(16)
_NAME_BITS = 27
_SEVERAL = 1 << _NAME_BITS
_NAME = np.uint32(_SEVERAL - 1)
_WHOLE_NAME = 1 << (_NAME_BITS - 1)
_LONGEST_BITS = np.uint32(_NAME_BITS + 1)
_COUNTS = struct.Struct("<IIII")
_WHOLE_WORDS = frozenset({"place"})
"""Kinds that more words begin as than are forms of: the wind, viento, begins as vienés."""
_CAPITALIZED = frozenset({"place", "name"})
"""Kinds of which a form with a capital is written so everywhere."""
_WORDS = re.compile(rf"[{LETTERS_AND_MARKS}]+")
_WHOLE = (1 << 64) - 1
_TIMES = 0x9E3779B97F4A7C15
_OF_A_SIGN = 0xD6E8FEB86659FD93
_MANY = 100
"""So many keys lie all over the file: with what the system maps around each, most of it is in
memory once they were looked up."""


class Named(NamedTuple):
    """The concepts that forms name, those of one form after those of the other.

    Attributes:
        counts: How many each form names.
        numbers: The concepts', the same in every language and edition; odd if one is general.
        is_acronym: Which count in capitals only.
        has_capital: Which are called so with a capital only: places, and persons.
        lengths: Of the form's last word as the lexicon has it; 0 where words have no spaces.
        behind: What `letters_behind` says of that word, where its beginning is not enough; else 0.
    """

    counts: Places
    numbers: Places
    is_acronym: NDArray[np.bool_]
    has_capital: NDArray[np.bool_]
    lengths: Places
    behind: Signs


def pack_concepts(concepts: Iterable[Concept]) -> bytes:
    """Return the forms of all concepts as one section.

    What says little alone (former, result) is general.
    """
    named, what, begun, longest_begun, numbers = _keys_of(concepts)
    keys = each_once(np.concatenate((named, begun)) >> _REST)
    is_whole = what >> _WHAT_BITS > 0
    wholes = each_once(what[is_whole])
    what[is_whole] = wholes.searchsorted(what[is_whole]).astype(np.uint64) | np.uint64(_WHOLE_NAME)
    pairs = each_once(keys.searchsorted(named >> _REST).astype(np.uint64) << _WHAT_BITS | what)
    of_key = (pairs >> _WHAT_BITS).astype(np.intp)
    names = (pairs & ((np.uint64(1) << _WHAT_BITS) - np.uint64(1))).astype("<u4")
    told, several = _told(np.bincount(of_key, minlength=len(keys)), names)
    longest = np.zeros(len(keys), dtype=np.uint32)
    np.maximum.at(longest, keys.searchsorted(begun >> _REST), longest_begun)
    bits = np.zeros(1 << _BITS, dtype=np.uint8)
    bits[keys >> (_SOME_FROM - _REST) & _SOME] = 1
    return b"".join(
        (
            _COUNTS.pack(len(keys), len(numbers), len(several), len(wholes)),
            wholes.astype("<u8").tobytes(),
            (keys >> _REST).astype("<u4").tobytes(),
            (told | longest << _LONGEST_BITS).astype("<u4").tobytes(),
            several.tobytes(),
            numbers.tobytes(),
            keys.astype("<u2").tobytes(),
            np.packbits(bits, bitorder="little").tobytes(),
        )
    )


def _told(counts: NDArray[np.int64], names: NDArray[np.uint32]) -> tuple[Signs, Signs]:
    """Return what is said of each key, and the names of those that have not just one.

    Args:
        counts: How many names each has; those of one key stand together.
    """
    starts = counts.cumsum() - counts
    told = np.zeros(len(counts), dtype=np.uint32)
    told[counts == 1] = names[starts[counts == 1]]
    others = np.flatnonzero(counts != 1)
    each = counts[others]
    told[others] = _SEVERAL | (each + 1).cumsum() - each - 1
    several = np.zeros(int((each + 1).sum()), dtype="<u4")
    several[told[others] & _NAME] = each
    several[spread((told[others] & _NAME) + 1, each)] = names[spread(starts[others], each)]
    if len(names) and (names.max() > _NAME or len(several) > _NAME):
        raise ValueError("too many concepts for what is packed of a key")
    return told, several


class _Keys(NamedTuple):
    """The keys of forms.

    Attributes:
        named: Of whole forms.
        what: For each of these, which concept (from the eighth bit), the acronyms' bit, that of
            names with a capital, and how long the last word is; above 32 bits what is behind its
            stem, if the whole word counts.
        begun: Of what longer forms begin with.
        longest: How many words or signs the form has that begins so.
        numbers: The concepts'.
    """

    named: Keys
    what: Keys
    begun: Keys
    longest: NDArray[np.uint8]
    numbers: Signs


_FORM = np.dtype(
    [
        ("language", "<u8"),
        ("end", "<u4"),
        ("what", "<u4"),
        ("is_spaceless", "<u4"),
        ("is_acronym", "<u4"),
        ("is_whole", "<u4"),
    ],
    align=True,
)
_AT_ONCE = 20_000
"""Forms whose keys are made at once: more would take more memory, and no less time."""
_MOST_NAMED, _MOST_BEGUN = 5, 11
"""So many keys a form has at most, as a whole and for what it begins with."""


def _keys_of(concepts: Iterable[Concept]) -> _Keys:
    """Return the keys of all forms, in the order of the forms."""
    from common.native.kernel import Kernel  # which is slow to import, and often not needed

    kernel = Kernel(Path(__file__).with_name("keys.wasm"))
    parts: list[tuple[NDArray[Any], ...]] = []
    numbers: list[int] = []
    forms: list[tuple[int, int, bool, bool, bool]] = []
    texts: list[str] = []
    languages: dict[str, tuple[int, bool]] = {}
    for number, concept in enumerate(concepts):
        is_general = concept.kind == WORD or concept.forms[ENGLISH][0][0] in "+~"
        is_whole = concept.kind in _WHOLE_WORDS
        numbers.append(number_of(concept.id) | is_general)
        for language, every in concept.forms.items():
            if language not in languages:
                languages[language] = hash_of(language), language in SPACELESS
            key, is_spaceless = languages[language]
            for written in every:
                is_acronym = written[0] == "@"
                bare = written[1:] if written[0] in SIGNS else written
                has_capital = concept.kind in _CAPITALIZED and bare[0].isupper()
                said = number << 8 | is_acronym << 7 | has_capital << 6
                texts.append(fold(bare))
                forms.append((key, said, is_spaceless, is_acronym, is_whole))
        if len(forms) >= _AT_ONCE:
            parts.append(_keys_of_some(kernel, texts, forms))
            texts, forms = [], []
    parts.append(_keys_of_some(kernel, texts, forms))
    named, what, begun, longest = (np.concatenate(each) for each in zip(*parts, strict=True))
    return _Keys(named, what, begun, longest, np.array(numbers, "<u4"))


def _keys_of_some(
    kernel: "Kernel", texts: list[str], forms: list[tuple[int, int, bool, bool, bool]]
) -> tuple[NDArray[Any], ...]:
    """Return the first four of `_Keys`, of some folded forms.

    Args:
        forms: The key of the language, what is said but for the length, whether the language has
            no spaces, whether it is an acronym, whether only the whole word counts.
    """
    columns = np.zeros(len(forms), _FORM)
    for name, column in zip(
        ("language", "what", "is_spaceless", "is_acronym", "is_whole"),
        zip(*forms, strict=True),
        strict=False,
    ):
        columns[name] = column
    columns["end"] = np.cumsum([len(text) for text in texts])
    joined = "".join(texts)
    letters = np.frombuffer(joined.encode("utf-32-le"), "<u4")
    in_words = np.zeros(0x110000, np.uint8)
    in_words[[ord(letter) for letter in {*joined} if _WORDS.match(letter)]] = 1
    before = kernel.mark()
    given = [kernel.put(each) for each in (letters, in_words[letters], columns.view(np.uint8))]
    named, begun = _MOST_NAMED * len(forms), _MOST_BEGUN * len(forms)
    rooms = [kernel.take(count, np.uint64) for count in (named, named, begun)]
    rooms.append(kernel.take(begun))
    counts = kernel.call("keys_of", *given, len(forms), *rooms)
    said, started = counts & 0xFFFFFFFF, counts >> 32
    told = zip(rooms, (said, said, started), strict=False)
    keys = [kernel.view(at, np.uint64, count).copy() for at, count in told]
    made = (*keys, kernel.view(rooms[-1], np.uint8, started).copy())
    kernel.release(before)
    return made


def hash_of(text: str) -> int:
    """Return what a word, shortened, adds to a key, which begins with that of the language."""
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


class Concepts:
    """The packed section, opened; safe to share among threads.

    Of a mapped file what was read stays in memory only until many keys were looked up.
    """

    def __init__(self, data: bytes | memoryview) -> None:
        keys, concepts, several, wholes = _COUNTS.unpack_from(data)
        at = _COUNTS.size
        self._wholes = _numbers(data, np.uint64, wholes, at)
        at += self._wholes.nbytes
        self._tops = _numbers(data, np.uint32, keys, at)
        at += self._tops.nbytes
        self._told = _numbers(data, np.uint32, keys, at)
        at += self._told.nbytes
        self._several = _numbers(data, np.uint32, several, at)
        at += self._several.nbytes
        self._numbers = _numbers(data, np.uint32, concepts, at)
        at += self._numbers.nbytes
        self._rests = _numbers(data, np.uint16, keys, at)
        self._some = np.frombuffer(data, np.uint8, -1, at + self._rests.nbytes)
        self._mapping = _mapping_of(data)
        self._looked_up = 0

    def hashes_of(self, texts: Sequence[str]) -> Keys:
        """Return what words, shortened, add to keys; the key of a language has no words yet."""
        digests = [blake2b(each.encode("utf-8", "replace"), digest_size=8) for each in texts]
        return np.frombuffer(b"".join([each.digest() for each in digests]), "<u8")

    def with_words(self, keys: Keys, hashes: Keys) -> Keys:
        """Return the keys of forms that go on with these words."""
        of_words = (keys * np.uint64(_TIMES) + hashes) & np.uint64(_WHOLE ^ _OF_LANGUAGE)
        return of_words | keys & np.uint64(_OF_LANGUAGE)

    def with_signs(self, keys: Keys, signs: NDArray[np.uint32]) -> Keys:
        """Return the keys of forms that go on with these signs, in a text without spaces."""
        return self.with_words(keys, signs * np.uint64(_OF_A_SIGN))

    def places(self, keys: Keys) -> Places:
        """Return where these forms, or longer ones that begin so, are known; -1 where not."""
        short = keys >> _SOME_FROM & _SOME
        may_be = self._some[short >> np.uint64(3)] >> (short & np.uint64(7)).astype(np.uint8) & 1
        likely = np.flatnonzero(may_be)
        found = np.full(len(keys), -1, dtype=np.int64)
        if len(likely) and len(self._tops):
            tops, rests = (keys[likely] >> _TOP).astype(np.uint32), keys[likely] >> _REST
            found[likely] = self._place_of(tops, rests.astype(np.uint16))
        self._count(len(keys))
        return found

    def _place_of(self, tops: Signs, rests: NDArray[np.uint16]) -> Places:
        """Return where the keys are that begin with these bits; -1 where not."""
        at, last = self._tops.searchsorted(tops), len(self._tops) - 1
        found = np.full(len(tops), -1, dtype=np.int64)
        left = np.flatnonzero(at <= last)
        while len(left):  # once, nearly always: two seldom begin with the same
            left = left[self._tops[at[left]] == tops[left]]
            is_it = self._rests[at[left]] == rests[left]
            found[left[is_it]] = at[left[is_it]]
            left = left[~is_it & (at[left] < last)]
            at[left] += 1
        return found

    def longest(self, places: Places) -> Places:
        """Return how many words or signs the longest form has that begins so; 0: there is none."""
        if not len(self._told):
            return np.zeros(len(places), dtype=np.int64)
        longest = np.where(places < 0, 0, self._told[places] >> _LONGEST_BITS).astype(np.int64)
        self._count(len(places))
        return longest

    def named(self, places: Places) -> Named:
        """Return what forms name, at places that are known."""
        told = self._told[places]
        others = np.flatnonzero(told & np.uint32(_SEVERAL))
        at, counts = told[others] & _NAME, np.ones(len(told), dtype=np.int64)
        counts[others] = self._several[at]
        said = (told & _NAME).astype(np.int64).repeat(counts)
        starts = counts.cumsum() - counts
        own = counts[others]
        said[spread(starts[others], own)] = self._several[spread(at.astype(np.int64) + 1, own)]
        behind = np.zeros(len(said), dtype=np.uint32)
        are_whole = np.flatnonzero(said & _WHOLE_NAME)
        wholes = self._wholes[said[are_whole] ^ _WHOLE_NAME]
        behind[are_whole] = wholes >> _WHAT_BITS
        said[are_whole] = (wholes & _WHAT).astype(np.int64)
        numbers = self._numbers[said >> 8].astype(np.int64)
        self._count(len(places))
        return Named(counts, numbers, (said & 128) > 0, (said & 64) > 0, said & 63, behind)

    def _count(self, looked_up: int) -> None:
        """Let what was read of a mapped file be the system's own again, once it was much.

        The system has it still: to have all of 20 MB back takes a millisecond.
        """
        self._looked_up += looked_up
        if self._looked_up >= _MANY and self._mapping is not None:
            self._looked_up = 0
            self._mapping.madvise(mmap.MADV_DONTNEED)


def _mapping_of(data: bytes | memoryview) -> mmap.mmap | None:
    """Return the mapped file that this is of, if it is of one and the system can be told."""
    of = data.obj if isinstance(data, memoryview) else None
    return of if isinstance(of, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED") else None


def _numbers(data: bytes | memoryview, kind: type, count: int, at: int) -> NDArray[Any]:
    little = np.frombuffer(data, np.dtype(kind).newbyteorder("<"), count, at)
    # Not copied if need not be: of a mapped file only what is looked up is read.
    return little if little.flags.aligned and little.dtype.isnative else little.astype(kind)
