"""How alike articles and stories are, as the kernel says it and as it is written down here."""

from collections.abc import Sequence
from dataclasses import replace
from math import exp, nan, sqrt
from random import Random

import numpy as np
import pytest

from ingester.stories.frequencies import Frequencies
from ingester.stories.nearby import ALIKE, ALIKE_BY_SYLLABLES, Nearby
from ingester.stories.placing import place_of
from ingester.stories.signature import Signer
from ingester.stories.signs import Told
from ingester.stories.similarity import likeness, told_by_words
from ingester.stories.sums import Group, Traits, packed, with_article
from ingester.stories.weights import Weighed, weighed
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.lexicons.news_source import Concept, number_of
from rules.text.folding import fold
from tests.builders import an_article

SIGNER = Signer(fold, Concepts(pack_concepts([])))
EMPTY, TOLD = (
    weighed(SIGNER.signature(an_article("-", text=text, url="")), Frequencies())
    for text in ("", "said so.")
)


def an_article_of(chance: Random, language: str, words: int = 60, signs: int = 30) -> Weighed:
    """Return an article with some of few words and signs, so that others have them, too."""
    rows = [
        np.array(sorted(chance.sample(range(4, 60 + 2 * many), many)), dtype=np.uint32)
        for many in (words, signs)
    ]
    weights = [
        np.array([chance.random() for _ in row], dtype=np.float32) / max(1, len(row)) ** 0.5
        for row in rows
    ]
    several = np.array([sign % 3 > 0 for sign in rows[1].tolist()], dtype=np.bool_)
    squares = weights[1] ** 2
    return replace(
        EMPTY,
        language=language,
        size=float(max(4, signs)),
        words=rows[0],
        word_weights=weights[0],
        signs=rows[1],
        sign_weights=weights[1],
        several=several,
        rare=np.array([sign % 4 == Told.NAME for sign in rows[1].tolist()], dtype=np.bool_),
        print=chance.choice((EMPTY, TOLD)).print,
        lone=np.where(several, np.float32(0), squares),
        told=float(squares[several].sum()),
    )


def written_down(article: Weighed, story: Traits, day: float) -> float:
    """Return the mean likeness to the story's articles, which leans to the liker, once more."""
    apart = story.days_from(day)
    has_texts = article.print.length and any(each.length for each in story.prints)
    are_fresh = bool(has_texts and apart <= 3)
    sizes = (article.size, *(group.size / group.articles for group in story.groups))
    leans = 2.0 if has_texts and apart >= 0 and min(sizes) > 24 else 1.0
    told = sum(
        group.articles * (_to(article, group, are_fresh=are_fresh) / group.articles) ** leans
        for group in story.groups
    )
    fading = exp(-(apart - 1) / 10) if apart > 1 else 1.0
    return (told / sum(group.articles for group in story.groups)) ** (1 / leans) * fading


def _to(article: Weighed, group: Group, *, are_fresh: bool) -> float:
    own = dict(zip(article.signs.tolist(), article.sign_weights.tolist(), strict=True))
    theirs = dict(zip(group.signs.tolist(), group.sign_sums.tolist(), strict=True))
    signs = sum(own[sign] * theirs[sign] for sign in own.keys() & theirs.keys())
    if group.language == article.language:
        words = dict(zip(group.words.tolist(), group.word_sums.tolist(), strict=True))
        mine = zip(article.words.tolist(), article.word_weights.tolist(), strict=True)
        alike = ALIKE_BY_SYLLABLES if article.language == "vi" else ALIKE
        likely = (sum(words.get(word, 0) * weight for word, weight in mine) + signs) / 2 / alike
        rare = {*article.signs[article.rare].tolist()} & theirs.keys()
        named = sum(own[sign] * theirs[sign] for sign in rare) / group.articles
        is_long = min(article.size, group.size / group.articles) > 60
        is_named = article.language != "vi" and named >= 0.04 and are_fresh and not is_long
        return likely * (1.6 if is_named else 1)
    both = own.keys() & theirs.keys()
    shared = sum(sign & 3 != Told.GENERAL for sign in both)
    lengths = [
        sqrt((told + _sum_of(each, lone, both)) / articles)
        for told, each, lone, articles in (
            (article.told, article.signs, article.lone, 1),
            (group.told, group.signs, group.lone, group.articles),
        )
    ]
    size = min(article.size, group.size / group.articles) / 40
    likely = signs / max(lengths[0] * lengths[1], 1e-9) / (0.14 * size**0.15)
    return 0.0 if shared < 2 else likely * (0.85 if shared < 3 else 1)


def _sum_of(signs: np.ndarray, values: np.ndarray, which: set[int]) -> float:  # type: ignore[type-arg]
    return float(sum(v for s, v in zip(signs.tolist(), values.tolist(), strict=True) if s in which))


def a_story(chance: Random, languages: Sequence[str]) -> Traits:
    traits = Traits()
    for language in languages:
        article = an_article_of(chance, language, chance.randrange(80), chance.randrange(40))
        traits = with_article(traits, article, chance.choice((nan, chance.uniform(0, 20))))
    return traits


