"""Texts are cut where a regular expression would cut them, and words met before are known."""

import re
import tracemalloc
from itertools import accumulate
from unicodedata import digit

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.stems import LETTERS_AND_MARKS, shortened
from ingester.stories import cutting
from ingester.stories.cutting import BREAK, BREAKS, MARKS, SPACED_THOUSANDS, Cutter
from ingester.stories.signs import checksums, number_sign, word_signs
from ingester.stories.words import COMMON_LENGTH
from rules.lexicons.concepts import hash_of

_D, _L = f"[{''.join(filter(str.isdigit, map(chr, range(0x20000))))}]", f"[{LETTERS_AND_MARKS}]"
_ZEROS = "".join(each for each in map(chr, range(0x20000)) if digit(each, 1) == 0)


def words(language: str) -> re.Pattern[str]:
    """What a language's texts are cut into: numbers with their thousands, words, breaks."""
    marks = MARKS + " " if language in SPACED_THOUSANDS else MARKS
    begun = rf"(?<!{_L})(?![{_ZEROS}])"
    whole = rf"{begun}{_D}{{1,3}}(?P<mark>[{marks}]){_D}{{3}}(?:(?P=mark){_D}{{3}})*(?!{_D})"
    indian = rf"{begun}{_D}{{1,2}}(?:,{_D}{{2}})+(?:,{_D}{{3}})+(?!,?{_D}){_L}*"
    return re.compile(rf"{whole}(?!(?P=mark){_D}){_L}*|{indian}|{_L}+|[{BREAKS}]")


LETTERS = st.characters() | st.sampled_from(
    "aé1_ .!。\n«\u0301\u200d\u0e31界\ud800\U0001d400\U000e0100"
)
NUMBERED = st.text(st.sampled_from("1230٠٢५²a,.' ’٬\xa0\u202f"), max_size=20)
TEXTS = st.text(LETTERS, max_size=40) | NUMBERED


def cut(language: str, text: str) -> list[str]:
    return [found[0] for found in words(language).finditer(text)]


@given(st.lists(st.tuples(st.sampled_from(("en", "sv", "")), TEXTS)))
def test_words_are_cut_as_they_are_written_and_numbered_as_they_come(
    texts: list[tuple[str, str]],
) -> None:
    cutter, known = Cutter(), dict[tuple[str, str], int]()
    for _ in range(2):
        met = 1 + len(known)
        rows = [
            BREAK if word in BREAKS else known.setdefault((language, word), 1 + len(known))
            for language, text in texts
            for word in cut(language, text)
        ]
        found = cutter.words(texts, met=met)
        assert found.rows.tolist() == rows
        assert found.new == [*known][met - 1 :]
    assert found.ends.tolist() == [*accumulate(len(cut(*each)) for each in texts)]
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


@given(st.lists(st.text(LETTERS | st.sampled_from("0123٣²ⅫǅAZ"), max_size=14)))
def test_what_is_made_of_letters_is_what_each_word_would_be_by_itself(words: list[str]) -> None:
    looked, stems = Cutter().looked_up(words, common=COMMON_LENGTH), [*map(shortened, words)]
    assert looked.hashes.tolist() == [hash_of(stem) for stem in stems]
    assert looked.lengths.tolist() == [*map(len, words)]
    assert looked.are_numbers.tolist() == [*map(str.isdigit, words)]
    assert looked.tokens.tolist() == (checksums(words) & 0xFFFFFFFC).tolist()
    common = np.array([len(word) <= COMMON_LENGTH for word in words], dtype=np.bool_)
    signs = word_signs(stems, common).tolist()
    numbers = [number_sign(word.lstrip("0")) if word.isdigit() else 0 for word in words]
    wanted = [n if w.isdigit() else s for w, s, n in zip(words, signs, numbers, strict=True)]
    assert looked.signs.tolist() == wanted


@given(st.text(LETTERS | st.sampled_from("ǅⅫAzß٣Ⓐ"), max_size=30))
def test_capitals_of_new_words_are_told_as_python_does(text: str) -> None:
    found = Cutter().words([("", text)], met=1)
    words = [word for _, word in found.new]
    assert found.are_upper.tolist() == [*map(str.isupper, words)]
    assert found.have_capitals.tolist() == [word[0].isupper() for word in words]


def test_what_is_kept_of_letters_is_what_would_be_made() -> None:
    assert cutting._kinds().tobytes() == cutting._made_kinds().tobytes()


def test_a_text_is_handed_over_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [("en", "𝔸 strike\ud800 hit Åre"), ("sv", ""), ("sv", "2 тысячи")]
    whole = Cutter().words(texts, met=1)
    for letters in range(1, 6):
        monkeypatch.setattr(cutting, "_ENCODED", letters)
        found = Cutter().words(texts, met=1)
        assert (found.rows.tolist(), found.new) == (whole.rows.tolist(), whole.new)


def test_to_hand_over_much_takes_little_memory_beside() -> None:
    kernel, text = Cutter()._kernel, "Ett ord till. " * 100_000
    tracemalloc.start()
    try:
        cutting.put_texts(kernel, text, [len(text)])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < len(text)  # in the kernel it has four bytes a letter
