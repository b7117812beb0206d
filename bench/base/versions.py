"""The versions of the program that `bench.deliver` measures, each in processes of its own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.base import sink

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What one process of the program is asked to do."""

    what: str
    port: int
    messages: int
    channels: int
    slow: str = ""
    """How a receiver behaves: "slow" never answers, "late" does so after a second."""
    server: str = ""
    """Of which server the CPU is told, too."""


@dataclass(frozen=True, slots=True)
class Program:
    """One version of the program, and where it keeps things and sends to."""

    name: str
    root: Path
    server: str | None
    sink: sink.Sink

    @contextmanager
    def place(self) -> Iterator[dict[str, str]]:
        """Give the environment of a new home, with an empty database."""
        with tempfile.TemporaryDirectory(prefix="deliver-") as home:
            Path(home, "seeds").mkdir()
            environ = dict(os.environ) | {
                "PYTHONPATH": f"{self.root}:{ROOT}",
                "MONITOR_HOME": home,
                "MONITOR_SEEDS": f"{home}/seeds",
                "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8",
                "MONITOR_WEB_LISTEN": "none",
                "MONITOR_DICTIONARIES": "none",
            }
            if self.server:
                environ["MONITOR_DATABASE_URL"] = sink.new_database(self.server)
            self.sink.ask("clear")
            yield environ

    def start(self, task: Task, environ: dict[str, str]) -> subprocess.Popen[str]:
        """Begin a task."""
        command = [
            sys.executable,
            str(ROOT / "bench/deliver.py"),
            "--victim",
            json.dumps(asdict(task)),
        ]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, cwd=environ["MONITOR_HOME"], env=environ, stdout=pipe, stderr=pipe, text=True
        )

    def command(self, *words: str, environ: dict[str, str]) -> subprocess.Popen[bytes]:
        """Begin a command of the program, as its users do."""
        command = [sys.executable, "-m", "monitor", *words]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(
            command, cwd=environ["MONITOR_HOME"], env=environ, stdout=quiet, stderr=quiet
        )

    def run(self, *tasks: Task) -> list[dict[str, Any]]:
        """Run tasks at the same time, each in a new home; return what each printed."""
        with ExitStack() as stack:
            places = [stack.enter_context(self.place()) for _ in tasks]
            begun = list(map(self.start, tasks, places))
            printed = [each.communicate(timeout=600) for each in begun]
            for out, problems in printed:
                if not out.strip():
                    raise SystemExit(problems[-2000:])
            return [json.loads(out.strip().splitlines()[-1]) for out, _ in printed]


@contextmanager
def laid_out(commit: str | None) -> Iterator[Path | None]:
    """Lay the program of a commit out for as long as the block runs."""
    if commit is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="deliver-before-"))
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "-x"], cwd=folder, input=archive.stdout, check=True)
    for name in ("deliver.py", "base/sink.py", "base/versions.py"):
        shutil.copy(ROOT / "bench" / name, folder / "bench" / name)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def server(database: str) -> Iterator[str | None]:
    """Start a PostgreSQL for as long as the block runs, where one is wanted."""
    if database == "sqlite":
        yield None
        return
    with (
        tempfile.TemporaryDirectory(prefix="deliver-pg-") as shared,
        sink.postgres(Path(shared)) as url,
    ):
        yield url
