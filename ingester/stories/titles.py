"""Whether two texts are of one event, by their titles, which sum it up in a few words.

Two texts may also be one form, filled in for two events (the weather of two towns, two draws), or
share only what stands under anything that is published there.
"""

from collections.abc import Sequence
from itertools import compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.runs import each_once
from ingester.stories.nearby import BY_SYLLABLES
from ingester.stories.passages import Course
from ingester.stories.prints import DAY_APART, MOST_OF_BODY, Kind, Print, is_copy
from ingester.stories.signs import Signs, are_among

FEWEST = 2
"""So many words of a title that the other has not say something, if the other text has none."""
NUMBER = 2.0
"""A number in a title counts as so many words: it is of this event alone."""
ALIKE_TITLES, ALIKE_TEXTS, ALIKE_TOGETHER = 0.3, 0.5, 0.92
"""The least shares of words that two titles of one form, and the beginnings of two texts, have in
common, of the shorter title and of the longer text; and both shares together.
"""
ALIKE_TITLES_OF_COPIES, ALIKE_COPIES = 0.5, 0.8
"""Likewise of texts that have most of their pieces in common."""
MOST_NUMBERS_OF_A_SOURCE = 3
"""What a source says under each text gives hardly more numbers: a year, those of an agency."""
FEWEST_NUMBERS, SHARED_NUMBERS = 3, 0.25
"""Of so many numbers on both sides so few are the same where a form is filled in on another day."""
LEAST_LEAD = 5
"""So many words stand before what a source says under each text."""


def titles_told(
    own: Print, course: Course, words: Signs, others: Sequence[Print], *, fewest: int = FEWEST
) -> float:
    """Return which share of what one title has and the other not its other text tells.

    The most of both ways and of all others; 1 where titles say too little. What both titles have
    is whom or what they are about, which an outlet says each time; small words say nothing.

    Args:
        words: Of the others' texts, in order.
        fewest: So many words of a title say something.
    """
    small, every = course.said()
    mine, are_small = own.title.tolist(), (course.title & 1 > 0).tolist()
    are_told = are_among(course.title, words).tolist()
    bare = {token >> 2 for token in mine}
    shares = list[float]()
    for other in others:
        title = other.title.tolist()
        both = bare & {token >> 2 for token in title}
        rest = [
            (token, is_told)
            for token, is_small, is_told in zip(mine, are_small, are_told, strict=False)
            if not is_small and token >> 2 not in both
        ]
        theirs = [
            (token, token >> 2 in every)
            for token in title
            if token >> 2 not in both and token >> 2 not in small
        ]
        told = [_share(each) for each in (rest, theirs) if len(each) >= fewest]
        shares += told or [1.0]
    return max(shares, default=1.0)


def _share(told: Sequence[tuple[int, bool]]) -> float:
    """Return which share of tokens is told."""
    weights = [NUMBER if token & 3 == Kind.NUMBER else 1.0 for token, _ in told]
    return sum(compress(weights, (is_told for _, is_told in told))) / sum(weights)


class _Subject(NamedTuple):
    """What one of two titles says, and the other text not at all.

    Attributes:
        is_there: Whether there is any.
        is_told: Whether its own text comes back to some of it.
        is_named: Whether some of it is a name or a number.
    """

    is_there: bool
    is_told: bool
    is_named: bool


def fills_a_form(own: Print, course: Course, words: Signs, other: Print, language: str) -> bool:
    """Whether an article is another's form with another subject, or on another day.

    Both titles say the same but for what each names, which its own text comes back to and the
    other text does not know. A rewritten report has another title, too, but what that says is
    what the event is about.

    Args:
        course: The article's.
        words: Of all that is known of the other's story in that language, in order.
    """
    if max(own.length, other.length) > MOST_OF_BODY:
        return False  # forms are short, and of longer texts only the beginning is known
    titles = {*_bare_title(own)}, {*_bare_title(other)}
    shorter = min(map(len, titles))
    titled = len(titles[0] & titles[1]) / shorter if shorter else 0.0
    if titled < ALIKE_TITLES:
        return False  # before any set is made of whole texts
    mine, theirs = _bare(own), _bare(other)
    texts = len(mine & theirs) / max(len(mine), len(theirs))
    if texts < ALIKE_TEXTS or titled + texts < ALIKE_TOGETHER:
        return False
    is_one = is_copy(own, other)
    if is_one and (titled < ALIKE_TITLES_OF_COPIES or texts < ALIKE_COPIES):
        return False
    are_alike = not is_one and titled >= ALIKE_TITLES_OF_COPIES
    if are_alike and _has_other_numbers(own, course, words, other):
        return True
    subjects = (
        _own_subject(own, course, words, theirs, language),
        _subject(other, mine, language),
    )
    if all(subject.is_told for subject in subjects):
        return True
    if own.source != other.source or is_one:
        return False
    # A column of one source is called after what it is about, which its text need not say, or
    # after what became of that on the day.
    is_of_another_day = abs(own.day - other.day) >= DAY_APART
    return all(each.is_named or (each.is_there and is_of_another_day) for each in subjects)


