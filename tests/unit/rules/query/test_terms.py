"""Which words of a keyword count."""

import pytest

from rules.query.terms import content


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Île de France", ["Île", "France"], id="which ile is a stop word somewhere"),
        pytest.param("The Hague", ["Hague"], id="an article"),
        pytest.param("War in Ukraine", ["War", "Ukraine"], id="a preposition"),
    ],
)
def test_what_begins_with_a_capital_is_left_in_a_name(text: str, expected: list[str]) -> None:
    assert [word.text for word in content(text)] == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        pytest.param("Bank hebt an Zinsen", "", "Bank hebt an Zinsen", id="of a verb"),
        pytest.param("an Bank hebt", "", "Bank hebt", id="of no verb before it"),
        pytest.param("gouvernement appelle à grève", "", "gouvernement appelle grève", id="listed"),
        pytest.param("Bank hebt an Zinsen", "de", "Bank hebt Zinsen", id="of a text's language"),
    ],
)
def test_what_belongs_to_a_verb_counts_in_rules(text: str, language: str, expected: str) -> None:
    assert " ".join(word.text for word in content(text, language)) == expected


def test_words_are_found_once_for_who_names_no_language_and_who_has_none() -> None:
    assert content("Hanoi Convention") is content("Hanoi Convention", "")
