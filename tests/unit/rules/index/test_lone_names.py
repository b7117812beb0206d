"""Names of one word in texts without capitals, before they are looked at closely."""

import pytest

from rules.index.rule_index import RuleIndex
from rules.index.scan import Scan
from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article


def _may_hold(query: str, text: str) -> bool:
    index = RuleIndex([a_rule(query)])
    terms = index.in_language("ar")
    return bool(terms.met(Scan(terms.table.engine, text)).terms)


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("Moungdun", "منظمة"),
        ("Heharchou", "الحرة"),
        ("Shoutchas", "شخصية"),
        ("Takleing", "اعتقالين"),
    ],
)
def test_a_common_word_is_no_name_that_it_sounds_like(query: str, word: str) -> None:
    """Nor is it with an article or an ending."""
    article = an_article("x", text=f"قال {word} ثم", language="ar")
    assert not by_brute_force([a_rule(query)], article, a_source())
    assert not _may_hold(query, article.text)


@pytest.mark.parametrize(
    ("query", "word"), [("Moungdun", "مونغدون"), ("Shoutchas", "شوتشاس"), ("Kerman", "كيرمين")]
)
def test_a_word_that_is_not_common_may_be_a_name(query: str, word: str) -> None:
    article = an_article("x", text=f"قال {word} ثم", language="ar")
    assert len(by_brute_force([a_rule(query)], article, a_source())) == 1
    assert len(RuleMatcher([a_rule(query)]).matches(article, a_source())) == 1


def test_a_word_whose_consonants_say_too_little_is_not_looked_at() -> None:
    article = an_article("x", text="قال لافروب ثم", language="ar")
    assert not by_brute_force([a_rule("Lavrov")], article, a_source())
    assert not _may_hold("Lavrov", article.text)
    assert _may_hold("Lavrov", "قال لافروف ثم")
