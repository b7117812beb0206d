"""Segments as bytes: made of articles, made one, and asked."""

from collections.abc import Sequence

import numpy as np
import pytest

from common.native.runtime import Trap
from storage.api.lookup import Has, HasAll, HasAny, HasNear, Lookup
from storage.postings import lookups
from storage.postings.lookups import Sought, summaries_of
from storage.postings.remembered import Memory, Remembered
from storage.postings.segments import GONE, Pages, Part, build, firsts_of, merge


def found(made: Pages, articles: int, lookup: Lookup) -> list[int]:
    sought = Sought(lookup)
    needed = b"".join(made.pages[page] for page in sought.pages(made.firsts))
    numbers: list[int] = sought.fitting(needed, articles).tolist()
    return numbers


def part(made: Pages, becomes: Sequence[int]) -> Part:
    return Part(b"".join(made.pages), np.array(becomes, np.uint32))


def test_a_token_that_thousands_of_articles_have_fills_several_pages() -> None:
    articles = [f"rail w{number % 7} x{number}" for number in range(20_000)]
    made = build(articles)
    assert max(map(len, made.pages)) <= 7_980
    assert sum(page[1:5] == b"rail" for page in made.pages) > 1
    assert found(made, 20_000, Has("rail")) == list(range(20_000))
    assert found(made, 20_000, HasAll((Has("w3"), Has("x1", begins=True)))) == [
        number for number in range(20_000) if number % 7 == 3 and str(number).startswith("1")
    ]
    sought = Sought(Has("x777"))
    assert len(sought.pages(made.firsts)) == 1


def test_of_a_long_token_the_beginning_counts() -> None:
    made = build(["x" * 199 + "é", "x" * 250])
    assert found(made, 2, Has("x" * 200)) == [1]
    assert found(made, 2, Has("x" * 199, begins=True)) == [0, 1]
    assert found(made, 2, Has("x" * 300)) == [1]


def test_nothing_is_made_of_nothing() -> None:
    for articles in ([""], ["", "\n\n"]):
        made = build(articles)
        assert made == (b"", [])
        assert found(made, len(articles), Has("a")) == []
    assert found(build(["a"]), 1, HasAny(())) == []
    assert merge([part(build(["a"]), [GONE])]) == (b"", [])


def test_articles_stand_in_the_merged_segment_where_they_are_told_to() -> None:
    one, other = build(["rail", "bus", "rail tram"]), build(["tram", "rail", "bus"])
    made = merge([part(one, [0, 2, 4]), part(other, [1, GONE, 3])])
    assert made == build(["rail", "tram", "bus", "bus", "rail tram"])
    assert found(made, 5, Has("rail")) == [0, 4]


def test_many_segments_whose_tokens_begin_alike_become_one() -> None:
    articles = [
        " ".join(f"railways{'x' * (number % 3)}{ending}" for ending in range(number % 4 + 1))
        for number in range(40)
    ]
    made = merge(part(build([article]), [number]) for number, article in enumerate(articles))
    assert made == build(articles)


def test_a_merge_may_be_done_in_bites_of_tokens() -> None:
    one, other = build(["bus rail", "tram"]), build(["rail sea", "bus tram"])
    parts = [part(one, [0, 1]), part(other, [2, 3])]
    whole = merge(parts)
    bites = [merge(parts, until=b"rail"), merge(parts, since=b"rail", until=b"s")]
    bites.append(merge(parts, since=b"s"))
    assert [firsts_of(bite.firsts) for bite in bites] == [[b"bus"], [b"rail"], [b"sea"]]
    together = Pages(b"".join(bite.firsts for bite in bites), [bite.pages[0] for bite in bites])
    for token in ("bus", "rail", "sea", "tram"):
        assert found(together, 4, Has(token)) == found(whole, 4, Has(token)) != []


def test_a_line_is_told_from_those_that_are_farther_away() -> None:
    lines = ["rail", "", "strike", *[""] * 70, "bus"]
    made = build(["\n".join(lines)] * 2)
    assert found(made, 2, HasNear((Has("rail"), Has("strike")), 2)) == [0, 1]
    assert found(made, 2, HasNear((Has("rail"), Has("strike")), 1)) == []
    assert found(made, 2, HasNear((Has("strike"), Has("bus")), 40)) == [0, 1]
    often = "\n".join(["rail"] * 12 + [""] * 20 + ["strike"])
    assert found(build([often]), 1, HasNear((Has("rail"), Has("strike")), 20)) == []
    assert found(build([often]), 1, HasNear((Has("rail"), Has("strike")), 21)) == [0]


