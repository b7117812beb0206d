"""What is counted and timed."""

import threading

import pytest

from monitor.base.measures import ALL, BOUNDS_S, FETCH, PARSE, POLL, POLLS, Measures


def test_what_happened_is_counted_by_its_labels() -> None:
    measured = Measures()
    for result in ("ok", "ok", "theirs"):
        measured.count(POLLS, "feed", result)
    assert measured.counted(POLLS) == {("feed", "ok"): 2, ("feed", "theirs"): 1}


@pytest.mark.parametrize(
    ("seconds", "place"), [(0.0, 0), (BOUNDS_S[0], 0), (0.3, 7), (1e6, len(BOUNDS_S))]
)
def test_a_time_is_counted_under_the_bound_that_it_does_not_exceed(
    seconds: float, place: int
) -> None:
    measured = Measures()
    measured.observe(FETCH, seconds)
    [timed] = measured.timed(FETCH).values()
    assert timed.counts.index(1) == place
    assert sum(timed.counts) == 1
    assert timed.total_s == seconds


def test_what_was_timed_within_is_not_its_own() -> None:
    measured = Measures()
    with measured.timing(POLL, "feed") as poll, measured.timing(FETCH) as fetch:
        pass
    assert poll.inner_s == fetch.elapsed_s
    assert poll.own_s == poll.elapsed_s - fetch.elapsed_s
    assert sum(measured.timed(FETCH)[()].counts) == 1


def test_what_fails_is_timed_as_well_and_what_follows_is_not_within_it() -> None:
    measured = Measures()
    with pytest.raises(LookupError), measured.timing(POLL, "feed") as failed:
        raise LookupError
    with measured.timing(FETCH):
        pass
    assert failed.inner_s == 0
    assert sum(measured.timed(POLL)["feed",].counts) == 1


def test_threads_do_not_time_within_each_other() -> None:
    measured = Measures()
    with measured.timing(POLL, "feed") as poll:
        other = threading.Thread(target=lambda: measured.timing(FETCH).__enter__())
        other.start()
        other.join()
    assert poll.inner_s == 0


def test_names_are_as_prometheus_has_them() -> None:
    assert len({measure.name for measure in ALL}) == len(ALL)
    for measure in ALL:
        assert measure.name.endswith("_seconds" if measure.is_timed else "_total")
    assert PARSE.labels == POLL.labels