@pytest.mark.parametrize("seed", range(60))
def test_likeness_is_what_is_written_down(seed: int) -> None:
    chance = Random(seed)
    article = an_article_of(chance, chance.choice(("en", "vi")), chance.randrange(400))
    stories = [
        a_story(chance, chance.choices(("en", "vi", "sv"), k=chance.randint(1, 4)))
        for _ in range(5)
    ]
    for day in (nan, 3.0, 40.0):
        expected = [written_down(article, story, day) for story in stories]
        assert likeness(article, stories, day) == pytest.approx(expected, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("seed", range(20))
def test_a_story_is_the_same_begun_told_and_stored(seed: int) -> None:
    chance = Random(seed)
    articles = [
        an_article_of(chance, "en"),
        an_article_of(chance, "en", *(chance.choice(sizes) for sizes in ((3, 256, 400), (0, 200)))),
        an_article_of(chance, "sv"),
    ]
    nearby = Nearby()
    nearby.begin(articles, [1, 2, nan], [1, 2, 3])
    nearby.begin_story("begun", 1)
    story = with_article(Traits(), articles[1], 2)
    assert nearby.packed({"begun": articles[1].print}) == {"begun": packed(story)}
    nearby.tell({"told": packed(story, is_half=False)}, are_changed=True)
    nearby.tell({"stored": packed(story)})
    for number in range(3):
        begun, told, stored = (nearby.likeness(number, id_) for id_ in ("begun", "told", "stored"))
        assert begun == pytest.approx(told)
        assert stored == pytest.approx(told, rel=0.01)
    assert nearby.likeness(0, "begun") > 0


def test_what_has_changed_is_compared_once_more() -> None:
    chance = Random(1)
    one, other = an_article_of(chance, "en"), an_article_of(chance, "en")
    nearby = Nearby()
    nearby.begin([one, other, one], [nan] * 3, [1, 1, 1])
    nearby.begin_story("before", 0)
    nearby.begin([other, one, one], [nan] * 3, [1, 1, 1])
    assert nearby.look_ahead() == ["before"]
    nearby.tell({"before": packed(with_article(Traits(), one, nan))})
    assert nearby.look(1).worth
    nearby.begin_story("own", 1)
    look = nearby.look_again(1, "own")
    assert (look.size, look.worth) == (0, 0)
    nearby.begin_story("again", 2)
    look = nearby.look_again(1, "own")
    assert look.worth
    [(id_, score)] = nearby.found_again(look)
    assert id_ == "again"
    assert score == nearby.likeness(1, "again") >= 1


EVERYDAY = {
    "hour": Concept("hour", "noun", "-", {"en": ("hour",), "sv": ("timme",)}),
    "evening": Concept("evening", "noun", "-", {"en": ("evening",), "sv": ("kväll",)}),
    "airport": Concept("airport", "noun", "-", {"en": ("airport",), "sv": ("flygplats",)}),
    "umea": Concept("umea", "place", "-", {"en": ("Umeå",), "sv": ("Umeå",)}),
}
HOME = "Flygplats vid Umeå stängd för 480 resande"
HOME_TEXT = (
    "I kväll stod 37 plan stilla en timme, 64 minuter, och 520 väskor och 18 hundar väntade."
)
ABROAD = "Storm of 150 miles an hour reaches Quang Ngai"
ABROAD_TEXT = (
    "Residents of Binh Dinh had left its airport this evening, said Tran Van Minh on Friday."
)


def _is_one_story(title: str, text: str, everyday: Sequence[str]) -> bool:
    concepts = Concepts(pack_concepts(EVERYDAY.values()))
    signer = Signer(fold, concepts, everyday=[number_of(id_) for id_ in everyday])
    # Of titles alone nothing says how much of both it must be that they share.
    home = weighed(
        signer.signature(an_article(f"{HOME}. {HOME_TEXT}", language="sv", text="")), Frequencies()
    )
    other = weighed(signer.signature(an_article(title, language="en", text=text)), Frequencies())
    return place_of(other, 0.0, [with_article(Traits(), home, 0.0)]) is not None


def test_words_of_any_report_join_no_stories_of_two_languages() -> None:
    everyday = ["hour", "evening"]
    airport = "The airport in Umeå was closed", "For an hour this evening 37 planes stood still."
    assert _is_one_story(*airport, everyday)
    assert _is_one_story(ABROAD, ABROAD_TEXT, everyday=[])
    assert not _is_one_story(ABROAD, ABROAD_TEXT, everyday)


def test_a_word_that_is_two_signs_tells_one_and_a_half() -> None:
    written = {1: "Supremo Tribunal", 2: "Supremo", 3: "taxi", 4: "Taxi", 5: "taxi", 6: "Ecuador"}
    article = replace(EMPTY, shown=written.__getitem__)

    def told(*signs: int) -> float:
        return told_by_words(article, signs, [1.0] * len(signs))

    assert told(1, 3, 6) == 3
    assert told(2, 1) == 1.5
    assert told(3, 4, 5) == 1.5
    assert told(1, 2, 3, 4, 5, 6) == 4


def _are_one_story(numbers: str) -> bool:
    """Return whether two reports are put together that share an hour and these numbers."""
    concepts = Concepts(pack_concepts(EVERYDAY.values()))
    signer = Signer(fold, concepts, everyday=[number_of("hour")])
    one, other = (
        weighed(signer.signature(an_article(title, language=language, text=text)), Frequencies())
        for title, language, text in (
            (HOME, "sv", f"{HOME_TEXT} Det sade Bo Ek i Piteå: {numbers}."),
            (
                "Jara ahead of Kast in Talca",
                "en",
                f"In an hour Parisi lost Arica to Matthei: {numbers}.",
            ),
        )
    )
    return place_of(other, 0.0, [with_article(Traits(), one, 0.0)]) is not None


def test_numbers_of_any_report_join_no_stories_of_two_languages() -> None:
    assert not _are_one_story("19 and 26")
    assert not _are_one_story("900 and 1,500")
    assert _are_one_story("1,937 and 2,641")
