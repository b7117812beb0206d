"""A home of its own for a real monitor: commands and the daemon as real processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.places import ROOT


class Home:
    """A data folder, a seed folder, and the environment that points at them.

    Args:
        folder: Empty; the home and the seeds lie in it.
        database_url: None for the default, SQLite in the home.
    """

    def __init__(self, folder: Path, *, database_url: str | None = None, **settings: str) -> None:
        self.path = folder / "home"
        self.seeds = folder / "seeds"
        self.seeds.mkdir(parents=True)
        self.environ: dict[str, str] = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT),
            "MONITOR_HOME": str(self.path),
            "MONITOR_SEEDS": str(self.seeds),
            "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8",
            "MONITOR_DICTIONARIES": "none",
            **settings,
        }
        if database_url:
            self.environ["MONITOR_DATABASE_URL"] = database_url

    def run(
        self, *words: str, expect: int | None = 0, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run `monitor WORDS` and check its exit code (None: whatever it is)."""
        done = subprocess.run(
            [sys.executable, "-m", "monitor", *words],
            env=self.environ,
            cwd=self.path.parent,
            capture_output=True,
            text=True,
            input=stdin,
            timeout=120,
            check=False,
        )
        if expect is not None:
            said = f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
            assert done.returncode == expect, said
        return done

    def json(self, *words: str, expect: int | None = 0) -> list[dict[str, Any]]:
        """Run a command with `--json` and return the objects that it prints."""
        done = self.run(*words, "--json", expect=expect)
        return [json.loads(line) for line in done.stdout.splitlines()]

    @contextmanager
    def daemon(self, *words: str) -> Iterator["Daemon"]:
        """Run the daemon while the block runs; end it with SIGTERM unless it has ended."""
        out = self.path.parent / f"daemon-{time.monotonic_ns()}.out"
        err = out.with_suffix(".err")
        with out.open("w") as stdout, err.open("w") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "monitor", "run", *words],
                env=self.environ,
                cwd=self.path.parent,
                stdout=stdout,
                stderr=stderr,
            )
        daemon = Daemon(process, out, err)
        try:
            yield daemon
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


class Daemon:
    """A running daemon and what it says."""

    def __init__(self, process: subprocess.Popen[bytes], out: Path, err: Path) -> None:
        self.process = process
        self._out = out
        self._err = err

    @property
    def printed(self) -> str:
        """What it wrote to standard output so far: the console channel."""
        return self._out.read_text()

    @property
    def logged(self) -> str:
        """What it wrote to standard error so far."""
        return self._err.read_text()

    def wait_until(self, true: Callable[[], object], *, seconds: float = 30) -> None:
        """Wait until something holds; fail with the log when it does not come."""
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"it did not come\n{self.printed}\n{self.logged}")
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


def smtp_settings(host: str, port: int, **more: str) -> Mapping[str, str]:
    """Return the settings for a mail server on loopback that speaks in the clear."""
    return {
        "MONITOR_SMTP_HOST": host,
        "MONITOR_SMTP_PORT": str(port),
        "MONITOR_SMTP_SECURITY": "none",
        "MONITOR_SMTP_FROM": "monitor@example.org",
        **more,
    }
