"""The names of places that installed packages carry."""

import pytest

from monitor.lexicons import lexicons


def names(term: str) -> set[str]:
    return {form.text for lexicon in lexicons() for form in lexicon.forms(term)}


@pytest.mark.parametrize(
    ("term", "other"), [("Jordan", "Jordanien"), ("Moscow", "Moskau"), ("Bavaria", "Bayern")]
)
def test_countries_cities_and_regions_are_known_in_other_languages(term: str, other: str) -> None:
    assert other in names(term)


def test_a_word_in_lower_case_names_no_place() -> None:
    assert names("jordan") == set()


def test_the_lexicons_are_built_once() -> None:
    assert lexicons() is lexicons()
