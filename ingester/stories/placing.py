"""Which story an article belongs to, and why: decided from values, stored by others."""

from collections.abc import Callable, Sequence
from math import nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from common.stems import SPACELESS
from ingester.stories.nearby import BY_SYLLABLES, LIVES_FOR_DAYS, MAY_BE_COPY, Near
from ingester.stories.passages import passages
from ingester.stories.prints import Print, days, differs_in_part, is_copy, shared_pairs, title_told
from ingester.stories.similarity import (
    SHORT,
    Shared,
    has_another_result,
    likeness,
    likeness_beside,
    names_others,
    shared_signs,
    shared_with,
    shared_words,
    shares_too_little,
)
from ingester.stories.sums import Group, Traits
from ingester.stories.titles import (
    fills_a_form,
    shares_what_is_said_of_anything,
    titles_told,
)
from ingester.stories.weights import Weighed
from storage.model import Article
from storage.story import SAME_TEXT

SHOWN_SIGNS = 4
LEAST_SHARED_WORDS, MOST_SHARED_WORDS, ENOUGH_OF_SHORT = 3, 5, 0.5
"""So many words a short article must share with a story in its language: half of its own, about."""
LEAST_PAIRS = 5
"""So many pairs of syllables short articles in such a language must share."""
LEAST_OF_A_PASSAGE, SHARE_OF_PASSAGES = 8, 0.03
"""So many words that both have are a passage, and such a share of an article is worth a look."""
LEAST_OF_A_PHRASE, SHARE_OF_PHRASES = 3, 0.05
"""Likewise of phrases: what an outlet says each time of a company, a court, a team."""
MOST_IN_PASSAGES = 0.5
"""Where so much of both texts stands in passages, these are the report, and no background."""
ALIKE_BESIDE, ALIKE_MEDLEY = 0.22, 0.36
"""The likeness of words beside passages from which on two tell the same; of a medley."""
ALIKE_WITHOUT_PHRASES, TITLE_COUNTS = 0.33, 0.4
"""Likewise beside phrases, less this for a title of the story that the article tells whole."""
ALIKE_WITH_A_NUMBER = 0.41
"""So much alike by all signs, with a number in common that is not plain, two tell one event,
whatever phrases both have: the next day's report of the miners 380 metres below.
"""
UNTOLD, UNTOLD_OF_ONE_SOURCE = (0.2, 0.3), (0.3, 0.45)
"""Less alike than that beside phrases, and with a smaller share of the titles' own words told by
the other text, they tell of two events. One source seldom tells of one twice in other words.
"""

_NOTHING = np.zeros(0, dtype=np.uint32)
ALIKE_SUBJECTS, TOLD_OF_SUBJECT = 0.4, 0.35
"""Likewise of short texts, by all signs and whatever words."""
ALIKE_ANEW, TITLE_ANEW = 0.5, 0.5
"""So much alike by all signs, with this for a title told whole, two short texts tell one event in
other words, however few these share.
"""
TOLD_BY_OTHERS, TOLD_WITHOUT_NAMES = 0.5, 0.1
"""With a smaller share of the titles' own words told long texts that name others are of others, and
those in which names do not show.
"""


class Place(NamedTuple):
    """The story that an article belongs to, by its place among those given, and why."""

    at: int
    reason: str


def day_of(article: Article) -> float:
    """Return when an article was published, in days; not a number when that is not known."""
    return days(article.published_at) if article.published_at else nan


def place_of(article: Weighed, day: float, stories: Sequence[Traits]) -> Place | None:
    """Return where an article belongs; None if it begins a story of its own.

    Args:
        day: When it was published, or not a number.
        stories: Those that it may belong to.
    """
    alive = [n for n, story in enumerate(stories) if not story.days_from(day) > LIVES_FOR_DAYS]
    scores = likeness(article, [stories[n] for n in alive], day)
    may_be = [True] * len(scores)
    near = Near([*map(str, alive)], scores, may_be, [False] * len(scores), is_citing=True)
    told = [stories[n] for n in alive]

    def is_another_at(n: int) -> bool:
        return is_another(article, told[n])

    place = chosen(article, day, near, lambda n: told[n].prints, told.__getitem__, is_another_at)
    return place and Place(alive[place.at], place.reason)


def chosen(
    article: Weighed,
    day: float,
    near: Near,
    prints_at: Callable[[int], Sequence[Print]],
    story_at: Callable[[int], Traits],
    is_another_at: Callable[[int], bool],
) -> Place | None:
    """Return to which of some stories that are near an article belongs, if to any.

    Args:
        prints_at, story_at: Return what is known of one by its place among them.
        is_another_at: Returns whether one tells another event.
    """
    scores = near.scores
    for n in range(len(scores) if near.is_citing else 0):
        if reason := _of_source(article.print, prints_at(n)):
            return Place(n, reason)
    likely = [n for n, score in enumerate(scores) if score >= MAY_BE_COPY]
    likely.sort(key=lambda n: -scores[n])
    for n in likely:
        if near.may_be_copies[n] and _is_copied(article, prints_at(n)):
            return Place(n, SAME_TEXT)
    for n in likely:
        if scores[n] >= 1 and not near.are_others[n] and not is_another_at(n):
            return Place(n, why(article, story_at(n), day))
    return None


