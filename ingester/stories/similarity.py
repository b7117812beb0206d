"""How alike an article and stories are, all at once, by the sums that are kept of them."""

from collections.abc import Sequence
from math import sqrt
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ingester.stories.results import are_of_others, results
from ingester.stories.signs import Floats, Sign, Signs, Told
from ingester.stories.sums import Group, Traits
from ingester.stories.weights import Weighed

Number = TypeVar("Number", bound=np.generic)

ALIKE, ALIKE_BY_SYLLABLES = 0.21, 0.25
"""The likeness, of words and signs in one language, from which on two tell the same.

Where syllables are written apart, any two texts share more of them.
"""
BY_SYLLABLES = frozenset({"vi"})
"""Languages that write syllables apart: one alone says little, two are a word, about."""
ALIKE_ACROSS = 0.14
"""Likewise, of signs, in two languages, for articles of 40 signs."""
LEAST_ACROSS, ENOUGH_ACROSS, FEW_COUNT = 2, 3, 0.85
"""So many signs two articles in different languages must share; fewer than enough count less."""
SHORT = 40
"""An article of so few signs is short."""
FEWEST_NAMES = 2
"""Two that name so many in two languages, and none alike, tell of others."""
ENOUGH_NAMES, ALIKE_NAMES = 3, 0.2
"""Of so many names on both sides so many must be the same, as a cosine."""
LEAST_BESIDE = 0.05
"""So much is beside a passage, of the square of what an article says, if hardly a word is."""
FADES_AFTER_DAYS, FADES_IN_DAYS = 1, 10


def likeness(article: Weighed, stories: Sequence[Traits], day: float) -> Floats:
    """Return the mean likeness of an article to each story's articles: from 1 on, one event.

    Args:
        day: When it was published, or not a number.
    """
    groups = [group for story in stories for group in story.groups]
    articles = np.array([group.articles for group in groups], dtype=np.float32)
    alike = ALIKE_BY_SYLLABLES if article.language in BY_SYLLABLES else ALIKE
    own = [group.language == article.language for group in groups]
    if all(own):
        scores = (_words(article, groups) + _products(article, groups)) / 2 / alike
    else:
        signs = _signs(article, groups)
        words = np.zeros(len(groups))
        if any(own):
            same = [group for group, is_own in zip(groups, own, strict=True) if is_own]
            words[own] = _words(article, same)
        scores = np.where(
            own,
            (words + signs.products) / 2 / alike,
            _across(article, groups, articles, signs),
        )
    if len(groups) > len(stories):
        of_story = np.repeat(np.arange(len(stories)), [len(story.groups) for story in stories])
        told = np.bincount(of_story, scores, len(stories))
        told /= np.bincount(of_story, articles, len(stories))
    else:
        told = scores / articles
    return (told * _fading(stories, day)).astype(np.float32)


def _fading(stories: Sequence[Traits], day: float) -> NDArray[np.float64] | float:
    """Return how much of a likeness is left, the further apart in time two are."""
    apart = [story.days_from(day) for story in stories]
    if not any(each > FADES_AFTER_DAYS for each in apart):
        return 1.0
    late = np.maximum(0.0, np.nan_to_num(apart) - FADES_AFTER_DAYS)
    return np.exp(-late / FADES_IN_DAYS)


class _Signs(NamedTuple):
    """What an article's signs have in common with each group's.

    Attributes:
        products: Of what both have.
        shared: How many these are, but those that are general.
        mine, theirs: The squares of those that were seen in one language only.
    """

    products: NDArray[Any]
    shared: NDArray[Any]
    mine: NDArray[Any]
    theirs: NDArray[Any]


def _signs(article: Weighed, groups: Sequence[Group]) -> _Signs:
    own, theirs, of_group = _common(article.signs, [group.signs for group in groups])
    sums = _one_by_one([group.sign_sums for group in groups])[theirs]
    lone, count = _one_by_one([group.lone for group in groups])[theirs], len(groups)
    tells = (article.sign_weights[own] > 0) & (article.signs[own] & 3 != Told.GENERAL)
    return _Signs(
        np.bincount(of_group, article.sign_weights[own] * sums, count),
        np.bincount(of_group, tells, count),
        np.bincount(of_group, article.lone[own], count),
        np.bincount(of_group, lone, count),
    )


def _products(article: Weighed, groups: Sequence[Group]) -> NDArray[np.float64]:
    mine, theirs, of_group = _common(article.signs, [group.signs for group in groups])
    sums = _one_by_one([group.sign_sums for group in groups])[theirs]
    return np.bincount(of_group, article.sign_weights[mine] * sums, len(groups))


def _words(article: Weighed, groups: Sequence[Group]) -> NDArray[np.float64]:
    mine, theirs, of_group = _common(article.words, [group.words for group in groups])
    sums = _one_by_one([group.word_sums for group in groups])[theirs]
    return np.bincount(of_group, article.word_weights[mine] * sums, len(groups))


