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


def test_another_word_behind_a_sign_stands_between() -> None:
    article = an_article("Untitled", text="Helsinki'xyz Lavrof", language="tr")
    assert not RuleMatcher([a_rule("Helsinki Lavrov")]).matches(article, a_source())
