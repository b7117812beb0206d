"""Common words of a language."""

import pytest

from rules.data.tables import languages
from rules.languages.everyday import (
    everyday_words,
    is_everyday,
    is_form_of_everyday,
    is_form_of_further,
    place_names,
)
from rules.languages.katakana_words import is_borrowed
from rules.text.folding import fold


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("منح", "ar"),
        ("über", "de"),
        ("между", "ru"),
        ("nova", "sl"),
        ("გუშინ", "ka"),
        ("และ", "th"),
        ("ประมาณ", "th"),
        ("और", "hi"),
    ],
)
def test_common_words_are_known(word: str, language: str) -> None:
    assert fold(word) in everyday_words(language)


@pytest.mark.parametrize(
    ("word", "language"),
    [("parlament", "de"), ("классом", "ru"), ("media", "nl"), ("مرکل", "fa"), ("Cameron", "fr")],
)
def test_international_words_and_names_are_none(word: str, language: str) -> None:
    assert not is_form_of_everyday(word, word.lower(), language)


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("হিসেবে", "bn"),
        ("হয়েছিল", "bn"),
        ("ובתגובה", "he"),
        ("להצטרף", "he"),
        ("هستند", "fa"),
        ("प्राप्त", "hi"),
        ("سوموار", "ur"),
        ("الجيولوجيه", "ar"),
        ("பயன்படுத்தி", "ta"),
    ],
)
def test_frequent_words_of_scripts_without_capitals_are_no_names(word: str, language: str) -> None:
    folded = fold(word)
    assert is_form_of_further(folded, language) or is_form_of_everyday(word, folded, language)


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("ট্রাম্প", "bn"),
        ("נתניהו", "he"),
        ("ווילסון", "he"),
        ("जॉनसन", "hi"),
        ("சச்சின்", "ta"),
        ("بوسٹن", "ur"),
        ("جونسون", "ar"),
        ("اوباما", "fa"),
        ("존슨", "ko"),
    ],
)
def test_names_that_are_frequent_stay_names(word: str, language: str) -> None:
    assert not is_form_of_everyday(word, fold(word), language)
    assert not is_form_of_further(fold(word), language)


def test_a_capital_or_a_script_without_capitals_may_be_a_name() -> None:
    assert is_everyday("aber", "aber", "de")
    assert not is_everyday("Aber", "aber", "de")
    assert not is_everyday("منح", "منح", "ar")
    assert is_form_of_everyday("منح", "منح", "ar")


def test_an_ending_or_what_is_written_onto_a_word_makes_no_other_one() -> None:
    assert is_form_of_everyday("კუნძულს", "კუნძულს", "ka")
    assert is_form_of_everyday("ومنح", "ومنح", "ar")


def test_a_language_without_a_table_has_none() -> None:
    assert everyday_words("") == frozenset()
    assert everyday_words("no") == everyday_words("nb") != frozenset()


def test_tables_are_of_known_languages_and_small() -> None:
    sizes = {code: len(everyday_words(code)) for code in languages()}
    assert sum(size > 0 for size in sizes.values()) > len(sizes) / 2
    assert max(sizes.values()) < 11_000


@pytest.mark.parametrize(
    ("word", "language"),
    [("בריטניה", "he"), ("كندا", "ar"), ("कोरिया", "hi"), ("독일", "ko"), ("საფრანგეთი", "ka")],
)
def test_places_are_known_where_there_are_no_capitals(word: str, language: str) -> None:
    assert fold(word) in place_names(language)


def test_where_capitals_tell_names_no_places_are_needed() -> None:
    assert not place_names("de")


def test_a_name_that_the_lexicon_has_is_no_borrowed_word() -> None:
    words = ("ユヴェントス", "アーセナル", "エアバス", "ホスト")
    assert [is_borrowed(word, "ja") for word in words] == [False, False, False, True]
