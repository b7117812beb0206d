"""In which ways the parts of a name may be written."""

import pytest

from rules.patterns.name_patterns import has_name_patterns, with_other_parts


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Leonardo DiCaprio", ["Leonardo Di Caprio"]),
        ("Kevin McCarthy", ["Kevin Mac Carthy"]),
        ("Robert De Niro", ["Robert DeNiro"]),
        ("Marine Le Pen", ["Marine LePen"]),
        ("Conan O'Brien", ["Conan OBrien"]),
        ("Ludwig van Beethoven", ["Ludwig VanBeethoven", "Ludwig Van Beethoven"]),
        ("Ursula von der Leyen", ["Ursula VonDerLeyen", "Ursula Von Der Leyen"]),
    ],
)
def test_parts_of_a_name_may_be_one_word_or_two(name: str, others: list[str]) -> None:
    assert with_other_parts(name) == others
    assert has_name_patterns(name)


@pytest.mark.parametrize(
    "text", ["Nguyen Van Thieu", "Bank of England", "Hanoi Convention", "DeSantis", "iPhone sales"]
)
def test_what_has_no_such_parts_is_written_as_it_is(text: str) -> None:
    assert with_other_parts(text) == []
