"""The one table of scripts."""

import re
from itertools import pairwise

import pytest

from common.scripts import DENSE, LETTERS, WITHOUT_SPACES, letters, ranges


def test_no_two_scripts_claim_a_letter() -> None:
    every = ranges(frozenset(LETTERS))
    assert all(first <= last for first, last in every)
    assert all(before[1] < after[0] for before, after in pairwise(every))


@pytest.mark.parametrize("letter", [*"汉々漢ひカーｶไทลາမខབོད", "\U00020000", "\U000323af"])
def test_letters_of_scripts_without_spaces_are_known(letter: str) -> None:
    assert re.fullmatch(f"[{letters(WITHOUT_SPACES)}]", letter)


@pytest.mark.parametrize("sign", [*"aяع한・。๑៣๏฿၁ ", "\u200b"])
def test_digits_and_signs_are_no_letters_of_them(sign: str) -> None:
    assert not re.fullmatch(f"[{letters(WITHOUT_SPACES)}]", sign)


def test_hangul_says_much_a_sign_but_puts_spaces() -> None:
    assert re.fullmatch(f"[{letters(DENSE)}]", "한")
    assert {"hangul"} == DENSE - WITHOUT_SPACES
