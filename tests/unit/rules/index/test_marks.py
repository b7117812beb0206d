"""Words with other marks than a variant has, where marks make other words: none is compared."""

from dataclasses import replace

import pytest

from rules.index.memory.scan import Scan
from rules.index.rule_index import RuleIndex
from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Rule, Variant
from tests.builders import a_rule, a_source, an_article

STORM = "bão"
PEACE = "hòa bình"


def _rule(text: str) -> Rule:
    variant = Variant(language="vi", text=text, kind="translation")
    return replace(a_rule("quarrel"), variants=(variant,))


def _may_hold(rule: Rule, text: str, language: str = "vi") -> bool:
    terms = RuleIndex([rule]).in_language(language)
    return bool(terms.met(Scan(terms.table.engine, text)).terms)


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (STORM, "Tin bão mới"),
        (STORM, "TIN BÃO MỚI"),
        (STORM, "Tin bão"),
        (PEACE, "vi hoa binh"),
        (PEACE, "Vì hoà bình"),
        (PEACE, "Vì Hòa Bình"),
    ],
)
def test_a_word_with_the_same_marks_is_found(wanted: str, text: str) -> None:
    rule, article = _rule(wanted), an_article("Tin", text=text, language="vi")
    assert len(by_brute_force([rule], article, a_source())) == 1
    assert len(RuleMatcher([rule]).matches(article, a_source())) == 1


@pytest.mark.parametrize(
    ("wanted", "text"), [(STORM, "Tin bảo mới"), (STORM, "Tờ báo"), (PEACE, "họa bính")]
)
def test_a_word_with_other_marks_is_another_one(wanted: str, text: str) -> None:
    rule, article = _rule(wanted), an_article("Tin", text=text, language="vi")
    assert not by_brute_force([rule], article, a_source())
    assert not _may_hold(rule, text)


def test_marks_say_nothing_in_other_languages() -> None:
    rule = replace(a_rule("quarrel"), variants=(Variant(language="", text="báo", kind="user"),))
    article = an_article("x", text="En bão till", language="sv")
    assert len(RuleMatcher([rule]).matches(article, a_source())) == len(
        by_brute_force([rule], article, a_source())
    )
    assert _may_hold(rule, "En bão till", "sv")
