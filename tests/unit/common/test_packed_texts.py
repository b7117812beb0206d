"""Texts packed behind each other are what a list and a dictionary of them would be."""

from hypothesis import given
from hypothesis import strategies as st

from common.packed_texts import NumberedTexts, PackedTexts

TEXTS = st.text(max_size=3) | st.sampled_from(["", "räka", "洪水", "\ud800", "a" * 300])


@given(st.lists(TEXTS))
def test_texts_are_read_as_they_were_added(texts: list[str]) -> None:
    packed = PackedTexts()
    packed.extend(texts)
    assert [packed[number] for number in range(len(packed))] == ["", *texts]


@given(st.lists(st.tuples(st.sampled_from(["add", "forget", "number"]), TEXTS), max_size=200))
def test_each_text_has_a_number_until_it_is_forgotten(steps: list[tuple[str, str]]) -> None:
    packed, numbers, count = NumberedTexts(), dict[str, int](), 1
    for step, text in steps:
        known = numbers.get(text, 0)
        if step == "add" and not known:
            known = numbers[text] = count
            count += 1
        assert getattr(packed, step)(text) == known
        if step == "forget":
            numbers.pop(text, None)
        elif known:
            assert packed[known] == text
    assert len(packed) == count


def test_those_behind_one_that_is_forgotten_are_still_there() -> None:
    packed, every = NumberedTexts(), range(1, 5_000)
    assert [packed.add(f"text {number}") for number in every] == [*every]
    gone = [number for number in every if number % 10]
    assert [packed.forget(f"text {number}") for number in gone] == gone
    left = [0 if number % 10 else number for number in every]
    assert [packed.number(f"text {number}") for number in every] == left
    assert packed.add("text 1") == 5_000
