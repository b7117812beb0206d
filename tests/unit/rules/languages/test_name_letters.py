"""What letters of scripts without capitals say of a name that a word may be."""

import pytest

from rules.data.tables import rows
from rules.languages.name_letters import (
    BEGINS,
    ENDS,
    NO_VOWEL_LAST,
    VOWEL_BETWEEN,
    VOWEL_LAST,
    Letters,
    as_in_english,
    evidence,
    letters_in,
    letters_of_language,
    marked,
    may_be_silent,
    pieces_at,
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("한국", "ᄒ ᅡ ᆫ ᄀ ᅮ ᆨ", id="sounds of hangul"),
        pytest.param("아이", "ᅡ ᄋ ᅵ", id="nothing before the first vowel"),
        pytest.param("것에", "ᄀ ᅥ ᆺᄋ ᅦ", id="a last sound goes with the vowel behind"),
        pytest.param("कमल", f"क {VOWEL_BETWEEN} म {VOWEL_BETWEEN} ल {VOWEL_LAST}", id="vowels"),
        pytest.param("क्षम्", f"क ष {VOWEL_BETWEEN} म {NO_VOWEL_LAST}", id="no vowels"),
        pytest.param("কা", "ক া", id="a vowel sign"),
        pytest.param("عمر", f"{BEGINS}ع م ر{ENDS}", id="the first and the last letter"),
        pytest.param("მარი", "მ ა რ ი", id="letters as they are"),
    ],
)
def test_letters_are_those_that_tell_names(written: str, expected: str) -> None:
    assert letters_in(written) == tuple(expected.split())


def test_one_letter_writes_up_to_three_of_a_name_and_the_marks_at_its_ends() -> None:
    assert marked("Ivo") == "^ivo$"
    assert list(pieces_at("^ivo$", 0)) == ["^", "^i", "^iv"]
    assert list(pieces_at("^ivo$", 3)) == ["o", "o$"]
    assert [may_be_silent(piece) for piece in ("o", "o$", "vo", "vo$")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("name", "spelled"),
    [("Schumer", "shumer"), ("Tschaikowski", "chaikowski"), ("Ivo", ""), ("Szabo", "sabo")],
)
def test_what_other_languages_spell_is_spelled_as_in_english(name: str, spelled: str) -> None:
    assert as_in_english(name) == spelled


OF = Letters(
    "GEORGIAN", {"i": {"ი": 2.0}, "^i": {"ი": 3.0}, "v": {"ვ": 2.0, "": -1.0}, "": {"ა": -2.0}}
)


@pytest.mark.parametrize(
    ("name", "written", "expected"),
    [
        pytest.param("^iv$", "ივ", 3.0 + 2.0 - 1.0, id="each letter writes what it mostly does"),
        pytest.param("^i$", "ივ", 3.0 - 5.5 - 1.0, id="a letter too many"),
        pytest.param("^i$", "იа".replace("а", "ა"), 3.0 - 2.0 - 1.0, id="one that is often"),
        pytest.param("^iv$", "ი", 3.0 - 1.0 - 1.0, id="one that is often not written"),
        pytest.param("^ii$", "ი", 3.0 - 5.0 - 1.0, id="one that is never left out"),
        pytest.param("^iv$", "ით", 3.0 - 5.0 - 1.0, id="another letter"),
    ],
)
def test_evidence_is_that_of_all_letters_together(name: str, written: str, expected: float) -> None:
    assert evidence(name, letters_in(written), OF) == pytest.approx(expected)


def test_every_language_of_the_table_has_its_own_letters() -> None:
    languages = {row[0] for row in rows("name_letters.tsv")}
    scripts = {language: letters_of_language(language) for language in languages}
    assert {language: of.script for language, of in scripts.items() if of} == {
        "ar": "ARABIC",
        "bn": "BENGALI",
        "fa": "ARABIC",
        "he": "HEBREW",
        "hi": "DEVANAGARI",
        "ka": "GEORGIAN",
        "ko": "HANGUL",
        "ta": "TAMIL",
        "ur": "ARABIC",
    }
    assert letters_of_language("ko-KR") == letters_of_language("ko")
    assert letters_of_language("sv") is None
