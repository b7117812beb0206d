"""Where in an article the words of wildcards may stand, before they are looked at closely."""

import pytest

from rules.index.memory.scan import Scan
from rules.index.rule_index import RuleIndex
from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article

FOUND = [
    ("strej*", "strej"),
    ("strej*", "Strejken"),
    ("STR?J*", "strejk"),
    ("đì*", "Đình"),
    ("re*", "re"),
    ("*strejk", "järnvägsstrejk"),
    ("a*strejken", "arlandastrejken"),
]


def _may_hold(query: str, text: str) -> bool:
    index = RuleIndex([a_rule(query)])
    terms = index.in_language("sv")
    return bool(terms.met(Scan(terms.table.engine, text)).terms)


@pytest.mark.parametrize(("query", "text"), FOUND)
def test_a_wildcard_is_looked_for_where_it_may_stand(query: str, text: str) -> None:
    rule, article = a_rule(query), an_article("x", text=f"En {text} till", language="sv")
    assert len(by_brute_force([rule], article, a_source())) == 1
    assert len(RuleMatcher([rule]).matches(article, a_source())) == 1


@pytest.mark.parametrize("text", ["järnvägsstrejk", "stre", "astrejk", "s-trejk"])
def test_a_wildcard_that_begins_a_word_is_not_looked_for_inside_words(text: str) -> None:
    assert _may_hold("strej*", f"En strejk för {text}")
    assert not _may_hold("strej*", f"En {text} till")
