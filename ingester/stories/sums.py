"""What is known of a story: its articles added up by language, and the prints of some of them."""

import struct
from collections.abc import Sequence
from math import nan

import numpy as np
from numpy.typing import NDArray

from common.records import dataclass
from ingester.stories import prints as printed
from ingester.stories.prints import Print
from ingester.stories.signs import Floats, Signs
from ingester.stories.weights import Weighed

WORDS_OF_ONE, SIGNS_OF_ONE = 256, 128
WORDS_OF_MANY, SIGNS_OF_MANY = 512, 256
"""So many words and signs of a language are kept of one article, and of several."""
MOST_PRINTS = 6
_HEAD = struct.Struct("<8sIfHH")
_WHOLE = struct.Struct("<ddI")


@dataclass(frozen=True, slots=True)
class Group:
    """The articles of a story in one language, added up.

    Attributes:
        size: The sum of the articles' sizes.
        squares: Of each sign, the sum of the squares of its weights.
        several: Which signs were seen in several languages.
    """

    language: str
    articles: int
    size: float
    words: Signs
    word_sums: Floats
    signs: Signs
    sign_sums: Floats
    squares: Floats
    several: NDArray[np.bool_]

    @property
    def told(self) -> float:
        """The sum of the squares of signs that were seen in several languages."""
        return float(self.squares[self.several].sum())

    @property
    def lone(self) -> Floats:
        """The squares of the others, 0 of those."""
        return np.where(self.several, np.float32(0), self.squares)


@dataclass(frozen=True, slots=True)
class Traits:
    """What new articles are compared with.

    Attributes:
        first_day, last_day: From when to when its articles are dated; not a number when none is.
        prints: Of its first article and the last ones.
    """

    first_day: float = nan
    last_day: float = nan
    groups: tuple[Group, ...] = ()
    prints: tuple[Print, ...] = ()

    def days_from(self, day: float) -> float:
        """Return how far a day lies from these; not a number where either is unknown."""
        return max(self.first_day - day, day - self.last_day, 0.0) if day == day else nan


def with_article(traits: Traits, article: Weighed, day: float) -> Traits:
    """Return a story's traits with an article more, dated `day`, or not a number."""
    new = _group_of(article)
    groups = [
        _added(group, new) if group.language == new.language else group for group in traits.groups
    ]
    if all(group.language != new.language for group in groups):
        groups.append(new)
    # What is not a number is less and more than nothing.
    first = traits.first_day if traits.first_day <= day or day != day else day
    last = traits.last_day if traits.last_day >= day or day != day else day
    return Traits(first, last, tuple(groups), with_print(traits.prints, article.print))


def with_print(prints: tuple[Print, ...], new: Print) -> tuple[Print, ...]:
    """Return the prints of a story with one more: of many the first one and the last ones."""
    prints = (*prints, new)
    return (prints[0], *prints[2:]) if len(prints) > MOST_PRINTS else prints


def joined(one: Traits, other: Traits) -> Traits:
    """Return the traits of two stories that are made one."""
    groups = {group.language: group for group in one.groups}
    for group in other.groups:
        mine = groups.get(group.language)
        groups[group.language] = _added(mine, group) if mine else group
    return Traits(
        float(np.fmin(one.first_day, other.first_day)),
        float(np.fmax(one.last_day, other.last_day)),
        tuple(groups.values()),
        (*one.prints, *other.prints)[:MOST_PRINTS],
    )


def _group_of(article: Weighed) -> Group:
    words, word_weights = article.words, article.word_weights
    if len(words) > WORDS_OF_ONE:
        most = _most(word_weights, WORDS_OF_ONE)
        words, word_weights = words[most], word_weights[most]
    signs, weights, several = article.signs, article.sign_weights, article.several
    if len(signs) > SIGNS_OF_ONE:
        most = _most(weights, SIGNS_OF_ONE)
        signs, weights, several = signs[most], weights[most], several[most]
    # Copied: those of a whole turn lie in one piece, which none of them shall keep.
    own = (words.copy(), word_weights.copy(), signs.copy(), weights.copy(), weights**2)
    return Group(article.language, 1, article.size, *own, several.copy())


