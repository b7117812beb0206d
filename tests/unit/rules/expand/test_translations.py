"""Which of a translator's proposals become variants, and which of those count at once."""

import pytest

from rules.expand.translations import (
    MOST_OF_A_LANGUAGE,
    MOST_TERMS,
    Proposal,
    clean_names,
    holds_words,
    negatives,
    terms_to_translate,
    variants_from,
)
from rules.query.parsed import parsed
from storage.model import Variant, VariantState


def variants(term: str, *pairs: tuple[str, str], unwanted: str = "") -> list[Variant]:
    [asked] = terms_to_translate(parsed(term))
    proposals = [Proposal(language, text) for language, text in pairs]
    excluded = negatives(parsed(f"x NOT ({unwanted})")) if unwanted else ()
    return list(variants_from(proposals, asked, source="libretranslate", unwanted=excluded))


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        pytest.param("harbour pilot", [("harbour pilot", "")], id="a keyword"),
        pytest.param("fog -harbour", [("fog", "")], id="not what is excluded"),
        pytest.param("harbour NOT (fog OR (ice AND snow))", [("harbour", "")], id="in brackets"),
        pytest.param(
            "harbour AND (fog OR ice) title:snow",
            [("harbour", ""), ("fog", "fog"), ("ice", "ice"), ("snow", "snow")],
            id="every keyword",
        ),
        pytest.param("fog harb* =Ice /x/", [("fog", "")], id="only keywords and phrases"),
        pytest.param('"thick fog" NEAR/3 ice', [("thick fog", ""), ("ice", "ice")], id="near"),
        pytest.param("harb* fog", [("fog", "")], id="the first keyword need not be first"),
        pytest.param("-ice fog", [("fog", "fog")], id="an excluded one before it"),
        pytest.param("fog OR Fog OR FOG", [("fog", "")], id="the same again"),
        pytest.param("2024 fog", [("2024 fog", "")], id="a number beside a word"),
        pytest.param("source:bbc 2024", [], id="nothing to translate"),
        pytest.param("fog NOT fog", [], id="excluded itself"),
    ],
)
def test_what_is_asked_for(query: str, asked: list[tuple[str, str]]) -> None:
    assert [(similar.text, similar.of) for similar in terms_to_translate(parsed(query))] == asked


def test_only_so_many_terms_are_asked_for() -> None:
    query = " OR ".join(f"harbour{letter}" for letter in "abcdefghijklmnop")
    assert len(terms_to_translate(parsed(query))) == MOST_TERMS


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        pytest.param("hamnlots", "hamnlots", id="clean"),
        pytest.param("  hamn \t lots ", "hamn lots", id="space"),
        pytest.param("\nhamnlots\n\nOne who brings ships in", "hamnlots", id="more lines"),
        pytest.param('"hamnlots"', "hamnlots", id="quotes"),
        pytest.param("«hamnlots».", "hamnlots", id="other quotes, and a period"),
        pytest.param("hamnlots.", "hamnlots", id="a period"),
        pytest.param("hamnlots (obestämd form)", "hamnlots", id="a note"),
        pytest.param("**hamnlots**", "hamnlots", id="markdown"),
        pytest.param("- hamnlots", "hamnlots", id="a list"),
        pytest.param("1. hamnlots", "hamnlots", id="a numbered list"),
        pytest.param("Here is the translation: hamnlots", "hamnlots", id="an introduction"),
        pytest.param("Swedish: `hamnlots`", "hamnlots", id="a label"),
        pytest.param("lots &amp; hamn", "lots & hamn", id="entities"),
        pytest.param("ha\u0308mnlots", "hämnlots", id="composed"),
    ],
)
def test_a_text_is_cleaned(said: str, kept: str) -> None:
    assert [variant.text for variant in variants("harbour pilot", ("sv", said))] == [kept]


@pytest.mark.parametrize(
    ("term", "language", "said", "kept"),
    [
        pytest.param("earthquake", "es", "Terremoto", ["terremoto"], id="a common word"),
        pytest.param("earthquake", "de", "Erdbeben", ["Erdbeben"], id="where nouns have capitals"),
        pytest.param("Geneva", "es", "Ginebra", ["Ginebra"], id="a name"),
        pytest.param("bird flu", "es", "Gripe aviar", ["Gripe aviar"], id="several words"),
        pytest.param("bird flu", "fr", "H5N1", ["H5N1"], id="a code"),
        pytest.param(
            "central bank", "ar", "البنك المركزي", ["البنك المركزي", "بنك مركزي"], id="articles"
        ),
        pytest.param(
            "Red Cross", "he", "הצלב האדום", ["הצלב האדום", "צלב אדום"], id="articles, he"
        ),
        pytest.param("energy crisis", "ar", "أزمة الطاقة", ["أزمة الطاقة"], id="one article"),
        pytest.param("Algeria", "ar", "الجزائر", ["الجزائر"], id="the article of a name"),
        pytest.param(
            "wildfire", "fa", "آتش\u200cسوزی", ["آتش\u200cسوزی", "آتش سوزی"], id="a joiner"
        ),
    ],
)
def test_a_form_is_kept_as_it_stands_in_a_sentence(
    term: str, language: str, said: str, kept: list[str]
) -> None:
    assert [variant.text for variant in variants(term, (language, said))] == kept


