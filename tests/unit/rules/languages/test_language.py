"""The query language end to end: what each operator finds, and what it leaves."""

from datetime import timedelta

import pytest

from common.language_codes import ONE_CODE
from ingester.text.language import primary
from rules.languages.codes import code_of, hint_at_code
from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import NOON, a_rule, a_source, an_article

SOURCE = a_source("Harbour News", tags=("ports",))


def found(query: str, text: str = "", **changes: object) -> str | None:
    """Return the words that prove the match, joined by a bar; None when there is none."""
    rule = a_rule(query)
    article = an_article(str(changes.pop("title", "Untitled")), text=text, **changes)
    matcher = RuleMatcher([rule])
    assert matcher.broken == {}
    matches = matcher.matches(article, SOURCE)
    assert matches == by_brute_force([rule], article, SOURCE)
    return "|".join(proof.text for proof in matches[0].evidence) if matches else None


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        pytest.param("rail NEAR/0 strike", "a strike rail now", "strike rail", id="side by side"),
        pytest.param("rail NEAR/0 strike", "rail big strike", None, id="a word between"),
        pytest.param("rail NEAR/1 strike", "rail big strike", "rail big strike", id="one word"),
        pytest.param("(rail OR bus) NEAR/2 strike", "bus drivers strike", "bus drivers strike"),
        pytest.param("cyber* NEAR/3 attack*", "cybercrime or attacks", "cybercrime or attacks"),
        pytest.param("organi?ation", "an organisation", "organisation", id="one letter"),
        pytest.param("*quake", "an earthquake", "earthquake", id="the end of a word"),
        pytest.param("data-ba*", "the data-base now", "data-base", id="a wildcard and a hyphen"),
        pytest.param("网络*", "中国网络犯罪", "网络", id="a wildcard without spaces"),
        pytest.param("=WHO", "who asked the WHO", "WHO", id="this case"),
        pytest.param('="The Who"', "the who met The Who", "The Who", id="this case, two words"),
        pytest.param("/str[iu]ke/", "a Strike", "Strike", id="regular expression"),
        pytest.param("/(a+)+$/", "a" * 60 + "b", None, id="a regular expression that hangs others"),
        pytest.param("*a*a*a*a*a*a*a*a*b", "a" * 60, None, id="stars that hang others"),
        pytest.param("rail –bus", "rail and bus", None, id="excluded by a dash"),
        pytest.param("rail NOT (bus OR tram)", "rail and tram", None, id="excluded group"),
        pytest.param("rail !bus", "rail and tram", "rail", id="not excluded"),
        pytest.param("title:(rail OR Untitled)", "rail", "Untitled", id="in the title"),
        pytest.param("text:Untitled", "rail", None, id="not in the text"),
        pytest.param("source:harbour rail", "rail", "rail", id="source"),
        pytest.param("tag:ports rail", "rail", "rail", id="tag"),
        pytest.param("C++", "uses C++ code", "C", id="symbols count"),
        pytest.param("C++", "vitamin C", None, id="symbols are needed"),
        pytest.param(r"what\?", "what now", "what", id="an escaped wildcard"),
        pytest.param(r"NEAR\/5 rail", "rail near 5", "rail near 5", id="an escaped operator"),
        pytest.param("cyber^3 ball^-4 score>=2", "cyber", "cyber", id="points"),
        pytest.param("cyber^3 ball^-4 score>=2", "cyber ball", None, id="points taken away"),
        pytest.param("ball^-1 cyber^3 score>=2", "cyber ball", "cyber", id="still enough points"),
        pytest.param("ball^-1 cyber^3 score>=2", "ball", None, id="only points taken away"),
        pytest.param("ball^-1 cyber^3 bus^2 score>=4", "ball bus cyber", "bus|cyber", id="sum"),
    ],
)
def test_each_operator_finds_what_it_says(query: str, text: str, words: str | None) -> None:
    assert found(query, text) == words


@pytest.mark.parametrize(
    ("query", "matches"),
    [("language:nb rail", True), ("language:nor rail", True), ("language:sv rail", False)],
)
def test_a_language_is_found_by_any_of_its_codes(query: str, matches: bool) -> None:
    assert (found(query, "rail", language="no") is not None) == matches


def test_an_age_counts_from_the_time_that_the_article_gives() -> None:
    old = NOON - timedelta(days=3)
    assert found("rail within:2d", "rail", first_seen_at=NOON, published_at=old) is None
    assert found("rail within:4d", "rail", first_seen_at=NOON, published_at=old) == "rail"
    assert found("rail within:2d", "rail", first_seen_at=NOON, published_at=None) == "rail"


def test_rules_and_articles_call_each_language_the_same() -> None:
    for code in (*ONE_CODE, "swe", "ekk", "sv", "kk", "yo", "sv-FI", "zh_Hant"):
        assert code_of(code) == primary(code)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Swedish", '"sv" is Swedish'),
        ("swedisch", '"sv" is Swedish'),
        ("qq", "ISO 639-1"),
        ("svenska", "ISO 639-1"),
    ],
)
def test_what_is_no_code_is_answered_with_one(text: str, hint: str) -> None:
    assert code_of(text) is None
    assert hint in hint_at_code(text)
