"""A name with an ending behind a sign, and another spelling of the word behind it."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Helsinki'nin Lavrof", "tr"),
        ("Lavrof, Helsinki'nin Lavrof", "tr"),
        ("Helsinki’nin Lavrof", "tr"),
        ("Helsinki-ban Lavrof", "hu"),
    ],
)
def test_an_ending_behind_a_sign_stands_between_no_words(text: str, language: str) -> None:
    rule = a_rule("Helsinki Lavrov")
    article = an_article("Untitled", text=text, language=language)
    (match,) = RuleMatcher([rule]).matches(article, a_source())
    assert [match] == by_brute_force([rule], article, a_source())


@pytest.mark.parametrize(
    ("keyword", "text", "language"),
    [
        ("Москва Лавров", "Москв'ой Лавроф", "ru"),
        ("Ankara Lavrov", "Ankar'anın Lavrof", "tr"),
        ("Helsinkinin Lavrov", "Helsinki'ye Lavrof", "tr"),
    ],
)
def test_a_sign_may_stand_where_the_word_of_the_keyword_goes_on(
    keyword: str, text: str, language: str
) -> None:
    rule = a_rule(keyword)
    article = an_article("Untitled", text=text, language=language)
    (match,) = RuleMatcher([rule]).matches(article, a_source())
    assert [match] == by_brute_force([rule], article, a_source())


def test_another_word_behind_a_sign_stands_between() -> None:
    article = an_article("Untitled", text="Helsinki'xyz Lavrof", language="tr")
    assert not RuleMatcher([a_rule("Helsinki Lavrov")]).matches(article, a_source())


def test_a_word_of_a_keyword_that_becomes_one_itself_is_found_at_the_end_of_compounds() -> None:
    first, second = a_rule("alte Brücke", name="first"), a_rule("Brücke", name="second")
    article = an_article("Untitled", text="Sie sahen die Holzbrücke.", language="de")
    matcher = RuleMatcher([first])
    assert not matcher.matches(article, a_source())
    matcher.add(second)
    (match,) = matcher.matches(article, a_source())
    assert [match] == by_brute_force([first, second], article, a_source())
