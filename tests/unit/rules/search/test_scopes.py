"""Which languages articles must be in before a query can hold."""

import pytest

from rules.query.parse import parse
from rules.search.scopes import languages_of


@pytest.mark.parametrize(
    ("query", "languages"),
    [
        ("language:sv", {"sv"}),
        ("language:sv strike", {"sv"}),
        ("language:(sv OR da) strike", {"sv", "da"}),
        ("(language:sv rail) OR (language:da bus)", {"sv", "da"}),
        ("language:(sv OR da) AND language:da", {"da"}),
        ("language:sv AND language:da", set()),
        ("rail^2 language:sv score>=2", {"sv"}),
        ("language:sv OR strike", None),
        ("strike -language:sv", None),
        ("strike NOT language:(sv OR da)", None),
        ("language:sv^3 rail^2 score>=2", None),
        ("strike", None),
    ],
)
def test_a_query_says_which_languages_it_may_hold_in(
    query: str, languages: set[str] | None
) -> None:
    expected = None if languages is None else frozenset(languages)
    assert languages_of(parse(query)) == expected
