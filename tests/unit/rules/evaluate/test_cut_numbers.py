"""Whether a number of a keyword is all of the number that the text has."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Variant
from tests.builders import a_rule, a_source, an_article


def _found(rule: str, text: str) -> bool:
    return _is_found(rule, f"We saw {text} there.")


def _is_found(rule: str, text: str, language: str = "en") -> bool:
    rules, article = [a_rule(rule)], an_article("x", text=text, language=language)
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


@pytest.mark.parametrize(
    ("rule", "language", "text"),
    [
        ("Farol 7.4.3", "en", "Farol 7.4.0 through 7.4.3 are affected."),
        ("Farol 7.4.3", "en", "The bug affects Farol versions 7.4.0 to 7.4.3."),
        ("Farol 7.4.3", "en", "Update Farol 7.4.2/7.4.3 now."),
        ("Farol 7.4.3", "en", "It is fixed in Farol (7.4.3)."),
        ("Farol 7.4.3", "en", "Exploits of Farol v7.4.3 circulate."),
        ("Farol 7.4.3", "en", "In versions 7.4.3 to 7.4.6 of Farol it is fixed."),
        ("Farol 7.4.3", "en", "Patches are out: Farol 7.2.7, 7.4.3 and 7.6.1."),
        ("Farol 7.4.3", "de", "Betroffen sind Farol 7.4.0 bis 7.4.3."),
        ("Farol 7.4.3", "pl", "Dotyczy to Farol w wersjach od 7.4.0 do 7.4.3."),
        ("Farol 7.4.3", "ru", "Уязвимы Farol версий с 7.4.0 по 7.4.3."),
        ("Farol 7.4.3", "ja", "Farol バージョン7.4.0から7.4.3に脆弱性。"),
        ("Farol 7.4.3", "zh", "该漏洞影响Farol 7.4.0至7.4.3版本。"),
        ("Farol 11", "en", "It runs on Farol 7, 8, 10 and 11."),
        ("Farol 11", "en", "It runs on Farol (10 and 11)."),
        ("Farol 11", "fr", "La mise à jour de Farol 10 et 11 échoue."),
        ("Mar Farol 2019", "fr", "Mar Farol 2013, 2016 et 2019 sont touchés."),
    ],
)
def test_one_of_several_versions_is_found(rule: str, language: str, text: str) -> None:
    assert _is_found(rule, text, language)


@pytest.mark.parametrize(
    ("rule", "language", "text"),
    [
        ("Farol 7.4.3", "en", "Farol 7.4.2 and Bascule 7.4.3 were patched."),
        ("Farol 7.4.3", "en", "Farol 7.4.1 through 7.4.31 are affected."),
        ("Farol 7.4.3", "en", "Farol 7.4.2, which has 7.4.3 as its successor."),
        ("Farol 11", "en", "Farol 10 and 11 million others broke."),
        ("Farol 11", "de", "Farol 10 und 11 Millionen andere waren betroffen."),
        ("Farol 11", "en", "Farol 10 from 11 a.m. on was down."),
        ("Farol 11", "en", "Seen from Farol 10, 110 ships."),
        ("Farol 11", "en", "The Farol of 10 and 11 Kale Road closed."),
        ("Farol 11", "en", "Farol 10 11"),
        ("Farol 11", "ja", "Farol 10は11月に終わる。"),
        ("Mar Farol 2019", "fr", "Mar Farol 2016 et Bascule 2019 sont touchés."),
    ],
)
def test_a_number_that_is_no_version_of_it_is_none(rule: str, language: str, text: str) -> None:
    assert not _is_found(rule, text, language)
