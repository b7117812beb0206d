"""How alike an article and a story are, by sums that are kept of the story's articles."""

import struct
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingester.stories.signature import Sign, Signature

ALIKE = 0.25
"""The likeness, of words and signs in one language, from which on two tell the same."""
ALIKE_ACROSS = 0.18
"""Likewise, of signs, in two languages, for articles of 40 signs."""
FADES_AFTER_DAYS, FADES_IN_DAYS = 1, 10
PRIOR = 30
"""So many articles are taken to have been seen before the first, none of them with any sign."""
COMMON_PRIOR = 15
"""In so many of them, about, a word that is short enough to be a common one."""
MOST_KEPT = 300
"""So many words, and signs, of a story are kept for each language."""

Floats = NDArray[np.float32]
Signs = NDArray[np.uint32]

_HEAD = struct.Struct("<8sIfHH")


class Frequency(NamedTuple):
    """In how many articles a sign is, and whether it was seen in several languages."""

    articles: int
    several: bool


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
    shown: Mapping[Sign, str]

    def telling(self, words: int, signs: int) -> list[Sign]:
        """Return the words and signs that tell most."""
        best = self.words[np.argsort(-self.word_weights, kind="stable")[:words]]
        signed = self.signs[np.argsort(-self.sign_weights, kind="stable")[:signs]]
        return sorted({*best.tolist(), *signed.tolist()})


def weighed(signature: Signature, known: Mapping[Sign, Frequency], articles: int) -> Weighed:
    """Weigh what an article says by how rare it is.

    Args:
        known: How often its words and signs were seen; those that are missing never.
        articles: How many articles were seen.
    """
    words = _weights(signature.words, signature.word_counts, known, articles, signature.common)
    signs = _weights(signature.signs, signature.sign_counts, known, articles, ())
    several = [sign in known and known[sign].several for sign in signature.signs.tolist()]
    return Weighed(
        signature.language,
        signature.size,
        signature.words,
        words,
        signature.signs,
        signs,
        np.array(several, dtype=np.bool_),
        signature.shown,
    )


def _weights(
    signs: Signs,
    counts: Floats,
    known: Mapping[Sign, Frequency],
    articles: int,
    common: Collection[Sign],
) -> Floats:
    rare = [
        max(
            0.0,
            log(
                (articles + PRIOR)
                / ((known[s].articles if s in known else 0) + 1 + COMMON_PRIOR * (s in common))
            ),
        )
        for s in signs.tolist()
    ]
    weights = counts * np.array(rare, dtype=np.float32)
    length = sqrt(float(weights @ weights))
    return weights / np.float32(length or 1.0)


@dataclass(frozen=True, slots=True)
class Group:
    """The articles of a story in one language, added up.

    Attributes:
        size: The sum of the articles' sizes.
        squares: Of each sign, the sum of the squares of its weights.
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


def group_of(article: Weighed) -> Group:
    """Return the group of a first article."""
    return Group(
        article.language,
        1,
        article.size,
        article.words,
        article.word_weights,
        article.signs,
        article.sign_weights,
        article.sign_weights**2,
        article.several,
    )


def with_article(groups: Sequence[Group], article: Weighed) -> tuple[Group, ...]:
    """Return a story's groups with an article more."""
    new = group_of(article)
    joined = [_added(group, new) if group.language == new.language else group for group in groups]
    if all(group.language != new.language for group in groups):
        joined.append(_kept_most(new))
    return tuple(joined)


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
    added = Group(
        one.language,
        one.articles + other.articles,
        one.size + other.size,
        words,
        word_sums,
        signs,
        sign_sums,
        squares,
        several > 0,
    )
    return _kept_most(added)


def _sum(
    signs: tuple[Signs, Signs], pairs: Sequence[tuple[Floats, Floats]]
) -> tuple[Signs, list[Floats]]:
    every, places = np.unique(np.concatenate(signs), return_inverse=True)
    sums = [
        np.bincount(places, np.concatenate(pair), minlength=len(every)).astype(np.float32)
        for pair in pairs
    ]
    return every, sums