def is_another(article: Weighed, story: Traits) -> bool:
    """Whether an article tells another event, however alike it is.

    It is a mere variation of one of the story's articles, or names others.
    """
    # In order of how often it is so, and of what it costs to find out.
    every = shared_with(article, story)
    does_name_others = names_others(article, every)
    if does_name_others and article.size <= SHORT:
        return True
    if shares_too_little(article, story, every):
        return True
    if _titles_tell_of_others(article, story, does_name_others=does_name_others):
        return True
    if _shares_a_passage_alone(article, story, every) or has_another_result(article, story):
        return True
    if any(differs_in_part(article.print, other) for other in story.prints):
        return True
    if _has_another_subject(article, story, every) or _fills_a_form(article, story):
        return True
    return _shares_the_subject_alone(article, story, every) or _is_of_syllables(article, story)


def _titles_tell_of_others(article: Weighed, story: Traits, *, does_name_others: bool) -> bool:
    """Whether neither of two texts tells what the other's title says, where names tell too little.

    Another angle of an event may name others, too, but one of both titles sums up the event. Where
    words have no spaces most names do not show, and titles alone are asked.
    """
    if not does_name_others and article.language not in SPACELESS:
        return False
    enough = TOLD_BY_OTHERS if does_name_others else TOLD_WITHOUT_NAMES
    own = article.print
    others = [other for other in story.prints if other.language == own.language]
    return any(
        titles_told(own, article.course, group.words, others) < enough
        for group in story.groups
        if group.language == article.language
    )


def _has_another_subject(article: Weighed, story: Traits, every: Sequence[Shared]) -> bool:
    """Whether two short texts share what is said of both subjects, and neither knows the other's.

    A title names its subject: Kalmar's schools, or Umeå's. Both texts may have the council, its
    vote and the pupils all the same. Where most of one is the other's, one of them begins anew.
    """
    own = article.print
    others = [each for each in story.prints if each.length and each.language == own.language]
    if not own.length or not others:
        return False
    has_another = any(
        shared.are_short(article)
        and shared.alike < ALIKE_SUBJECTS
        and titles_told(own, article.course, shared.group.words, others, fewest=1) < TOLD_OF_SUBJECT
        for shared in every
        if shared.is_one_language
    )
    if not has_another:
        return False
    is_within = passages(article.course, others).within(LEAST_OF_A_PASSAGE)
    return not _shares_the_report(article, is_within, others)


def _fills_a_form(article: Weighed, story: Traits) -> bool:
    """Whether an article is one of the story's with another subject, or of another day."""
    own = article.print
    return any(
        fills_a_form(own, article.course, group.words, other, article.language)
        for group in story.groups
        if group.language == article.language
        for other in story.prints
        if other.language == own.language
    )


def _shares_a_passage_alone(article: Weighed, story: Traits, every: Sequence[Shared]) -> bool:
    """Whether an article shares a passage with a story, word for word, and little else.

    A press review, the background to two days' news, what a company says of itself: such a
    passage is no sign that the rest of both tells the same.
    """
    for each in every:
        if not each.is_one_language:
            continue
        group, own = each.group, article.print
        others = [other for other in story.prints if other.language == own.language]
        shared = passages(article.course, others)
        if not shared.starts and not article.is_medley:
            continue
        is_within = shared.within(LEAST_OF_A_PASSAGE)
        if article.is_medley:
            return likeness_beside(article, group, is_within) < ALIKE_MEDLEY
        if _shares_the_report(article, is_within, others):
            return False
        has_passages = _share(is_within) >= SHARE_OF_PASSAGES
        if has_passages and likeness_beside(article, group, is_within) < ALIKE_BESIDE:
            return True
        is_within = shared.within(LEAST_OF_A_PHRASE)
        if _share(is_within) >= SHARE_OF_PHRASES and not _is_alike_throughout(each):
            beside = likeness_beside(article, group, is_within)
            if beside >= ALIKE_WITHOUT_PHRASES:
                return False  # and then whatever their titles tell
            told = max(title_told(other, own) for other in others)
            is_beside = beside < ALIKE_WITHOUT_PHRASES - TITLE_COUNTS * told
            return is_beside or _is_untold(article, group, others, beside)
    return False


def _is_alike_throughout(shared: Shared) -> bool:
    """Whether what both name is one event: its phrases are names, as a mine and the governor."""
    return shared.alike >= ALIKE_WITH_A_NUMBER and shared.has_a_number()


