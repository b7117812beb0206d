"""Variants of rules, kept in little room."""

import sys
from concurrent.futures import ThreadPoolExecutor
from operator import is_

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.patterns.kept_variants import How, Hows, KeptVariants
from rules.query.terms import content
from storage.model import Variant, VariantState

_TEXTS = st.text(max_size=12)
_VARIANTS = st.builds(
    Variant,
    language=st.sampled_from(["", "sv", "ar", "ja"]),
    text=_TEXTS,
    of=st.one_of(st.just(""), _TEXTS),
    kind=st.sampled_from(["user", "word", "name", "acronym", "translation"]),
    source=st.sampled_from(["you", "a list"]),
    score=st.sampled_from([1.0, 0.5]),
    state=st.sampled_from(VariantState),
)


@given(st.lists(_VARIANTS))
def test_what_is_kept_comes_back_as_it_was(variants: list[Variant]) -> None:
    kept = Hows().keep(variants)
    assert [*kept] == variants
    assert [kept[place] for place in range(-len(kept), len(kept))] == variants * 2
    assert kept[1:-1] == tuple(variants[1:-1])
    assert (len(kept), bool(kept)) == (len(variants), bool(variants))


@given(st.lists(_VARIANTS))
def test_only_those_are_made_that_are_wanted(variants: list[Variant]) -> None:
    def wanted(how: How) -> bool:
        return how.language == "sv" and how.kind != "name"

    found = [*Hows().keep(variants).outlines(wanted)]
    every = enumerate(variants)
    assert [(each.number, each.text, each.of) for each in found] == [
        (n, one.text, one.of) for n, one in every if one.language == "sv" and one.kind != "name"
    ]


@given(st.lists(_VARIANTS), st.lists(_VARIANTS))
def test_those_that_count_alike_say_their_languages(
    variants: list[Variant], others: list[Variant]
) -> None:
    hows = Hows()
    for some in (variants, others, [*others, *variants], variants):  # what others said is known
        said: dict[tuple[str, str, str], set[str]] = {}
        brief: dict[tuple[str, str, str], set[str]] = {}
        for each in some:
            key = (each.of, each.kind, each.state)
            said.setdefault(key, set()).add(each.language)
            alone = {each.language} if len(content(each.text)) == 1 else set()
            brief.setdefault(key, set()).update(alone)
        alike = [*hows.keep(tuple(some)).alike()]
        assert {each[:3]: each.languages for each in alike} == said
        assert {each[:3]: each.in_one_word for each in alike} == brief
        assert len(alike) == len(said)


@given(st.lists(_VARIANTS), st.lists(_TEXTS, max_size=3))
def test_those_are_made_that_are_written_so(variants: list[Variant], texts: list[str]) -> None:
    kept = Hows().keep(variants)
    some = [each.text.upper() for each in variants[::2]]
    for asked in (texts[:1], [*texts, *some], some[::-1]):  # what was asked for before is known
        folded = {each.casefold() for each in asked}
        found = kept.spelled(asked)
        assert found == [each for each in variants if each.text.casefold() in folded]
        assert all(map(is_, found, kept.spelled(asked)))  # made once


def test_a_text_that_is_no_text_is_kept_too() -> None:
    odd = Variant(language="sv", text="\ud800\x1e\x00", of="\udfff")
    assert [*Hows().keep([odd])] == [odd]


def test_there_is_none_behind_the_last() -> None:
    kept = Hows().keep([Variant(language="sv", text="vargar")])
    with pytest.raises(IndexError):
        kept[1]
    with pytest.raises(IndexError):
        kept[-2]


def test_the_same_variants_are_kept_once() -> None:
    hows, variants = Hows(), (Variant(language="sv", text="vargar"),)
    assert hows.keep(variants) is hows.keep(variants)
    other = hows.keep((Variant(language="sv", text="lodjur"),))
    assert [each.text for each in other] == ["lodjur"]


def test_in_outline_they_say_what_they_say() -> None:
    variants = (
        Variant(language="sv", text="Warszawa", of="Warsaw", kind="name", source="list", score=0.9),
        Variant(language="", text="\ud800 vargar", of="", state=VariantState.REJECTED),
        Variant(language="de", text="Wölfe", of="wolf", kind="word", score=0.5),
    )
    outlines = [*Hows().keep(variants).outlines(lambda _: True)]
    assert [(each.language, each.text, each.of, each.kind, each.state) for each in outlines] == [
        (each.language, each.text, each.of, each.kind, each.state) for each in variants
    ]


def test_threads_number_alike() -> None:
    hows = Hows()
    many = [
        [Variant(language=f"l{n % 700}", text="x") for n in range(k, k + 900)] for k in range(8)
    ]
    with ThreadPoolExecutor(8) as pool:
        kept = [*pool.map(hows.keep, many)]
    assert [[*each] for each in kept] == many


def test_they_take_a_fifth_of_the_room() -> None:
    variants = [Variant(language="sv", text=f"vargarna {n}", of="varg") for n in range(40)]
    kept = Hows().keep(variants)
    loose = sum(sys.getsizeof(each) + sys.getsizeof(each.text) for each in variants)
    assert room_of(kept) < loose / 5


def room_of(kept: KeptVariants) -> int:
    own = (getattr(kept, name) for name in KeptVariants.__slots__ if name != "_hows")
    return sys.getsizeof(kept) + sum(map(sys.getsizeof, own))
