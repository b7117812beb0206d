"""How alike an article and a story are in what tells two events apart, and what both share."""

from collections.abc import Collection, Container, Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingester.stories.nearby import Nearby
from ingester.stories.passages import stand_side_by_side
from ingester.stories.results import are_of_others, results
from ingester.stories.signs import PLAIN_NUMBERS, Sign, Signs, Told
from ingester.stories.sums import Group, Traits, packed
from ingester.stories.weights import Weighed

SHORT = 40
"""An article of so few signs is short."""
FEWEST_NAMES = 2
"""Two that name so many in two languages, and none alike, tell of others."""
ENOUGH_NAMES, ALIKE_NAMES, ALIKE_NAMES_OF_LONG = 3, 0.2, 0.1
"""Of so many names on both sides so many must be the same, as a cosine; of longer articles."""
ENOUGH_TOLD, ENOUGH_OF_SIGNS, EVERYDAY_TELLS, ALIKE_ALL_THE_SAME = 2.0, 0.08, 0.5, 0.14
"""So much, in concepts, names and numbers, two in two languages share, and at least such a part of
the shorter one's, as any two long ones share some; an everyday concept or a plain number is so much
of one. Unless what they share is so much of both, as a cosine.
"""
ENOUGH_TO_NAME, ALIKE_WITHOUT_NAMES = 24, 0.16
"""Two of so many signs name what they are about: if they share none, so much must be shared of
both, as that cosine.
"""
ENOUGH_UNNAMED, SECOND_TELLS = 2.5, 0.5
"""So much two must share that share neither a name nor a number; and so much of what a word tells
as a sign it tells as a second one.
"""
MOST_OF_A_WORD = 2
"""So many signs a word is, about, if any."""
LEAST_ALIKE = 0.2
"""So much of both, as a cosine of all signs, must be the same in two short ones with a text."""
NAMED_ALIKE = 0.28
"""So much, of two that share no name but a place that each language calls otherwise."""
ELSEWHERE = 0.33
"""So much two share that name other places; or short ones that share no name, place or number."""
A_WORD_OR_TWO, ALIKE_IN_WORDS = 2, 0.25
"""Less than that of both is so few words, a name and what is done, that two short ones share."""
ALIKE_AT_A_PLACE, ALIKE_IN_KIND, ALIKE_IN_A_LANGUAGE = 0.4, 0.3, 0.55
"""Less is a place that two short ones share in two languages; a place and an incident; both in one
language, in which one event is told in more of the same words.
"""
ENOUGH_NUMBERS = 2
"""So many numbers that are not plain two share by no chance."""
PLAIN_NUMBERS_TELL = 0.25
"""So much of what other numbers do plain ones add to that cosine."""
MUCH, MUCH_OF_TITLES, NOT_LONG = 6, 5, 60
"""So many things that are not everyday, nor recur, no two events have in common, of titles and of
texts of no more signs than that.
"""
LEAST_BESIDE = 0.05
"""So much is beside a passage, of the square of what an article says, if hardly a word is."""


def likeness(article: Weighed, stories: Sequence[Traits], day: float) -> list[float]:
    """Return the mean likeness of an article to each story's articles: from 1 on, one event.

    By itself; in a turn `nearby.py` does that for many.

    Args:
        day: When it was published, or not a number.
    """
    nearby = Nearby()
    nearby.begin([article], [day], [day])
    told = {str(n): packed(story, is_half=False) for n, story in enumerate(stories)}
    nearby.tell(told, are_changed=True)
    return [nearby.likeness(0, id_) for id_ in told]


