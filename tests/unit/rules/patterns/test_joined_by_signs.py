"""Keywords of words with signs between: a place in their pattern for each that counts."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Rule, Variant
from tests.builders import a_rule, a_source, an_article


def _finds(rule: Rule, text: str) -> bool:
    article = an_article("x", text=text, language="ru")
    found = RuleMatcher([rule]).matches(article, a_source())
    assert found == by_brute_force([rule], article, a_source())
    return bool(found)


@pytest.mark.parametrize("query", ["Ma.Le.Du", "an·Xi·To", "de/Jin/Le"])
def test_names_with_small_words_are_read(query: str) -> None:
    rule = a_rule(query)
    assert _finds(rule, f"Vorab {query} dan")
    assert not _finds(rule, "Vorab de dan")


def test_what_stands_for_a_part_of_initials_is_not_the_whole() -> None:
    """The middle one is a small word of some language, and counts here all the same."""
    rule = a_rule("K&M&S", variants=[Variant(language="ru", text="вариант слов", of="K&M")])
    assert not _finds(rule, "Нашли вариант слов вчера")
    assert _finds(rule, "Нашли K&M&S вчера")
