"""Whether a number of a keyword is all of the number that the text has."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Variant
from tests.builders import a_rule, a_source, an_article


def _found(rule: str, text: str) -> bool:
    rules, article = [a_rule(rule)], an_article("x", text=f"We saw {text} there.", language="en")
    matches = by_brute_force(rules, article, a_source())
    assert RuleMatcher(rules).matches(article, a_source()) == matches
    return bool(matches)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("GPT-4", "GPT-4.5"),
        ("GPT-4", "GPT-4.5 and GPT-4.1"),
        ("PS5", "PS5.1"),
        ("25 percent tariff", "a 25.5 percent tariff"),
        ("25 percent tariff", "a 25,5 percent tariff"),
        ("25 percent tariff", "a 0.25 percent tariff"),
        ("Python 3.12", "Python 13.12"),
        ("Python 3.12", "Python 3.1"),
    ],
)
def test_a_number_that_goes_on_is_another(rule: str, text: str) -> None:
    assert not _found(rule, text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("GPT-4", "GPT-4."),
        ("GPT-4", "GPT-4.5 and GPT-4"),
        ("GPT-4", "GPT-4, 5 models"),
        ("Python 3", "Python 3.12"),
        ("Python 3.12", "Python 3.12"),
        ("Python 3.12", "Python 3.12.1"),
        ("3.12", "version 3.12"),
        ("192.168.0.1", "192.168.0.1"),
        ("25 percent tariff", "a 25 percent tariff"),
    ],
)
def test_what_ends_there_or_is_a_finer_version_is_the_same(rule: str, text: str) -> None:
    assert _found(rule, text)


@pytest.mark.parametrize(
    ("rule", "said", "language", "text", "expected"),
    [
        ("Article 5", "straipsnis", "lt", "NATO 5 straipsnis galioja", True),
        ("Article 5", "статья", "ru", "5 статья договора", True),
        ("Article 5", "статья", "ru", "5 статьи договора", False),  # or five of them
        ("Article 5", "madde", "tr", "5 madde kabul edildi", False),  # five, as Turkish counts
        ("Euro 7", "евро", "ru", "цена 7 евро", False),
    ],
)
def test_a_number_before_one_thing_is_an_ordinal_where_these_have_no_sign(
    rule: str, said: str, language: str, text: str, expected: bool
) -> None:
    of = rule.split()[0]
    variants = (Variant(language=language, text=said, of=of, kind="word", score=0.92),)
    rules = [a_rule(rule, variants=variants, written_in=("en",))]
    article = an_article("x", text=text, language=language)
    assert bool(RuleMatcher(rules).matches(article, a_source())) is expected
