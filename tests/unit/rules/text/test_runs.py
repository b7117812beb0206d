"""Where letters stand in a run, and what parts a text into chunks."""

from rules.text.chunks import chunks
from rules.text.runs import begun_in


def test_letters_are_found_in_order_two_before_one() -> None:
    found = [(0, "东京"), (0, "东"), (2, "东京"), (2, "东")]
    assert begun_in("东京东京", {"东京", "东", "西"}) == found


def test_many_beginnings_are_found_as_few_are() -> None:
    many = {chr(0x4E00 + number) for number in range(200)} | {"东京", "东"}
    few = {letters for letters in many if letters in "东京东京七"}
    assert begun_in("东京东京七", many) == begun_in("东京东京七", few)


def test_wide_signs_part_chunks_and_belong_to_none() -> None:
    text = "总理说，会议在 明天。Rail-strike, U.S."
    assert chunks(text) == ["总理说", "会议在", "明天", "Rail-strike,", "U.S."]
