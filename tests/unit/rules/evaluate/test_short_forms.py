"""Forms of words of three letters where names have no cases, and of those whose letters change."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Variant
from tests.builders import a_rule, a_source, an_article


def found(query: str, title: str, language: str, *variants: Variant) -> bool:
    rule = a_rule(query, variants=variants, written_in=() if variants else (language,))
    article = an_article(title, text="", language=language)
    by_index = bool(RuleMatcher([rule]).matches(article, a_source()))
    assert by_index == bool(by_brute_force([rule], article, a_source()))
    return by_index


@pytest.mark.parametrize(
    ("query", "title", "language"),
    [
        pytest.param("law", "New laws for ports", "en", id="a plural"),
        pytest.param("tax", "Taxes on wine rise", "en", id="behind a sibilant"),
        pytest.param("city", "Ten cities without water", "en", id="y that changes"),
        pytest.param("duty", "Duties on steel doubled", "en", id="first of a title"),
        pytest.param("tåg", "Tågen står stilla", "sv", id="an article written on"),
        pytest.param("lov", "Loven trer i kraft", "nb", id="Norwegian"),
        pytest.param("juez", "Los jueces firmaron", "es", id="z that changes"),
        pytest.param("avião", "Dois aviões parados", "pt", id="a nasal that changes"),
        pytest.param("voto", "Contati i voti", "it", id="Italian"),
        pytest.param("hora", "Les hores de classe", "ca", id="Catalan"),
        pytest.param("enke", "Enker i sorg", "da", id="a vowel that ends it"),
        pytest.param("krop", "Kroppens vægt", "da", id="a letter written twice"),
        pytest.param("orka", "Verð á orku", "is", id="Icelandic"),
        pytest.param("Zug", "Bremse des Zuges defekt", "de", id="a noun with a capital"),
        pytest.param("tax cut", "Cutting taxes: the cut of taxes", "en", id="beside another"),
    ],
)
def test_a_word_of_three_letters_has_forms(query: str, title: str, language: str) -> None:
    assert found(query, title, language)


@pytest.mark.parametrize(
    ("query", "title", "language"),
    [
        pytest.param("rat", "Rates of interest", "en", id="es is of rate"),
        pytest.param("new", "News of the day", "en", id="another word"),
        pytest.param("art", "Arter i fara", "sv", id="a word of another language"),
        pytest.param("Fed", "He feds on it", "en", id="a name in small letters"),
        pytest.param("car", "A caring nurse", "en", id="endings of verbs"),
        pytest.param("Les", "Less snow than ever", "en", id="an s behind an s"),
    ],
)
def test_what_may_be_of_another_word_is_no_form(query: str, title: str, language: str) -> None:
    rule = a_rule(query, written_in=("en",))
    article = an_article(title, text="", language=language)
    assert not RuleMatcher([rule]).matches(article, a_source())


@pytest.mark.parametrize(
    ("query", "title", "language"),
    [
        pytest.param("hotel", "Ved hotellerne", "da", id="a letter written twice"),
        pytest.param("bjerg", "Bag bjergene", "da", id="neuters"),
        pytest.param("regel", "Nye regler i dag", "da", id="a vowel that is left out"),
        pytest.param("medlem", "Nya medlemmar", "sv", id="a letter written twice in Swedish"),
        pytest.param("fönster", "Det gamla fönstret", "sv", id="likewise"),
        pytest.param("stjórnandi", "Tíu stjórnendur", "is", id="Icelandic"),
        pytest.param("позиција", "На позициите", "mk", id="Macedonian"),
        pytest.param("volcà", "Els volcans", "ca", id="a letter that is left out"),
        pytest.param("marca", "Les marques", "ca", id="a letter that changes"),
    ],
)
def test_longer_words_have_the_forms_of_their_grammar(
    query: str, title: str, language: str
) -> None:
    assert found(query, title, language)


def test_variants_have_them_where_these_are_everyday_words_too() -> None:
    law = Variant(language="sv", text="lag", source="a list")
    assert found("statute", "Den nya lagen gäller", "sv", law)
    assert not found("statute", "Den nya lagen gäller", "da", law)


def test_variants_have_them_in_their_own_language() -> None:
    ship = Variant(language="da", text="tog", source="a list")
    assert found("railway set", "Toget holder stille", "da", ship)
    assert not found("railway set", "Toget holder stille", "sv", ship)


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Решение принято ОПЕКом", True), ("Опека над детьми", False), ("Спор об опеке", False)],
)
def test_an_acronym_that_has_endings_is_in_capitals_before_them(
    title: str, *, expected: bool
) -> None:
    acronym = Variant(language="ru", text="ОПЕК", kind="word")
    assert found("oil exporters", title, "ru", acronym) == expected