def _own_subject(
    own: Print, course: Course, words: Signs, theirs: set[int], language: str
) -> _Subject:
    is_by_syllables = language in BY_SYLLABLES
    # Most syllables are short, and names are made of them.
    is_short = (course.title & 1 > 0).tolist()
    is_known = are_among(course.title, words).tolist()
    body = {*course.words.tolist()}
    is_told = [stem in body for stem in course.title.tolist()]
    said = zip(own.title.tolist(), is_short, is_known, is_told, strict=False)
    found = [
        (token, told)
        for token, short, known, told in said
        if (is_by_syllables or not short) and not known and token >> 2 not in theirs
    ]
    return _found(found, language)


def _subject(other: Print, mine: set[int], language: str) -> _Subject:
    body = {*_tokens(other.body)}
    title = other.title.tolist()
    found = [(token, token >> 2 in body) for token in title if token >> 2 not in mine]
    return _found(found, language)


def _found(said: Sequence[tuple[int, bool]], language: str) -> _Subject:
    said = [each for each in said if _may_be(each[0], language)]
    return _Subject(
        is_there=bool(said),
        is_told=any(is_told for _, is_told in said),
        is_named=any(token & 3 != Kind.WORD for token, _ in said),
    )


def _may_be(token: int, language: str) -> bool:
    """Whether a word of a title may be a subject: of syllables only those of names."""
    return language not in BY_SYLLABLES or token & 3 != Kind.WORD


def _has_other_numbers(own: Print, course: Course, words: Signs, other: Print) -> bool:
    """Whether both texts give numbers, and hardly one is the same, or known to the story."""
    mine, theirs = _numbers(own), _numbers(other)
    fewer = min(len(mine), len(theirs))
    if fewer < FEWEST_NUMBERS or len(mine & theirs) > SHARED_NUMBERS * fewer:
        return False
    numbers = each_once(course.stems[course.tokens & 3 == Kind.NUMBER])
    known = int(np.count_nonzero(are_among(numbers, words)))
    return known <= SHARED_NUMBERS * len(numbers)


def shares_what_is_said_of_anything(
    own: Print, course: Course, is_within: NDArray[np.bool_], other: Print
) -> bool:
    """Whether what two texts share is beside the matter: a source's address to its readers.

    It stands behind what each says of its own, and knows nothing of what either title says.

    Args:
        is_within: Which words of the article's course stand in passages that both have.
    """
    if not len(own.title) or not len(other.title) or not is_within.any():
        return False
    if int(is_within.argmax()) < LEAST_LEAD:
        return False
    shared = {*course.words[is_within].tolist()}
    if not shared.isdisjoint(course.title[course.title & 1 == 0].tolist()):
        return False
    size = len(course.words)
    within = course.tokens[len(course.tokens) - size :][is_within]
    if len({*within[within & 3 == Kind.NUMBER].tolist()}) > MOST_NUMBERS_OF_A_SOURCE:
        return False
    tokens = {*_tokens(within)}
    small = {*_tokens(course.tokens[course.stems & 1 == 1])}
    return (tokens - small).isdisjoint(_bare_title(other))


def _tokens(tokens: Signs) -> list[int]:
    bare: list[int] = (tokens >> np.uint32(2)).tolist()
    return bare


def _bare_title(one: Print) -> list[int]:
    return _tokens(one.title)


def _bare(one: Print) -> set[int]:
    """Return what a text begins with, its title and its first words, whatever each is."""
    return {*_tokens(one.title), *_tokens(one.body)}


def _numbers(one: Print) -> set[int]:
    every = np.concatenate((one.title, one.body))
    return {*every[every & 3 == Kind.NUMBER].tolist()}
