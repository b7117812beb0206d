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