def _shares_the_report(
    article: Weighed, is_within: NDArray[np.bool_], others: Sequence[Print]
) -> bool:
    """Whether most of an article is most of another outlet's: it begins anew, and goes on alike.

    What one source says at length of itself under each of its texts is no report.

    Args:
        is_within: Which of its words stand in passages of the others.
    """
    if _share(is_within) < MOST_IN_PASSAGES:
        return False
    own, course = article.print, article.course
    most = np.count_nonzero(is_within)
    for other in others:
        enough = MOST_IN_PASSAGES * max(len(is_within), other.length)
        if other.source == own.source or most < enough:
            continue  # before its passages are looked for
        shared = passages(course, [other]).within(LEAST_OF_A_PASSAGE)
        is_most = np.count_nonzero(shared) >= enough
        if is_most and not shares_what_is_said_of_anything(own, course, shared, other):
            return True
    return False


def _is_untold(article: Weighed, group: Group, others: Sequence[Print], beside: float) -> bool:
    """Whether neither text tells what the other's title says besides what both titles say.

    Args:
        beside: How alike they are beside phrases.
    """
    own = article.print
    is_of_one_source = any(other.source == own.source for other in others)
    alike, told = UNTOLD_OF_ONE_SOURCE if is_of_one_source else UNTOLD
    return beside < alike and titles_told(own, article.course, group.words, others) < told


def _share(is_within: NDArray[np.bool_]) -> float:
    return np.count_nonzero(is_within) / max(1, len(is_within))


def _shares_the_subject_alone(article: Weighed, story: Traits, every: Sequence[Shared]) -> bool:
    """Whether a short article shares too little with a story in its language but one name, say.

    While an archive is young nothing is known to be common: "Hanoi Convention" alone, of which a
    rule's articles all tell, would make one story of them. Another outlet's report in its own
    words shares few of them, too, but what it is about, and tells what the title of the first says.
    """
    if article.size > SHORT:
        return False
    shared = [
        shared_words(article, group) for group in story.groups if group.language == article.language
    ]
    if not shared:
        return False
    words = np.count_nonzero(article.words & 1 == 0)
    enough = max(LEAST_SHARED_WORDS, ENOUGH_OF_SHORT * words)
    return max(shared) < min(enough, MOST_SHARED_WORDS) and not _is_told_anew(article, story, every)


def _is_told_anew(article: Weighed, story: Traits, every: Sequence[Shared]) -> bool:
    own = article.print
    others = [each for each in story.prints if each.length and each.language == own.language]
    if not own.length or not others:
        return False  # titles alone say too little
    for shared in every:
        if not shared.is_one_language or not shared.are_short(article):
            continue
        told = titles_told(own, article.course, shared.group.words, others, fewest=1)
        if told and shared.alike + TITLE_ANEW * told >= ALIKE_ANEW:
            return True
    return False


def _is_of_syllables(article: Weighed, story: Traits) -> bool:
    """Whether a short article shares syllables with a story in its language, but hardly a word."""
    if article.language not in BY_SYLLABLES or article.size > SHORT:
        return False
    pairs = [
        shared_pairs(article.print, other)
        for other in story.prints
        if other.language == article.print.language
    ]
    return bool(pairs) and max(pairs) < LEAST_PAIRS


def _of_source(own: Print, others: Sequence[Print]) -> str:
    for other in others:
        if not own.cited and not other.cited:
            continue
        if other.address and other.address in own.cited:
            return "gives one of its articles as its source"
        if own.address and own.address in other.cited:
            return "is given as the source by one of its articles"
        if set(own.cited) & set(other.cited):
            return "gives the same source as one of its articles"
    return ""


def _is_copied(article: Weighed, others: Sequence[Print]) -> bool:
    return any(_is_copy_of(article, other) for other in others)


def _is_copy_of(article: Weighed, other: Print) -> bool:
    own, course, language = article.print, article.course, article.language
    if not is_copy(own, other) or differs_in_part(own, other):
        return False
    if fills_a_form(own, course, _NOTHING, other, language):
        return False
    is_within = passages(course, [other]).within(LEAST_OF_A_PHRASE)
    return not shares_what_is_said_of_anything(own, course, is_within, other)


def why(article: Weighed, story: Traits, day: float) -> str:
    """Return in words why an article belongs to a story that is like it."""
    names = _shown(article, story)
    what = f"names {', '.join(names)}" if names else "has the same words"
    apart = story.days_from(day)
    if not apart >= 0:
        return what
    if apart < 1:
        return f"{what}; same day"
    return f"{what}; {apart:.0f} {'day' if round(apart) == 1 else 'days'} apart"


def _shown(article: Weighed, story: Traits) -> list[str]:
    shown: dict[str, str] = {}
    for sign in shared_signs(article, story):
        text = article.shown(sign)
        folded = text.casefold()
        if text and all(folded not in other and other not in folded for other in shown):
            shown[folded] = text
        if len(shown) == SHOWN_SIGNS:
            break
    return list(shown.values())
