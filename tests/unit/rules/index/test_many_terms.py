"""Articles that many rules answer: what few terms are answered with at once is asked for then."""

from collections.abc import Iterable

import pytest

from rules.index import term_table
from rules.index.rule_index import RuleIndex
from rules.matcher import RuleMatcher, by_brute_force
from rules.query.tree import Term
from tests.builders import a_rule, a_source, an_article

WORDS = [
    f"{first}{second}"
    for first in ("gran", "brel", "stov", "kard", "mils", "polt", "vesk")
    for second in ("oma", "ida", "ulen", "erk", "ansa", "ilt")
]


@pytest.mark.parametrize("count", [1, 31, 32, 33, len(WORDS)])
def test_of_few_terms_and_of_many_the_same_is_found(count: int) -> None:
    rules = [a_rule(word, name=word) for word in WORDS]
    text = " and ".join(WORDS[:count])
    article = an_article("All of them", text=text, language="en")
    found = RuleMatcher(rules).matches(article, a_source())
    assert found == by_brute_force(rules, article, a_source())
    proven = [proof.text for match in found for proof in match.evidence]
    assert proven == WORDS[:count]


def test_the_names_of_many_terms_are_read_together(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def spied(terms: Iterable[Term]) -> None:
        read.append(len([*terms]))

    monkeypatch.setattr(term_table, "read_names", spied)
    monkeypatch.setattr(term_table, "_AT_ONCE", 5)
    monkeypatch.setattr(term_table, "_READ_AT_ONCE", 25)
    index = RuleIndex([a_rule(word.title(), name=word) for word in WORDS])
    index.in_language("en")
    index.add(a_rule("Kardamine", name="one more"))
    index.in_language("en")
    assert read == [25, len(WORDS) - 25]
