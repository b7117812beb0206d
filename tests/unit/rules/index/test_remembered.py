"""What a chunk says of a rule's word is remembered: at its places, in each field, again."""

from typing import Any

import pytest

from rules.evaluate.ready_terms import ReadyTerm
from rules.evaluate.remembered import OfChunk
from rules.matcher import RuleMatcher, by_brute_force
from rules.query.parse import parse
from rules.query.tree import Keyword
from tests.builders import a_rule, a_source, an_article

RULES = [a_rule(query) for query in ("Moungdun", "rail", "tr?in", "cybersecurity", "Zelenskyy")]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Rail in Moungdun", "A train by rail. Moungdun; rail, train"),
        ("", "rail Moungdun rail"),
        ("Moungdun", ""),
        ("rail " * 21, "Moungdun " * 21 + "train"),
        ("RAIL NEWS", "rail news " * 20),
        ("Cyber-", "cyber-\nsecurity rail"),
        ("Cyber- security", "Zelensky, (Zelenski) rail-"),
        ("Railways", "monorail derailed by a railway; trains"),
    ],
)
def test_what_is_remembered_is_what_is_there(title: str, text: str) -> None:
    matcher = RuleMatcher(RULES)
    for language in ("en", "de", "", "en"):
        article = an_article(title, text=text, language=language)
        expected = by_brute_force(RULES, article, a_source())
        assert matcher.matches(article, a_source()) == expected
        assert matcher.matches(article, a_source()) == expected


@pytest.mark.parametrize(
    "text",
    ["rail strike", "ANDY and Nearby NOTES", "or", "rail near strike", "a " * 24 + "b", "Oslo"],
)
def test_plain_words_are_read_at_once_as_they_are_in_brackets(text: str) -> None:
    assert parse(text) == parse(f"({text})") == Keyword(text)


@pytest.mark.parametrize("text", ["rail AND strike", "rail NEAR strike", "NOT rail", "a OR b"])
def test_operators_are_no_plain_words(text: str) -> None:
    assert parse(text) == parse(f"({text})") != Keyword(text)


@pytest.mark.parametrize(("hits", "is_looked_at_anew"), [(1, False), (3, True)])
def test_a_field_is_looked_at_as_a_whole_where_words_have_many_finds(
    monkeypatch: pytest.MonkeyPatch, hits: int, *, is_looked_at_anew: bool
) -> None:
    """Since only so many count, of which some may stand for the same words."""
    plainly_in = ReadyTerm.plainly_in

    def with_more_finds(*given: Any) -> OfChunk | None:
        plain = plainly_in(*given)
        return plain and plain._replace(hits=hits)

    monkeypatch.setattr(ReadyTerm, "plainly_in", with_more_finds)
    rules = [a_rule("Moungdun")]
    article = an_article("x", text="Moungdun, " * 10, language="de")
    matcher = RuleMatcher(rules)
    expected = by_brute_force(rules, article, a_source())
    assert matcher.matches(article, a_source()) == expected
    (ready,) = matcher._index._ready.values()
    assert (ready._made is not None) == is_looked_at_anew


def test_a_name_in_a_run_is_looked_at_without_the_run() -> None:
    rules = [a_rule("Moungdun")]
    article = an_article("x", text="市长今天在市政府说Moungdun将举行会议", language="zh")
    matcher = RuleMatcher(rules)
    expected = by_brute_force(rules, article, a_source())
    assert matcher.matches(article, a_source()) == expected != []
    (ready,) = matcher._index._ready.values()
    assert ready._made is None


@pytest.mark.parametrize("language", ["zh", "ja", "th", ""])
@pytest.mark.parametrize(
    "text",
    [
        "東京はMoungdun-railモスクワで会議rail",
        "モスクワ・東京train会議,Cyber-会議security,",
        "莫斯科rail莫斯科rail铁路Zelenskyy泽连斯基。莫斯科",
        "รถไฟrail กรุงMoungdunมอสโก",
    ],
)
def test_in_pieces_of_chunks_the_same_is_found(text: str, language: str) -> None:
    others = ("Moscow", "モスクワ", "莫斯科", "Moscow rail", '"rail train"', "Moungdun train")
    rules = [*RULES, *(a_rule(query) for query in others)]
    article = an_article(text, text=text, language=language)
    found = RuleMatcher(rules).matches(article, a_source())
    assert found == by_brute_force(rules, article, a_source()) != []
