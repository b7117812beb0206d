"""Words of a text that may answer several words of a rule."""

import pytest

from rules.evaluate.proximity import Occurrence, spans
from rules.languages.match_types import MatchType
from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Match, Variant
from tests.builders import a_rule, a_source, an_article


def matched(query: str, strictness: str, language: str, text: str) -> list[Match]:
    """Return what the index finds, which is what trying every rule finds."""
    rule = a_rule(query, strictness=strictness)
    article = an_article("x", text=text, language=language)
    matches = by_brute_force([rule], article, a_source())
    assert RuleMatcher([rule]).matches(article, a_source()) == matches
    return matches


@pytest.mark.parametrize(
    ("query", "strictness"),
    [('"Bora Bora"', "all"), ("Bora Bora", "exact"), ("Bora Bora", "forms")],
)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bora is nice. Bora Bora is nicer.", "Bora Bora"),
        ("Bora. Many other words stood there. Bora blew. Bora Bora", "Bora Bora"),
        ("Bora Bora Bora", "Bora Bora"),
        ("Bora is nice. Bora is nicer.", ""),
    ],
)
def test_a_word_that_stood_alone_before_changes_nothing(
    query: str, strictness: str, text: str, expected: str
) -> None:
    found = matched(query, strictness, "en", text)
    assert [each.text for match in found for each in match.evidence] == [expected] * bool(expected)


@pytest.mark.parametrize(
    ("query", "strictness", "text", "expected"),
    [
        ("Hanoi ハノイ", "all", "Ханоя zut Ханой Hanoi", ["Ханой Hanoi"]),
        ("Hanoi Ханой", "broad", "Ханою Oslo Hanoi Hanoj", ["Hanoi Hanoj"]),
        ("Женева Genève", "all", "Женева 河 河 河 xu 河 Genève", ["Женева 河 河 河 xu 河 Genève"]),
    ],
    ids=["the first word alone", "another word between", "rests of runs between"],
)
def test_words_that_sound_alike_take_turns_where_they_stand_near_each_other(
    query: str, strictness: str, text: str, expected: list[str]
) -> None:
    found = matched(query, strictness, "sv", text)
    assert [each.text for match in found for each in match.evidence] == expected


def test_an_acronym_of_one_of_the_words_counts_in_a_compound() -> None:
    acronym = Variant(language="", text="strike", of="rail", kind="acronym")
    rule = a_rule("rail convention", variants=(acronym,))
    article = an_article("x", text="the strikeconvention", language="sv")
    matches = by_brute_force([rule], article, a_source())
    assert matches
    assert RuleMatcher([rule]).matches(article, a_source()) == matches


@pytest.mark.parametrize("text", ["Hanoi Hanoikonventionen", "Hanoikonventionen i Hanoi"])
def test_a_word_that_is_all_of_a_rule_is_found_without_what_stands_beside_it(text: str) -> None:
    found = matched("Hanoi konvention", "forms", "sv", text)
    assert [each.text for match in found for each in match.evidence] == ["Hanoikonventionen"]


def test_a_span_is_not_longer_than_the_last_word_of_it_that_answers_all() -> None:
    before = Occurrence(0, 3, 1, MatchType.COGNATE, 0.9)
    both = [Occurrence(4, 9, part, MatchType.COMPOUND, 0.9) for part in (0, 1)]
    (span,) = spans([before, *both], 2, lambda left, right: 0.0)
    assert span.occurrences == tuple(both)
