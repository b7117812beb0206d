"""Numbers of things by their hashes: as a dict has them, in a fifth of the memory."""

import marshal
import sys

from hypothesis import given
from hypothesis import strategies as st

from rules.index.memory.kept import packed
from rules.index.memory.numbers import Numbers

HASHES = st.one_of(st.integers(-4, 4), st.integers(-(2**63), 2**63 - 1), st.just(1 << 40))


@given(st.lists(HASHES, max_size=60), st.integers(0, 9))
def test_they_are_given_one_after_the_other_and_found_again(keys: list[int], first: int) -> None:
    numbers, expected = Numbers(first), dict[int, int]()
    for key in keys:
        known = expected.get(key or 1)  # two hashes are one, which nobody notices
        assert numbers.get(key) == known
        if known is None:
            expected[key or 1] = numbers.add(key)
    assert list(expected.values()) == list(range(first, first + len(expected)))


def test_many_are_kept_in_few_bytes() -> None:
    numbers = Numbers()
    keys = [hash((number, "a word")) for number in range(20_000)]
    assert [numbers.add(key) for key in keys] == list(range(20_000))
    assert [numbers.get(key) for key in keys] == list(range(20_000))
    held = sum(sys.getsizeof(each) for each in vars(numbers).values())
    assert held < 20_000 * 50
    assert numbers.get(hash("another")) is None


def test_what_was_kept_goes_on() -> None:
    numbers = Numbers()
    keys = [hash((number, "a word")) for number in range(3_000)]
    for key in keys:
        numbers.add(key)
    again = Numbers()
    again.restore(marshal.loads(packed(numbers.state())))
    assert [again.get(key) for key in keys] == list(range(3_000))
    assert [again.add(hash((number, "another"))) for number in range(9)] == [*range(3_000, 3_009)]
