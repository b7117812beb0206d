"""What has one word at a glance has one by the analysis, too."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.index.anchors import _of_several_words
from rules.query.terms import content, has_one_word, may_have_several_words
from storage.variant_groups import BEFORE_EACH, BEHIND_LANGUAGE

_MIXED = st.text(
    st.sampled_from("aßБשعก京ー々カ가\u0301\u3099\u200b\u200d\u0640'’-. 1½⅓_☀"), max_size=6
)


@pytest.mark.parametrize("around", ["", "a", "京"])
def test_whatever_letter_is_in_it(around: str) -> None:
    for code in (*range(0x3200), *range(0x3200, sys.maxunicode + 1, 31)):
        text = around + chr(code) + around
        assert has_one_word(text) == (len(content(text)) == 1)
        assert may_have_several_words(text) or len(content(text)) <= 1


@given(_MIXED)
def test_whatever_letters_are_in_it(text: str) -> None:
    assert has_one_word(text) == (len(content(text)) == 1)
    assert may_have_several_words(text) or len(content(text)) <= 1


def test_only_names_of_several_words_are_spelled_out() -> None:
    names = ("Oslo", "New York", "Нью-Йорк", "Ню Йорк", "纽约", "نيويورك", "Ho Chi Minh City")
    said = "".join(f"{BEFORE_EACH}en{BEHIND_LANGUAGE}{name}" for name in names) + BEFORE_EACH
    assert _of_several_words(said) == [name for name in names if len(content(name)) > 1]
    assert "New York" in _of_several_words(said)
