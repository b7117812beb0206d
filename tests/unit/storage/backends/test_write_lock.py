"""The write lock, among threads and among processes."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.api.errors import StorageError
from storage.backends.write_lock import WriteLock

HOLDER = """
import fcntl, sys
file = open(sys.argv[1], "a")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "monitor.db-gate"


def hold_elsewhere(path: Path) -> subprocess.Popen[str]:
    """Start a process that holds the lock until it gets a line or is killed."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def end(holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.communicate()


def test_it_can_be_held_again_and_again(path: Path) -> None:
    lock = WriteLock(path)
    for _ in range(3):
        with lock.held():
            assert path.exists()
    lock.close()
    with lock.held():
        pass
    lock.close()


def test_it_comes_free_when_the_block_fails(path: Path) -> None:
    lock = WriteLock(path)
    with pytest.raises(InterruptedError), lock.held():
        raise InterruptedError
    with lock.held():
        pass
    lock.close()


def test_a_thread_that_would_wait_for_itself_is_told_so(path: Path) -> None:
    lock = WriteLock(path)
    with lock.held(), pytest.raises(RuntimeError, match="already open"), lock.held():
        pass
    lock.close()


def test_who_waits_too_long_in_the_process_is_told_to_try_again(path: Path) -> None:
    lock = WriteLock(path, limit_s=0.02)

    def wait() -> bool:
        with pytest.raises(StorageError, match="another writer") as raised, lock.held():
            pass
        return raised.value.retry

    with ThreadPoolExecutor(1) as pool, lock.held():
        assert pool.submit(wait).result()
    with lock.held():
        pass
    lock.close()


def test_who_comes_first_is_served_first(path: Path) -> None:
    lock = WriteLock(path)
    order: list[int] = []
    threads = []

    def work(number: int) -> None:
        with lock.held():
            order.append(number)

    with lock.held():
        for number in range(8):
            threads.append(threading.Thread(target=work, args=(number,)))
            threads[-1].start()
            while len(lock._queue) <= number:  # until it stands in line
                threading.Event().wait(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(8))
    lock.close()


def test_another_process_keeps_it_closed_until_it_is_killed(path: Path) -> None:
    lock = WriteLock(path, limit_s=0.03)
    holder = hold_elsewhere(path)
    try:
        with pytest.raises(StorageError, match="another writer") as raised, lock.held():
            pass
        assert raised.value.retry
    finally:
        end(holder)
    with lock.held():
        pass
    lock.close()


def test_two_locks_of_one_file_exclude_each_other(path: Path) -> None:
    one, two = WriteLock(path), WriteLock(path, limit_s=0.02)
    with one.held(), pytest.raises(StorageError), two.held():
        pass
    with two.held():
        pass
    one.close()
    two.close()


def test_a_lock_whose_file_was_removed_meets_the_others_at_the_new_one(path: Path) -> None:
    old, new = WriteLock(path, limit_s=0.02), WriteLock(path, limit_s=0.02)
    with old.held():
        pass
    path.unlink()
    with new.held(), pytest.raises(StorageError), old.held():
        pass
    with old.held(), pytest.raises(StorageError), new.held():
        pass
    old.close()
    new.close()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    lock = WriteLock(tmp_path / "nowhere" / "lock")
    with pytest.raises(StorageError, match="nowhere") as raised, lock.held():
        pass
    assert not raised.value.retry
