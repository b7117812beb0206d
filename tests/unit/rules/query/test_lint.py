"""What is said about queries that can be read but are of no use."""

import pytest

from rules.query.lint import lint
from rules.query.parse import parse


@pytest.mark.parametrize(
    ("query", "kind", "words"),
    [
        pytest.param("NOT spam", "everything", "matches nearly everything", id="only a negation"),
        pytest.param("rail OR NOT bus", "everything", "nearly everything", id="or a negation"),
        pytest.param("a", "everything", "nearly everything", id="one letter"),
        pytest.param("a|b", "everything", "one letter", id="a stop word and a letter"),
        pytest.param("within:7d", "everything", "nearly everything", id="only an age"),
        pytest.param("rail NOT Rail", "never", "and for its absence", id="contradiction"),
        pytest.param("rail NOT (bus OR rail)", "never", "absence", id="contradiction in a group"),
        pytest.param("language:sv language:de rail", "never", "de and sv", id="two languages"),
        pytest.param("rail^2 bus^1 score>=5", "never", "worth 3 at most", id="not enough points"),
        pytest.param("rail OR RAIL", "nothing added", "stands there twice", id="twice"),
        pytest.param("rail OR (rail AND bus)", "nothing added", "stands there alone", id="covered"),
        pytest.param("rail NOT NOT bus", "nothing added", "NOT NOT adds nothing", id="not not"),
        pytest.param("rail^3", "nothing added", "without score>=", id="idle weight"),
        pytest.param("the", "everything", "stands anywhere", id="a stop word"),
        pytest.param("och", "everything", "stands anywhere", id="another language's stop word"),
        pytest.param('"of the"', "everything", "stands anywhere", id="only stop words"),
        pytest.param("strike OR the", "everything", "because of the", id="one alternative"),
        pytest.param("a?", "everything", "two letters", id="a wildcard with one letter"),
        pytest.param(r"/\w/", "everything", "a single letter", id="any letter"),
        pytest.param(r"/\d+/", "everything", "a single letter or digit", id="any number"),
        pytest.param("title:(a OR b)", "everything", "one letter", id="one letter in a title"),
        pytest.param('"rail strike" -rail', "never", "excludes", id="excludes its own word"),
        pytest.param("title:rail -rail", "never", "excludes", id="excludes what the title needs"),
        pytest.param("cybercrime -cyber*", "never", "excludes", id="excludes it by a wildcard"),
        pytest.param("(rail OR bus) -rail -bus", "never", "excludes", id="each is excluded"),
        pytest.param("source:(x^9 OR y^9) score>=2", "never", "worth 0", id="weighted sources"),
        pytest.param("rail^2 bus^-4 score>=3", "never", "worth 2 at most", id="points below 0"),
        pytest.param("rail^2 bus^3 score>=2", "nothing added", "any weighted part", id="low bar"),
        pytest.param("rail NEAR/2 rail", "nothing added", "stands there twice", id="near itself"),
        pytest.param("rail strike NOT rail", "doubt", "are lost", id="excludes one of its words"),
        pytest.param("rail or bus", "doubt", "the operator is OR", id="or in lower case"),
        pytest.param("tåg eller buss", "doubt", "the operator is OR", id="or in Swedish"),
        pytest.param("tàu hoặc xe buýt", "doubt", "the operator is OR", id="or in Vietnamese"),
        pytest.param("rail and bus", "doubt", "the operator is AND", id="and in lower case"),
        pytest.param("rail, tram, bus", "doubt", "a comma is no operator", id="commas"),
        pytest.param("rail AROUND(5) bus", "doubt", "write NEAR/5", id="as Google has it"),
        pytest.param("x:rail", "doubt", '"x:" is no field: these are title:', id="no field"),
        pytest.param("bus Site:bbc.com", "doubt", '"Site:" is no field', id="none in capitals"),
        pytest.param("rail - bus", "doubt", "write -word", id="a minus standing alone"),
        pytest.param("Apple", "doubt", "for the words write apple", id="a name that is a word"),
        pytest.param("'rail strike'", "doubt", "single quotes", id="single quotes"),
        pytest.param("+rail +bus", "doubt", "the sign +", id="plus signs"),
        pytest.param('"cyber* attack"', "doubt", "outside of quotes", id="a star in quotes"),
        pytest.param("will rail strike?", "doubt", "one more letter", id="a question"),
    ],
)
def test_a_useless_query_is_named_with_the_reason(query: str, kind: str, words: str) -> None:
    findings = [finding for finding in lint(parse(query)) if finding.kind == kind]
    assert [finding for finding in findings if words in str(finding)]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("war", id="a stop word of another language, and a word of its own"),
        pytest.param("war OR conflict", id="such a word as an alternative"),
        "Hanoi Convention",
        "rail -bus",
        "language:sv",
        "source:harbour NOT football",
        "公",
        "rail^3 bus^3 score>=5",
        "(rail OR tram) AND (strike OR walkout)",
        "C++",
        r"from\:rail",
        "12:30 train",
        "https://example.org/",
        "vitamin C",
        "WHO",
        "the AND strike",
        "the language:sv",
        'rail NOT "rail strike"',
        "rail strike -bus",
        "(rail OR bus) -rail",
        "rail^3 bus^-2 score>=2",
        "R&D +1",
        r"/str[iu]ke/",
        "公约*",
    ],
)
def test_a_sound_query_has_no_findings(query: str) -> None:
    assert lint(parse(query)) == []


def test_a_short_word_is_doubtful_where_anything_that_sounds_like_it_counts() -> None:
    assert lint(parse("Oslo"), strictness="all") == []
    assert "sounds like it" in str(lint(parse("Oslo"), strictness="broad")[0])
    assert lint(parse("Oslo treaty"), strictness="broad") == []
