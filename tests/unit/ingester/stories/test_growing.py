"""What a turn adds to stories, and which may be copies, is what each is by itself."""

from dataclasses import replace
from math import nan
from random import Random

import numpy as np
import pytest

from ingester.stories.nearby import Nearby
from ingester.stories.prints import MOST_PIECES, Print, is_copy
from ingester.stories.sums import Traits, packed, unpacked, unpacked_prints, with_article
from ingester.stories.weights import Weighed
from tests.unit.ingester.stories.test_likeness import EMPTY, an_article_of


def a_print(chance: Random, others: int) -> Print:
    """A print of few words, so that another has some of them, too."""
    body = [chance.randrange(3) for _ in range(chance.choice((0, 2, 9, 30)))]
    scale = chance.choice((0, 0, 1, 3))
    bound = 0xFFFFFFFF >> scale
    pieces = {chance.randrange(12) * (0xFFFFFFFF // 11) for _ in range(chance.randrange(20))}
    kept = sorted(each for each in pieces if each <= bound)[:MOST_PIECES]
    return EMPTY.print._replace(
        language=chance.randrange(2),
        body=np.array(body, dtype=np.uint32),
        pieces=np.array(kept, dtype=np.uint32),
        scale=scale,
        day=float(others),
        cited=tuple(range(chance.choice((0, 0, 2)))),
    )


def an_article(chance: Random, number: int) -> Weighed:
    words, signs = chance.choice((3, 60, 250, 400)), chance.choice((0, 20, 120, 200))
    article = an_article_of(chance, chance.choice(("en", "en", "sv", "vi")), words, signs)
    return replace(article, print=a_print(chance, number))


@pytest.mark.parametrize("seed", range(30))
def test_a_story_grows_as_it_is_added_up(seed: int) -> None:
    chance = Random(seed)
    articles = [an_article(chance, number) for number in range(9)]
    dated = [chance.choice((nan, chance.uniform(0, 20))) for _ in articles]
    nearby = Nearby()
    nearby.begin(articles, dated, [1.0] * len(articles))
    nearby.begin_story("one", 0)
    story = with_article(Traits(), articles[0], dated[0])
    stored = unpacked(packed(story))
    nearby.tell({"other": packed(stored)})
    for number in range(1, len(articles)):
        story, stored = (
            with_article(each, articles[number], dated[number]) for each in (story, stored)
        )
        assert nearby.grow("one", number)
        assert nearby.grow("other", number)
        assert nearby.packed(["other", "one"]) == {"one": packed(story), "other": packed(stored)}
        assert packed(nearby.traits("one"), is_half=False) == packed(story, is_half=False)
    found = unpacked_prints(packed(story))
    assert [each.day for each in found] == [each.day for each in story.prints]


def test_a_story_that_the_turn_was_not_told_of_does_not_grow() -> None:
    nearby = Nearby()
    nearby.begin([EMPTY], [nan], [1.0])
    assert not nearby.grow("one", 0)


@pytest.mark.parametrize("seed", range(60))
def test_what_may_be_a_copy_is_told(seed: int) -> None:
    chance = Random(seed)
    said = an_article_of(chance, "en")
    articles = [replace(said, print=a_print(chance, number)) for number in range(12)]
    nearby = Nearby()
    nearby.begin(articles, [nan] * 12, [1.0] * 12)
    nearby.begin_story("one", 0)
    for number in range(1, 12):
        story = nearby.traits("one")
        look = nearby.look(number)
        near, _ = nearby.found(look)
        own = articles[number].print
        assert near.may_be_copies == [any(is_copy(own, each) for each in story.prints)]
        assert near.is_citing == any(each.cited for each in (own, *story.prints))
        nearby.grow("one", number)
