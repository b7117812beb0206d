"""Which stories the articles of a turn may belong to, and how alike they are: see `native/turn.c`.

An index of stories by what tells most of them, in a table of fixed width, and beside it what this
turn was told of some of them. An article is looked at with one call, and few need more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from struct import pack, unpack
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.packed_texts import NumberedTexts
from ingester.stories.prints import packed
from ingester.stories.signs import PLAIN_NUMBERS, Commonplace, Sign
from ingester.stories.sums import Traits, unpacked
from ingester.stories.weights import Weighed

LIVES_FOR_DAYS = 7
"""A story is told for so long after its last article; what comes later is another."""
FOLLOWS_FOR_DAYS = 30
"""What comes so long after it may say that it follows."""
MAY_BE_COPY = 0.8
"""From this likeness on it is worth looking whether the text is the same."""
ALIKE, ALIKE_BY_SYLLABLES = 0.21, 0.25
"""The likeness, of words and signs in one language, from which on two tell the same.

Where syllables are written apart, any two texts share more of them.
"""
BY_SYLLABLES = frozenset({"vi"})
"""Languages that write syllables apart: one alone says little, two are a word, about."""
KEY_PIECES = 4
"""By so many pieces of its text, too, an article finds the stories that it may belong to."""
MOST_STORIES = 1 << 17
_KERNEL = Path(__file__).parent / "native" / "turn.wasm"
_LEAST_BITS, _MOST_BITS = 16, 20
_MOST_PLACES = 1 << 19
"""Twice what there may be when a turn begins."""
_ALIVE, _EARLIER, _COPY, _OTHER = 1, 2, 4, 8
_CITING = 2
_CLASSES = ("everyday", "recurring", "incidents", "naming", "places")
"""What is told of commonplace signs, a bit each, and one more for plain numbers."""
_KEYS_SIZE = 100
"""So many words of 4 bytes `struct keys` has."""
_FOUND = np.dtype([("place", "<u4"), ("kind", "<u4"), ("score", "<f4")])
_NO_SIGNS = np.zeros(0, dtype=np.uint32)


class Look(NamedTuple):
    """What a look for an article's stories has found.

    Attributes:
        size: How many were found, of those that the turn was told of.
        worth: What of them is worth a closer look, as bits; 0: it begins a story of its own.
    """

    size: int
    worth: int


class Near(NamedTuple):
    """Stories that share most with an article, those first that share more.

    Attributes:
        scores: How alike it is to each: from 1 on, one event.
        may_be_copies: Whether one text is the other's for the most part, where that is likely.
        are_others: Which surely tell another event, however alike they are.
        is_citing: Whether it or one of them gives a source.
    """

    ids: Sequence[str]
    scores: Sequence[float]
    may_be_copies: Sequence[bool]
    are_others: Sequence[bool]
    is_citing: bool


_NOBODY = Near([], [], [], [], is_citing=False)


class Nearby:
    """An index of stories by their keys, and what a turn compares with them.

    Not safe to share among threads.

    Args:
        stories: How many there will be, about.
    """

    def __init__(self, stories: int = 0) -> None:
        bits = (stories * 8).bit_length()
        self._bits = min(max(bits, _LEAST_BITS), _MOST_BITS)
        self._ids = NumberedTexts()
        from common.native.kernel import Kernel  # which is slow to import, and often not needed

        self._kernel = kernel = Kernel(_KERNEL)
        kernel.call("begin_index", self._bits, _MOST_PLACES)
        kernel.call("begin_turns", LIVES_FOR_DAYS, FOLLOWS_FOR_DAYS, _bits_of(MAY_BE_COPY))
        self._near_at = kernel.call("near_at")
        self._mark = kernel.mark()
        self._keys: list[bytes] = []
        self._told: dict[str, int] = {}
        self._known: Commonplace | None = None

    def __len__(self) -> int:
        return len(self._ids) - 1

    @property
    def is_full(self) -> bool:
        """Whether it should be made anew: it is too small, or holds what is long forgotten."""
        if self._bits < _MOST_BITS:
            return len(self) * 8 > 1 << self._bits
        return len(self) > 2 * MOST_STORIES

    def file(self, id: str, keys: bytes, day: float) -> None:
        """File a story, told so lately, under these keys; also when it is filed under others.

        Of a key that many have those are found that were filed last.
        """
        self.file_all([(id, keys, day)])

    def file_all(self, stories: Sequence[tuple[str, bytes, float]]) -> None:
        """File stories, one after the other: each with its keys and when it was told."""
        kernel = self._kernel
        mark = kernel.mark()
        places = np.array([self._place(id_) for id_, _, _ in stories], dtype=np.uint32)
        days = np.array([day for _, _, day in stories], dtype=np.float64)
        keys = np.frombuffer(b"".join([keys for _, keys, _ in stories]), np.uint32)
        ends = np.cumsum([len(keys) // 4 for _, keys, _ in stories], dtype=np.uint32)
        rows = [kernel.put(row) for row in (days, keys, ends)]
        kernel.call("file", kernel.put(places), len(stories), *rows)
        kernel.release(mark)

    def leave(self, id: str, keys: bytes) -> None:
        """Find a story no more under these keys, which it was filed under."""
        kernel = self._kernel
        mark = kernel.mark()
        at = kernel.put(np.frombuffer(keys, np.uint8))
        kernel.call("leave", self._place(id), at, len(keys) // 4)
        kernel.release(mark)

    def forget(self, id: str) -> None:
        """Find a story no more."""
        self._told.pop(id, None)
        if place := self._ids.forget(id):
            self._kernel.call("forget", place)

    def begin(
        self, articles: Sequence[Weighed], dated: Sequence[float], seen: Sequence[float]
    ) -> None:
        """Begin a turn with these articles, known by their numbers; what was told is forgotten.

        Args:
            dated: When each was published, in days, or not a number.
            seen: When each was seen first.
        """
        kernel = self._kernel
        kernel.release(self._mark)
        self._told = {}
        if articles and articles[0].commonplace is not self._known:
            self._know(articles[0].commonplace)
        rows = [kernel.put(row) for row in _rows(articles, dated, seen)]
        kernel.call("begin", len(articles), kernel.put(np.array(rows, np.uint32)))
        size = len(articles) * _KEYS_SIZE
        keys = kernel.view(kernel.call("keys_at"), np.uint32, size).reshape(-1, _KEYS_SIZE)
        self._keys = [
            row[1 : 1 + count].tobytes()
            for row, count in zip(keys, keys[:, 0].tolist(), strict=True)
        ]

    def _know(self, known: Commonplace) -> None:
        """Tell what signs are commonplace, which is the same for all articles."""
        kernel = self._kernel
        mark = kernel.mark()
        classes = dict[Sign, int]()
        for bit, signs in enumerate((*(getattr(known, name) for name in _CLASSES), PLAIN_NUMBERS)):
            for sign in signs:
                classes[sign] = classes.get(sign, 0) | 1 << bit
        signs_at = kernel.put(np.array([*classes], dtype=np.uint32))
        classes_at = kernel.put(np.array([*classes.values()], dtype=np.uint8))
        kernel.call("know", signs_at, classes_at, len(classes))
        kernel.release(mark)
        self._known = known

    def end(self) -> None:
        """End a turn: what was told in it is forgotten, and its room goes back to the system."""
        self.begin([], [], [])
        self._kernel.let_go(self._kernel.mark())

    def look_ahead(self) -> list[str]:
        """Return the stories that this turn is to be told of: with others nothing is compared."""
        count = self._kernel.call("look_ahead")
        places = self._kernel.view(self._kernel.call("missing_at"), np.uint32, count).tolist()
        ids = [self._ids[place] for place in places]
        self._told = dict(zip(ids, places, strict=True))
        return ids

    def _place(self, id: str) -> int:
        """Return the place of a story: looked up once a turn."""
        place = self._told.get(id)
        if place is None:
            place = self._told[id] = self._ids.add(id)
        return place

    def keys(self, number: int) -> bytes:
        """Return the keys of an article: what tells most of it, and its text's and addresses'."""
        return self._keys[number]

    def begin_story(self, id: str, number: int) -> None:
        """Tell of a story, and file it, that an article of this turn begins."""
        self._kernel.call("begin_story", self._place(id), number)

    def begin_stories(self, ids: Sequence[str], number: int) -> tuple[int, Look]:
        """Begin stories with articles of this turn, until one is met that may belong to a story.

        Args:
            ids: Of the stories, of which none is filed.
            number: Of the first article; those of the others follow.

        Returns: How many have begun, and what was found for the one that was met.
        """
        met = self._kernel.call("begin_stories", number, number + len(ids), len(self._ids))
        end, found = met & 0xFFFFFFFF, met >> 32
        for id_ in ids[: end - number]:
            self._told[id_] = self._ids.add(id_)
        return end - number, _look_of(found)

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and self._ids.number(id) > 0

    def grow(self, id: str, number: int) -> bool:
        """Add an article of this turn to a story, and file it under its keys, too.

        Returns: Whether the turn was told of the story; if not, nothing has happened.
        """
        return self._kernel.call("grow", self._place(id), number) > 0

    def packed(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Return what `sums.packed` makes of stories that were told in this turn."""
        each = [*ids]
        return dict(zip(each, self._packed(each, are_half=True), strict=True))

    def traits(self, id: str) -> Traits:
        """Return a story that was told in this turn as it is now."""
        [whole] = self._packed([id], are_half=False)
        return unpacked(whole, is_half=False)

    def _packed(self, ids: Sequence[str], *, are_half: bool) -> list[bytes]:
        kernel = self._kernel
        mark = kernel.mark()
        places = kernel.put(np.array([*map(self._place, ids)], dtype=np.uint32))
        at = kernel.call("pack", places, len(ids), are_half)
        ends = kernel.view(places, np.uint32, len(ids)).tolist()
        data = kernel.view(at, np.uint8, ends[-1] if ends else 0).tobytes()
        kernel.release(mark)
        return [data[start:end] for start, end in pairwise((0, *ends))]

    def tell(self, stories: Mapping[str, bytes], *, are_changed: bool = False) -> None:
        """Tell what is known of stories: what `sums.packed` has made of each; nothing of none.

        Args:
            are_changed: Whether they have changed in this turn. Numbers are packed whole then, and
                as halves else.
        """
        if not stories:
            return
        kernel = self._kernel
        places = np.array([*map(self._place, stories)], dtype=np.uint32)
        lengths = np.array([*map(len, stories.values())], dtype=np.uint32)
        ids_at, lengths_at = kernel.put(places), kernel.put(lengths)
        at = packed_at = kernel.take(int(lengths.sum()))
        for packed_ in stories.values():  # joined they would be much, in memory of its own
            kernel.write(at, packed_)
            at += len(packed_)
        kernel.call("tell", ids_at, lengths_at, len(stories), packed_at, are_changed)

    def look(self, number: int) -> Look:
        """Look for the stories that an article may belong to."""
        return _look_of(self._kernel.call("look", number))

    def found(self, look: Look) -> tuple[Near, Near]:
        """Return what the last look has found: stories that are told these days, and earlier."""
        every = self._near(look.size)
        return (
            self._near_of(every, _ALIVE, look.worth),
            self._near_of(every, _EARLIER, look.worth >> 2),
        )

    def _near_of(self, every: Sequence[tuple[int, int, float]], wanted: int, worth: int) -> Near:
        """Return which of these are what is wanted, as far as anything can come of them."""
        if not worth:
            return _NOBODY
        is_citing = bool(worth & _CITING)
        least = 0.0 if is_citing else MAY_BE_COPY
        some = [each for each in every if each[1] & wanted and each[2] >= least]
        return Near(
            [self._ids[place] for place, _, _ in some],
            [score for _, _, score in some],
            [kind & _COPY > 0 for _, kind, _ in some],
            [kind & _OTHER > 0 for _, kind, _ in some],
            is_citing,
        )

    def look_again(self, number: int, own: str) -> Look:
        """Compare an article with the other stories that have changed in this turn."""
        return _look_of(self._kernel.call("look_again", number, self._place(own)))

    def likely(self, begun: Sequence[tuple[int, str]]) -> Iterator[int]:
        """Yield which of these are worth to be compared again: what is likely to be another's.

        Looked for as it is needed: what is yielded may change what comes next.

        Args:
            begun: Articles, each with the story that it has begun.
        """
        kernel, count = self._kernel, len(begun)
        pairs = np.array([(number, self._place(id_)) for number, id_ in begun], dtype=np.uint32)
        at, next_ = kernel.put(pairs), 0
        while (next_ := kernel.call("next_likely", at, count, next_)) < count:
            yield next_
            next_ += 1

    def found_again(self, look: Look) -> list[tuple[str, float]]:
        """Return these stories, and how alike it is to each."""
        return [(self._ids[place], score) for place, _, score in self._near(look.size)]

    def likeness(self, number: int, id: str) -> float:
        """Return how alike an article is to a story that was told: from 1 on, one event."""
        self._kernel.call("liken", number, self._place(id))
        [(_, _, score)] = self._near(1)
        return score

    def _near(self, count: int) -> list[tuple[int, int, float]]:
        """Return what was found: places of stories, what each may be, and how alike it is."""
        found = self._kernel.view(self._near_at, np.uint32, 3 * count)
        near: list[tuple[int, int, float]] = found.view(_FOUND).tolist()
        return near


