"""Which script a letter is of, and which languages are written in it."""

import pytest

from rules.data.tables import languages, rows
from rules.languages.scripts import is_short, news_languages, normal, script_of, scripts_of


@pytest.mark.parametrize(
    ("letter", "script"),
    [
        ("a", "latin"),
        ("ß", "latin"),
        ("ж", "cyrillic"),
        ("ש", "hebrew"),
        ("ک", "arabic"),
        ("漢", "han"),
        ("ひ", "hiragana"),
        ("カ", "katakana"),
        ("한", "hangul"),
        ("ไ", "thai"),
        ("১", ""),
        ("-", ""),
        ("ー", ""),
        ("\u0301", ""),
    ],
)
def test_a_letter_has_a_script_and_a_sign_has_none(letter: str, script: str) -> None:
    assert script_of(letter) == script


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("sv", "sv"),
        ("nb-NO", "no"),
        ("zh_Hant", "zh"),
        ("iw", "he"),
        ("Swedish", "sv"),
        ("Chinese (Simplified)", "zh"),
        ("the Swedish", ""),
        ("", ""),
        ("?", ""),
    ],
)
def test_a_tag_becomes_the_code_of_articles(tag: str, code: str) -> None:
    assert normal(tag) == code


def test_the_scripts_of_every_known_language_are_known() -> None:
    described = {script for script, *_ in rows("scripts.tsv")}
    for language in languages():
        assert scripts_of(normal(language)), language
        assert scripts_of(normal(language)) <= described


def test_translators_are_asked_for_languages_that_are_known() -> None:
    assert len(set(news_languages())) == len(news_languages()) >= 45
    assert all(normal(language) in languages() for language in news_languages())


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("mål", True),
        ("ljud", False),
        ("地", True),
        ("地震", False),
        ("ไข้", True),
        ("ชิลี", False),
        ("जल", True),
        ("चिली", False),
        ("ژنو", False),
    ],
)
def test_how_many_letters_are_few_depends_on_the_script(text: str, short: bool) -> None:
    assert is_short(text) is short