def test_what_an_acronym_becomes_that_was_taken_for_a_word_does_not_count() -> None:
    [found] = variants("WHO", ("fr", "QUI"), ("de", "WER"))
    assert (found.text, found.state) == ("WER", VariantState.PROPOSED)
    [active] = variants("NATO", ("fr", "OTAN"))
    assert active.state is VariantState.ACTIVE
    assert [variant.text for variant in variants("World Health Organization", ("en", "WHO"))] == [
        "WHO"
    ]


def test_two_forms_in_one_text_are_two() -> None:
    proposed = variants("harbour pilot", ("sv", "hamnlots / sjölots; lots"))
    assert [similar.text for similar in proposed] == ["hamnlots", "sjölots", "lots"]


def test_a_mark_that_belongs_to_a_word_stays() -> None:
    assert [v.text for v in variants("Jenna", ("he", "ג'נה"), ("uk", "Дженн'"))] == [
        "ג'נה",
        "Дженн'",
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        pytest.param("sv", "", id="nothing"),
        pytest.param("sv", "...", id="signs"),
        pytest.param("sv", "123", id="a number"),
        pytest.param("sv", "och", id="a stop word"),
        pytest.param("fr", "de la", id="stop words"),
        pytest.param("sv", "x", id="one letter"),
        pytest.param("sv", "<b>hamnlots</b>", id="markup"),
        pytest.param("sv", "see https://example.org", id="a link"),
        pytest.param("sv", "[NAME]", id="a placeholder"),
        pytest.param("sv", "harbour pilot", id="the rule's words"),
        pytest.param("fr", "Pilot de Hárbour", id="the rule's words in another order"),
        pytest.param("sv", "hamn\x00lots", id="a control character"),
        pytest.param("sv", "Jag är ledsen. Det kan jag inte", id="sentences"),
        pytest.param("sv", "ord " * 12, id="many words"),
        pytest.param("sv", "o" * 150, id="a long word"),
        pytest.param("sv", "o" * 10_000, id="a very long word"),
        pytest.param("ru", "hamnlots", id="Latin for Cyrillic"),
        pytest.param("sv", "лоцман", id="Cyrillic for Latin"),
        pytest.param("ja", "도선사", id="hangul for Japanese"),
        pytest.param("ar", "port מרשד", id="Hebrew for Arabic"),
        pytest.param("", "hamnlots", id="no language"),
        pytest.param("the Swedish", "hamnlots", id="no such language"),
    ],
)
def test_what_is_no_name_of_the_term_is_left_out(language: str, said: str) -> None:
    assert variants("harbour pilot", (language, said)) == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        pytest.param("ja", "IT水先人", id="Latin beside Japanese"),
        pytest.param("ru", "портовый лоцман", id="Cyrillic"),
        pytest.param("sr", "lučki pilot", id="Serbian in Latin"),
        pytest.param("sr", "лучки пилот", id="Serbian in Cyrillic"),
        pytest.param("ko", "NATO", id="an acronym in Latin"),
        pytest.param("tlh", "hamnlots", id="a language that nobody described"),
    ],
)
def test_scripts_that_a_language_is_written_in_are_fine(language: str, said: str) -> None:
    assert [variant.text for variant in variants("harbour pilot", (language, said))] == [said]


def test_a_phrase_is_meant_as_written_so_its_translations_are_only_proposed() -> None:
    [variant] = variants('"harbour pilot"', ("fr", "pilote de port"))
    assert variant.state is VariantState.PROPOSED
    [turned] = variants('"harbour pilot"', ("fr", "pilot harbour"))
    assert turned.text == "pilot harbour"


