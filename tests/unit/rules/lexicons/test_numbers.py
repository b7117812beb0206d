"""What numbers are called: ordinals, amounts, and types of things."""

import pytest

from rules.expand.variants import with_variants
from rules.lexicons.numbers import NumberLexicon
from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article


def said(term: str, *written_in: str) -> set[tuple[str, str]]:
    return {(form.language, form.text) for form in NumberLexicon().forms(term, written_in)}


@pytest.mark.parametrize(
    ("term", "language", "expected"),
    [
        ("9th", "de", "9"),
        ("9th", "de", "neunte"),
        ("9th", "en", "ninth"),
        ("Ninth", "en", "9th"),
        ("22nd", "fr", "22e"),
        ("9th", "ja", "第9"),
        ("9th", "", "IX"),
        ("Third", "ru", "третий"),
        ("4 billion", "ja", "40億"),
        ("4 billion", "en", "4bn"),
        ("$4 billion", "zh", "40亿美元"),
        ("€1.5 billion", "ko", "15억 유로"),
        ("$4 billion", "es", "4.000 millones de dólares"),
        ("F-22", "ar", "إف-22"),
        ("COP29", "hi", "कॉप29"),
        ("Tu-95", "ru", "Ту-95"),
    ],
)
def test_a_number_is_called_as_a_language_says_it(term: str, language: str, expected: str) -> None:
    assert (language, expected) in said(term, "en")


@pytest.mark.parametrize("term", ["second", "third", "9", "billion", "F-22s", "nth", "40th street"])
def test_other_words_are_no_numbers(term: str) -> None:
    assert said(term, "en") == set()


@pytest.mark.parametrize("code", ["CVE-2026-1234", "MS17-010", "cve-2026-1234"])
def test_no_part_of_a_code_is_a_type_of_things(code: str) -> None:
    assert with_variants(a_rule(code), (NumberLexicon(),), "").variants == ()


@pytest.mark.parametrize("thing", ["Su-35 crash", "F-35-Absturz", "Su-35"])
def test_beside_words_a_type_of_things_is_one(thing: str) -> None:
    variants = with_variants(a_rule(thing), (NumberLexicon(),), "").variants
    assert {"Су-35", "Ф-35"} & {variant.text for variant in variants}


def test_ordinals_of_other_languages_are_not_known() -> None:
    assert said("9th", "de") == set()


def test_an_english_ordinal_has_its_own_ending() -> None:
    english = {text for language, text in said("Third", "en") if language == "en"}
    assert english == {"3rd", "third"}
    assert ("en", "11th") not in said("Third", "en")


def finds(query: str, language: str, text: str) -> bool:
    rule = with_variants(a_rule(query), (NumberLexicon(),), "")
    article, source = an_article("x", text=text, language=language), a_source()
    found = RuleMatcher([rule]).matches(article, source)
    assert found == by_brute_force([rule], article, source)
    return bool(found)


@pytest.mark.parametrize(
    ("query", "language", "text"),
    [
        ("9th Arkona", "de", "Die 9. Arkona kommt"),
        ("9th Arkona", "de", "Die neunte Arkona kommt"),
        ("9th Arkona", "fr", "la 9e Arkona est venue"),
        ("9th Arkona", "it", "la IX Arkona"),
        ("Ninth Arkona", "en", "the 9th Arkona"),
        ("Ninth Arkona", "ru", "9-я Аркона"),
        ("5th Arkona", "es", "la V Arkona"),
        ("21st Arkona", "fr", "la XXIe Arkona"),
        ("Arkona 2", "de", "die Arkona 2 fährt"),
        ("Arkona 2", "hu", "a 2. arkona"),
        ("Arkona 2", "tr", "2'nci Arkona"),
        ("Arkona 2026", "en", "the 2026 Arkona"),
        ("C-131", "ru", "Самолёт С-131 упал"),
        ("Su-30", "zh", "两架苏-30飞过"),
        ("F-22", "fa", "جنگنده‌های اف-۲۲ پرواز"),
        ("F-22", "ar", "مقاتلات إف ٢٢ حلقت"),
    ],
)
def test_a_number_is_found_as_it_is_said(query: str, language: str, text: str) -> None:
    assert finds(query, language, text)


@pytest.mark.parametrize(
    ("query", "language", "text"),
    [
        ("9th Arkona", "de", "Die Arkona hat 9 Masten"),
        ("9th Arkona", "de", "Die 19. Arkona kommt"),
        ("9th Arkona", "en", "the Arkona has 9 masts"),
        ("Arkona 2", "de", "für 2 Arkona bezahlt"),
        ("Arkona 2", "en", "saw 2 Arkonas in Lima"),
        ("Su-30", "zh", "两架苏-35飞过"),
    ],
)
def test_another_number_is_not_found(query: str, language: str, text: str) -> None:
    assert not finds(query, language, text)
