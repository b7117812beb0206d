"""Stories are found by keys that they share with an article, however many there are."""

import tracemalloc
import zlib
from collections.abc import Mapping
from dataclasses import replace
from math import nan
from random import Random

import numpy as np
import pytest

from common.native.runtime import Trap
from ingester.stories.frequencies import Frequencies
from ingester.stories.nearby import FOLLOWS_FOR_DAYS, LIVES_FOR_DAYS, Nearby
from ingester.stories.signature import Signature, Signer
from ingester.stories.signs import Signs
from ingester.stories.sums import Traits, packed, with_article
from ingester.stories.weights import Weighed, all_weighed, weighed
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.text.folding import fold
from tests.builders import an_article

LETTERS = str.maketrans("01", "ab")
SIGNER = Signer(fold, Concepts(pack_concepts([])))


OF_A_KEY, MOST_FOUND = 8, 8
EMPTY = all_weighed([SIGNER.signature(an_article("-", text="", url=""))], Frequencies())[0]


def keys(*numbers: int) -> Signs:
    return np.array(numbers, dtype=np.uint32)


def filed(nearby: Nearby, id: str, *numbers: int, day: float = 0) -> None:
    nearby.file(id, keys(*numbers).tobytes(), day)


def saying(signs: Mapping[int, float]) -> Weighed:
    """Return an article that says these signs and no words, and how much each tells."""
    weights = np.array([signs[sign] for sign in sorted(signs)], dtype=np.float32)
    none = np.zeros(len(signs), dtype=np.bool_)
    return replace(
        EMPTY,
        words=keys(),
        word_weights=weights[:0],
        signs=keys(*sorted(signs)),
        sign_weights=weights,
        several=none,
        lone=weights**2,
    )


def found(nearby: Nearby, *numbers: int, day: float = 0) -> list[str]:
    """Return the stories that an article with these keys finds: it was told of none of them."""
    nearby.begin([saying(dict.fromkeys(numbers, 1.0))], [nan], [day])
    return nearby.look_ahead()


def test_the_story_with_most_of_the_keys_comes_first() -> None:
    nearby = Nearby()
    filed(nearby, "one", 1, 2)
    filed(nearby, "two", 2, 3, 4)
    assert found(nearby, 2, 3) == ["two", "one"]
    assert found(nearby, 5) == []
    assert nearby.keys(0) == keys(5).tobytes()


def test_what_shares_little_is_not_found() -> None:
    nearby = Nearby()
    filed(nearby, "one", 1)
    for much, wanted in ((0.04, []), (0.06, ["one"])):
        nearby.begin([saying({1: much, 2: 1.0})], [nan], [0])
        assert nearby.look_ahead() == wanted


def test_a_story_is_found_by_old_and_new_keys_while_it_can_be_followed() -> None:
    nearby = Nearby()
    filed(nearby, "one", 1)
    filed(nearby, "one", 2, 1, day=5)
    last = 5 + FOLLOWS_FOR_DAYS
    assert found(nearby, 1, day=last) == found(nearby, 2, day=last) == ["one"]
    assert found(nearby, 1, day=last + 1) == []
    nearby.forget("one")
    assert found(nearby, 1, day=5) == []


def test_what_a_turn_was_told_is_forgotten_at_its_end_and_what_is_filed_is_not() -> None:
    nearby = Nearby()
    filed(nearby, "one", 1, 2)
    assert found(nearby, 1, 2) == ["one"]
    nearby.begin_story("two", 0)
    assert nearby.traits("two").groups
    before = nearby._kernel.mark()
    nearby.end()
    assert nearby._kernel.mark() < before
    with pytest.raises(Trap):  # no article of it is left
        nearby.look(0)
    assert sorted(found(nearby, 1, 2)) == ["one", "two"]
    assert not nearby.grow("two", 0)


