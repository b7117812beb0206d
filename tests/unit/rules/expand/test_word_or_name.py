"""Who writes a word with a capital is told what it is looked for as, and how to say the other."""

from dataclasses import replace

import pytest

from monitor.lexicons.registry import Lexicons
from rules.expand.variants import with_variants
from rules.expand.word_or_name import read_as_word
from storage.model import Variant, VariantState
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
        "Sunrise OR Sunset",
        "Climate Change",
    ],
)
def test_nothing_is_said_where_it_is_clear(query: str) -> None:
    assert _said(query) == ""


def test_nothing_is_said_where_all_nouns_have_capitals() -> None:
    assert _said("Krankenhaus", "de") == ""
    assert _said("Koch", "de") == ""
    assert (
        read_as_word(a_rule("Koch", language="de", written_in=("de",), variants=(AUBE,)), "en")
        == ""
    )


def test_a_surname_is_said_to_be_a_name_only_where_it_is_looked_for_so() -> None:
    assert read_as_word(a_rule("Koch", language="fr", written_in=("fr",)), "en") == ""


AUBE = Variant(language="fr", text="aube", kind="word", source="a list")


@pytest.mark.parametrize(
    ("variants", "shown"),
    [
        ((AUBE,), "(aube, too)"),
        ((AUBE, replace(AUBE, language="es", text="alba")), "(aube and alba, too)"),
        ((replace(AUBE, language="en", text="sunup"), AUBE), "(aube, too)"),  # what it is in
        ((replace(AUBE, state=VariantState.PROPOSED),), ""),
        ((replace(AUBE, kind="acronym"),), ""),
        ((AUBE, replace(AUBE, language="vi", kind="name")), ""),
        ((replace(AUBE, language="vi"),), ""),
    ],
)
def test_only_words_that_count_elsewhere_are_shown(
    variants: tuple[Variant, ...], shown: str
) -> None:
    said = read_as_word(a_rule("Sunrise", variants=variants, written_in=("en",)), "en")
    assert bool(said) is bool(shown)
    assert shown in said
