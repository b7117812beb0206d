"""What stands around words counts the same for the index as where every rule is tried."""

import pytest

from rules.data.tables import stop_words
from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Rule, Variant
from tests.builders import a_rule, a_source, an_article


def _finds(rule: Rule, text: str, language: str) -> bool:
    article = an_article("x", text=text, language=language)
    found = RuleMatcher([rule]).matches(article, a_source())
    assert found == by_brute_force([rule], article, a_source())
    return bool(found)


@pytest.mark.parametrize("behind", ["уคน", "xคน", "у中", "คน", " คน", "", "de"])
def test_letters_with_full_stops_end_where_a_run_touches_what_is_no_letter_of_theirs(
    behind: str,
) -> None:
    assert _finds(a_rule("K.M."), f"คน K.M.{behind}", "lt")


def test_letters_that_a_run_touches_are_no_acronym() -> None:
    assert not _finds(a_rule("K.M."), "中K.M.x", "lt")


@pytest.mark.parametrize("between", [" ", "\n"])
def test_a_text_borrows_no_two_words_of_which_each_is_in_a_line_of_its_own(between: str) -> None:
    assert _finds(a_rule("supply chain"), f"x ਸਪਲਾਈ{between}ਚੇਨ x", "lt") == (between == " ")


@pytest.mark.parametrize(("language", "is_found"), [("es", True), ("", True), ("bg", False)])
def test_a_variant_is_one_word_only_where_it_counts(language: str, is_found: bool) -> None:
    """The rule's own words stand in another order, and would be no compound in it."""
    words = [Variant(language="es", text="reactor nuclear", kind="word", source="a list")]
    rule = a_rule("nuclear reactor", variants=words)
    assert _finds(rule, "un reactornuclear", language) == is_found


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("cyber attack", "attack {} serious cyber"),
        ("АБВ-300 strike", "Страйк {} АБВ-300"),
        ("Sakartvelo Shevardnadze Tbilisi", "Сакартвело {} шеварднадзе {} тбилиси"),
    ],
)
def test_whatever_small_word_stands_between_others(query: str, text: str) -> None:
    """Also one that is small only with its marks, and in capitals: für, các."""
    rule = a_rule(query)
    matcher = RuleMatcher([rule])
    found = 0
    for small in sorted(stop_words() | {word.upper() for word in stop_words()}):
        article = an_article("x", text=text.format(small, small), language="th")
        matches = matcher.matches(article, a_source())
        assert matches == by_brute_force([rule], article, a_source()), small
        found += len(matches)
    assert found > 100


@pytest.mark.parametrize(
    ("between", "is_found"),
    [
        ("210000 electric", True),
        ("1,234,567 electric", True),
        ("the 1,234,567 of its", True),
        ("210000 shiny electric", False),
    ],
)
def test_how_many_of_something_there_are_is_no_word_between_two(
    between: str, *, is_found: bool
) -> None:
    assert _finds(a_rule("gatora vehicles"), f"Gatora {between} vehicles", "en") == is_found
