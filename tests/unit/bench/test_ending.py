"""What a bench leaves behind when somebody ends it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

BENCH = """
import multiprocessing, os, time
from bench.base.ending import end_in_order
end_in_order()
child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
child.start()
try:
    print(child.pid, flush=True)
    time.sleep(60)
finally:
    child.kill()
    child.join()
"""

AT_THE_STORE = """
import os, sys, time
from bench.base.ending import end_in_order
from bench.base.victims import with_app
from monitor.config.load import load

def work(app):
    print(os.getpid(), flush=True)
    time.sleep(60)

end_in_order()
with_app(load(environ={"MONITOR_HOME": sys.argv[1]}), work)
"""


def test_a_bench_that_is_told_to_end_ends_its_children() -> None:
    assert is_gone(child_of_one_told_to_end(BENCH))


def test_a_bench_that_is_told_to_end_leaves_nobody_at_work_in_its_folder(tmp_path: Path) -> None:
    assert is_gone(child_of_one_told_to_end(AT_THE_STORE, str(tmp_path)))


def child_of_one_told_to_end(code: str, *arguments: str) -> int:
    """Run a bench that prints its child's process id, tell it to end, and return that id."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE
    ) as bench:
        assert bench.stdout is not None
        child = int(bench.stdout.readline())
        bench.send_signal(signal.SIGTERM)
        assert bench.wait(30) == 128 + signal.SIGTERM
    return child


def is_gone(process: int) -> bool:
    """Whether there is no such process any more."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False
