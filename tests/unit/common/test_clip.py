"""Text made shorter."""

import pytest

from common.clip import clip, clip_front, clip_words, whole_character


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        pytest.param("Hanoi", 5, "Hanoi", id="as long as it may be"),
        pytest.param("Hanoi ", 5, "Hano…", id="longer"),
        pytest.param("ab cd", 4, "ab …", id="at a space"),
        pytest.param("He\u0301lene", 3, "H…", id="no letter without its mark"),
        pytest.param("abe\u0301\u0323f", 5, "ab…", id="nor without one of two"),
        pytest.param("He\u0301lene", 4, "He\u0301…", id="behind a mark"),
        pytest.param("a\U0001f469\u200d\U0001f680!!", 4, "a…", id="no half emoji"),
        pytest.param("\u0301" * 9, 4, "\u0301" * 3 + "…", id="nothing but marks"),
        pytest.param("e" + "\u0301" * 200, 100, "e" + "\u0301" * 98 + "…", id="a pile of marks"),
        pytest.param("Hanoi", 1, "…", id="no room"),
    ],
)
def test_what_is_cut_ends_with_dots(text: str, limit: int, expected: str) -> None:
    assert clip(text, limit) == expected


def test_the_dots_may_be_others_and_the_space_before_them_may_go() -> None:
    assert clip("one two three", 10, dots="...") == "one two..."
    assert clip("one two three", 9) == "one two …"
    assert clip("one two three", 9, trim=True) == "one two…"


@pytest.mark.parametrize(
    ("line", "limit", "cut"),
    [
        pytest.param("short", 10, "short", id="short enough"),
        pytest.param("two words here", 12, "two words…", id="at a word"),
        pytest.param("one " + "x" * 60, 50, "one " + "x" * 45 + "…", id="no word near"),
        pytest.param("x" * 50, 10, "x" * 9 + "…", id="a very long word"),
        pytest.param("abc👩\u200d👧", 5, "abc…", id="not inside an emoji"),
        pytest.param("abce\u0301\u0301f", 6, "abc…", id="not between a letter and its marks"),
    ],
)
def test_a_cut_falls_where_it_hurts_least(line: str, limit: int, cut: str) -> None:
    assert clip_words(line, limit) == cut


def test_a_place_between_two_characters_is_kept() -> None:
    assert [whole_character("ae\u0301o", index) for index in range(5)] == [0, 1, 1, 3, 4]


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("one two three", 20, "one two three"),
        ("one two three", 8, "…three"),
        ("onetwothree", 6, "…three"),
        ("x\u0301" * 10, 5, "…" + "x\u0301" * 2),
    ],
)
def test_the_front_is_cut_at_a_space_and_no_character_in_two(
    text: str, limit: int, kept: str
) -> None:
    assert clip_front(text, limit) == kept
