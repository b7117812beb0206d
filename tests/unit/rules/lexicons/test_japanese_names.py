"""How names of people of Japan are written in Han characters."""

import pytest

from rules.lexicons.japanese_names import JapaneseNames
from rules.matcher import RuleMatcher
from tests.builders import a_rule, a_source, an_article, with_variants


def _texts(term: str) -> set[str]:
    return {form.text for form in JapaneseNames().forms(term) if form.language == "ja"}


@pytest.mark.parametrize(
    ("term", "text"),
    [
        pytest.param("Shigeru Ishiba", "石破茂", id="the given name first"),
        pytest.param("Ishiba Shigeru", "石破茂", id="the surname first"),
        pytest.param("Shohei Ohtani", "大谷翔平", id="a long vowel as h"),
        pytest.param("Shōhei Ōtani", "大谷翔平", id="a long vowel as a mark"),
        pytest.param("Shouhei Ootani", "大谷翔平", id="a long vowel as two letters"),
        pytest.param("Hirofumi Yoshimura", "吉村洋文", id="a given name of two parts"),
        pytest.param("Keiichiro Tachibana", "橘慶一郎", id="a given name of three parts"),
        pytest.param("Kenji Nanba", "難波健二", id="n as m before b"),
    ],
)
def test_a_name_is_put_together_of_its_parts(term: str, text: str) -> None:
    assert text in _texts(term)


@pytest.mark.parametrize(
    "term",
    ["Ishiba", "Shigeru Novak", "Anna Ishiba", "shigeru ishiba", "Ishiba Maeda", "Mori, Ken"],
)
def test_what_is_no_such_name_has_no_forms(term: str) -> None:
    assert _texts(term) == set()


def test_few_ways_are_taken_where_there_are_many() -> None:
    assert len(_texts("Hirokazu Watanabe")) == 48


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        pytest.param("会見で石破茂首相は答えなかった", "ja", True, id="Japanese"),
        pytest.param("日本首相石破茂昨日没有回答", "zh", True, id="Chinese"),
        pytest.param("石破洋子さんは市長に選ばれた", "ja", False, id="another of that surname"),
    ],
)
def test_a_rule_in_latin_letters_finds_the_person(text: str, language: str, found: bool) -> None:
    article = an_article("x", text=text, language=language)
    rule = with_variants(a_rule("Shigeru Ishiba"), JapaneseNames())
    assert bool(RuleMatcher([rule]).matches(article, a_source())) == found
