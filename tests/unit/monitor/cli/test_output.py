"""Tables that fit, and lines that are valid and harmless."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.output import fitted, json_line


@given(st.dictionaries(st.text(max_size=5), st.text(st.characters(), max_size=20), max_size=3))
def test_json_lines_are_one_harmless_line_and_read_back(thing: dict[str, str]) -> None:
    line = json_line(thing)
    assert json.loads(line) == thing
    assert not [letter for letter in line if ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0]
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize(
    ("widths", "room", "expected"),
    [
        pytest.param([5, 10, 40], 60, [5, 10, 40], id="all fit"),
        pytest.param([5, 10, 40], 45, [5, 10, 30], id="the widest gives way"),
        pytest.param([5, 30, 40], 45, [5, 20, 20], id="then the next"),
        pytest.param([5, 30, 40], 9, [5, 6, 6], id="not for ever"),
    ],
)
def test_columns_give_way_to_the_room(widths: list[int], room: int, expected: list[int]) -> None:
    assert fitted(widths, room) == expected