def _look_of(found: int) -> Look:
    return Look(found & 0xFF, found >> 8)


def _bits_of(number: float) -> int:
    """Return a real number as it is handed over."""
    [bits] = unpack("<q", pack("<d", number))
    return int(bits)


def _rows(
    articles: Sequence[Weighed], dated: Sequence[float], seen: Sequence[float]
) -> list[NDArray[Any]]:
    """Return what `begin` in `turn.c` is told of articles, in its order."""
    certain = [_certain(article) for article in articles]
    prints = [packed((article.print,)) for article in articles]
    alike = [ALIKE_BY_SYLLABLES if each.language in BY_SYLLABLES else ALIKE for each in articles]
    languages = [article.language.encode()[:8] for article in articles]
    return [
        _one([article.words for article in articles], np.uint32),
        _one([article.word_weights for article in articles], np.float32),
        _ends([len(article.words) for article in articles]),
        _one([article.signs for article in articles], np.uint32),
        _one([article.sign_weights for article in articles], np.float32),
        _one([article.lone for article in articles], np.float32),
        _ends([len(article.signs) for article in articles]),
        np.array([key for keys in certain for key in keys], dtype=np.uint32),
        _ends([len(keys) for keys in certain]),
        np.array(languages, dtype="S8").view(np.uint64),
        np.array([article.size for article in articles]),
        np.array([article.told for article in articles], dtype=np.float64),
        np.array(alike),
        np.array(dated, dtype=np.float64),
        np.array(seen, dtype=np.float64),
        _one([article.several for article in articles], np.uint8),
        _one([each.rare & (each.language not in BY_SYLLABLES) for each in articles], np.uint8),
        np.frombuffer(b"".join(prints), np.uint8),
        _ends([*map(len, prints)]),
    ]


def _certain(article: Weighed) -> list[int]:
    """Return the keys that are an article's own: pieces of its text, its address and sources."""
    own = article.print
    pieces: list[int] = own.pieces[:KEY_PIECES].tolist()
    return pieces + [each & 0xFFFFFFFF for each in (own.address, *own.cited) if each]


def _one(rows: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(rows or [_NO_SIGNS]).astype(dtype, copy=False)


def _ends(lengths: Sequence[int]) -> NDArray[np.uint32]:
    return np.array([0, *accumulate(lengths)], dtype=np.uint32)
