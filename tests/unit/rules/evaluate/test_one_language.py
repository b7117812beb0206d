"""In a text whose language is not known, one language must have all words of a find."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Variant
from tests.builders import a_rule, a_source, an_article


def variants(of: str, **texts: str) -> list[Variant]:
    return [Variant(language=own, text=text, of=of) for own, text in texts.items()]


RULE = a_rule(
    "teacher strike",
    variants=(
        *variants("teacher", de="Lehrer", es="profesor", nb="lærer"),
        *variants("strike", de="Streik", es="huelga", nb="streik"),
    ),
)


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        pytest.param("Lehrer huelga", "", False, id="German and Spanish"),
        pytest.param("Lehrer Streik", "", True, id="German, though Norwegian has one, too"),
        pytest.param("profesor huelga", "", True, id="Spanish"),
        pytest.param("Lehrer strike", "", True, id="the rule's own word is of any"),
        pytest.param("Lehrer huelga profesor", "", True, id="one between hides none behind it"),
        pytest.param("profesor huelga", "es", True, id="a known language"),
    ],
)
def test_one_language_has_all_words(title: str, language: str, expected: bool) -> None:
    article = an_article(title, text="", language=language)
    assert bool(RuleMatcher([RULE]).matches(article, a_source())) is expected
    assert bool(by_brute_force([RULE], article, a_source())) is expected
