import logging
import threading

import pytest

from monitor.base.store_trouble import StoreTrouble
from monitor.daemon.steps import Steps
from storage.api.errors import StorageError

PATIENCE_S = 20.0


def test_who_ends_waits_for_the_step_that_is_under_way() -> None:
    steps, begun, may_end = Steps(), threading.Event(), threading.Event()
    ended: list[str] = []

    def step() -> None:
        begun.set()
        may_end.wait(PATIENCE_S)
        ended.append("step")

    thread = threading.Thread(target=steps.take, args=(step,))
    thread.start()
    assert begun.wait(PATIENCE_S)
    assert not steps.close(seconds=0)
    assert not ended
    may_end.set()
    assert steps.close(seconds=PATIENCE_S)
    assert ended == ["step"]
    thread.join()


def test_no_step_begins_once_it_ends() -> None:
    steps, taken = Steps(), list[int]()
    steps.take(lambda: taken.append(1))
    assert steps.close(seconds=0)
    steps.take(lambda: taken.append(2))
    assert taken == [1]


@pytest.mark.parametrize("is_ending", [False, True])
def test_a_store_that_was_closed_under_a_step_is_no_trouble(
    *, is_ending: bool, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.daemon.threads.time.sleep", lambda _: None)
    monkeypatch.setattr("monitor.daemon.threads.STORE", StoreTrouble())
    steps = Steps()

    def step() -> None:
        if is_ending:
            steps.close(seconds=0)
        raise StorageError("the log of the open database was moved away", retry=False)

    with caplog.at_level(logging.ERROR):
        steps.take(step)
    assert ("cannot be used now" in caplog.text) != is_ending


def test_the_next_step_is_taken_after_one_that_failed(caplog: pytest.LogCaptureFixture) -> None:
    steps, taken = Steps(), list[str]()

    def step() -> None:
        raise ValueError("a mistake")

    steps.take(step)
    steps.take(lambda: taken.append("next"))
    assert taken == ["next"]
    assert "bug in a step of the daemon" in caplog.text
    assert steps.close(seconds=0)
