"""Words that stand side by side make one row, whatever their endings."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingester.stories.passages import _forms, stand_side_by_side

TEXTS = st.text("ab_é1 -", max_size=12)


@given(TEXTS, TEXTS, st.sampled_from(["en", "zh"]))
def test_forms_are_found_as_a_pattern_finds_them(word: str, text: str, language: str) -> None:
    begun = re.escape(word[: max(4, len(word) - 2)]) if language == "en" else re.escape(word)
    written = rf"(?<!\w){begun}\w*" if language == "en" else begun
    found = [each.span() for each in re.finditer(written, text)] if word else []
    assert [*_forms(word, text, language)] == found


@pytest.mark.parametrize(
    ("words", "text", "are"),
    [
        ({"beacon", "energy"}, "beacon energy sold its field", True),
        ({"beacon", "energy"}, "energy for the beacon", False),
        ({"beacon", "energy", "chief"}, "chief of it: beacon's energy chief", False),
        ({"beacon"}, "nothing of it", True),
        (set[str](), "nothing", False),
    ],
)
def test_words_make_one_row(words: set[str], text: str, are: bool) -> None:
    assert stand_side_by_side(words, text, "en") is are
