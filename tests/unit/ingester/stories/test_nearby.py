"""Stories are found by keys that they share with an article, however many there are."""

from random import Random

import numpy as np
import pytest

from ingester.stories.frequencies import Frequencies
from ingester.stories.nearby import OF_A_KEY, Keys, Nearby
from ingester.stories.signature import Signature, Signer
from ingester.stories.signs import Floats, Signs
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.text.folding import fold
from tests.builders import an_article

LETTERS = str.maketrans("01", "ab")
SIGNER = Signer(fold, Concepts(pack_concepts([])))


def keys(*numbers: int) -> Signs:
    return np.array(numbers, dtype=np.uint32)


def even(count: int) -> Floats:
    return np.ones(count, dtype=np.float32)


def found(
    nearby: Nearby, *numbers: int, day: float = 0, most: int = 9, least: float = 0
) -> list[str]:
    asked = Keys(keys(*numbers), even(len(numbers)), least)
    return nearby.of(asked, day=day, within=7, most=most)


def test_the_story_with_most_of_the_keys_comes_first() -> None:
    nearby = Nearby()
    nearby.file("one", keys(1, 2), 0)
    nearby.file("two", keys(2, 3, 4), 0)
    assert found(nearby, 2, 3) == ["two", "one"]
    assert found(nearby, 2, 3, most=1) == ["two"]
    assert found(nearby, 2, 3, least=2) == ["two"]
    assert found(nearby, 5) == []


def test_a_story_is_found_by_old_and_new_keys_while_it_is_told() -> None:
    nearby = Nearby()
    nearby.file("one", keys(1), 0)
    nearby.file("one", keys(2, 1), 5)
    assert found(nearby, 1, day=12) == found(nearby, 2, day=12) == ["one"]
    assert found(nearby, 1, day=13) == []
    nearby.forget("one")
    assert found(nearby, 1, day=5) == []


def test_of_a_key_that_many_stories_have_the_last_are_found() -> None:
    nearby = Nearby()
    for number in range(20):
        nearby.file(str(number), keys(7), 0)
    assert set(found(nearby, 7, most=99)) == {str(n) for n in range(20 - OF_A_KEY, 20)}


def test_many_looked_up_at_once_find_what_each_finds_alone() -> None:
    nearby = Nearby()
    for number in range(60):
        nearby.file(str(number), keys(number % 7, number % 11, 40 + number % 5), number)
    several = [
        Keys(keys(*numbers), np.array(weights, dtype=np.float32), least)
        for numbers, weights, least in (
            ((1, 2, 41), (0.5, 0.25, 1.0), 0.3),
            ((), (), 0.0),
            ((3,), (1.0,), 0.0),
            ((99,), (1.0,), 0.0),
            ((1, 2, 41), (0.5, 0.25, 1.0), 1.2),
        )
    ]
    together = [nearby.near(each, day=50, within=40, most=6) for each in nearby.look(several)]
    assert together == [nearby.of(each, day=50, within=40, most=6) for each in several]
    assert together[0]
    assert together[0] != together[4]
    assert nearby.look([]) == []


def test_what_is_filed_later_is_found_by_what_was_looked_up_before() -> None:
    """As if it were looked up again, of a key that few have."""
    made = Random(7)
    nearby = Nearby()
    for number in range(40):
        nearby.file(str(number), keys(*made.sample(range(300), 9)), 0)
    several = [Keys(keys(*made.sample(range(300), 9)), even(9), float(n % 3)) for n in range(20)]
    looked = nearby.look(several)
    for number in (*range(40, 80), *range(5)):
        nearby.file(str(number), keys(*made.sample(range(300), 9)), 1)
    nearby.forget("50")
    found = [nearby.near(each, day=1, within=9, most=6) for each in looked]
    assert found == [nearby.of(each, day=1, within=9, most=6) for each in several]
    assert any("60" in each for each in found)


def test_it_is_full_before_stories_crowd_each_other_out() -> None:
    nearby = Nearby()
    assert not nearby.is_full
    number = 0
    while not nearby.is_full:
        nearby.file(str(number), keys(number), 0)
        number += 1
    assert not Nearby(number).is_full
    assert len(nearby) == number


def known(title: str, language: str) -> Signature:
    return SIGNER.signature(an_article(title, language=language, text=""))


def test_how_common_words_are_is_learned() -> None:
    frequencies = Frequencies()
    strike, again = known("Strike", "en"), known("strike 1912 Guterres", "sv")
    frequencies.learn(frequencies.lesson([strike, again]))
    assert frequencies.articles == 2
    assert frequencies.of(strike.words).tolist() == [2]
    assert frequencies.of(keys(1, 2)).tolist() == [0, 0]
    assert not frequencies.several(again.signs).any()
    frequencies.learn(frequencies.lesson([known("1912", "en")]))
    several = again.signs[frequencies.several(again.signs)].tolist()
    assert {again.shown(sign) for sign in several} == {"1912"}


def test_what_was_learned_comes_back_from_bytes() -> None:
    frequencies = Frequencies()
    strike = known("Strike 1912", "en")
    frequencies.learn(frequencies.lesson([strike, strike]))
    again = Frequencies(frequencies.whole())
    assert again.articles == 2
    assert again.of(strike.words).tolist() == frequencies.of(strike.words).tolist()
    again.learn(again.lesson([known("1912", "sv")]))
    assert again.several(strike.signs).any()


def test_of_many_articles_some_teach_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingester.stories.frequencies.EVERY_ONE", 1)
    frequencies = Frequencies()
    frequencies.learn(frequencies.lesson([known("Strike", "en")]))
    many = [known(f"Strike {bin(n)[2:].translate(LETTERS)}", "en") for n in range(400)]
    frequencies.learn(frequencies.lesson(many))
    assert 200 < frequencies.articles < 600
    strike = known("Strike", "en").words
    assert frequencies.of(strike).tolist() == [frequencies.articles]


def test_what_was_long_ago_fades(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingester.stories.frequencies.MOST_COUNTED", 4)
    frequencies = Frequencies()
    frequencies.learn(frequencies.lesson([known("Strike", "en")] * 4))
    assert frequencies.articles == 2
    assert frequencies.of(known("Strike", "en").words).tolist() == [2]
