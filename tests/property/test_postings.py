"""Segments find what looking at every article finds, however they came to be."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from storage.api.lookup import Has, HasAll, HasAny, HasNear, Lookup
from storage.postings.lookups import Sought, summaries_of
from storage.postings.remembered import Remembered
from storage.postings.segments import GONE, Pages, Part, build, merge
from tests.memory.news import lines_with

TOKENS = (
    st.text("ab^é公", min_size=1, max_size=4)
    | st.text("ab", min_size=3, max_size=14)
    | st.sampled_from(["a" * 40, "ab" * 9])
)
LINES = st.lists(TOKENS, max_size=4).map(" ".join)
ARTICLES = st.lists(
    st.lists(LINES, max_size=6).map("\n".join) | st.just("\n".join(["a"] * 20)), max_size=9
)
LOOKUPS: st.SearchStrategy[Lookup] = st.recursive(
    st.builds(Has, TOKENS, st.booleans()),
    lambda parts: st.one_of(
        st.builds(HasAll, st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(HasAny, st.lists(parts, max_size=3).map(tuple)),
        st.builds(
            HasNear,
            st.lists(parts, min_size=1, max_size=3).map(tuple),
            st.integers(0, 5),
            st.booleans(),
        ),
    ),
    max_leaves=6,
)


def by_looking(articles: Sequence[str], lookup: Lookup) -> list[int]:
    return [
        number
        for number, article in enumerate(articles)
        if lines_with([frozenset(line.split()) for line in article.split("\n")], lookup)
    ]


def found(made: Pages, articles: int, lookup: Lookup, remembered: Remembered) -> list[int]:
    sought = Sought(lookup)
    asked = sought.pages(made.firsts, summaries_of(remembered))
    again = remembered.asked_again(asked)
    remembered.tell(again, sought.summaries([made.pages[page] for page in again]))
    needed = b"".join(made.pages[page] for page in asked)
    numbers: list[int] = sought.fitting(needed, articles).tolist()
    return numbers


@given(ARTICLES, st.lists(LOOKUPS, max_size=4))
def test_a_segment_finds_what_looking_finds(articles: list[str], lookups: list[Lookup]) -> None:
    made = build(articles)
    remembered = Remembered(made.firsts, len(made.pages))
    for lookup in (*lookups, *lookups, *lookups):
        assert found(made, len(articles), lookup, remembered) == by_looking(articles, lookup)


@given(ARTICLES, st.lists(st.integers(0, 3) | st.integers(0, 16), min_size=9, max_size=9))
def test_one_segment_of_several_is_that_of_their_articles(
    articles: list[str], homes: list[int]
) -> None:
    kept = [article for article, home in zip(articles, homes, strict=False) if home != 3]
    parts, number = [list[str]() for _ in range(17)], 0
    becomes = [list[int]() for _ in range(17)]
    for article, home in zip(articles, homes, strict=False):
        parts[home].append(article)
        becomes[home].append(number if home != 3 else GONE)
        number += home != 3
    made = merge(
        Part(b"".join(build(some).pages), np.array(numbers, np.uint32))
        for some, numbers in zip(parts, becomes, strict=True)
    )
    assert made == build(kept)
