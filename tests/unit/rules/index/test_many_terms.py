"""Articles that many rules answer: what few terms are answered with at once is asked for then."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
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
