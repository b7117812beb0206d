"""How wide text is on a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.widths import cell_width, shortened


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("東京", 4), ("Đà Nẵng", 7), ("e\u0301", 1), ("👩", 2)],
)
def test_width_is_what_a_terminal_shows(text: str, width: int) -> None:
    assert cell_width(text) == width


@given(st.text(max_size=40), st.integers(1, 30))
def test_shortened_text_fits(text: str, width: int) -> None:
    assert cell_width(shortened(text, width)) <= width