def test_a_story_forgotten_in_a_turn_and_filed_again_is_found_again() -> None:
    nearby = Nearby()
    filed(nearby, "gone", 11, 12, 13)
    assert found(nearby, 11, 12, 13) == ["gone"]  # from here on the turn knows where it is
    nearby.forget("gone")
    filed(nearby, "other", 21, 22, 23)
    filed(nearby, "gone", 31, 32, 33)
    assert found(nearby, 31, 32, 33) == ["gone"]
    assert found(nearby, 11, 12, 13) == []


def test_of_a_key_that_many_stories_have_the_last_are_found() -> None:
    nearby = Nearby()
    for number in range(20):
        filed(nearby, str(number), 7)
    last = [str(number) for number in reversed(range(20))]
    assert found(nearby, 7) == last[:OF_A_KEY]
    filed(nearby, last[OF_A_KEY - 1], 7)
    assert found(nearby, 7) == [last[OF_A_KEY - 1], *last[: OF_A_KEY - 1]]


def test_what_a_story_is_found_under_no_more_makes_room() -> None:
    nearby = Nearby()
    for id_ in ("one", "two", "three"):
        filed(nearby, id_, 7, 8)
    nearby.leave("two", keys(7, 9).tobytes())
    assert found(nearby, 7) == ["three", "one"]
    assert found(nearby, 8) == ["three", "two", "one"]


@pytest.mark.parametrize("seed", range(20))
def test_it_finds_what_is_found_by_looking_through_all(seed: int) -> None:
    chance = Random(seed)
    nearby, under, day_of = Nearby(), dict[int, list[str]](), dict[str, float]()
    for _ in range(120):
        id_, day, numbers = str(chance.randrange(60)), chance.randrange(40), range(1, 80)
        own = chance.sample(numbers, 9)
        filed(nearby, id_, *own, day=day)
        day_of[id_] = max(day, day_of.get(id_, 0))
        for number in own:
            others = [other for other in under.get(number, ()) if other != id_]
            under[number] = [id_, *others][:OF_A_KEY]
    signs = {number: chance.random() for number in chance.sample(range(1, 80), 12)}
    nearby.begin([saying(signs)], [nan], [45])
    telling = sorted(signs, key=lambda number: -signs[number])
    # Of those that have as much: whose keys tell more, and then what was filed last.
    order = [*dict.fromkeys(id_ for number in telling for id_ in under.get(number, ()))]
    scores = {
        id_: sum(weight for number, weight in signs.items() if id_ in under.get(number, ()))
        for id_ in order
    }
    enough = [id_ for id_ in order if scores[id_] >= 0.05 * sum(signs.values())]
    enough = [id_ for id_ in enough if 45 - day_of[id_] <= FOLLOWS_FOR_DAYS]
    late = sorted(enough, key=lambda id_: -scores[id_])[:MOST_FOUND]
    assert nearby.look(0).size == 0  # it was told of none
    assert nearby.look_ahead() == late
    assert nearby.look_ahead() == []  # asked once


def test_a_key_leads_to_no_story_that_has_another_one_in_the_same_row() -> None:
    rows = dict[int, list[int]]()
    for number in Random(1).sample(range(1 << 32), 5_000):
        rows.setdefault(number * 0x9E3779B1 % (1 << 32) >> 16, []).append(number)
    one, other, *_ = max(rows.values(), key=len)
    nearby = Nearby()
    filed(nearby, "one", one)
    assert found(nearby, other) == []
    filed(nearby, "other", other)
    assert (found(nearby, one), found(nearby, other)) == (["one"], ["other"])
    nearby.leave("other", keys(one).tobytes())
    assert found(nearby, other) == ["other"]


def test_stories_that_were_told_too_long_ago_take_nobodys_place() -> None:
    nearby = Nearby()
    filed(nearby, "late", 1, day=2)
    for number in range(2 * MOST_FOUND):
        filed(nearby, f"old {number}", 2 + number % 3, 5 + number % 3)
    assert found(nearby, *range(1, 8), day=FOLLOWS_FOR_DAYS + 1) == ["late"]


