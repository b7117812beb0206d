"""What is one word at a glance is one word at most by the analysis, too."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.index.anchors import _is_one_word, _of_several_words
from rules.query.terms import content
from rules.text.tokenizer import words
from storage.variant_groups import BEFORE_EACH, BEHIND_LANGUAGE

_ALONE = [chr(code) for code in range(sys.maxunicode + 1) if _is_one_word(chr(code))]


@pytest.mark.parametrize("around", ["", "a", "Б", "ש", "ع", "ß", "ʼ"])
def test_whatever_letter_is_in_it(around: str) -> None:
    for letter in _ALONE:
        assert len(words(around + letter + around)) <= 1


@given(st.text(st.sampled_from(_ALONE), max_size=8))
def test_whatever_letters_are_in_it(text: str) -> None:
    assert len(words(text)) <= 1


@pytest.mark.parametrize(
    "text", ["", "Red Cross", "Al-Shabaab", "U.N.", "กรุงเทพ", "北京", "カナダ"]
)
def test_what_may_be_several_is_left_to_the_analysis(text: str) -> None:
    assert not _is_one_word(text)


def test_only_names_of_several_words_are_spelled_out() -> None:
    names = ("Oslo", "New York", "Нью-Йорк", "Ню Йорк", "纽约", "نيويورك", "Ho Chi Minh City")
    said = "".join(f"{BEFORE_EACH}en{BEHIND_LANGUAGE}{name}" for name in names) + BEFORE_EACH
    assert _of_several_words(said) == [name for name in names if len(content(name)) > 1]
    assert "New York" in _of_several_words(said)
