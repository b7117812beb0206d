"""Names of several signs in texts: only where three of them may follow each other they are read."""

import pytest

from rules.index import language_ways
from rules.languages.syllables import readings
from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article


def _found(query: str, text: str, language: str = "zh") -> int:
    rule, article = a_rule(query), an_article("x", text=text, language=language)
    found = RuleMatcher([rule]).matches(article, a_source())
    assert found == by_brute_force([rule], article, a_source())
    return len(found)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("Xi Jinping", "他说习习近平来了", "zh"),  # its first sign twice
        ("Xi Jinping", "习近平", "zh"),
        ("Xi Jinping", "他说 Tokyo a 习近平", "zh"),
        ("Moon Jaein", "문재인 대통령은 말했다", "ko"),
        ("Vo Van Kiet", "他说武文杰来了", "zh"),
    ],
)
def test_a_name_is_found_by_its_signs(query: str, text: str, language: str) -> None:
    assert _found(query, text, language) == 1


@pytest.mark.parametrize("text", ["他说习近来了", "他说习平近来了", "习 近平"])
def test_less_than_a_name_is_none(text: str) -> None:
    assert _found("Xi Jinping", text) == 0


def test_a_name_that_comes_later_is_found_as_well() -> None:
    matcher = RuleMatcher([a_rule("Xi Jinping", id="first")])
    both = an_article("x", text="他说习近平和李克强来了", language="zh")
    assert [match.rule_id for match in matcher.matches(both, a_source())] == ["first"]
    matcher.add(a_rule("Li Keqiang", id="second"))
    found = matcher.matches(both, a_source())
    assert [match.rule_id for match in found] == ["first", "second"]


def test_names_are_read_only_where_three_signs_may_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    matcher = RuleMatcher([a_rule("Xi Jinping"), a_rule("Li Keqiang")])
    matcher.matches(an_article("习近平克", text="强李", language="zh"), a_source())
    asked: list[str] = []

    def noted(sign: str) -> frozenset[str]:
        asked.append(sign)
        return readings(sign)

    monkeypatch.setattr(language_ways, "readings", noted)
    few = an_article("克习", text="习近习近习近平克强李", language="zh")
    assert len(matcher.matches(few, a_source())) == 1
    assert asked == ["近", "平"]
