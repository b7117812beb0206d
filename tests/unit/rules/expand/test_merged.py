"""What becomes of a rule's variants when they are made anew, and of what its owner has decided."""

from collections.abc import Iterable
from dataclasses import replace

from rules.expand.variants import accepted, merged, owners, rejected
from storage.model import Variant, VariantState

MINE = Variant(language="sv", text="strejk")
LISTED = Variant(language="fr", text="grève", kind="word", source="a list", score=0.9)
DOUBTED = replace(LISTED, language="de", text="Streik", state=VariantState.PROPOSED)
SAID = replace(LISTED, language="it", text="sciopero", kind="translation", source="libretranslate")


def states(variants: Iterable[Variant]) -> dict[str, str]:
    return {variant.text: variant.state.value for variant in variants}


def test_the_lists_last_word_counts_for_what_nobody_has_decided() -> None:
    assert merged((LISTED,), (DOUBTED,)) == (DOUBTED,)
    doubted_now = replace(LISTED, state=VariantState.PROPOSED)
    assert merged((LISTED,), (doubted_now,)) == (doubted_now,)


def test_of_two_that_say_the_same_the_one_counts_that_is_active() -> None:
    active = replace(DOUBTED, state=VariantState.ACTIVE)
    assert merged((), (DOUBTED, active)) == (active,)
    assert merged((), (active, DOUBTED)) == (active,)


def test_what_the_owner_has_decided_outlives_the_lists() -> None:
    decided = (MINE, accepted(DOUBTED), rejected(LISTED))
    assert merged(decided, (LISTED, DOUBTED)) == decided
    assert merged(decided, ()) == decided


def test_with_another_query_only_names_and_rejections_stay() -> None:
    old = (MINE, accepted(DOUBTED), rejected(LISTED), SAID)
    assert states(merged(old, (), same_query=False)) == {"strejk": "active", "grève": "rejected"}
    again = merged(old, (DOUBTED,), same_query=False)
    assert states(again)["Streik"] == "active", "the same words are still accepted"


def test_what_a_translator_has_said_stays_as_long_as_the_query() -> None:
    assert merged((SAID,), (LISTED,)) == (SAID, LISTED)


def test_a_text_that_was_rejected_is_not_made_in_another_language_or_case() -> None:
    for made in (replace(LISTED, language="ht"), replace(LISTED, text="Grève")):
        assert merged((rejected(LISTED),), (made,))[-1].state is VariantState.REJECTED
    other_word = replace(LISTED, language="ht", of="rail")
    assert merged((rejected(LISTED),), (other_word,))[-1].state is VariantState.ACTIVE
    both = (rejected(LISTED), replace(LISTED, language="ht"))
    assert merged(both, both) == both, "that one was there, and was not rejected"


def test_accepting_says_who_has_and_says_it_once() -> None:
    assert accepted(DOUBTED).source == "you, a list"
    assert accepted(accepted(DOUBTED)) == accepted(DOUBTED)
    assert accepted(rejected(MINE)) == MINE


def test_the_owners_are_those_that_were_named_and_not_rejected() -> None:
    assert owners((MINE, LISTED, rejected(MINE), accepted(DOUBTED))) == (MINE,)
