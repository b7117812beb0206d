"""Names of one word that a rule writes in letters without capitals, in other scripts."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article


def _found(name: str, text: str, language: str) -> bool:
    rules, article = [a_rule(name)], an_article("x", text=f"({text})", language=language)
    matches = by_brute_force(rules, article, a_source())
    assert RuleMatcher(rules).matches(article, a_source()) == matches
    return bool(matches)


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("ゼレンスキー", "Zelensky in Oslo", "en"),
        ("ゼレンスキー", "визит Зеленского", "uk"),
        ("நோவாக்", "नोवाक", "hi"),
        ("젤렌스키", "besöket av Zelenskyj", "sv"),
        ("モディ", "Modi in Delhi", "en"),
        ("نتنياهو", "Netanjahu in Rom", "de"),
        ("नेतन्याहू", "Нетаньяху", "ru"),
        ("קוואלסקי", "minister Kowalski", "pl"),
        ("დორანსი", "Dorrans scored", "en"),
        ("เซเลนสกี", "Zelensky", "fr"),
        ("泽连斯基", "Zelensky in Oslo", "en"),
        ("默克尔", "Меркель", "ru"),
    ],
)
def test_it_is_found_by_its_sound(name: str, text: str, language: str) -> None:
    assert _found(name, text, language)


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("ゼレンスキー", "zelensky", "en"),  # without its capital
        ("باتريك", "Patriarch", "de"),
        ("مودي", "Mode", "de"),
        ("ドランズ", "Der Tränen", "de"),
        ("मोदी", "Mada", "en"),
        ("トヨタ", "तोता", "hi"),
        ("জোসে", "جس", "ur"),
    ],
)
def test_another_word_is_not(name: str, text: str, language: str) -> None:
    assert not _found(name, text, language)


@pytest.mark.parametrize(
    ("word", "text", "language"),
    [
        ("マスク", "Masuku", "en"),  # a mask
        ("普京", "Putin", "en"),  # two characters say too little
        ("させる", "Saseru", "en"),  # no name of a foreigner
        ("مور", "Moor", "en"),  # two consonants
    ],
)
def test_a_common_word_and_one_that_says_little_are_no_names(
    word: str, text: str, language: str
) -> None:
    assert not _found(word, text, language)
