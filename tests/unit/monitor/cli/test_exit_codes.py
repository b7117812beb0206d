"""The same slip ends with the same code in every command: 1 for a name that nothing has, else 2."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.unit.monitor.cli.conftest import Monitor

READS = [
    "apply {}.yaml",
    "apply {}.yaml --dry-run",
    "lint-rules {}.yaml",
    "import-opml {}",
    "inspect {}",
    "replay {}",
    "copy {}.db {new}.db",
    "restore {} --yes",
    "try-rule treaty {}",
    "explain r {}",
    "add-source {}",
    "add-channel x https://hooks.example/x --secret-file {}",
    "edit-channel desk --secret-file {}",
    "--config {} status",
]
"""What is to lie there is read."""

WRITES = ["backup {}", "report r --output {}", "copy {home} {}.db"]
"""What is to lie there is written."""

NAMES = [
    *("show-rule {}", "edit-rule {} --name x", "pause-rule {}", "resume-rule {}"),
    *("remove-rule {} --yes", "explain {} {}", "report {}", "render {} --channel desk"),
    *("show-source {}", "edit-source {} --every 5m", "pause-source {}", "resume-source {}"),
    *(
        "remove-source {} --yes",
        "poll {}",
        "list-articles --source {}",
        "search treaty --source {}",
    ),
    *("try-rule treaty --source {}", "show-alert {}", "list-alerts --rule {}", "wrong-match {}"),
    *("redeliver {}", "list-deliveries --channel {}", "list-alerts --digest {}"),
    *("show-article {}", "show-story {}", "split-story {} x", "merge-stories {} x"),
    *("edit-channel {} --language sv", "test-channel {}", "pause-channel {}"),
    *("enable-channel {}", "remove-channel {} --yes", "render r --channel {}"),
    *("silence --rule {} --for 1h --reason x", "silence --source {} --for 1h --reason x"),
    *("unsilence {}", "remove-token {}"),
]
"""What is called so is looked for."""

URLS = [
    *("add-source {}", "discover {}", "inspect {}", "add-channel x {}"),
    *("edit-channel desk --target {}", "copy {} {new}.db", "copy {home} {}"),
]

NUMBERS = [
    *("list-alerts --limit {}", "list-deliveries --limit {}", "list-articles --limit {}"),
    *(
        "search treaty --limit {}",
        "list-alerts --since {}",
        "search treaty --since {}",
        "coverage --since {}",
    ),
    *("report r --since {}", "redeliver --since {}", "try-rule treaty --since {}"),
    *(
        "add-rule treaty --backfill {}",
        "add-rule treaty --escalate {}",
        "add-rule treaty --max-per-day {}",
    ),
    *(
        "add-rule treaty --min-outlets {}",
        "add-rule treaty --expires {}",
        "edit-rule r --escalate {}",
    ),
    *("add-source https://a.example/ --every {}", "add-source https://a.example/ --backfill {}"),
    *("add-channel x console: --max-per-hour {}", "prune --older-than {}"),
    *("prune --smaller-than {}", "silence --rule r --for {} --reason x"),
    *("replay {home} --from {}", "replay {home} --speed {}"),
]


@pytest.fixture(autouse=True)
def furnished(monitor: Monitor) -> None:
    monitor("add-channel", "desk", "console:")
    monitor("add-rule", "orchid treaty", "--name", "r")


def all_end(monitor: Monitor, code: int, lines: Sequence[str], slip: object) -> None:
    """Check how each command ends for a slip, and that it says why."""
    for line in lines:
        words = line.replace("{home}", str(monitor.home)).replace("{new}", str(monitor.home / "n"))
        monitor(*words.replace("{}", str(slip)).split(), expect=code)
        assert "Error: " in monitor.err, words
        assert "Traceback" not in monitor.err


def test_a_file_that_is_not_there_is_misuse(monitor: Monitor) -> None:
    all_end(monitor, 2, READS, monitor.home / "missing")
    all_end(monitor, 2, [*READS, *WRITES], monitor.home / "missing" / "below")


def test_a_folder_in_the_place_of_a_file_is_misuse(monitor: Monitor) -> None:
    for ending in ("", ".yaml", ".db"):
        (monitor.home / f"folder{ending}").mkdir()
    takes_folders = ("replay", "copy", "add-source")
    lines = [line for line in (*READS, *WRITES) if not line.startswith(takes_folders)]
    all_end(monitor, 2, lines, monitor.home / "folder")


def test_what_may_not_be_read_or_written_is_misuse(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for ending in ("", ".yaml", ".db"):
        (monitor.home / f"shut{ending}").write_text("x")
    let_in, opened = os.access, os.open

    def access(path: str | Path, *rest: Any, **more: Any) -> bool:
        return "shut" not in str(path) and let_in(path, *rest, **more)

    def open_(path: str | Path, *rest: Any, **more: Any) -> int:
        if "shut" in str(path):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return opened(path, *rest, **more)

    # For root, as whom tests may run, nothing is shut.
    monkeypatch.setattr(os, "access", access)
    monkeypatch.setattr(os, "open", open_)
    all_end(monitor, 2, READS, monitor.home / "shut")
    all_end(monitor, 2, ["report r --output {}", "copy {home} {}.db"], monitor.home / "shut")


def test_a_name_that_nothing_has_is_not_found(monitor: Monitor) -> None:
    all_end(monitor, 1, NAMES, "nosuch")


def test_a_name_in_what_is_defined_is_misuse(monitor: Monitor) -> None:
    lines = [
        "add-rule treaty --notify {}",
        "add-rule treaty --source {}",
        "edit-rule r --notify {}",
    ]
    all_end(monitor, 2, [*lines, "edit-rule r --source {}"], "nosuch")


@pytest.mark.parametrize("slip", ["http://", "gopher://a.example/", "http://[::1"])
def test_a_url_that_is_none_is_misuse(monitor: Monitor, slip: str) -> None:
    all_end(monitor, 2, URLS, slip)


@pytest.mark.parametrize("slip", ["x", "-1", "99999999999999999999"])
def test_a_number_that_is_none_is_misuse(monitor: Monitor, slip: str) -> None:
    all_end(monitor, 2, NUMBERS, slip)
