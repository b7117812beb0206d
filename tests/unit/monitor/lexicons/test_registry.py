"""The names of places that installed packages carry."""

from pathlib import Path

import pytest

from monitor.lexicons.registry import Lexicons
from tests.dictionary_files import write_dictionary

LEXICONS = Lexicons()


def names(term: str) -> set[str]:
    return {form.text for lexicon in LEXICONS.all for form in lexicon.forms(term)}


@pytest.mark.parametrize(
    ("term", "other"), [("Jordan", "Jordanien"), ("Moscow", "Moskau"), ("Bavaria", "Bayern")]
)
def test_countries_cities_and_regions_are_known_in_other_languages(term: str, other: str) -> None:
    assert other in names(term)


def test_a_word_in_lower_case_names_no_place() -> None:
    assert names("jordan") == set()


def test_what_must_first_be_read_as_a_whole_is_not_waited_for(tmp_path: Path) -> None:
    write_dictionary(tmp_path / "d", "freedict-swe-eng", {"hamn /hamn/": "harbour"})
    lexicons = Lexicons([tmp_path / "d"], tmp_path / "cache")
    (*others, installed) = lexicons.all
    at_once, before = lexicons.at_once()
    assert at_once == tuple(others)
    assert "hamn" in {form.text for form in installed.forms("harbour")}
    at_once, after = lexicons.at_once()
    assert at_once == (*others, installed)
    assert before != after == lexicons.fingerprint
