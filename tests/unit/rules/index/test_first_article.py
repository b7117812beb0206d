"""The first article of an index, for which native code has no room yet."""

import pytest

from rules.matcher import RuleMatcher
from tests.builders import a_rule, a_source, an_article


@pytest.mark.parametrize("times", [1, 5, 10, 200])
def test_the_first_article_may_hold_a_word_of_a_rule_many_times(times: int) -> None:
    """What is beside the other word is looked up in room that moves for it."""
    matcher = RuleMatcher([a_rule("Hanoi convention")])
    article = an_article("x", text="Hanoi " * times + "konwencja", language="pl")
    (match,) = matcher.matches(article, a_source())
    assert [each.text for each in match.evidence] == ["Hanoi konwencja"]
