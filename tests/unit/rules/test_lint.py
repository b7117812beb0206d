"""What is said about queries that can be read but are of no use."""

import pytest

from rules.lint import lint
from rules.parse import parse


@pytest.mark.parametrize(
    ("query", "kind", "words"),
    [
        pytest.param("NOT spam", "everything", "matches nearly everything", id="only a negation"),
        pytest.param("rail OR NOT bus", "everything", "nearly everything", id="or a negation"),
        pytest.param("a", "everything", "nearly everything", id="one letter"),
        pytest.param("within:7d", "everything", "nearly everything", id="only an age"),
        pytest.param("rail NOT Rail", "never", "and for its absence", id="contradiction"),
        pytest.param("rail NOT (bus OR rail)", "never", "absence", id="contradiction in a group"),
        pytest.param("language:sv language:de rail", "never", "de and sv", id="two languages"),
        pytest.param("rail^2 bus^1 score>=5", "never", "worth 3 at most", id="not enough points"),
        pytest.param("rail OR RAIL", "nothing added", "stands there twice", id="twice"),
        pytest.param("rail OR (rail AND bus)", "nothing added", "stands there alone", id="covered"),
        pytest.param("rail NOT NOT bus", "nothing added", "NOT NOT adds nothing", id="not not"),
        pytest.param("rail^3", "nothing added", "without score>=", id="idle weight"),
    ],
)
def test_a_useless_query_is_named_with_the_reason(query: str, kind: str, words: str) -> None:
    found = [each for each in lint(parse(query)) if each.kind == kind]
    assert [each for each in found if words in str(each)]


@pytest.mark.parametrize(
    "query",
    [
        "Hanoi Convention",
        "rail -bus",
        "language:sv",
        "source:harbour NOT football",
        "公",
        "rail^3 bus^3 score>=5",
        "(rail OR tram) AND (strike OR walkout)",
    ],
)
def test_a_sound_query_has_no_findings(query: str) -> None:
    assert lint(parse(query)) == []