def _across(
    article: Weighed, groups: Sequence[Group], articles: Floats, signs: _Signs
) -> NDArray[np.float64]:
    """Return the sums of the likenesses to articles in another language.

    Only what was seen in several languages counts, which what both have always is.
    """
    of_groups = np.array([group.told for group in groups])
    mine = np.sqrt(article.told + signs.mine)
    theirs = np.sqrt((of_groups + signs.theirs) / articles)
    sizes = np.array([group.size for group in groups]) / articles
    size = np.minimum(article.size, sizes) / 40
    lengths = np.maximum(mine * theirs, 1e-9)
    likely = signs.products / lengths / (ALIKE_ACROSS * size**0.15)
    enough = np.where(signs.shared < ENOUGH_ACROSS, likely * FEW_COUNT, likely)
    return np.where(signs.shared < LEAST_ACROSS, 0.0, enough)


def _common(
    mine: Signs, others: Sequence[Signs]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return where what both have is: in mine, in all others together, and in which of them."""
    every = _one_by_one(others)
    if not len(mine) or not len(every):
        nowhere = np.zeros(0, dtype=np.intp)
        return nowhere, nowhere, nowhere
    places = mine.searchsorted(every)
    theirs = np.flatnonzero(mine.take(places, mode="clip") == every)
    if len(others) == 1:
        of_group = np.zeros(len(theirs), dtype=np.intp)
    else:
        ends = np.array([len(each) for each in others]).cumsum()
        of_group = ends.searchsorted(theirs, "right")
    return places[theirs], theirs, of_group


def _one_by_one(several: Sequence[NDArray[Number]]) -> NDArray[Number]:
    return several[0] if len(several) == 1 else np.concatenate(several)


def shared_signs(article: Weighed, story: Traits) -> list[Sign]:
    """Return the signs that an article has in common with a story, those first that tell most."""
    told: dict[Sign, float] = {}
    for group in story.groups:
        mine, theirs, _ = _common(article.signs, [group.signs])
        products = article.sign_weights[mine] * group.sign_sums[theirs]
        for sign, product in zip(article.signs[mine].tolist(), products.tolist(), strict=True):
            told[sign] = told.get(sign, 0.0) + product
    return sorted(told, key=lambda sign: -told[sign])


def shared_words(article: Weighed, group: Group) -> int:
    """Return how many words an article has in common with a group, short ones not counted."""
    own, _, _ = _common(article.words, [group.words])
    return int(np.count_nonzero(article.words[own] & 1 == 0))


def likeness_beside(article: Weighed, group: Group, is_within: NDArray[np.bool_]) -> float:
    """Return how alike they are, as a cosine, by the words that no passage has which both have.

    Args:
        is_within: Which words of its course stand in such passages.
    """
    is_beside = np.ones(len(article.words), dtype=np.bool_)
    at = article.words.searchsorted(article.course.words[is_within])
    is_beside[at[at < len(is_beside)]] = False
    own, theirs, _ = _common(article.words, [group.words])
    told = group.word_sums / group.articles
    products = article.word_weights[own] * told[theirs]
    within = float(products[~is_beside[own]].sum())
    mine = float((article.word_weights[is_beside] ** 2).sum())
    others = max(float(told @ told) - within, LEAST_BESIDE)
    return float(products[is_beside[own]].sum()) / sqrt(max(mine, LEAST_BESIDE) * others)


def has_another_result(article: Weighed, story: Traits) -> bool:
    """Whether an article and a story both begin with results of matches, and with none alike."""
    mine = results(article.signs)
    if not len(mine):
        return False
    theirs = _one_by_one([results(group.signs) for group in story.groups])
    return are_of_others(mine, theirs)


def names_none_of(article: Weighed, story: Traits) -> bool:
    """Whether an article has other names and other numbers than a story in other languages.

    An earthquake, its dead and the army's help are in any report of any earthquake.
    """
    is_name = article.signs & 3 == Told.NAME
    if np.count_nonzero(is_name) < FEWEST_NAMES:
        return False
    mine = article.signs[is_name | (article.signs & 3 == Told.NUMBER)]
    for group in story.groups:
        theirs = np.count_nonzero(group.signs & 3 == Told.NAME)
        if group.language == article.language or theirs < FEWEST_NAMES:
            return False
        if len(_common(mine, [group.signs])[0]):
            return False
    return True


def names_others(article: Weighed, story: Traits) -> bool:
    """Whether a short article names others than a story in its language does.

    What two short texts are about is whom they name: the same words may be said of anybody.
    """
    if article.size > SHORT:
        return False
    named = article.signs & 3 == Told.NAME
    mine, weights = article.signs[named], article.sign_weights[named]
    for group in story.groups:
        theirs = group.signs & 3 == Told.NAME
        if group.language != article.language or min(len(mine), int(theirs.sum())) < ENOUGH_NAMES:
            continue
        own, others, _ = _common(mine, [group.signs[theirs]])
        product = float(weights[own] @ group.sign_sums[theirs][others]) / group.articles
        squares = float(weights @ weights) * float(group.squares[theirs].sum()) / group.articles
        if product < ALIKE_NAMES * sqrt(squares):
            return True
    return False
