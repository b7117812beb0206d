"""A keyword that is a small word of another language, alone: war."""

from dataclasses import replace

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article


@pytest.mark.parametrize(
    ("query", "text", "language", "expected"),
    [
        pytest.param("war", "The war goes on.", "en", True, id="in its own language"),
        pytest.param("war", "War goes on in the east.", "en", True, id="where a sentence begins"),
        pytest.param("war", "Er war gestern in der Stadt.", "de", False, id="another's small word"),
        pytest.param("war", "War er gestern da?", "de", False, id="that, where a sentence begins"),
        pytest.param("war", "Sie spielten WAR CHILD.", "de", True, id="all in capitals"),
        pytest.param("war", "Il parlait de war games.", "fr", True, id="no small word there"),
        pytest.param("war", "Er war da.", "", True, id="the text's language is not known"),
        pytest.param("son", "Il a vendu son vélo.", "fr", False, id="French"),
        pytest.param('"war"', "Er war da.", "de", True, id="a phrase is what it says"),
        pytest.param("=war", "Er war da.", "de", True, id="so is what is to be letter by letter"),
        pytest.param("war OR conflict", "Er war da.", "de", False, id="one of several"),
    ],
)
def test_it_counts_where_it_is_a_word(query: str, text: str, language: str, expected: bool) -> None:
    rule = replace(a_rule(query), written_in=("en",))
    article = an_article("Nothing here", text=text, language=language)
    assert bool(RuleMatcher([rule]).matches(article, a_source())) is expected
    assert bool(by_brute_force([rule], article, a_source())) is expected
