"""How long commands take from their start to their end, in processes of their own.

    python -m bench.start [--runs 9] [--rules 0] [--beside CHECKOUT]

Prints, for each command, the median of the runs in milliseconds (by the clock, and of the
processor's time, which a busy machine changes less) and the ratio to `python -c pass` of the same
runs. With another checkout beside this one, its commands take turns with ours. The database has
so many rules of `bench.base.made_up`; the last command is a round in which nothing is due.

Like an installed program: what Python compiles is kept from the first run, which is not counted.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.base.made_up import World, rules_file

HERE = Path(__file__).resolve().parents[1]
NOTHING = "python -c pass"
DOCUMENT = b'{"id": 1, "title": "Rail strike ends", "text": "The rail strike ended on Monday."}\n'
COMMANDS: dict[str, tuple[str, ...]] = {
    NOTHING: ("-c", "pass"),
    "--version": ("-m", "monitor", "--version"),
    "--help": ("-m", "monitor", "--help"),
    "list-rules": ("-m", "monitor", "list-rules"),
    "list-sources": ("-m", "monitor", "list-sources"),
    "list-alerts": ("-m", "monitor", "list-alerts"),
    "status": ("-m", "monitor", "status"),
    "search": ("-m", "monitor", "search", "rail strike"),
    "add-rule": ("-m", "monitor", "add-rule", "rail strike", "--name", "{run}"),
    "add-rule, a name": ("-m", "monitor", "add-rule", "Hanoi Convention", "--name", "h{run}"),
    "try-rule": ("-m", "monitor", "try-rule", "rail strike", "-"),
    "run --once": ("-m", "monitor", "run", "--once", "--no-starter"),
}
"""What is run; {run} is the number of the run."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A folder with the program, and a home that belongs to it alone.

    Attributes:
        taken: For each command, what each run took: (seconds by the clock, of the processor).
    """

    folder: Path
    environ: dict[str, str]
    taken: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def run(self, name: str, number: int, *, counts: bool = True) -> None:
        """Run a command to its end."""
        words = [word.format(run=number) for word in COMMANDS[name]]
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=self.environ,
            input=DOCUMENT,
            capture_output=True,
            check=False,
        )
        seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{name}: exit {done.returncode}\n{done.stderr.decode()}")
        if counts:
            used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            self.taken.setdefault(name, []).append((seconds, used))

    def add_rules(self, queries: Iterable[str]) -> None:
        """Have so many rules in the database."""
        folder = Path(self.environ["MONITOR_HOME"]).parent
        folder.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "monitor", "apply", str(rules_file(queries, folder))]
        subprocess.run(command, cwd=self.folder, env=self.environ, capture_output=True, check=True)

    def medians(self, name: str) -> tuple[float, float]:
        """Return the medians of a command's runs, in milliseconds."""
        clock, processor = zip(*self.taken[name], strict=True)
        return statistics.median(clock) * 1000, statistics.median(processor) * 1000


@contextmanager
def checkouts(folders: Sequence[Path]) -> Iterator[list[Checkout]]:
    """Give each folder a home, and a place for what Python compiles."""
    with tempfile.TemporaryDirectory() as base:
        yield [
            Checkout(
                folder,
                {
                    "PATH": os.environ["PATH"],
                    "HOME": base,
                    "PYTHONPATH": str(folder),
                    "PYTHONPYCACHEPREFIX": f"{base}/{number}/compiled",
                    "MONITOR_HOME": f"{base}/{number}/home",
                    "MONITOR_SEEDS": "none",
                    "MONITOR_DICTIONARIES": "none",
                },
            )
            for number, folder in enumerate(folders)
        ]


def main() -> None:
    """Run the commands and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--rules", type=int, default=0)
    parser.add_argument("--beside", type=Path, action="append", default=[])
    asked = parser.parse_args()
    folders = [HERE, *(folder.resolve() for folder in asked.beside)]
    with checkouts(folders) as every:
        for checkout in every if asked.rules else ():
            checkout.add_rules(World().queries(asked.rules))
        for number in range(asked.runs + 1):
            for name in COMMANDS:
                for checkout in every:
                    checkout.run(name, number, counts=number > 0)
        for checkout in every:
            print(f"\n{checkout.folder}\n{'':20}{'clock ms':>10}{'cpu ms':>10}{'ratio':>8}")
            nothing, _ = checkout.medians(NOTHING)
            for name in COMMANDS:
                clock, processor = checkout.medians(name)
                print(f"{name:20}{clock:10.0f}{processor:10.0f}{clock / nothing:8.1f}")


if __name__ == "__main__":
    main()
