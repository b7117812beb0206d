"""In which ways the parts of a name may be written."""

import pytest

from rules.patterns.name_patterns import (
    has_name_patterns,
    with_other_initials,
    with_other_parts,
    without_middle_initials,
    without_particles,
)


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
        ("Dr Anna Novak", ["Anna Novak"]),
        ("Sir Robert De Niro", ["Robert De Niro", "Robert DeNiro"]),
        ("Yuri Alekseyevich Novak", ["Yuri Novak"]),
        ("Анна Павловна Новак", ["Анна Новак"]),
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


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("A.B. Novak", "A. B. Novak"),
        ("A. B. Novak", "A.B. Novak"),
        ("A.B.C. Novak", "A. B. C. Novak"),
        ("Á. Š. Żukowski", "Á.Š. Żukowski"),
        ("А.Б. Новак", "А. Б. Новак"),
        ("AB Novak", "A. B. Novak"),
        ("ABC Šimek", "A. B. C. Šimek"),
        ("AB NOVAK", ""),
        ("Ab Novak", ""),
        ("A. Novak", ""),
    ],
)
def test_initials_stand_apart_or_together(name: str, other: str) -> None:
    assert with_other_initials(name) == other
    assert has_name_patterns(name) or not other


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Anna B. Novak", "Anna Novak"),
        ("Anna B Novak", "Anna Novak"),
        ("Anna B. C. Novak", "Anna Novak"),
        ("José Š. Novak", "José Novak"),
        ("Vitamin D", ""),
        ("Plan B for Novak", ""),
    ],
)
def test_initials_in_the_middle_can_be_left_out(name: str, other: str) -> None:
    assert without_middle_initials(name) == other
    assert has_name_patterns(name) or not other


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Robert De Niro", "Robert Niro"),
        ("Juan De La Cruz", "Juan Cruz"),
        ("Marine Le Pen", ""),
        ("Ludwig van Beethoven", ""),
        ("Nguyen Van Thieu", ""),
    ],
)
def test_particles_in_capitals_are_left_out_where_enough_remains(name: str, other: str) -> None:
    assert without_particles(name) == other
