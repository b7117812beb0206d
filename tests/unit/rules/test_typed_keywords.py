"""What a keyword says in one run, or around what is done to, is found in any order and language."""

import pytest

from monitor.lexicons.registry import Lexicons
from rules.expand.variants import with_variants
from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article

LEXICONS = Lexicons()


def _finds(rule: str, text: str, language: str, strictness: str = "all") -> bool:
    saved = with_variants(a_rule(rule, strictness=strictness), LEXICONS.all, "")
    article = an_article("", text=text, language=language)
    found = bool(RuleMatcher([saved]).matches(article, a_source()))
    assert found == bool(by_brute_force([saved], article, a_source()))
    return found


@pytest.mark.parametrize(
    ("rule", "text", "language"),
    [
        ("大臣が辞任", "外務大臣は昨日辞任した。", "ja"),
        ("大臣が辞任", "The minister resigned on Monday.", "en"),
        ("工場で火災", "Bei einem Brand in einer Fabrik starb ein Mann.", "de"),
        ("北朝鮮がミサイルを発射", "North Korea fired a missile.", "en"),
        ("Gericht lehnt Antrag ab", "Das Gericht hat den Antrag der Stadt abgelehnt.", "de"),
        ("Gericht lehnt Antrag ab", "The court rejected the request.", "en"),
        ("Bank hebt Leitzins an", "Die Bank hat den Leitzins angehoben.", "de"),
        ("Bank hebt Leitzins an", "Die Bank hebt den Leitzins im Mai an.", "de"),
        ("Regierung führt Steuer ein", "Die Regierung hat eine Steuer eingeführt.", "de"),
        ("rechter wijst verzoek af", "De rechter heeft het verzoek afgewezen.", "nl"),
        ("kabinet trekt wet in", "Het kabinet heeft de wet over huren ingetrokken.", "nl"),
    ],
)
def test_it_is_found_said_otherwise(rule: str, text: str, language: str) -> None:
    assert _finds(rule, text, language)


@pytest.mark.parametrize(
    ("rule", "text", "language"),
    [
        ("大臣が辞任", "大臣は会見した。知事は辞任した。", "ja"),
        ("大臣が辞任", "外務大臣は来週、韓国を訪問する。", "ja"),
        ("Gericht lehnt Antrag ab", "Das Gericht hat den Antrag angenommen.", "de"),
        ("Bank hebt Leitzins an", "Die Bank hebt die Hand beim Thema Leitzins.", "de"),
    ],
)
def test_something_else_is_not(rule: str, text: str, language: str) -> None:
    assert not _finds(rule, text, language)


@pytest.mark.parametrize(
    ("text", "is_found"), [("外務大臣が辞任した。", True), ("大臣は昨日辞任した。", False)]
)
def test_exactly_it_is_as_it_was_typed(text: str, *, is_found: bool) -> None:
    assert _finds("大臣が辞任", text, "ja", "exact") is is_found


@pytest.mark.parametrize("order", [1, -1])
def test_exactly_two_rules_that_are_read_alike_are_each_as_it_was_typed(order: int) -> None:
    rules = [a_rule(query, strictness="exact") for query in ("大臣が辞任", "大臣 が 辞任")][::order]
    apart = an_article("", text="大臣 が 辞任", language="ja")
    (match,) = RuleMatcher(rules).matches(apart, a_source())
    assert match.rule_id == a_rule("大臣 が 辞任").id
    assert [match] == by_brute_force(rules, apart, a_source())


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("大臣が辞任", "農相は会見し、大臣は21日、失言の責任を取って辞任する意向を固めた。"),
        ("North Korea fires missile", "北朝鮮は7日朝、弾道ミサイルを日本海に向けて発射した。"),
        ("トヨタがリコール", "トヨタ自動車は20日、12万台のリコールを届け出た。"),
    ],
)
def test_a_comma_parts_no_topic_from_what_it_does(rule: str, text: str) -> None:
    assert _finds(rule, text, "ja")


@pytest.mark.parametrize(
    "text",
    [
        "大臣は21日、首相が辞任する意向を固めたと述べた。",
        "大臣は21日、大統領の辞任を受けて会見した。",
        "大臣は21日、「辞任」と書いた。",
        "大臣に21日、辞任を求めた。",
        "大臣と21日、辞任した。",
        "大臣、21日、辞任した。",
        "大臣は会見した。21日、辞任した。",
    ],
)
def test_what_another_does_behind_a_comma_is_not_the_topics(text: str) -> None:
    assert not _finds("大臣が辞任", text, "ja")


def test_to_a_topic_nothing_is_done_behind_a_comma() -> None:
    assert not _finds("arrests minister", "大臣は21日、逮捕した。", "ja")
