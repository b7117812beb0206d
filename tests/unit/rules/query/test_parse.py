"""The query language: what text becomes which tree, and what is refused where."""

from datetime import timedelta

import pytest

from rules.query.parse import QuerySyntaxError, parse
from rules.query.tree import (
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

RAIL, STRIKE, BUS, TRAM = map(Keyword, ("rail", "strike", "bus", "tram"))


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
        pytest.param("rail –bus", AllOf((RAIL, Not(BUS))), id="a dash of a word processor"),
        pytest.param("rail !bus", AllOf((RAIL, Not(BUS))), id="an exclamation mark before a word"),
        pytest.param("rail -(bus OR tram)", AllOf((RAIL, Not(AnyOf((BUS, TRAM))))), id="no group"),
        pytest.param("rail && bus || tram", AnyOf((AllOf((RAIL, BUS)), TRAM)), id="C operators"),
        pytest.param("（rail ｜ bus）", AnyOf((RAIL, BUS)), id="full-width brackets and bar"),
        pytest.param("title：＂rail＂", Field("title", Phrase("rail")), id="full-width colon"),
        pytest.param("＝WHO", Exact("WHO"), id="full-width equals sign"),
        pytest.param("‹rail strike›", Phrase("rail strike"), id="Swiss quotes"),
        pytest.param("\ufeff“rail”", Phrase("rail"), id="a byte order mark before it"),
        pytest.param("language:swe", Field("language", Keyword("sv")), id="three letters"),
        pytest.param("language:nb-NO", Field("language", Keyword("no")), id="as articles say it"),
        pytest.param("within: 36h", Within(timedelta(hours=36)), id="a space after within:"),
        pytest.param(
            "score>=4 rail^3 bus^-1.5",
            Scored(AnyOf((Weighted(RAIL, 3), Weighted(BUS, -1.5))), 4),
            id="a weight below 0, and the threshold first",
        ),
        pytest.param("rail^3 score≥2", Scored(Weighted(RAIL, 3), 2), id="a typographic >="),
        pytest.param(r"rail \^ \~ \= \-bus", Keyword("rail ^ ~ = -bus"), id="escaped signs"),
        pytest.param(r"near\/5 w\/5", Keyword("near/5 w/5"), id="escaped nearness"),
        pytest.param("NOT title:(rail OR bus)", Not(Field("title", AnyOf((RAIL, BUS)))), id="not"),
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
        pytest.param("/rail(/", 1, "missing )", id="broken regular expression"),
        pytest.param("rail /bus(?=x)/", 9, "invalid perl operator", id="look-ahead"),
        pytest.param("/x*/", 0, "needs a letter", id="empty regular expression"),
        pytest.param(r"/\b/", 0, "needs a letter", id="a place between letters"),
        pytest.param(r"/(a)\1/", 4, "invalid escape", id="back-reference"),
        pytest.param("/rail", 0, 'closing "/"', id="open regular expression"),
        pytest.param("rail score>=3", 5, "a weighted word", id="score without weights"),
        pytest.param("rail^0", 4, "a weight such as ^3", id="weight is nothing"),
        pytest.param("rail^x", 4, "a weight such as ^3", id="weight is no number"),
        pytest.param("rail^1001", 4, "up to 1,000", id="weight too large"),
        pytest.param("rail ^3", 5, "directly before ^", id="weight apart from its word"),
        pytest.param("rail^3^2", 6, "one weight", id="two weights"),
        pytest.param("rail bus^-2", 8, "score>=", id="points taken from nothing"),
        pytest.param("rail^3 score>=", 7, "a number above 0", id="score without a number"),
        pytest.param("rail^3 score>5", 7, "such as score>=5", id="another comparison"),
        pytest.param("score>=5", 0, "a weighted word", id="score alone"),
        pytest.param("within:7", 0, "an age", id="age without a unit"),
        pytest.param("within:0d", 0, "an age above 0", id="no age"),
        pytest.param("within:", 0, "an age above 0", id="age of nothing"),
        pytest.param("language:swedish", 9, '"sv" is Swedish', id="language in words"),
        pytest.param("language:(sv OR qq)", 16, "ISO 639-1", id="no language's code"),
        pytest.param("language:sv*", 9, "a language code", id="a wild language"),
        pytest.param("title:", 6, "after title:", id="scope of nothing"),
        pytest.param("title:-bus", 6, "put the - before it", id="minus in a scope"),
        pytest.param("Titel:rail", 0, 'did you mean "title:"', id="nearly a scope"),
        pytest.param("intitle:rail", 0, 'did you mean "title:"', id="another product's scope"),
        pytest.param("site:example.org", 0, 'did you mean "url:"', id="a search engine's scope"),
        pytest.param("after:2026-01-01", 0, 'did you mean "within:"', id="and that of its dates"),
        pytest.param("rail AND", 8, "after AND", id="nothing after AND"),
        pytest.param("OR rail", 0, "before OR", id="nothing before OR"),
        pytest.param("rail AND OR bus", 9, "between AND and OR", id="nothing between"),
        pytest.param("(rail AND)", 9, "after AND", id="nothing after AND in brackets"),
        pytest.param("NEAR/5 rail", 0, "before NEAR/5", id="nothing before NEAR"),
        pytest.param("rail NEAR/x bus", 5, "a number after NEAR/", id="near without a number"),
        pytest.param("rail near/5 bus", 5, "NEAR/5", id="near in lower case"),
        pytest.param("rail w/5 bus", 5, "NEAR/5", id="another product's NEAR"),
        pytest.param('"rail strike"~5', 13, "no ~", id="another product's nearness"),
        pytest.param("rail~", 4, "no ~", id="another product's likeness"),
        pytest.param("rail =", 6, "directly after =", id="exactly nothing"),
        pytest.param("= rail", 1, "directly after =", id="a space after ="),
        pytest.param("rail --bus", 6, "a word", id="two minus signs"),
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


def test_what_is_nested_without_brackets_is_bounded_too() -> None:
    chain = "w0" + "".join(f" NEAR/{1 + number % 2} w{number}" for number in range(3_000))
    with pytest.raises(QuerySyntaxError, match="levels of nesting"):
        parse(chain)
    with pytest.raises(QuerySyntaxError, match="levels of nesting"):
        parse("NOT " * 3_000 + "rail")
    assert len(parse(" NEAR/1 ".join(["rail"] * 3_000)).parts) == 3_000  # type: ignore[union-attr]


def test_a_rule_may_have_many_terms_but_not_any_number() -> None:
    many = " OR ".join(f"word{number}" for number in range(5_000))
    assert len(parse(many).parts) == 5_000  # type: ignore[union-attr]  # an AnyOf
    with pytest.raises(QuerySyntaxError, match="at most 100 regular expressions"):
        parse(" OR ".join(["/a{900}/"] * 101))
    with pytest.raises(QuerySyntaxError, match="at most 50 words"):
        parse(" ".join(["word"] * 51))


@pytest.mark.parametrize(
    ("query", "position"),
    [
        ("rail {}", 5),
        ('"rail {}"', 6),
        ("=rail -{}", 7),
        ("={}", 1),
        ('="{}"', 2),
        ("rail title:{}", 11),
        ("rail {}^3 score>=3", 5),
        ("{}*", 0),
        ("a-a-{}", 0),
    ],
)
def test_a_word_longer_than_words_are_is_refused_before_anything_is_made_of_it(
    query: str, position: int
) -> None:
    parse(query.format("a" * 190))
    with pytest.raises(QuerySyntaxError, match="at most 200 letters in one word") as caught:
        parse(query.format("a" * 70_000 if len(query) < 3 else "a" * 40_000))
    assert caught.value.position == position
