"""A variant of several words of a keyword, and another spelling of the word beside them."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Variant
from tests.builders import a_rule, a_source, an_article

GREENS = Variant(language="de", text="Grüne", of="green party", kind="word")


@pytest.mark.parametrize("text", ["Die Grüne Sedov", "Sjedow bei Grüne", "die Седов-Grüne"])
def test_a_name_beside_a_variant_of_several_words_may_be_spelled_otherwise(text: str) -> None:
    rule = a_rule("Sedow green party", variants=(GREENS,))
    article = an_article("Untitled", text=text, language="de")
    (match,) = RuleMatcher([rule]).matches(article, a_source())
    assert [match] == by_brute_force([rule], article, a_source())