@pytest.mark.parametrize(
    ("term", "language", "said", "state"),
    [
        pytest.param("dredging", "sv", "muddring", "active", id="a word"),
        pytest.param("goal", "sv", "mål", "proposed", id="three letters"),
        pytest.param("goal", "de", "Ziel", "active", id="four letters"),
        pytest.param("earthquake", "zh", "地震", "active", id="two Han characters"),
        pytest.param("earthquake", "zh", "震", "proposed", id="one Han character"),
        pytest.param("earthquake", "ko", "지진", "active", id="two syllables"),
        pytest.param(
            "Geneva", "fa", "ژنو", "active", id="three letters of a script without vowels"
        ),
        pytest.param("Larch", "fr", "mélèze", "proposed", id="a common word for a name"),
        pytest.param("Larch", "de", "Lärche", "active", id="a name"),
        pytest.param("Larch", "ka", "ლარჩი", "active", id="a script without capitals"),
        pytest.param("Ramadan", "hr", "ramazan", "active", id="the name in small letters"),
        pytest.param("larch", "sv", "lärkträd", "active", id="a common word for a common word"),
        pytest.param("Quiet Seas", "sv", "lugnhav", "active", id="one word for a name of two"),
        pytest.param("Quiet Seas", "sv", "lugna hav", "active", id="two words for a name"),
        pytest.param("Quiet Seas Treaty", "fr", "TMC", "active", id="an acronym"),
        pytest.param("Quiet Seas", "fr", "MC", "proposed", id="an acronym of two letters"),
    ],
)
def test_what_would_find_too_much_alone_is_only_proposed(
    term: str, language: str, said: str, state: str
) -> None:
    assert [variant.state for variant in variants(term, (language, said))] == [state]


def test_doubt_makes_it_proposed_and_a_surer_proposal_active() -> None:
    [asked] = terms_to_translate(parsed("harbour pilot"))

    def of(*proposals: Proposal) -> Variant:
        [variant] = variants_from(proposals, asked, source="libretranslate")
        return variant

    doubted = Proposal("sv", "hamnlots", 0.9, doubted=True)
    unsure = Proposal("sv", "Hamnlots", 0.2)
    sure = Proposal("sv", "hamnlots", 0.7)
    assert of(doubted).state is VariantState.PROPOSED
    assert of(unsure).state is VariantState.PROPOSED
    assert of(unsure, doubted, sure).state is VariantState.ACTIVE
    assert of(sure, unsure).score == 0.7
    assert of(Proposal("sv", "hamnlots", 7.0)).score < 1
    assert of(Proposal("sv", "hamnlots", -1.0)).score > 0


def test_one_form_of_a_language_is_kept_once() -> None:
    proposed = variants(
        "harbour pilot",
        ("nb", "havnelos"),
        ("no", "Havnelos"),
        ("nn", "hamnelos"),
        ("sv", "havnelos"),
    )
    assert [(similar.language, similar.text) for similar in proposed] == [
        ("no", "havnelos"),
        ("no", "hamnelos"),
        ("sv", "havnelos"),
    ]


def test_only_so_many_forms_of_a_language_are_kept() -> None:
    many = [("sv", f"hamnlots{letter}") for letter in "abcdefghijklmn"]
    assert len(variants("harbour pilot", *many)) == MOST_OF_A_LANGUAGE


def test_what_a_rule_excludes_is_no_variant() -> None:
    pairs = (("sv", "Hamnlots"), ("sv", "sjölots"))
    proposed = variants("harbour pilot", *pairs, unwanted='hamnlots OR "something else"')
    assert [similar.text for similar in proposed] == ["sjölots"]


def test_an_acronym_counts_in_the_languages_that_share_it() -> None:
    proposed = variants(
        "Quiet Seas Treaty", ("fr", "TMC"), ("es", "TMC"), ("pt", "TMT"), ("en", "QUST")
    )
    assert [(similar.language, similar.text, similar.kind) for similar in proposed] == [
        ("", "TMC", "acronym"),
        ("pt", "TMT", "acronym"),
        ("", "QUST", "acronym"),
    ]


@pytest.mark.parametrize(
    ("back", "holds"),
    [
        ("the harbour's pilots", True),
        ("harbor pilot", True),
        ("ship's pilot", True),
        ("a bird of the sea", False),
        ("", False),
    ],
)
def test_a_translation_back_holds_the_words_in_some_form(back: str, holds: bool) -> None:
    assert holds_words(back, "harbour pilot") is holds


def test_near_names_are_cleaned_and_few() -> None:
    many = ['"Test pilot."', "test Pilot", "", "<i>x</i>", *(f"pilot {n}" for n in range(50))]
    names = clean_names(many, "harbour pilot")
    assert names[0] == "test Pilot"
    assert len(names) == 20