def _common(mine: Signs, theirs: Signs) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where what both have is, in the one and in the other."""
    if not len(mine):
        nowhere = np.zeros(0, dtype=np.intp)
        return nowhere, nowhere
    places = mine.searchsorted(theirs)
    (at,) = (mine.take(places, mode="clip") == theirs).nonzero()
    return places[at], at


def shared_signs(article: Weighed, story: Traits) -> list[Sign]:
    """Return the signs that an article has in common with a story, those first that tell most."""
    told: dict[Sign, float] = {}
    for group in story.groups:
        mine, theirs = _common(article.signs, group.signs)
        products = article.sign_weights[mine] * group.sign_sums[theirs]
        for sign, product in zip(article.signs[mine].tolist(), products.tolist(), strict=True):
            told[sign] = told.get(sign, 0.0) + product
    return sorted(told, key=lambda sign: -told[sign])


def shared_words(article: Weighed, group: Group) -> int:
    """Return how many words an article has in common with a group, short ones not counted."""
    own, _ = _common(article.words, group.words)
    return int(np.count_nonzero(article.words[own] & 1 == 0))


def likeness_beside(article: Weighed, group: Group, is_within: NDArray[np.bool_]) -> float:
    """Return how alike they are, as a cosine, by the words that no passage has which both have.

    Args:
        is_within: Which words of its course stand in such passages.
    """
    is_beside = np.ones(len(article.words), dtype=np.bool_)
    at = article.words.searchsorted(article.course.words[is_within])
    is_beside[at[at < len(is_beside)]] = False
    own, theirs = _common(article.words, group.words)
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
    theirs = np.concatenate([results(group.signs) for group in story.groups])
    return are_of_others(mine, theirs)


def shares_too_little(article: Weighed, story: Traits, every: Sequence["Shared"]) -> bool:
    """Whether an article shares with a story hardly more than any two do.

    Either it names others, or what both have is everyday, or of the kind of thing that both tell;
    in its own language, only where it happens, if that is the same.

    Args:
        every: What it shares with each of the story's groups.
    """
    if _is_elsewhere(article, every) or _shares_where_alone(article, story, every):
        return True
    if any(shared.is_one_language for shared in every):
        return False
    have_texts = _have_texts(article, story)
    is_much = any(_is_much(article, shared, have_texts=have_texts) for shared in every)
    if not is_much and (
        _names_none_of(article, story, every) or _is_hardly_alike(article, story, every)
    ):
        return True
    are_everyday, are_of_kind = True, not is_much
    for shared in every:
        are_everyday = are_everyday and (
            _is_everyday(article, shared) or _is_subject_alone(article, shared.signs)
        )
        are_of_kind = are_of_kind and _is_of_its_kind(article, shared)
        if not are_everyday and not are_of_kind:
            return False
    return True


def _is_much(article: Weighed, shared: "Shared", *, have_texts: bool) -> bool:
    """Whether an article shares so many things with a group that no name need be among them."""
    if shared.shorter(article) > NOT_LONG:
        return False
    much = MUCH if have_texts else MUCH_OF_TITLES
    everyday, recurring, *_ = article.commonplace
    told = {
        article.shown(sign).casefold()
        for sign in shared.signs
        if sign & 3 == Told.CONCEPT and sign not in everyday and sign not in recurring
    }
    return len(told) >= much and len(_whole_words(told)) >= much


class Shared(NamedTuple):
    """What an article and a group share: looked for once, and asked for by all that compares them.

    Attributes:
        is_one_language: Whether both are in one language.
        signs: A handful, and faster asked for one by one than as a column.
        products: How much of both each is.
    """

    group: Group
    is_one_language: bool
    signs: Sequence[Sign]
    products: Sequence[float]

    @property
    def alike(self) -> float:
        """How alike they are, as a cosine, by all signs."""
        return sum(self.products) / self.group.articles

    def product(self) -> float:
        """Return what it tells as a cosine, with plain numbers of less weight."""
        told = zip(self.signs, self.products, strict=True)
        tells = (each * (PLAIN_NUMBERS_TELL if sign in PLAIN_NUMBERS else 1) for sign, each in told)
        return sum(tells) / self.group.articles

    def has_a_number(self) -> bool:
        """Whether both have a number that is not plain."""
        return any(sign & 3 == Told.NUMBER and sign not in PLAIN_NUMBERS for sign in self.signs)

    def shorter(self, article: Weighed) -> float:
        """Return how much the shorter of both says, in signs."""
        return min(article.size, self.group.size / self.group.articles)

    def are_short(self, article: Weighed) -> bool:
        """Whether both are short: a title and some sentences."""
        return article.size <= SHORT and self.group.size <= SHORT * self.group.articles


def shared_with(article: Weighed, story: Traits) -> list[Shared]:
    """Return what an article shares with each group of a story."""
    every = list[Shared]()
    for group in story.groups:
        own, theirs = _common(article.signs, group.signs)
        products = (article.sign_weights[own] * group.sign_sums[theirs]).tolist()
        is_one_language = group.language == article.language
        every.append(Shared(group, is_one_language, article.signs[own].tolist(), products))
    return every


def _names_none_of(article: Weighed, story: Traits, every: Sequence[Shared]) -> bool:
    """Whether an article has other names and other numbers than a story in other languages.

    An earthquake, its dead and the army's help are in any report of any earthquake. A place that
    each language calls otherwise is known as a concept, and no name that is the same in both; of
    titles alone it is said that they share too little.
    """
    if any(sign & 3 in (Told.NAME, Told.NUMBER) for shared in every for sign in shared.signs):
        return False
    signs = (article.signs, *(group.signs for group in story.groups))
    if any(np.count_nonzero(each & 3 == Told.NAME) < FEWEST_NAMES for each in signs):
        return False
    if not _have_texts(article, story):
        return True
    return not any(_has_known_place(article, shared) for shared in every)


def _have_texts(article: Weighed, story: Traits) -> bool:
    return bool(article.print.length) and any(other.length for other in story.prints)


def _has_known_place(article: Weighed, shared: Shared) -> bool:
    is_alike = shared.alike >= NAMED_ALIKE
    return is_alike and not article.commonplace.naming.isdisjoint(shared.signs)


def _is_hardly_alike(article: Weighed, story: Traits, every: Sequence[Shared]) -> bool:
    """Whether what two short ones share is a small part of all that both say, whatever it is.

    What a short text is about stands in its title and comes back below it, and is most of what
    tells it from others; two meetings of one minister share the meeting. A title alone says too
    little for that, and a long text has much else to say.
    """
    return _have_texts(article, story) and all(
        shared.are_short(article) and shared.alike < _least_alike(article, shared)
        for shared in every
    )


def _least_alike(article: Weighed, shared: Shared) -> float:
    naming = article.commonplace.naming
    is_named = any(_is_naming(sign, naming) for sign in shared.signs)
    return LEAST_ALIKE if is_named else ELSEWHERE


def _is_elsewhere(article: Weighed, every: Sequence[Shared]) -> bool:
    """Whether an article names other places than a story, and no name and number that it has.

    Two countries' interest rates, strikes in two ports. What happens in one place may be told of
    its city here and of its country there: then more of both is the same. Two places that sound
    alike, as Baghdad and Bogota do, are no name that both have.
    """
    places = article.commonplace.places
    if not all(places.isdisjoint(shared.signs) for shared in every):
        return False
    mine = places.intersection(article.signs.tolist())
    if not mine or all(places.isdisjoint(shared.group.signs.tolist()) for shared in every):
        return False
    words = [article.shown(sign).casefold() for sign in mine]
    return not any(_is_alike_elsewhere(article, shared, words) for shared in every)


def _is_alike_elsewhere(article: Weighed, shared: Shared, places: Sequence[str]) -> bool:
    """Whether both have a name, or a number that is not plain, or much else.

    Args:
        places: What the article calls its places.
    """
    share = 0.0
    for sign, product in zip(shared.signs, shared.products, strict=True):
        if sign & 3 == Told.NAME and _calls_one(article.shown(sign), places):
            continue
        if _tells_names(sign):
            return True
        share += product
    return share >= ELSEWHERE * shared.group.articles


def _calls_one(name: str, places: Sequence[str]) -> bool:
    """Whether a name is one of these places', or a word of it, in whatever form."""
    folded = name.casefold()
    return any(folded in place or place in folded for place in places)


