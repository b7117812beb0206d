"""Small words of names, as other scripts write them, and small words with marks."""

from unicodedata import normalize

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article


def found(query: str, text: str, language: str) -> bool:
    rule = a_rule(query, written_in=("en",))
    article = an_article("Untitled", text=text, language=language)
    by_index = bool(RuleMatcher([rule]).matches(article, a_source()))
    assert by_index == bool(by_brute_force([rule], article, a_source()))
    return by_index


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        pytest.param("Marino da Costa", "Марино да Коста приехал", "ru", id="small"),
        pytest.param("Marino van Basten", "Марино ван Бастен приїхав", "uk", id="of another list"),
        pytest.param("Kevin De Bruyne", "Кевин де Брюйне ранен", "ru", id="a capital in the rule"),
        pytest.param("Robert De Niro", "Роберт Де Ниро приехал", "ru", id="a capital in both"),
        pytest.param("Marino da Costa", "Ο Μαρίνο ντα Κόστα έφτασε", "el", id="Greek"),
    ],
)
def test_a_particle_stands_between_the_parts_of_a_name(
    query: str, text: str, language: str
) -> None:
    assert found(query, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        pytest.param("Kevin De Bruyne", "Kevin Bruyne kommt", "de", id="in the rule's letters"),
        pytest.param("Marine Le Pen", "Марин де Пен", "ru", id="a brief name"),
    ],
)
def test_what_is_no_particle_parts_them(query: str, text: str, language: str) -> None:
    assert not found(query, text, language)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_small_words_are_known_however_their_marks_are_written(form: str) -> None:
    text = normalize(form, "Mord på en journalist")
    assert found("mord journalist", text, "sv")
