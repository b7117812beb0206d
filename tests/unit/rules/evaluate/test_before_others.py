"""What words are in compounds before others is no word of theirs where it stands alone."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Variant
from tests.builders import a_rule, a_source, an_article

BAKER = Variant(language="sv", text="bagare", of="baker", kind="word")
BEFORE_OTHERS = Variant(language="sv", text="bagar-", of="baker", kind="word")
STRIKE = Variant(language="sv", text="strejk", of="strike", kind="word")


def found(keyword: str, text: str, *variants: Variant) -> bool:
    rule = a_rule(keyword, variants=variants, written_in=("en",))
    article = an_article("Untitled", text=text, language="sv")
    by_index = RuleMatcher([rule]).matches(article, a_source())
    assert by_index == by_brute_force([rule], article, a_source())
    return bool(by_index)


@pytest.mark.parametrize(
    ("keyword", "text", "expected"),
    [
        ("baker", "En bagare i Lund", True),
        ("baker", "Bagarnas dag i Lund", True),
        ("baker", "Bagarförbundet i Lund", True),
        ("baker", "Hon bagar i Lund", False),
        ("baker", "De ombagar i Lund", False),
        ("baker strike", "Bagarstrejk i Lund", True),
        ("baker strike", "Bagarens strejk i Lund", True),
        ("baker strike", "Hon bagar under strejken i Lund", False),
        ("strike baker", "En strejkbagare i Lund", True),
        ("strike baker", "Hon strejkbagar i Lund", False),
    ],
)
def test_how_a_word_begins_compounds_is_no_form_of_it(
    keyword: str, text: str, *, expected: bool
) -> None:
    both = (BAKER, BEFORE_OTHERS, STRIKE)
    assert found(keyword, text, *both) == found(keyword, text, *both[::-1]) == expected


def test_a_word_that_another_list_has_so_counts_alone() -> None:
    verb = Variant(language="sv", text="bagar", of="baker", kind="word")
    for variants in ((BEFORE_OTHERS, verb), (verb, BEFORE_OTHERS)):
        assert found("baker", "Hon bagar i Lund", *variants)
        assert found("baker strike", "Hon bagar strejk i Lund", *variants, STRIKE)


def test_a_hyphen_that_an_owner_wrote_says_nothing_of_compounds() -> None:
    own = Variant(language="sv", text="cyber-", of="baker")
    assert found("baker", "Hot från cyber i Lund", own)
