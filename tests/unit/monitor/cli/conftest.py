"""The command line in this process, on a home of its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.main import run
from monitor.cli.session import Session
from storage.admin.engine import open_storage
from storage.api.storage import Storage


class Monitor:
    """Runs commands and keeps what they said.

    Attributes:
        home: The data folder.
        out, err: What the last command printed.
    """

    def __init__(self, home: Path, seeds: Path, read: Callable[[], tuple[str, str]]) -> None:
        self.home = home
        self.environ = {
            "MONITOR_HOME": str(home),
            "MONITOR_SEEDS": str(seeds),
            "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8",
            "MONITOR_DICTIONARIES": "none",
        }
        self._read = read
        self.out = ""
        self.err = ""

    def __call__(self, *words: str, expect: int = 0) -> str:
        """Run a command, check its exit code, and return what it printed."""
        self._read()
        code = run(list(words), Session(self.environ))
        self.out, self.err = self._read()
        assert code == expect, f"{words}: {code}\n{self.out}\n{self.err}"
        return self.out

    def json(self, *words: str, expect: int = 0) -> list[dict[str, Any]]:
        """Run a command with `--json` and return the objects that it printed."""
        return [json.loads(line) for line in self(*words, "--json", expect=expect).splitlines()]

    def one(self, *words: str, expect: int = 0) -> dict[str, Any]:
        """Run a command that prints one object with `--json`."""
        [printed] = self.json(*words, expect=expect)
        return printed

    def storage(self) -> Storage:
        """Open the store beside the command line."""
        return open_storage(f"sqlite:///{self.home / 'monitor.db'}", home=self.home)


@pytest.fixture
def monitor(
    tmp_path: Path, migrated_sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> Monitor:
    """A home whose database is empty."""
    del migrated_sqlite_url  # it lies in tmp_path now

    def read() -> tuple[str, str]:
        said = capsys.readouterr()
        return said.out, said.err

    seeds = tmp_path / "seeds"
    seeds.mkdir()
    return Monitor(tmp_path, seeds, read)
