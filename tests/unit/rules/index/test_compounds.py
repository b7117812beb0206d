"""Words inside other words, before their terms are looked at closely."""

import pytest

from rules.index.memory.scan import Scan
from rules.index.rule_index import RuleIndex
from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Rule, Variant
from tests.builders import a_rule, a_source, an_article


def _rules(*queries: str) -> list[Rule]:
    return [a_rule(query, id=query, written_in=("en",)) for query in queries]


def _met(rules: list[Rule], text: str, language: str) -> set[int]:
    index = RuleIndex(rules)
    terms = index.in_language(language)
    return set(terms.met(Scan(terms.table.engine, text)).terms)


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_part_of_a_compound_of_two_words_is_not_all_of_a_term(language: str) -> None:
    rules, text = _rules("Trepit", "Demon Trepit"), "so demontrepit came"
    article = an_article("x", text=text, language=language)
    every = by_brute_force(rules, article, a_source())
    assert [match.rule_id for match in every] == ["Demon Trepit"]
    assert _met(rules, text, language) == {1}
    assert _met(rules, "so Trepit came", language) == {0}


def test_a_word_that_is_all_of_a_term_elsewhere_in_a_word_is_found() -> None:
    """It is a part of what follows another word, and an end of its own."""
    rules = [a_rule("fabrik"), a_rule("stål fabrik")]
    assert _met(rules, "en stålfabrik kom", "sv") == {0, 1}


@pytest.mark.parametrize("query", ["Kouse", "factory"])
def test_a_word_ends_compounds_in_languages_of_its_rule_only(query: str) -> None:
    text = f"en grinplais{query.lower()} kom"
    article = an_article("x", text=text, language="sv")
    assert not by_brute_force(_rules(query), article, a_source())
    assert not _met(_rules(query), text, "sv")


def test_a_word_of_a_language_with_compounds_ends_them() -> None:
    article = an_article("x", text="en bilfabrik kom", language="sv")
    assert len(by_brute_force([a_rule("fabrik")], article, a_source())) == 1
    assert len(RuleMatcher([a_rule("fabrik")]).matches(article, a_source())) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [("지역언론이 전했다", 1), ("지역 언론이 전했다", 1), ("지역언", 0)],
)
def test_two_words_of_two_syllables_are_a_compound(text: str, expected: int) -> None:
    article = an_article("x", text=text, language="ko")
    variants = (
        Variant(text="지역", language="ko", of="local"),
        Variant(text="언론", language="ko", of="media"),
    )
    rules = [a_rule("local media", written_in=("en",), variants=variants)]
    assert len(by_brute_force(rules, article, a_source())) == expected
    assert len(RuleMatcher(rules).matches(article, a_source())) == expected


def test_what_a_variant_says_ends_compounds_of_its_language() -> None:
    rule = a_rule(
        "factory",
        written_in=("en",),
        variants=(Variant(text="fabrik", language="sv", of="factory"),),
    )
    article = an_article("x", text="en bilfabrik kom", language="sv")
    assert len(by_brute_force([rule], article, a_source())) == 1
    assert len(RuleMatcher([rule]).matches(article, a_source())) == 1


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("Demon Trepit", "demonxxtrepit"),  # something stands between them that joins nothing
        ("B Mekong", "bsmekong"),  # a letter begins no compound
        ("Ab Cd", "abscd"),  # nor has one so few
    ],
)
def test_only_what_stands_behind_a_word_goes_on_with_it(query: str, text: str) -> None:
    article = an_article("x", text=f"so {text} came", language="sv")
    assert not by_brute_force(_rules(query), article, a_source())
    assert not _met(_rules(query), f"so {text} came", "sv")
    assert _met(_rules(query), f"so {query} came", "sv") == {0}


def test_a_word_that_goes_on_with_what_it_begins_with_answers_but_one_word() -> None:
    rules, text = _rules("Trepit Mekong"), "so mekongmekkong came"
    assert not by_brute_force(rules, an_article("x", text=text, language="sv"), a_source())
    assert not _met(rules, text, "sv")
    assert _met(rules, "so trepitmekkong came", "sv") == {0}