def _added(one: Group, other: Group) -> Group:
    words, (word_sums,) = _sum((one.words, other.words), [(one.word_sums, other.word_sums)])
    signs, (sign_sums, squares, several) = _sum(
        (one.signs, other.signs),
        [
            (one.sign_sums, other.sign_sums),
            (one.squares, other.squares),
            (one.several.astype(np.float32), other.several.astype(np.float32)),
        ],
    )
    kept, kept_signs = _most(word_sums, WORDS_OF_MANY), _most(sign_sums, SIGNS_OF_MANY)
    squares, some = squares[kept_signs], several[kept_signs] > 0
    return Group(
        one.language,
        one.articles + other.articles,
        one.size + other.size,
        words[kept],
        word_sums[kept],
        signs[kept_signs],
        sign_sums[kept_signs],
        squares,
        some,
    )


def _sum(
    signs: tuple[Signs, Signs], pairs: Sequence[tuple[Floats, Floats]]
) -> tuple[Signs, list[Floats]]:
    every, places = np.unique(np.concatenate(signs), return_inverse=True)
    sums = [
        np.bincount(places, np.concatenate(pair), minlength=len(every)).astype(np.float32)
        for pair in pairs
    ]
    return every, sums


def _most(sums: Floats, most: int) -> NDArray[np.intp]:
    if len(sums) <= most:
        return np.arange(len(sums))
    return np.sort(np.argpartition(-sums, most)[:most])


def packed(traits: Traits, *, is_half: bool = True) -> bytes:
    """Return a story's traits as bytes; `native/told.h` reads them, too.

    Args:
        is_half: With numbers of half the width, as they are stored.
    """
    width = "<f2" if is_half else "<f4"
    parts = [_WHOLE.pack(traits.first_day, traits.last_day, len(traits.groups))]
    for group in traits.groups:
        head = (group.language.encode()[:8], group.articles, group.size)
        parts.append(_HEAD.pack(*head, len(group.words), len(group.signs)))
        parts += [a.astype("<u4").tobytes() for a in (group.words, group.signs)]
        sums = (group.word_sums, group.sign_sums, group.squares)
        parts += [a.astype(width).tobytes() for a in sums]
        parts.append(group.several.tobytes())
    return b"".join((*parts, printed.packed(traits.prints)))


def unpacked_prints(data: bytes) -> tuple[Print, ...]:
    """Return the prints alone of what `packed` made, with numbers of half the width."""
    _, _, count = _WHOLE.unpack_from(data)
    at = _WHOLE.size
    for _ in range(count):
        *_, words, signs = _HEAD.unpack_from(data, at)
        at += _HEAD.size + 6 * words + 9 * signs
    return printed.unpacked(data[at:])


def unpacked(data: bytes, *, is_half: bool = True) -> Traits:
    """Return the traits that `packed` made the bytes of."""
    width = "<f2" if is_half else "<f4"
    first_day, last_day, count = _WHOLE.unpack_from(data)
    at, groups = _WHOLE.size, []
    for _ in range(count):
        language, articles, size, words, signs = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        both = np.frombuffer(data, "<u4", words + signs, at)
        at += both.nbytes
        numbers = np.frombuffer(data, width, words + 2 * signs, at)
        at += numbers.nbytes
        several = np.frombuffer(data, np.bool_, signs, at)
        at += several.nbytes
        sums = numbers.astype(np.float32, copy=False)
        groups.append(
            Group(
                language.rstrip(b"\0").decode(),
                articles,
                size,
                both[:words],
                sums[:words],
                both[words:],
                sums[words : words + signs],
                sums[words + signs :],
                several,
            )
        )
    return Traits(first_day, last_day, tuple(groups), printed.unpacked(data[at:]))
