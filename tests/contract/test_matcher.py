"""What every matcher must do: find all that a plain reading of the rules finds, and say where."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import product

import pytest

from rules.matcher import Matcher, RuleMatcher
from storage.model import Article, Match, Rule
from tests.builders import a_rule, a_source, an_article

MakeMatcher = Callable[[Iterable[Rule]], Matcher]


def one_by_one(rules: Iterable[Rule]) -> Matcher:
    """A matcher to which the rules were added while it ran."""
    matcher = RuleMatcher([a_rule("something else")])
    matcher.remove(a_rule("something else").id)
    for rule in rules:
        matcher.add(rule)
    return matcher


@pytest.fixture(params=[RuleMatcher, one_by_one], ids=lambda make: make.__name__)
def make(request: pytest.FixtureRequest) -> MakeMatcher:
    return request.param  # type: ignore[no-any-return]  # pytest does not know


PHRASES = ["rail strike", "strike", "port of oslo", "oslo", "new port", "rail", "oslo rail strike"]
TEXTS = [
    "Rail strike in Oslo",
    "The new port of Oslo opens",
    "STRIKE at the new port: Oslo rail strike ends",
    "Railway strikers leave the port",
    "Nothing happens",
    "Oslo, rail. Strike",
]


def plainly(phrase: str, text: str) -> bool:
    """Whether the words follow each other: the slowest correct answer."""
    return re.search(rf"\b{re.escape(phrase)}\b", text.casefold()) is not None


def ids(matches: Sequence[Match]) -> list[str]:
    return sorted(match.rule_id for match in matches)


@pytest.mark.parametrize("text", TEXTS)
def test_exact_rules_find_what_a_plain_search_finds_and_nothing_else(
    make: MakeMatcher, text: str
) -> None:
    rules = [a_rule(f'"{phrase}"') for phrase in PHRASES]
    rules += [a_rule(phrase, name=f"exact {phrase}", strictness="exact") for phrase in PHRASES]
    expected = [rule.id for rule in rules if plainly(rule.query.strip('"'), text)]
    assert ids(make(rules).matches(an_article("x", text=text), a_source())) == sorted(expected)


@pytest.mark.parametrize("text", TEXTS)
def test_operators_are_the_booleans_of_their_parts(make: MakeMatcher, text: str) -> None:
    rules = {}
    for one, other in product(PHRASES, repeat=2):
        a, b = plainly(one, text), plainly(other, text)
        rules[a_rule(f'"{one}" AND "{other}"')] = a and b
        rules[a_rule(f'"{one}" OR "{other}"')] = a or b
        rules[a_rule(f'"{one}" NOT "{other}"')] = a and not b
        rules[a_rule(f'NOT ("{one}" OR "{other}")')] = not (a or b)
    expected = sorted(rule.id for rule, holds in rules.items() if holds)
    assert ids(make(rules).matches(an_article("x", text=text), a_source())) == expected


def test_matches_come_in_the_order_of_the_rules_with_sound_evidence(make: MakeMatcher) -> None:
    rules = [a_rule("strike"), a_rule("rail"), a_rule("oslo")]
    article = an_article("Rail strike", text="A strike by Oslo's rail workers")
    matches = make(rules).matches(article, a_source())
    assert [match.rule_id for match in matches] == [rule.id for rule in rules]
    for match in matches:
        assert match.article_id == article.id
        assert 0 < match.score <= 1
        for proof in match.evidence:
            field = article.title if proof.field == "title" else article.text
            assert field[proof.start : proof.end] == proof.text


def test_asking_twice_gives_the_same(make: MakeMatcher) -> None:
    matcher = make([a_rule("rail strike"), a_rule("rail NOT bus")])
    article = an_article("Rail strike")
    first = matcher.matches(article, a_source())
    assert matcher.matches(article, a_source()) == first != []


@pytest.mark.parametrize(
    "article",
    [
        pytest.param(an_article("x", text=""), id="no text"),
        pytest.param(an_article("\u200b", text="\ufeff\u0301\u0000"), id="nothing readable"),
        pytest.param(an_article("x", text="a" * 100_000), id="one endless word"),
        pytest.param(an_article("x", text="公" * 20_000), id="one endless run"),
        pytest.param(an_article("x", text="rail-" * 5_000), id="one endless compound"),
    ],
)
def test_odd_articles_are_read_without_trouble(make: MakeMatcher, article: Article) -> None:
    rules = [a_rule("strike tram"), a_rule("公约"), a_rule("*quake"), a_rule("/x{3}y/")]
    assert make(rules).matches(article, a_source()) == []
