"""How else designations are written."""

import pytest

from rules.patterns.designations import is_of_one_letter, without_spaces, written_otherwise


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("S-400", ["S-400", "S-400s", "С-400", "S 400"]),
        ("С-400", ["С-400", "С-400s", "S-400", "С 400"]),
        ("A-10", ["A-10", "A-10s", "А-10"]),
        ("XY-29", ["XY-29s"]),
        ("XY30", ["XY 30"]),
        ("A4", []),
        ("X&Y", ["X & Y"]),
        ("Anna & Novak", []),
        ("XYZ-2024-30", []),
        ("rail strike", []),
    ],
)
def test_designations_are_written_otherwise(text: str, others: list[str]) -> None:
    assert written_otherwise(text) == others
    assert is_of_one_letter(text) == (len(others) > 2)


def test_only_initials_are_written_together() -> None:
    assert without_spaces("X & Y") == "X&Y"
    assert without_spaces("Anna & Novak") == "Anna & Novak"
