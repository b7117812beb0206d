"""Texts are cut where a regular expression would cut them, and words met before are known."""

import re

from hypothesis import given
from hypothesis import strategies as st

from common.stems import LETTERS_AND_MARKS
from ingester.stories.cutting import BREAK, BREAKS, Cutter

WORDS = re.compile(f"[{LETTERS_AND_MARKS}]+|[{BREAKS}]")
LETTERS = st.characters() | st.sampled_from(
    "aé1_ .!。\n«\u0301\u200d\u0e31界\ud800\U0001d400\U000e0100"
)


@given(st.lists(st.tuples(st.sampled_from(("en", "sv", "")), st.text(LETTERS, max_size=40))))
def test_words_are_cut_as_they_are_written_and_numbered_as_they_come(
    texts: list[tuple[str, str]],
) -> None:
    cutter, known = Cutter(), dict[tuple[str, str], int]()
    for _ in range(2):
        met = 1 + len(known)
        rows = [
            BREAK if word in BREAKS else known.setdefault((language, word), 1 + len(known))
            for language, text in texts
            for word in WORDS.findall(text)
        ]
        found = cutter.words(texts, met=met)
        assert found.rows.tolist() == rows
        assert found.new == [*known][met - 1 :]
    ends = [
        len(WORDS.findall("|".join(text for _, text in texts[: n + 1]))) for n in range(len(texts))
    ]
    assert found.ends.tolist() == ends
    assert found.new == []


def test_what_is_forgotten_is_new_again() -> None:
    cutter = Cutter()
    texts = [("en", "A strike. A strike"), ("sv", "A strike")]
    found = cutter.words(texts, met=1)
    assert found.rows.tolist() == [1, 2, BREAK, 1, 2, 3, 4]
    assert found.ends.tolist() == [5, 7]
    assert found.new == [("en", "A"), ("en", "strike"), ("sv", "A"), ("sv", "strike")]
    assert cutter.words(texts[1:], met=5).rows.tolist() == [3, 4]
    cutter.forget()
    assert cutter.words(texts[1:], met=1).new == [("sv", "A"), ("sv", "strike")]
