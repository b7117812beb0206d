"""A home of its own for a real monitor: commands, and the daemon as a real process."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from monitor.cli.main import run
from monitor.cli.session import Session
from tests.places import ROOT

PATIENCE_S = 300.0
"""For what must come, however busy the machine is."""

KEPT = ("PYTHONPYCACHEPREFIX",)
"""What processes take from our environment: they start faster with what is compiled."""


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
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "MONITOR_HOME": str(self.path),
            "MONITOR_SEEDS": str(self.seeds),
            "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8",
            "MONITOR_DICTIONARIES": "none",
            "MONITOR_WEB_LISTEN": "none",
            **settings,
        }
        if database_url:
            self.environ["MONITOR_DATABASE_URL"] = database_url

    def run(self, *words: str, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run `monitor WORDS` and check its exit code (None: whatever it is).

        `monitor run`, or `worker`, is a process of its own. Other commands run in this one, which
        has imported what they need; tests/unit/monitor/cli/test_process.py has them as processes.
        """
        done = self._process(words) if words[0] in ("run", "worker") else self._command(words)
        if expect is not None:
            said = f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
            assert done.returncode == expect, said
        return done

    def _process(self, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "monitor", *words],
            env=self.environ,
            cwd=self.path.parent,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def _command(self, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with chdir(self.path.parent), redirect_stdout(out), redirect_stderr(err):
            code = run(list(words), Session(self.environ))
        printed = [stream.seek(0) or stream.read() for stream in (out, err)]
        return subprocess.CompletedProcess(words, code, *printed)

    def json(self, *words: str, expect: int | None = 0) -> list[dict[str, Any]]:
        """Run a command with `--json` and return the objects that it prints."""
        done = self.run(*words, "--json", expect=expect)
        return [json.loads(line) for line in done.stdout.splitlines()]

    @contextmanager
    def daemon(self, *words: str, command: str = "run") -> Iterator["Daemon"]:
        """Run the daemon, or a worker, while the block runs; end it with SIGTERM if need be."""
        out = self.path.parent / f"daemon-{time.monotonic_ns()}.out"
        err = out.with_suffix(".err")
        with out.open("w") as stdout, err.open("w") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "monitor", command, *words],
                env=self.environ,
                cwd=self.path.parent,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,  # as a service: without a terminal
            )
        daemon = Daemon(process, out, err)
        try:
            yield daemon
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(PATIENCE_S)
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

    def wait_until(self, true: Callable[[], object], *, seconds: float = PATIENCE_S) -> None:
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
        return self.process.wait(PATIENCE_S)


def smtp_settings(host: str, port: int, **more: str) -> Mapping[str, str]:
    """Return the settings for a mail server on loopback that speaks in the clear."""
    return {
        "MONITOR_SMTP_HOST": host,
        "MONITOR_SMTP_PORT": str(port),
        "MONITOR_SMTP_SECURITY": "none",
        "MONITOR_SMTP_FROM": "monitor@example.org",
        **more,
    }
