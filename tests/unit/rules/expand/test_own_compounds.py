"""What languages write apart, join, or write onto short words, in texts of their own."""

from dataclasses import replace

import pytest

from bench.base.made_up import rules_of
from rules.expand.own_compounds import otherwise_joined
from rules.lexicons.api import Form
from rules.matcher import RuleMatcher
from rules.text.tokenizer import words
from tests.builders import a_source, an_article


def _finds(query: str, text: str, language: str) -> bool:
    (rule,) = rules_of([query], "all")
    matcher = RuleMatcher([replace(rule, id="a" * 26)])
    return bool(matcher.matches(an_article("", text=text, language=language), a_source()))


@pytest.mark.parametrize(
    ("query", "text", "language", "expected"),
    [
        pytest.param("Lehrermangel", "Der Mangel an Lehrern wächst.", "de", True, id="listed"),
        pytest.param("Waffenexporte", "Der Export von Waffen ruht.", "de", True, id="a link"),
        pytest.param("Lehrermangel", "Die Lehrer beklagen einen Mangel.", "de", False, id="far"),
        pytest.param("Krankenhaus", "Ein Haus für die Kranken.", "de", False, id="a thing"),
        pytest.param("lärarbrist", "Bristen på lärare växer.", "sv", True, id="Swedish"),
        pytest.param("Einsturz der Brücke", "Der Brückeneinsturz kam.", "de", True, id="joined"),
        pytest.param("Einsturz der Brücke", "Der Brückenbau ruht.", "de", False, id="another"),
        pytest.param("brist på lärare", "Lärarbristen växer.", "sv", True, id="joined, changed"),
    ],
)
def test_a_keyword_is_found_in_one_word_and_in_two(
    query: str, text: str, language: str, expected: bool
) -> None:
    assert _finds(query, text, language) is expected


@pytest.mark.parametrize(
    ("called", "kind", "expected"),
    [
        pytest.param("bread shortage", "word", ["Brot Mangel"], id="by two words"),
        pytest.param("famine", "word", [], id="by one"),
        pytest.param("Bread Shortage", "name", [], id="a name"),
    ],
)
def test_a_thing_with_a_name_of_its_own_is_not_parted(
    called: str, kind: str, expected: list[str]
) -> None:
    known = {"Brot", "Mangel"}
    forms = [Form("en", called, "list", kind=kind)]
    found = otherwise_joined(
        "Brotmangel",
        words("Brotmangel"),
        forms,
        ["de"],
        lambda part, _: forms if part in known else [],
    )
    assert [form.text for form in found] == expected


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        pytest.param("rice imports", "쌀을 수입한다.", True, id="behind a consonant"),
        pytest.param("locust swarms", "메뚜기 떼가 덮쳤다.", True, id="behind a vowel"),
        pytest.param("water shortage", "물이 부족하다.", True, id="a word that says little"),
        pytest.param("dam bursts", "댐은 견뎠지만 다리가 무너졌다.", False, id="against another"),
        pytest.param("water shortage", "물가 부족을 말했다.", False, id="another word"),
    ],
)
def test_korean_words_of_one_syllable_have_what_is_written_behind_them(
    query: str, text: str, expected: bool
) -> None:
    assert _finds(query, text, "ko") is expected


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("hospital strike", "Больничная забастовка идёт.", "ru"),
        ("milk prices", "Молочные цены растут.", "ru"),
        ("wheat exports", "Пшеничний експорт зріс.", "uk"),
        ("milk prices", "Rosną mleczne ceny.", "pl"),
    ],
)
def test_an_adjective_whose_stem_ends_otherwise_says_its_noun(
    query: str, text: str, language: str
) -> None:
    assert _finds(query, text, language)
