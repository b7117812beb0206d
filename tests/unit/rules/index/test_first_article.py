"""The first article of an index, for which native code has no room yet."""

import pytest

from rules.languages import inflection
from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article


@pytest.mark.parametrize("times", [1, 5, 10, 200])
def test_the_first_article_may_hold_a_word_of_a_rule_many_times(times: int) -> None:
    """What is beside the other word is looked up in room that moves for it."""
    matcher = RuleMatcher([a_rule("Hanoi convention")])
    article = an_article("x", text="Hanoi " * times + "konwencja", language="pl")
    (match,) = matcher.matches(article, a_source())
    assert [each.text for each in match.evidence] == ["Hanoi konwencja"]


@pytest.mark.parametrize(
    ("query", "language", "text"),
    [
        ("ministern", "sv", "En minister avgick"),
        ("konvencija", "hr", "Nova konvencije"),
        ("Regierung", "de", "Die Regierungen"),
        ("выборы", "ru", "После выборов"),
        ("strike", "en", "They were striking"),
    ],
)
def test_words_are_found_by_their_endings_whichever_language_came_first(
    query: str, language: str, text: str
) -> None:
    """What all forms of a word share is filed for all languages in one tree."""
    rules = [a_rule(query, strictness="forms")]
    matcher = RuleMatcher(rules)
    for other in ("zh", "en", "sv", "ru", "de", "hr"):
        matcher.matches(an_article("x", text="x", language=other), a_source())
    article = an_article("x", text=text, language=language)
    found = matcher.matches(article, a_source())
    assert found
    assert found == by_brute_force(rules, article, a_source())


def test_an_index_of_names_is_ready_without_the_endings_of_all_languages() -> None:
    """To read them takes longer than all else that a name needs."""
    inflection.all_endings.cache_clear()
    matcher = RuleMatcher([a_rule("Nguyen Phu Trong"), a_rule("J. D. Vance")])
    for language in ("en", "vi", "zh"):
        matcher.matches(an_article("x", text="Oslo", language=language), a_source())
    assert not inflection.all_endings.cache_info().currsize
