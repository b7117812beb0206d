"""How else designations are written."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from rules.patterns.designations import (
    is_of_one_letter,
    with_joined_number,
    without_spaces,
    written_otherwise,
)
from tests.builders import a_rule, a_source, an_article


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("S-400", ["S-400", "S-400s", "С-400", "S 400"]),
        ("С-400", ["С-400", "С-400s", "S-400", "С 400"]),
        ("A-10", ["A-10", "A-10s", "А-10"]),
        ("XY-29", ["XY-29s"]),
        ("XY30", ["XY 30"]),
        ("A4", []),
        ("X&Y", ["X & Y"]),
        ("Anna & Novak", []),
        ("XYZ-2024-30", []),
        ("rail strike", []),
    ],
)
def test_designations_are_written_otherwise(text: str, others: list[str]) -> None:
    assert written_otherwise(text) == others
    assert is_of_one_letter(text) == (len(others) > 2)


def test_only_initials_are_written_together() -> None:
    assert without_spaces("X & Y") == "X&Y"
    assert without_spaces("Anna & Novak") == "Anna & Novak"


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Arkona 550 MAX", "Arkona 550MAX"),
        ("Arkona PAC-3", "Arkona PAC3"),
        ("Arkona 550", ""),
        ("550 MAX", ""),
        ("Arkona Max Novak", ""),
    ],
)
def test_a_number_and_capitals_may_be_one_word(text: str, joined: str) -> None:
    assert with_joined_number(text) == joined


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Самолёты Аркона 550 МАКС летят"),
        ("ar", "طائرة اركونا ٥٥٠ ماكس"),
        ("ja", "新型アルコナ550MAXが飛ぶ"),
    ],
)
def test_a_product_is_found_where_other_letters_are_written(language: str, text: str) -> None:
    rule, source = a_rule("Arkona 550 MAX"), a_source()
    article = an_article("x", text=text, language=language)
    found = RuleMatcher([rule]).matches(article, source)
    assert found
    assert found == by_brute_force([rule], article, source)
