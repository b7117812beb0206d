"""Variants as one text say what they said one by one."""

from hypothesis import given
from hypothesis import strategies as st

from storage.model import Variant, VariantState
from storage.variant_groups import each_of, grouped, languages_of, packed, unpacked

letters = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=4)
variants = st.builds(
    Variant,
    language=st.sampled_from(["", "de", "sv"]),
    text=letters,
    of=st.sampled_from(["", "rail", "rail strike"]),
    kind=st.sampled_from(["user", "word", "name", "acronym"]),
    state=st.sampled_from(VariantState),
)


@given(st.lists(variants, max_size=8, unique_by=lambda each: each.key))
def test_groups_hold_each_variant_in_its_order(every: list[Variant]) -> None:
    groups = unpacked(packed(every))
    assert groups == grouped(every)
    keys = [(each.of, each.kind, each.state, each.is_everywhere) for each in groups]
    for group in groups:
        assert each_of(group.said) == [
            (each.language, each.text)
            for each in every
            if (each.of, each.kind, each.state) == group[:3]
            and (not each.language) == group.said.startswith("\x1e\t")
        ]
        assert languages_of(group.said) == {language for language, _ in each_of(group.said)}
    assert sum(len(each_of(group.said)) for group in groups) == len(every)
    assert all(keys.count(key) == 1 for key in keys if key[1] != "name")


def test_letters_that_would_mean_something_there_are_spaces() -> None:
    (group,) = grouped([Variant(language="de", text="a\x1eb\x1dc\x1fd", of="x\x1fy")])
    assert group.of == "x y"
    assert each_of(group.said) == [("de", "a b c d")]
    assert unpacked(packed([Variant(language="de", text="a\x1eb\x1dc\x1fd")])) != ()


@given(st.lists(st.text("a\x1d\x1e\x1f\x1b\u200b\t", min_size=1), min_size=1, max_size=4))
def test_any_letters_come_back_but_marks(texts: list[str]) -> None:
    every = [Variant(language="de", text=text, of=texts[0]) for text in texts]
    (group,) = grouped(every)
    table = str.maketrans("\x1d\x1e\x1f", "   ")
    assert each_of(group.said) == [("de", text.translate(table)) for text in texts]
    assert group.of == texts[0].translate(table)


def test_of_those_that_say_the_same_the_first_counts() -> None:
    first = Variant(language="de", text="Bahn", kind="name")
    assert unpacked(packed([first, Variant(language="de", text="Bahn")])) == grouped([first])


def test_of_no_variants_there_is_nothing() -> None:
    assert packed(()) == ""
    assert unpacked("") == ()
