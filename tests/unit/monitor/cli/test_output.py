"""Tables that fit, and lines that are valid and harmless."""

import json

from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.output import json_line, prose_lines


@given(st.dictionaries(st.text(max_size=5), st.text(st.characters(), max_size=20), max_size=3))
def test_json_lines_are_one_harmless_line_and_read_back(thing: dict[str, str]) -> None:
    line = json_line(thing)
    assert json.loads(line) == thing
    assert not [letter for letter in line if ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0]
    assert len(line.splitlines()) == 1


def test_prose_is_broken_between_words_and_what_is_bold_stays_so() -> None:
    parts = [("The ministers signed the ", False), ("Hanoi Convention", True), (" \x1b", False)]
    whole = "  text: The ministers signed the \x1b[1m[Hanoi Convention]\x1b[0m \\x1b"
    assert prose_lines(parts, indent="  ", label="text: ", room=None) == [whole]
    assert prose_lines(parts, indent="  ", label="text: ", room=44) == [
        "  text: The ministers signed the \x1b[1m[Hanoi",
        "  Convention]\x1b[0m \\x1b",
    ]