def test_words_in_order_stand_in_one_line_or_in_lines_one_behind_the_other() -> None:
    made = build(
        ["\n\nrail\n\nstrike", "\n\nstrike\n\nrail", "rail strike", "strike" + "\n" * 63 + "rail"]
    )
    rail, strike = Has("rail"), Has("strike")
    assert found(made, 4, HasNear((rail, strike), 2)) == [0, 1, 2, 3]
    assert found(made, 4, HasNear((rail, strike), 2, ordered=True)) == [0, 2, 3]
    assert found(made, 4, HasNear((strike, rail), 1, ordered=True)) == [2]
    three = build(["a\nb\nc", "b\na\nc", "a\nb", "a\n\nb\nc"])
    assert found(three, 4, HasNear((Has("a"), Has("b"), Has("c")), 1, ordered=True)) == [0]


def test_a_page_that_has_none_of_many_beginnings_is_not_asked_for_again_and_again() -> None:
    endings = [chr(97 + number // 26) + chr(97 + number % 26) for number in range(500)]
    made = build(
        [" ".join(f"~{ending}{word * 3}" for ending in endings) for word in ("oil", "gas")]
    )
    remembered = Remembered(made.firsts, len(made.pages))
    seldom = HasAny(tuple(Has(f"~{ending}eta", begins=True) for ending in endings[::40]))
    asked = []
    for _ in range(3):
        sought = Sought(seldom)
        asked.append(sought.pages(made.firsts, summaries_of(remembered)))
        again = remembered.asked_again(asked[-1])
        remembered.tell(again, sought.summaries([made.pages[page] for page in again]))
    assert asked[0] == asked[1] == list(range(len(made.pages)))
    assert not asked[2]
    for begin in ("~aboiloi", "~aaga", "~aa", "~sd"):
        needed = Sought(Has(begin, begins=True)).pages(made.firsts, summaries_of(remembered))
        assert needed == Sought(Has(begin, begins=True)).pages(made.firsts)


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    memory = Memory(most_bytes=250)
    for key in ("a", "b", "a", "c"):
        memory.get(key) or memory.keep(key, Remembered(b"x" * 100, 1))
    memory.forget_much()
    assert [memory.get(key) is None for key in "abc"] == [False, True, False]


def test_pages_that_are_damaged_are_refused() -> None:
    page = build(["rail strike"]).pages[0]
    for damaged in (page[:-2], b"\xff" + page[1:], page[:6] + b"\xff" * 6):
        with pytest.raises(Trap):
            Sought(HasAny((Has("rail"), Has("zzz")))).fitting(damaged, 1)
        with pytest.raises(Trap):
            merge([Part(damaged, np.zeros(1, np.uint32))])
    with pytest.raises(Trap):
        Sought(Has("rail")).fitting(build(["", "rail"]).pages[0], 1)


def test_what_was_damaged_leaves_no_traces_in_later_lookups() -> None:
    page = build(["", "rail strike"]).pages[0]
    both = HasAll((Has("rail"), Has("strike")))
    for _ in range(300):  # deeper than any lookup may be
        with pytest.raises(Trap):
            Sought(both).fitting(page, 1)
    assert Sought(both).fitting(page, 2).tolist() == [1]


def test_the_memory_of_a_few_lookups_is_kept_for_the_next_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lookups, "_idle", [])
    at_once = [Sought(Has("rail")) for _ in range(6)]
    assert lookups._idle == []
    at_once.clear()
    assert len(lookups._idle) == 4
    (kernel, _), size = lookups._idle[-1], lookups._idle[-1][0].size
    many = HasAny(tuple(Has(f"word{number}") for number in range(500)))
    for _ in range(50):
        assert Sought(many).pages(b"") == []
        assert lookups._idle[-1][0] is kernel
    assert kernel.size < 2 * size
    monkeypatch.setattr(lookups, "_LARGEST_IDLE", kernel.size - 1)
    Sought(Has("rail"))
    assert len(lookups._idle) == 3
