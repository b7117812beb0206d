"""How wide text is on a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.widths import cell_width, shortened, wrapped


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("東京", 4), ("Đà Nẵng", 7), ("e\u0301", 1), ("👩", 2)],
)
def test_width_is_what_a_terminal_shows(text: str, width: int) -> None:
    assert cell_width(text) == width


@given(st.text(max_size=40), st.integers(1, 30))
def test_shortened_text_fits(text: str, width: int) -> None:
    assert cell_width(shortened(text, width)) <= width


def test_what_follows_the_first_line_hangs_below_it_without_spaces_that_were_not_there() -> None:
    lines = wrapped("title: 条約に署名した大臣たち", width=15, hang="       ")
    assert lines == ["title: 条約に署", "       名した大", "       臣たち"]


@given(st.text("ab 条約。\u0301", max_size=60), st.integers(8, 30), st.integers(0, 3))
def test_broken_lines_fit_and_lose_only_spaces(text: str, width: int, hang: int) -> None:
    lines = wrapped(text, width=width, hang=" " * hang)
    assert all(cell_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_no_line_begins_with_what_closes_a_sentence() -> None:
    assert wrapped("署名した。「条約」は", width=8) == ["署名し", "た。「条", "約」は"]
    assert wrapped("。" * 6, width=8) == ["。。。。", "。。"]
