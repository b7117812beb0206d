"""Signs of amounts, and what languages say for them."""

import pytest

from rules.data.tables import rows
from rules.languages.amounts import with_signs
from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 percent cut", "10% cut"),
        ("10 per cent cut", "10% cut"),
        ("10 % cut", "10% cut"),
        ("Kürzung um 10 Prozent", "Kürzung um 10%"),
        ("2 billion dollars", "$2 billion"),
        ("US$2bn", "$2 billion"),
        ("$ 2.5 million", "$2.5 million"),
        ("3 milliards d'euros", "€3 milliards"),
        ("2024 dollar rally", "2024 dollar rally"),
        ("20 percentage points", "20 percentage points"),
        ("F-16 sale", "F-16 sale"),
        ("dollars", "dollars"),
        ("10 PROZENT", "10%"),
        ("10 ％ cut", "10% cut"),
        ("5 MİLYAR LİRA", "£5 MİLYAR"),
        ("5 MILJARD EURO", "€5 MILJARD"),
        ("3 million €", "€3 million"),
    ],
)
def test_amounts_of_keywords_have_signs(text: str, expected: str) -> None:
    assert with_signs(text) == expected


def test_whatever_a_sign_is_called_is_found_in_capitals_and_small_letters() -> None:
    for sign, cell in rows("signs.tsv"):
        for called in cell.split(" | "):
            for word in (called, called.upper(), called.title(), called.replace("i", "İ")):
                said = with_signs(f"3 {word}" if sign == "%" else f"3 million {word}")
                assert said == ("3%" if sign == "%" else f"{sign}3 million")


def finds(query: str, text: str, language: str) -> bool:
    rule, source = a_rule(query), a_source()
    article = an_article("x", text=text, language=language)
    found = RuleMatcher([rule]).matches(article, source)
    assert found == by_brute_force([rule], article, source)
    return bool(found)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("10% Arkona", "Arkona um 10 Prozent", "de"),
        ("10 percent Arkona", "a 10% Arkona", "en"),
        ("10% Arkona", "Arkona de 10 %", "fr"),
        ("10% Arkona", "Arkona yüzde 10", "tr"),
        ("10% Arkona", "Arkona %10", "tr"),
        ("$40 Arkona", "Arkona for 40 dollars", "en"),
        ("$40 Arkona", "Arkona, das heißt Arkona für 40 Dollar", "de"),
        ("$40 million", "US$40 million were paid", "en"),
        ("$40 million", "40 million Canadian dollars", "en"),
        ("1.5 Arkona", "1,5 Arkona", "de"),
        ("2,5% Arkona", "2.5 percent Arkona", "en"),
    ],
)
def test_amounts_are_found_as_languages_write_them(query: str, text: str, language: str) -> None:
    assert finds(query, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("10% Arkona", "10 Arkona rose by half", "en"),
        ("10% Arkona", "Arkona um 110 Prozent", "de"),
        ("10% Arkona", "Arkona um 10,5 Prozent", "de"),
        ("$40 Arkona", "Arkona for 40 euros", "en"),
        ("1.5 Arkona", "5,1 Arkona", "de"),
        ("1.5 Arkona", "11,5 Arkona", "de"),
        ("1.5 Arkona", "1, 5 Arkona", "en"),
    ],
)
def test_other_amounts_are_not_found(query: str, text: str, language: str) -> None:
    assert not finds(query, text, language)
