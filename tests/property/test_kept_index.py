"""An index that begins from a file finds what every rule finds that is tried by itself."""

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rules.index.rule_index import RuleIndex
from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_source
from tests.property.test_search_index import Case, cases


@given(st.lists(cases, min_size=2, max_size=4), st.integers(0, 2))
def test_it_finds_what_brute_force_finds(drawn: list[Case], since: int) -> None:
    rules = [replace(rule, id=str(number)) for number, (rule, _) in enumerate(drawn)]
    articles = [article for _, article in drawn]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rules.index"
        index = RuleIndex(rules[: len(rules) - since])
        index.in_language(articles[0].language)
        assert index.keep(path)
        matcher = RuleMatcher(rules[1:], path)
    for article in articles:
        found = matcher.matches(article, a_source())
        assert found == by_brute_force(rules[1:], article, a_source())
