"""What many articles say is added up as it would be of each by itself."""

import tracemalloc
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingester.stories.counting import Counter
from ingester.stories.said import Said

COUNTER = Counter()
HASHES = st.integers(0, 2**32 - 1) | st.integers(0, 40)
SAID = st.tuples(st.integers(0, 3), HASHES, st.sampled_from((0.0, 0.7, 1.5, 2.0)))


def said(met: list[tuple[int, int, float]], begin: int) -> Said:
    """What is met, each sign found by where it stands."""
    return Said(
        np.array([article for article, _, _ in met], dtype=np.uint32),
        np.array([sign for _, sign, _ in met], dtype=np.uint32),
        np.array([weight for _, _, weight in met], dtype=np.float64),
        np.arange(begin, begin + len(met)),
    )


@given(st.lists(SAID), st.lists(SAID))
def test_each_sign_counts_once_an_article(
    one: list[tuple[int, int, float]], other: list[tuple[int, int, float]]
) -> None:
    found = COUNTER.counted([said(one, 0), said(other, len(one))], 4)
    met = [*one, *other]
    wanted = sorted({(article, sign) for article, sign, _ in met})
    assert [
        (article, sign)
        for article, own in enumerate(found.slices())
        for sign in found.signs[own].tolist()
    ] == wanted
    for key, much, written, again in zip(
        wanted, found.counts, found.written, found.again, strict=True
    ):
        places = [n for n, (article, sign, _) in enumerate(met) if (article, sign) == key]
        assert (written, bool(again)) == (places[0], len(places) > 1)
        total = sum(met[place][2] for place in places)
        assert much == pytest.approx(1 + log(total) if total > 1 else total, rel=1e-6)


@given(st.lists(st.lists(HASHES, max_size=60), max_size=6), st.integers(1, 20))
def test_the_lowest_hashes_stand_for_all(rows: list[list[int]], most: int) -> None:
    ends = np.cumsum([len(row) for row in rows], dtype=np.int64)
    starts = np.append(0, ends)[: len(rows)]
    every = np.array([each for row in rows for each in row], dtype=np.uint32)
    found = COUNTER.lowest(every, starts, ends, most)
    start = 0
    for row, end, scale in zip(rows, found.ends, found.scales, strict=True):
        left = [each for each in sorted({*row}) if each <= 0xFFFFFFFF >> scale]
        assert found.left[start:end].tolist() == left
        assert len(left) <= most
        larger = [each for each in {*row} if each <= 0xFFFFFFFF >> max(0, scale - 1)]
        assert scale == 0 or len(larger) > most
        start = end


def test_to_add_up_much_takes_little_memory_beside() -> None:
    met = [(0, n % 50, 1.0) for n in range(20_000)]
    several = [said(met, 0) for _ in range(20)]
    COUNTER.counted(several, 1)
    tracemalloc.start()
    try:
        COUNTER.counted(several, 1)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Of what each is written as, eight bytes; the sixteen of the rest lie in the kernel alone.
    assert peak < 10 * len(met) * len(several)