def _kept_most(group: Group) -> Group:
    words, signs = _most(group.word_sums), _most(group.sign_sums)
    return Group(
        group.language,
        group.articles,
        group.size,
        group.words[words],
        group.word_sums[words],
        group.signs[signs],
        group.sign_sums[signs],
        group.squares[signs],
        group.several[signs],
    )


def _most(sums: Floats) -> NDArray[np.intp]:
    if len(sums) <= MOST_KEPT:
        return np.arange(len(sums))
    return np.sort(np.argpartition(-sums, MOST_KEPT)[:MOST_KEPT])


def packed(groups: Sequence[Group]) -> bytes:
    """Return a story's groups as bytes."""
    parts = []
    for group in groups:
        head = (group.language.encode()[:8], group.articles, group.size)
        parts.append(_HEAD.pack(*head, len(group.words), len(group.signs)))
        parts += [group.words.astype("<u4").tobytes(), group.word_sums.astype("<f4").tobytes()]
        parts += [group.signs.astype("<u4").tobytes(), group.sign_sums.astype("<f4").tobytes()]
        parts += [group.squares.astype("<f4").tobytes(), group.several.tobytes()]
    return b"".join(parts)


def unpacked(data: bytes) -> tuple[Group, ...]:
    """Return the groups that `packed` made the bytes of."""
    groups, at = [], 0
    while at < len(data):
        language, articles, size, words, signs = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        arrays = []
        for kind, count in (
            *(("<u4", words), ("<f4", words), ("<u4", signs), ("<f4", signs)),
            *(("<f4", signs), ("?", signs)),
        ):
            array = np.frombuffer(data, kind, count, at)
            arrays.append(array)
            at += array.nbytes
        groups.append(Group(language.rstrip(b"\0").decode(), articles, size, *arrays))
    return tuple(groups)


class Likeness(NamedTuple):
    """How alike an article and a story are.

    Attributes:
        score: From 1 on they tell the same.
        same: The likeness of the words in the article's own language, from 0 to 1.
        shared: Signs and words of both, those first that tell most.
    """

    score: float
    same: float
    shared: tuple[Sign, ...]


def likeness(article: Weighed, groups: Sequence[Group], *, days: float | None) -> Likeness:
    """Return the mean likeness of an article to a story's articles.

    Args:
        days: How far apart they are in time, if that is known.
    """
    score, same, count = 0.0, 0.0, 0
    shared: dict[Sign, float] = {}
    for group in groups:
        signs, theirs = _common(article.signs, group.signs)
        products = article.sign_weights[signs] * group.sign_sums[theirs]
        for sign, product in zip(group.signs[theirs].tolist(), products.tolist(), strict=True):
            shared[sign] = shared.get(sign, 0.0) + product
        if group.language == article.language:
            own, others = _common(article.words, group.words)
            of_words = float(article.word_weights[own] @ group.word_sums[others])
            same = of_words / group.articles
            score += (of_words + float(products.sum())) / 2 / ALIKE
        else:
            score += _across(article, group, signs, theirs, float(products.sum()))
        count += group.articles
    fades = 1.0 if days is None else exp(-max(0.0, days - FADES_AFTER_DAYS) / FADES_IN_DAYS)
    best = sorted(shared, key=lambda sign: -shared[sign])
    return Likeness(score / max(count, 1) * fades, same, tuple(best))


def _across(
    article: Weighed, group: Group, own: NDArray[np.intp], theirs: NDArray[np.intp], product: float
) -> float:
    """Return the sum of the likenesses to articles in another language.

    Only what was seen in several languages counts, which what both have always is.
    """
    several = article.several.copy()
    several[own] = True
    length = sqrt(float((article.sign_weights[several] ** 2).sum()))
    told = group.several.copy()
    told[theirs] = True
    mean = sqrt(float(group.squares[told].sum()) / group.articles)
    if not length or not mean:
        return 0.0
    size = min(article.size, group.size / group.articles) / 40
    return float(product / (length * mean) / (ALIKE_ACROSS * size**0.15))


def _common(one: Signs, other: Signs) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where what both have is, in the first and in the other."""
    if not len(one) or not len(other):
        nowhere = np.zeros(0, dtype=np.intp)
        return nowhere, nowhere
    places = np.minimum(one.searchsorted(other), len(one) - 1)
    theirs = np.flatnonzero(one[places] == other)
    return places[theirs], theirs
