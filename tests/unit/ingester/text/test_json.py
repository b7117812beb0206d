"""JSON from outside: bounded in depth and in time, whatever is in it."""

import pytest

from ingester.text.json import MAX_DEPTH, bounded_json
from tests.growth import grows_no_faster_than_its_input


def is_refused(text: str) -> bool:
    try:
        bounded_json(text)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize("whole", ['{"a": "%s', '"%s', '[1, "%s'])
@pytest.mark.parametrize("piece", [r"\"", '"', "\\", r"\"[", r"\",]"])
def test_a_string_that_nobody_closes_takes_no_longer_than_its_length(
    whole: str, piece: str
) -> None:
    assert grows_no_faster_than_its_input(lambda size: is_refused(whole % (piece * size)), 1_000)


def test_brackets_count_outside_of_strings_only() -> None:
    assert bounded_json('["' + "[" * 2 * MAX_DEPTH + r'\""]') == ["[" * 2 * MAX_DEPTH + '"']
    with pytest.raises(ValueError, match="nested too deep"):
        bounded_json("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))