def _tells_names(sign: Sign) -> bool:
    return sign & 3 in (Told.NAME, Told.NUMBER) and sign not in PLAIN_NUMBERS


def _shares_where_alone(article: Weighed, story: Traits, every: Sequence[Shared]) -> bool:
    """Whether all that two short ones share is where it happens, and of what kind, or two words.

    Kharkiv and Russia, a fire in Petersburg, "Putin meets": of any city, any person in office there
    are several events a day. Titles alone say too little for that.
    """
    if not _have_texts(article, story):
        return False
    is_across = not any(shared.is_one_language for shared in every)
    return all(
        shared.are_short(article) and _is_where_alone(article, shared, is_across)
        for shared in every
    )


def _is_where_alone(article: Weighed, shared: Shared, is_across: bool) -> bool:
    share = shared.alike
    if share >= (ALIKE_AT_A_PLACE if is_across else ALIKE_IN_A_LANGUAGE):
        return False
    everyday, recurring, incidents, *_, places = article.commonplace
    told = {
        sign: article.shown(sign).casefold()
        for sign in shared.signs
        if sign & 3 != Told.GENERAL and sign not in everyday and sign not in PLAIN_NUMBERS
    }
    if is_across and share < ALIKE_IN_WORDS and len(_whole_words(told.values())) <= A_WORD_OR_TWO:
        return True
    where = [word for sign, word in told.items() if sign in places]
    if not where:
        return False
    beside = {
        sign
        for sign, word in told.items()
        if sign not in places
        and sign not in recurring
        and not (sign & 3 == Told.NAME and _calls_one(word, where))
    }
    return beside <= incidents and (not beside or not is_across or share < ALIKE_IN_KIND)


def _whole_words(words: Collection[str]) -> set[str]:
    """Return words without those that are parts of others."""
    return {
        next((other for other in words if len(other) > len(word) and word in other), word)
        for word in words
    }


