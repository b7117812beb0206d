"""Who writes a word with a capital is told what it is looked for as, and how to say the other."""

import pytest

from monitor.lexicons.registry import Lexicons
from rules.expand.variants import with_variants
from rules.expand.word_or_name import read_as_word
from tests.builders import a_rule

LEXICONS = Lexicons()


def _said(query: str, usual: str = "en") -> str:
    return read_as_word(with_variants(a_rule(query), LEXICONS.all, "", default=usual), usual)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("Sunrise", "is looked for as a word"),
        ("Krankenhaus", "is looked for as a word (hospital"),
        ("Koch", "is looked for as a name; for the German word add --in de"),
    ],
)
def test_it_says_what_a_word_is_looked_for_as(query: str, said: str) -> None:
    assert said in _said(query)


def test_it_says_how_a_name_is_written() -> None:
    assert _said("Sunrise").endswith("if it is a name, write =Sunrise")


@pytest.mark.parametrize(
    "query",
    [
        "sunrise",  # nobody writes a name so
        "Apple",  # a name, of which another note tells
        "Moscow",
        "Zelenskyy",
        "NATO",
        "Rail strike",
        "=Sunrise",
        '"Sunrise"',
        "(Sunrise",
    ],
)
def test_nothing_is_said_where_it_is_clear(query: str) -> None:
    assert _said(query) == ""


def test_nothing_is_said_where_all_nouns_have_capitals() -> None:
    assert _said("Krankenhaus", "de") == ""
    assert _said("Koch", "de") == ""
