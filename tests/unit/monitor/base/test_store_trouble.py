"""A store that fails is said once a minute, and known for as long as it fails."""

from monitor.base.store_trouble import LATELY_S, SAID_EVERY_S, StoreTrouble


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_same_failure_is_said_once_a_minute_and_another_at_once() -> None:
    seconds = Seconds()
    store = StoreTrouble(seconds)
    assert store.lately == ""
    assert store.failed("the disk is full")
    assert not store.failed("the disk is full")
    assert store.failed("full (0 KiB are free)")
    assert not store.failed("full (752 KiB are free)")
    assert store.failed("another program holds the database")
    assert not store.failed("the disk is full")
    seconds.now += SAID_EVERY_S
    assert store.failed("the disk is full")


def test_a_failure_that_is_not_repeated_is_over() -> None:
    seconds = Seconds()
    store = StoreTrouble(seconds)
    store.failed("the disk is full")
    seconds.now += LATELY_S
    assert store.lately == "the disk is full"
    seconds.now += 1
    assert store.lately == ""


def test_that_it_can_be_used_again_is_said_once_and_after_how_long() -> None:
    seconds = Seconds()
    store = StoreTrouble(seconds)
    assert store.recovered() is None
    for _ in range(3):
        store.failed("the disk is full")
        seconds.now += 5
    assert store.recovered() is None
    seconds.now += LATELY_S
    assert store.recovered() == 10
    assert store.recovered() is None
    store.failed("the disk is full")
    seconds.now += LATELY_S + 1
    assert store.recovered() == 0