def test_it_is_full_before_stories_crowd_each_other_out() -> None:
    nearby = Nearby()
    assert not nearby.is_full
    number = 0
    while not nearby.is_full:
        filed(nearby, str(number), number)
        number += 1
    assert not Nearby(number).is_full
    assert len(nearby) == number


@pytest.mark.parametrize(
    ("seen", "alive", "earlier"),
    [(0, 1, 0), (LIVES_FOR_DAYS, 1, 0), (LIVES_FOR_DAYS + 1, 0, 1), (-LIVES_FOR_DAYS - 1, 0, 0)],
)
def test_a_story_that_is_told_no_more_may_be_followed(seen: int, alive: int, earlier: int) -> None:
    nearby = Nearby()
    nearby.begin([saying({4: 1.0}), saying({4: 1.0})], [nan, nan], [50, 50 + seen])
    nearby.begin_story("one", 0)
    both = nearby.found(nearby.look(1))
    assert [len(near.ids) for near in both] == [alive, earlier]
    assert all(score > 1 for near in both for score in near.scores)


def test_what_is_dated_long_after_a_story_belongs_to_another() -> None:
    nearby = Nearby()
    late = LIVES_FOR_DAYS + 1
    nearby.begin([saying({4: 1.0})] * 3, [0, late, late - 1], [50, 50, 50])
    nearby.begin_story("one", 0)
    assert nearby.look(1).worth == 0
    assert nearby.look(2).size == 1
    assert [near.ids for near in nearby.found(nearby.look(2))] == [["one"], []]


def test_what_is_told_in_part_harms_nothing() -> None:
    nearby = Nearby()
    nearby.begin([saying({4: 1.0})], [nan], [0])
    told = packed(with_article(Traits(), saying({4: 1.0}), nan))
    nearby.tell({"one": told})
    assert nearby.likeness(0, "one") > 1
    with pytest.raises(Trap):
        nearby.tell({"two": told[:-40]})
    with pytest.raises(Trap):
        nearby.look(1)


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


def test_words_are_counted_among_articles_of_their_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingester.stories.frequencies.LEAST_OF_A_LANGUAGE", 3)
    frequencies = Frequencies()
    strike, other = known("Strike port", "en"), known("Strejk hamn", "sv")
    frequencies.learn(frequencies.lesson([strike] * 6 + [other] * 2))
    assert frequencies.articles_in(["en", "sv", "da"]).tolist() == [6, 3, 3]
    said = known("Strejk i hamn och gruva", "sv")
    before = weighed(said, frequencies).word_weights.tolist()
    frequencies.learn(frequencies.lesson([known("Vote", "en")] * 90))
    assert weighed(said, frequencies).word_weights.tolist() == before
    again = Frequencies(frequencies.whole())
    assert again.articles_in(["en"]).tolist() == [96]
    whole = frequencies.whole()
    old = whole[:8] + zlib.compress(zlib.decompress(whole[8:])[: -4 * 255])
    assert Frequencies(old).articles_in(["en", "sv"]).tolist() == [98, 98]


def test_all_that_was_learned_is_written_and_read_in_pieces() -> None:
    frequencies = Frequencies()
    frequencies.learn(frequencies.lesson([known("Strike 1912", "en")]))
    whole = frequencies.whole()
    written = zlib.decompress(whole[8:])
    tracemalloc.start()
    try:
        frequencies.whole()
        assert tracemalloc.get_traced_memory()[1] < len(written) // 4
        again, peak = Frequencies(whole), tracemalloc.get_traced_memory()[1]
        assert peak < len(written) * 3 // 2
    finally:
        tracemalloc.stop()
    assert again.whole() == whole


@pytest.mark.parametrize("lost", [1, 1 << 19])
def test_what_is_too_short_is_nothing_that_was_learned(lost: int) -> None:
    whole = Frequencies().whole()
    shorter = whole[:8] + zlib.compress(zlib.decompress(whole[8:])[:-lost])
    with pytest.raises(ValueError, match="smaller"):
        Frequencies(shorter)


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
