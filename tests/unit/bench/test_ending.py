"""What a bench leaves behind when somebody ends it."""

import os
import signal
import subprocess
import sys

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


def test_a_bench_that_is_told_to_end_ends_its_children() -> None:
    with subprocess.Popen([sys.executable, "-c", BENCH], stdout=subprocess.PIPE) as bench:
        assert bench.stdout is not None
        child = int(bench.stdout.readline())
        bench.send_signal(signal.SIGTERM)
        assert bench.wait(30) == 128 + signal.SIGTERM
    try:
        os.kill(child, 0)
    except ProcessLookupError:
        return
    raise AssertionError("its child goes on")
