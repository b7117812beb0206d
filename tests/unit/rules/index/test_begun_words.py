"""Words of texts that begin as a word of a rule and are no compound with another one of it."""

from itertools import product

import pytest

from rules.index.memory.scan import Scan
from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Rule, Variant
from tests.builders import a_rule, a_source, an_article


def _in_swedish(keyword: str, *said: tuple[str, str]) -> Rule:
    """Return a rule with what stands in Swedish for it, or for its words."""
    variants = [
        Variant(language="sv", text=text, of=of, kind="word", source="a list") for of, text in said
    ]
    return a_rule(keyword, variants=variants, written_in=("en",))


TUBE_SPOON = _in_swedish("tube spoon", ("tube", "rör"), ("spoon", "sked"))
WASHING_TUBE_SPOON = _in_swedish(
    "washing tube spoon", ("washing", "tvätt"), ("tube", "rör"), ("spoon", "sked")
)
OF_WATER = _in_swedish("water spoon", ("water spoon", "vatten sked"))


def _terms_met(rule: Rule, text: str) -> int:
    terms = RuleMatcher([rule])._index.in_language("sv")
    with terms.table.engine.lock:
        return len(terms.met(Scan(terms.table.engine, text)).terms)


@pytest.mark.parametrize(
    ("rule", "text", "is_met"),
    [
        (TUBE_SPOON, "Rörligt skedde", False),
        (TUBE_SPOON, "Rörligt sked", False),
        (TUBE_SPOON, "Rören skedarna", True),
        (TUBE_SPOON, "Rörskedarna", True),
        (TUBE_SPOON, "Rörspoon", True),
        (WASHING_TUBE_SPOON, "Tvättande rörligt skedde", False),
        (WASHING_TUBE_SPOON, "Tvätt av rörskedar", True),
        (OF_WATER, "Vattenånga skedde", False),
        (OF_WATER, "Vatten skedarna", True),
        (OF_WATER, "Vattenskedarna", True),
        (_in_swedish("spoon", ("spoon", "matsked")), "Matskedstativ", True),
    ],
)
def test_a_word_that_goes_on_otherwise_stands_for_one_word_only_if_that_is_all_of_a_keyword(
    rule: Rule, text: str, is_met: bool
) -> None:
    article = an_article("", text=text, language="sv")
    found = RuleMatcher([rule]).matches(article, a_source())
    assert found == by_brute_force([rule], article, a_source())
    assert bool(found) <= is_met
    assert bool(_terms_met(rule, text)) == is_met


@pytest.mark.parametrize("rule", [TUBE_SPOON, WASHING_TUBE_SPOON, OF_WATER])
def test_compounds_are_found_wherever_trying_every_rule_finds_them(rule: Rule) -> None:
    parts = ("rör", "sked", "tvätt", "vatten", "tube", "spoon")
    ends, matcher, found = ("", "ar", "arna", "ligt", "s"), RuleMatcher([rule]), 0
    for one, link, other, end in product(parts, ("", "s", " ", "-", "s "), parts, ends):
        article = an_article("", text=f"tvätt {one}{link}{other}{end}", language="sv")
        matches = matcher.matches(article, a_source())
        assert matches == by_brute_force([rule], article, a_source()), article.text
        found += len(matches)
    assert found
