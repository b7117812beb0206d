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


PROTECTION = Variant(language="de", text="Naturschutz", of="nature protection", kind="word")
LAW = Variant(language="de", text="Gesetz", of="law", kind="word")
NEW = Variant(language="de", text="Bundes", of="federal", kind="word")


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("nature protection law", "Das Naturschutzgesetz gilt"),
        ("federal nature protection", "Der Bundesnaturschutz gilt"),
    ],
    ids=("first", "last"),
)
def test_a_variant_of_several_words_may_be_a_part_of_a_compound(keyword: str, text: str) -> None:
    rule = a_rule(keyword, variants=(PROTECTION, LAW, NEW))
    article = an_article("Untitled", text=text, language="de")
    (match,) = RuleMatcher([rule]).matches(article, a_source())
    assert [match] == by_brute_force([rule], article, a_source())


def test_such_a_compound_has_its_parts_in_the_order_of_the_rule() -> None:
    rule = a_rule("nature protection law", variants=(PROTECTION, LAW))
    article = an_article("Untitled", text="Der Gesetzesnaturschutz gilt", language="de")
    assert not RuleMatcher([rule]).matches(article, a_source())
    assert not by_brute_force([rule], article, a_source())
