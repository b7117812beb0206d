"""Tables that fit, and lines that are valid and harmless."""

import json

from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.output import json_line


@given(st.dictionaries(st.text(max_size=5), st.text(st.characters(), max_size=20), max_size=3))
def test_json_lines_are_one_harmless_line_and_read_back(thing: dict[str, str]) -> None:
    line = json_line(thing)
    assert json.loads(line) == thing
    assert not [letter for letter in line if ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0]
    assert len(line.splitlines()) == 1
