"""Texts packed behind each other are what a list and a dictionary of them would be."""

import sys
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from common.packed_texts import LineSet, NumberedTexts, PackedTexts, TextHashes, TextSet

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


@given(st.frozensets(TEXTS), st.frozensets(TEXTS))
def test_a_set_of_texts_is_what_a_set_of_strings_is(
    texts: frozenset[str], others: frozenset[str]
) -> None:
    packed = TextSet(texts)
    assert packed == texts
    assert len(packed) == len(texts)
    assert {*packed} == texts
    assert [text in packed for text in others] == [text in texts for text in others]
    assert packed & others == others & packed == texts & others
    assert packed - others == texts - others
    assert packed.isdisjoint(others) == texts.isdisjoint(others)
    assert None not in packed


LINES = st.sampled_from(["a", "ab", "räka", "洪水", "a" * 300, *map(str, range(40))])


@given(st.frozensets(LINES), st.lists(LINES | st.just(""), max_size=80))
def test_lines_are_a_set_of_texts_however_often_one_asks(
    texts: frozenset[str], asked: list[str]
) -> None:
    lines = LineSet("\n".join(texts))
    assert [text in lines for text in asked] == [text in texts for text in asked]
    assert None not in lines
    assert "a\nab" not in lines
    assert lines == texts
    assert len(lines) == len(texts)
    assert [text in lines for text in asked] == [text in texts for text in asked]


def test_a_set_of_lines_is_made_once_many_are_asked_for() -> None:
    texts = [f"слово{number}" for number in range(5_000)]
    lines = LineSet("\n".join(texts))
    assert all(text in lines for text in texts)
    made = lines._hashes
    assert len(made) == len(texts)
    assert {*lines} == {*texts}
    assert lines._hashes is made


def test_texts_of_one_hash_are_told_apart() -> None:
    one, other = "plumless", "buckeroo"  # both have 0x4ddb0c25
    assert one in TextSet([one, other])
    assert other in TextSet([one, other])
    assert other not in TextSet([one])


def test_a_set_of_texts_takes_a_fraction_of_the_room_of_strings() -> None:
    texts = [f"слово{number}" for number in range(5_000)]
    tracemalloc.start()
    packed = TextSet(texts)
    room, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    strings = sys.getsizeof(frozenset(texts)) + sum(map(sys.getsizeof, texts))
    assert len(packed) == len(texts)
    assert 4 * room < strings


@given(st.lists(TEXTS), st.lists(TEXTS))
def test_hashes_tell_which_texts_are_there(texts: list[str], others: list[str]) -> None:
    hashes = TextHashes(texts)
    assert len(hashes) == len(set(texts))
    assert [text in hashes for text in others] == [text in texts for text in others]
    assert all(text in hashes for text in texts)


def test_hashes_take_eight_bytes_a_text() -> None:
    texts = [f"слово{number}" for number in range(5_000)]
    TextHashes(texts)  # which loads numpy
    tracemalloc.start()
    hashes = TextHashes(texts)
    room, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(hashes) == len(texts)
    assert room < 9 * len(texts)
    assert most < 40 * len(texts)
