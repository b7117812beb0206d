"""Which rules are looked at, given the terms that a text may hold."""

import pytest

from rules.index.filing import Filing
from rules.index.rule_index import RuleIndex
from rules.index.search import ArticleSearch
from rules.index.stored import stored_here
from rules.matcher import by_brute_force
from rules.query.parsed import parsed
from rules.query.tree import needed
from tests.builders import a_rule, a_source, an_article


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("oslo", ["oslo"]),
        ("oslo AND bergen", ["oslo", "bergen"]),
        ("oslo AND (bergen OR tromso)", ["oslo"]),
        ("(oslo AND rail) OR (bergen AND rail)", ["rail"]),
        ("oslo NEAR/5 rail NOT bergen", ["oslo", "rail"]),
        ("title:oslo AND rail AND source:x", ["oslo", "rail"]),
        ("(oslo^2 OR rail^-1) score>=2", []),
    ],
)
def test_what_a_query_needs_every_article_holds_that_it_finds(
    query: str, expected: list[str]
) -> None:
    assert {str(term) for term in needed(parsed(query).tree)} == set(expected)


def test_a_rule_of_which_a_needed_term_is_missing_may_not_hold() -> None:
    filing = Filing()
    filing.add([7], [7], {7})
    filing.add([3, 4, 5], [4], {3, 5})
    assert [filing.may_hold(0, some) for some in ({7}, {8})] == [True, True]
    assert [filing.may_hold(1, some) for some in ({3, 4, 5}, {3, 5}, {3, 4}, {4, 5})] == [
        True,
        True,
        False,
        False,
    ]


def test_rules_are_looked_up_under_their_terms_and_under_none() -> None:
    filing = Filing()
    for terms, under in (([7], [7]), ([3, 4], [3, 4]), ([9], []), ([7, 3], [7]), ([5], None)):
        filing.add(terms, under)
    every = [filing.rules_of(some) for some in (set[int](), {3, 7}, {4, 5, 8}, {7})]
    assert every == [{2}, {0, 1, 2, 3}, {1, 2}, {0, 2, 3}]


def test_of_many_terms_the_first_ones_are_asked_for() -> None:
    filing = Filing()
    every = list(range(20))
    filing.add(every, [0], set(every))
    assert filing.may_hold(0, set(every[:8]))
    assert not filing.may_hold(0, set(every[1:]))


def test_a_rule_that_may_not_hold_is_not_planned() -> None:
    rules = [a_rule("rail AND bergen", name="both"), a_rule("bergen", name="one")]
    index = RuleIndex.of(stored_here(rules))
    article = an_article("x", text="All of bergen", language="en")
    found = ArticleSearch(index, article, a_source()).matches()
    assert found == by_brute_force(rules, article, a_source())
    assert [plan.rule.name for plan in index._plans.values()] == ["one"]


FIRST_NAMES = ("lars", "gunilla", "torbjorn", "astrid", "henrik", "solveig", "ragnhild")


@pytest.mark.parametrize("count", [0, 1, 2, len(FIRST_NAMES)])
def test_of_terms_that_share_a_rare_word_those_are_met_whose_other_words_are_there(
    count: int,
) -> None:
    rules = [a_rule(f'"{name} vestergaard dahl"', name=name) for name in FIRST_NAMES]
    index = RuleIndex.of(stored_here(rules))
    text = "".join(f"A word of {name} vestergaard dahl. " for name in FIRST_NAMES[:count])
    article = an_article("Vestergaard", text=f"{text}Then dahl spoke.", language="en")
    found = ArticleSearch(index, article, a_source()).matches()
    assert found == by_brute_force(rules, article, a_source())
    assert len(found) == count
    planned = {plan.rule.name for plan in index._plans.values()}
    assert planned == set(FIRST_NAMES[:count])
