"""How long it takes to make the variants of many rules, and to apply a file of them.

    python -m bench.apply [--rules 10000] [--made 1000]

The rules are those of `bench.base.made_up`: two English words that news writes often, as people
write them, and mixed ones. Prints the CPU of a rule's variants in a process that knows their
languages, and what `monitor apply` of so many rules takes in a new home, by the processor and by
the clock.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.base.made_up import World, rules_file, rules_of

HERE = Path(__file__).resolve().parents[1]
_WARM = 200


def of_one(queries: Sequence[str]) -> float:
    """Return the milliseconds of CPU that a rule's variants take."""
    rules_of(queries[:_WARM], "all")
    began = time.process_time()
    rules_of(queries[_WARM:], "all")
    return (time.process_time() - began) / len(queries[_WARM:]) * 1e3


def applied(queries: Sequence[str]) -> tuple[float, float]:
    """Apply a file of rules in a new home; return the seconds of CPU, and by the clock."""
    with tempfile.TemporaryDirectory() as folder:
        file = rules_file(queries, Path(folder))
        environ = os.environ | {"MONITOR_HOME": str(Path(folder) / "home")}
        command = [sys.executable, "-m", "monitor", "apply", str(file)]
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, check=True, cwd=HERE, env=environ, capture_output=True)
        took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, took


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rules", type=int, default=10_000)
    parser.add_argument("--made", type=int, default=1_000)
    options = parser.parse_args()
    world = World()
    for name, make in (("as people write them", world.of_people), ("mixed", world.queries)):
        each = of_one(list(make(options.made + _WARM)))
        print(f"variants of a rule, {name}: {each:.2f} ms of CPU", flush=True)
    cpu, took = applied(list(world.queries(options.rules)))
    print(f"apply of {options.rules:,} mixed rules: {cpu:.1f} s of CPU, {took:.1f} s by the clock")


if __name__ == "__main__":
    main()