def _is_everyday(article: Weighed, shared: Shared) -> bool:
    """Whether an article shares hardly more with a group than any two reports do.

    An hour and an evening are in the report of a storm as in that of a closed airport, a 19 in
    that of an election as in that of a protest, and while an archive is young nothing is known to
    be common. Without a name or a number in common it takes more: an actor and his death are in
    two obituaries.
    """
    signs, (everyday, _, _, naming, *_) = shared.signs, article.commonplace
    of_size = ENOUGH_OF_SIGNS * shared.shorter(article)
    tells = [
        EVERYDAY_TELLS
        if sign & 3 == Told.GENERAL or sign in everyday or sign in PLAIN_NUMBERS
        else 1.0
        for sign in signs
    ]
    enough, unnamed = max(ENOUGH_TOLD, of_size), max(ENOUGH_UNNAMED, of_size)
    most = sum(tells)
    if most >= MOST_OF_A_WORD * unnamed:
        return False  # whatever words they are of
    told = told_by_words(article, signs, tells) if most >= enough else most
    if told >= unnamed:
        return False
    if not any(_is_naming(sign, naming) for sign in signs):
        return True
    return told < enough and shared.product() < ALIKE_ALL_THE_SAME


def _is_subject_alone(article: Weighed, signs: Sequence[Sign]) -> bool:
    """Whether these signs say nothing but who or what an article is about.

    A name that is no place, of one word or several, and what its bearer is called, side by side:
    "Beacon Energy", "Polish minister Tomasz Wilczynski". All that a rule for it finds shares it.
    """
    everyday, _, _, naming, callings, _ = article.commonplace
    if not any(sign & 3 == Told.NAME for sign in signs):
        return False  # before anything is asked of words
    said = [(sign, article.shown(sign).casefold()) for sign in signs if sign not in everyday]
    names = {word for sign, word in said if sign & 3 == Told.NAME}
    known = {word for sign, word in said if sign in naming and sign & 3 == Told.CONCEPT}
    are_known = all(any(name in place for place in known) for name in names)
    if are_known or len(known) > 1:
        return False  # a place is where something happens, and two are more than who it is about
    words = names | known
    for sign, word in said:
        if sign & 3 == Told.NUMBER:
            return False
        if sign & 3 == Told.CONCEPT and word not in words:
            if sign not in callings:
                return False
            words.add(word)
    return stand_side_by_side(words, article.opening().casefold(), article.language)


def told_by_words(article: Weighed, signs: Sequence[Sign], tells: Sequence[float]) -> float:
    """Return how much signs tell, each so much, where one word of the article may be several.

    A name that is known is a name and what it names, a word of two senses both: the second tells
    half as much, and others nothing.
    """
    of_words: dict[str, list[float]] = {}
    words = [article.shown(sign).casefold() for sign in signs]
    for word, value in zip(words, tells, strict=True):
        whole = next((other for other in words if len(other) > len(word) and word in other), word)
        of_words.setdefault(whole, []).append(value)
    told = 0.0
    for values in of_words.values():
        first, *others = sorted(values, reverse=True)
        told += first + (SECOND_TELLS * others[0] if others else 0.0)
    return told


def _is_naming(sign: Sign, naming: Container[Sign]) -> bool:
    return _tells_names(sign) or sign in naming


def _is_of_its_kind(article: Weighed, shared: Shared) -> bool:
    """Whether an article shares with a group only what kind of thing it tells.

    The weather of two towns, the close of two markets, what sources ask of their readers; and
    with no number in common, two fires. A shared name, or a number that is not plain, tells more.
    """
    kinds = [sign & 3 for sign in shared.signs]
    if Told.NAME in kinds:
        return False  # the usual case, and no name is of a kind
    everyday, recurring, incidents, *_ = article.commonplace
    rest = {
        sign
        for sign, told in zip(shared.signs, kinds, strict=True)
        if told != Told.GENERAL and sign not in everyday and sign not in recurring
    }
    if rest <= PLAIN_NUMBERS or rest <= incidents:
        return True
    if shared.shorter(article) < ENOUGH_TO_NAME:
        return False
    numbers = sum(sign & 3 == Told.NUMBER for sign in rest - PLAIN_NUMBERS)
    return numbers < ENOUGH_NUMBERS and shared.product() < ALIKE_WITHOUT_NAMES


def names_others(article: Weighed, every: Sequence[Shared]) -> bool:
    """Whether an article names others than a story in its language does.

    What two texts are about is whom they name: the same words may be said of anybody. Longer ones
    name more people and places by the way.
    """
    for shared in every:
        if not shared.is_one_language:
            continue
        weights = article.sign_weights[article.signs & 3 == Told.NAME]
        squares = shared.group.squares[shared.group.signs & 3 == Told.NAME]
        if min(len(weights), len(squares)) < ENOUGH_NAMES:
            return False
        told = zip(shared.signs, shared.products, strict=True)
        product = sum(each for sign, each in told if sign & 3 == Told.NAME)
        alike = ALIKE_NAMES if article.size <= SHORT else ALIKE_NAMES_OF_LONG
        both = float(weights @ weights) * float(squares.sum()) * shared.group.articles
        return product < alike * sqrt(both)
    return False
