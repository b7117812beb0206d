"""The query language: what text becomes which tree, and what is refused where."""

from datetime import timedelta

import pytest

from rules.parse import QuerySyntaxError, parse
from rules.query import (
    AllOf,
    AnyOf,
    Exact,
    Field,
    Keyword,
    Near,
    Not,
    Phrase,
    Query,
    Regex,
    Scored,
    Weighted,
    Wildcard,
    Within,
)

RAIL, STRIKE, BUS = Keyword("rail"), Keyword("strike"), Keyword("bus")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("rail strike", Keyword("rail strike"), id="words are one keyword"),
        pytest.param('"rail strike"', Phrase("rail strike"), id="quotes make a phrase"),
        pytest.param("“rail  strike”", Phrase("rail strike"), id="typographic quotes"),
        pytest.param("„rail strike“", Phrase("rail strike"), id="German quotes"),
        pytest.param("«rail strike»", Phrase("rail strike"), id="French quotes"),
        pytest.param("「河内公约」", Phrase("河内公约"), id="Chinese quotes"),
        pytest.param("rail AND strike", AllOf((RAIL, STRIKE)), id="and"),
        pytest.param("rail OR strike", AnyOf((RAIL, STRIKE)), id="or"),
        pytest.param("rail | strike", AnyOf((RAIL, STRIKE)), id="a bar is or"),
        pytest.param("rail -bus", AllOf((RAIL, Not(BUS))), id="minus"),
        pytest.param("rail NOT bus", AllOf((RAIL, Not(BUS))), id="not"),
        pytest.param("rail strike OR bus", AnyOf((Keyword("rail strike"), BUS)), id="binding"),
        pytest.param("rail (strike OR bus)", AllOf((RAIL, AnyOf((STRIKE, BUS)))), id="brackets"),
        pytest.param("rail NEAR/3 strike", Near((RAIL, STRIKE), 3), id="near"),
        pytest.param("rail NEAR strike", Near((RAIL, STRIKE), 10), id="near without a distance"),
        pytest.param("rail NEAR/3 strike NEAR/3 bus", Near((RAIL, STRIKE, BUS), 3), id="chain"),
        pytest.param("cyber*", Wildcard("cyber*"), id="prefix"),
        pytest.param("organi?ation", Wildcard("organi?ation"), id="inner wildcard"),
        pytest.param("/rail(way)?s/", Regex("rail(way)?s"), id="regular expression"),
        pytest.param("title:rail", Field("title", RAIL), id="scope"),
        pytest.param("Title:(rail OR bus)", Field("title", AnyOf((RAIL, BUS))), id="scoped group"),
        pytest.param("language:sv", Field("language", Keyword("sv")), id="language"),
        pytest.param("=WHO", Exact("WHO"), id="exact case"),
        pytest.param('="The Who"', Exact("The Who"), id="exact phrase"),
        pytest.param("within:7d", Within(timedelta(days=7)), id="age"),
        pytest.param(
            "rail^3 bus^1.5 score>=4",
            Scored(AnyOf((Weighted(RAIL, 3), Weighted(BUS, 1.5))), 4),
            id="weights with a threshold",
        ),
        pytest.param("C++ .NET a|b", Keyword("C++ .NET a|b"), id="symbols are letters"),
        pytest.param(r"rail \AND strike", Keyword("rail AND strike"), id="escaped operator"),
        pytest.param("12:30 http://x.example", Keyword("12:30 http://x.example"), id="colons"),
        pytest.param("well-known", Keyword("well-known"), id="a hyphen inside is no minus"),
    ],
)
def test_text_becomes_a_tree_and_the_tree_the_same_text(text: str, expected: Query) -> None:
    assert parse(text) == expected
    assert parse(str(expected)) == expected


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        pytest.param("", 0, "a word", id="empty"),
        pytest.param("   ", 3, "a word", id="only white space"),
        pytest.param("…—", 0, "letters or digits", id="only punctuation"),
        pytest.param('rail "strike', 5, "closing quote", id="open quote"),
        pytest.param("rail (strike OR", 15, "a word", id="nothing after OR"),
        pytest.param("(rail strike", 0, 'closing bracket ")"', id="open bracket"),
        pytest.param("rail)", 4, 'opening bracket "("', id="stray bracket"),
        pytest.param("()", 1, "inside the brackets", id="empty brackets"),
        pytest.param("titel:rail", 0, 'did you mean "title:"', id="unknown scope"),
        pytest.param("title:text:rail", 6, "no further scope", id="scope in scope"),
        pytest.param("*", 0, "matches everything", id="only a wildcard"),
        pytest.param("rail ?*?", 5, "matches everything", id="only wildcards"),
        pytest.param("a*", 0, "two letters", id="one letter and a star"),
        pytest.param("/rail(/", 0, "missing )", id="broken regular expression"),
        pytest.param("/x*/", 0, "does not match everything", id="empty regular expression"),
        pytest.param(r"/(a)\1/", 0, "regular expression", id="back-reference"),
        pytest.param("/rail", 0, 'closing "/"', id="open regular expression"),
        pytest.param("rail score>=3", 5, "a weighted word", id="score without weights"),
        pytest.param("rail^0", 4, "a weight above 0", id="weight is nothing"),
        pytest.param("within:7", 0, "an age", id="age without a unit"),
        pytest.param("language:swedish", 9, "a language code", id="language in words"),
        pytest.param("rail NEAR/5 title:x", 12, "both sides of NEAR", id="near a scope"),
        pytest.param("rail NEAR/99999 bus", 5, "a distance up to", id="far away"),
        pytest.param("NOT", 3, "a word", id="nothing after NOT"),
        pytest.param("(" * 60 + "x" + ")" * 60, 41, "levels of nesting", id="too deep"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_was_expected(
    text: str, position: int, expected: str
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)
    assert caught.value.position == position
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_rule_may_have_many_terms_but_not_any_number() -> None:
    many = " OR ".join(f"word{number}" for number in range(5_000))
    assert len(parse(many).parts) == 5_000  # type: ignore[union-attr]  # an AnyOf
    with pytest.raises(QuerySyntaxError, match="at most 50 words"):
        parse(" ".join(["word"] * 51))
