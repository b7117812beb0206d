"""What is known to tell another event before any word is read is what reading them would say."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from ingester.stories.frequencies import Frequencies
from ingester.stories.nearby import Nearby
from ingester.stories.placing import day_of, is_another
from ingester.stories.prints import days
from ingester.stories.signature import Signer
from ingester.stories.weights import Weighed, all_weighed
from monitor.lexicons.packed import packed_news
from rules.languages.everyday import everyday_words
from rules.languages.phonemes import han_sounds
from rules.lexicons.story_words import commonplaces
from rules.lexicons.whole_words import is_misread
from rules.text.folding import fold
from storage.model import Article
from tests.quality.stories.test_stories import pairs

MANY = 80
LEAVE_OUT = 0.3


def weighed() -> tuple[list[Article], list[Weighed]]:
    signer = Signer(
        fold, packed_news().by_words, everyday_words, *commonplaces(), is_misread, han_sounds()
    )
    articles = [article for pair in pairs() for article in (pair.one, pair.other)]
    signatures, known = signer.signatures(articles), Frequencies()
    known.learn(known.lesson(signatures))
    return articles, all_weighed(signatures, known)


def without_some(article: Weighed, random: Random) -> Weighed:
    """Return an article that says less, so that more of them are hardly alike."""
    kept = np.array([random.random() > LEAVE_OUT for _ in article.signs], dtype=np.bool_)
    rows = ("signs", "sign_weights", "several", "rare", "lone")
    return replace(article, **{name: getattr(article, name)[kept] for name in rows})


@pytest.mark.parametrize("seed", range(4))
def test_what_is_surely_another_event_is_another_one(seed: int) -> None:
    random, (articles, every) = Random(seed), weighed()
    every = [without_some(each, random) for each in every] if seed else every
    nearby, others = Nearby(), 0
    nearby.begin(every, [*map(day_of, articles)], [days(each.first_seen_at) for each in articles])
    for number, article in enumerate(every):
        near, _ = nearby.found(nearby.look(number))
        for id_, score, is_other in zip(near.ids, near.scores, near.are_others, strict=True):
            assert score >= 1 or not is_other
            if is_other:
                others += 1
                assert is_another(article, nearby.traits(id_)), (article.opening(), id_)
        if near.ids and random.random() < LEAVE_OUT:
            nearby.grow(random.choice(near.ids), number)
        else:
            nearby.begin_story(str(number), number)
    assert others > MANY
