"""What only a real process shows: pipes, signals, locales, closed streams, imports, speed."""

import json
import os
import pty
import resource
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.answers import reply
from tests.servers import FaultServer, fault_server
from tests.unit.monitor.cli.conftest import Monitor

__all__ = ["fault_server"]

PATIENCE_S = 300.0
"""For what must come, however busy the machine is."""

DEAR = {"trafilatura", "feedparser", "alembic", "apscheduler", "psycopg"}


def start(
    monitor: Monitor, *words: str, extra: Mapping[str, str] | None = None, **how: object
) -> "subprocess.Popen[bytes]":
    """Start a command as a process."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(monitor.home), **monitor.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "monitor", *words],
        env={**environ, **(extra or {})},
        stdout=how.pop("stdout", subprocess.PIPE),  # type: ignore[call-overload]  # as given
        stderr=how.pop("stderr", subprocess.PIPE),
        stdin=subprocess.DEVNULL,
        # A shell that runs the tests in the background has us ignore it, and all that we start.
        preexec_fn=how.pop("preexec_fn", lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)),
        **how,
    )


@pytest.fixture
def many_rules(monitor: Monitor) -> Monitor:
    """A home with more rules than a pipe holds."""
    from tests.builders import a_rule, given

    storage = monitor.storage()
    given(storage, *(a_rule(f"tågstrejk {number} " + "x" * 900) for number in range(200)))
    storage.close()
    return monitor


def test_what_a_poll_has_to_say_is_said_once(monitor: Monitor, fault_server: FaultServer) -> None:
    bad = fault_server.on("/bad", reply(b"", status=500))
    monitor("add-source", bad, "--kind", "feed", "--name", "bad", "--anyway")
    out, error = start(monitor, "poll", "bad").communicate()
    assert (out, error) == (b"bad: HTTP 500 Internal Server Error\n", b"")


def test_a_program_that_thinks_is_answered_line_by_line_and_the_end_of_its_lines_is_the_end(
    monitor: Monitor,
) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(monitor.home), **monitor.environ}
    asked = "".join(
        json.dumps({"jsonrpc": "2.0", "id": id_, "method": method}) + "\n"
        for id_, method in enumerate(("ping", "tools/list"))
    )
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "mcp"],
        env=environ,
        input=asked.encode(),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [0, 1]


def test_a_reader_that_goes_away_ends_a_command_with_141_and_no_word(many_rules: Monitor) -> None:
    process = start(many_rules, "list-rules", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(PATIENCE_S) == 141


def test_ctrl_c_ends_a_command_with_130_and_no_traceback(monitor: Monitor) -> None:
    monitor("add-rule", "x y")
    process = start(monitor, "list-alerts", "--follow")
    deadline = time.monotonic() + PATIENCE_S
    while not _is_asleep(process.pid) and time.monotonic() < deadline:
        os.sched_yield()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert b"Traceback" not in said


def _is_asleep(pid: int) -> bool:
    """Whether the process waits in its loop: it has opened the database, and sleeps."""
    try:
        opened = any(
            "monitor.db" in os.readlink(path) for path in Path(f"/proc/{pid}/fd").iterdir()
        )
        return opened and "nanosleep" in Path(f"/proc/{pid}/wchan").read_text()
    except OSError:
        return False


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0"}, {}])
def test_it_works_without_a_locale(many_rules: Monitor, locale: dict[str, str]) -> None:
    out, err = start(many_rules, "list-rules", "--json", extra=locale).communicate(
        timeout=PATIENCE_S
    )
    assert err == b""
    assert json.loads(out.splitlines()[0])["query"].startswith("tågstrejk ")


def test_json_is_ascii_where_the_output_is_not_utf_8(many_rules: Monitor) -> None:
    extra = {"PYTHONIOENCODING": "latin-1"}
    out, _ = start(many_rules, "list-rules", "--json", extra=extra).communicate(timeout=PATIENCE_S)
    assert out.isascii()
    assert json.loads(out.splitlines()[0])["query"].startswith("tågstrejk ")


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_closed_stream_makes_no_traceback(monitor: Monitor, closed: int) -> None:
    script = f'exec "$0" -m monitor status {closed}>&-'
    done = subprocess.run(
        ["sh", "-c", script, sys.executable],
        env={"PATH": os.environ["PATH"], "HOME": str(monitor.home), **monitor.environ},
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode == 0


def test_a_full_disk_behind_the_output_is_said(monitor: Monitor) -> None:
    with Path("/dev/full").open("wb") as full:
        process = start(monitor, "status", stdout=full)
        _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert said == b"Error: no space left on device\n"


def test_twenty_columns_are_enough_and_colour_is_for_terminals_only(many_rules: Monitor) -> None:
    ours, theirs = pty.openpty()
    process = start(
        many_rules, "list-rules", extra={"COLUMNS": "20", "TERM": "dumb"}, stdout=theirs
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:
            break
        if not more:
            break
        said += more
    os.close(ours)
    assert process.stderr is not None
    process.stderr.close()
    assert process.wait(PATIENCE_S) == 0
    lines = said.decode().splitlines()
    assert max(map(len, lines)) <= 20
    assert "\x1b" not in said.decode()


def test_commands_that_people_wait_for_import_nothing_dear(monitor: Monitor) -> None:
    for line in ("--version", "--help", "add-rule x", "list-alerts --json", "status", "search x"):
        assert not imported_by(monitor, *line.split()) & DEAR, line


def imported_by(monitor: Monitor, *words: str) -> set[str]:
    """Run a command and return the packages and modules that it imports."""
    process = start(monitor, *words, extra={"PYTHONPROFILEIMPORTTIME": "1"})
    _, said = process.communicate(timeout=PATIENCE_S)
    return {
        line.rsplit(b"|", 1)[1].strip().split(b".")[0].decode()
        for line in said.splitlines()
        if line.startswith(b"import time:")
    }


def test_the_version_needs_nothing_that_was_installed_but_click(monitor: Monitor) -> None:
    installed = imported_by(monitor, "--version") & set(packages_distributions())
    assert installed - {"_distutils_hack", "common", "monitor", "storage"} == {"click"}


def test_an_error_of_ours_is_one_line_and_the_traceback_comes_with_debug(
    monitor: Monitor, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import monitor.base.times\n"
        "def show_age(*args, **keywords): raise KeyError('bug')\n"
        "monitor.base.times.show_age = show_age\n"
    )
    monitor("add-rule", "x y")
    extra = {"PYTHONPATH": str(broken)}
    quiet = start(monitor, "list-rules", extra=extra)
    _, said = quiet.communicate(timeout=PATIENCE_S)
    assert (quiet.returncode, said) == (
        1,
        b"Error: internal error (KeyError); run it again with --debug to see where\n",
    )
    loud = start(monitor, "list-rules", "--debug", extra=extra)
    assert b"Traceback" in loud.communicate(timeout=PATIENCE_S)[1]


def test_one_round_says_in_json_how_it_is_then(monitor: Monitor) -> None:
    (monitor.home / "seeds" / "note.txt").write_text(
        "The Hanoi Convention opens\n\nThe Hanoi Convention was opened for signature today.\n"
    )
    process = start(monitor, "run", "--once", "--json")
    out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    [status] = [json.loads(line) for line in out.splitlines()]
    assert status["rules"]["active"] == status["sources"]["active"] == 1
    assert b"Hanoi Convention" in err


def test_nobody_else_can_read_what_lies_in_the_data_folder(monitor: Monitor) -> None:
    for path in (monitor.home, monitor.home / "monitor.db"):
        path.chmod(0o755)
    for words in (("add-channel", "hook", "https://example.org/in"), ("run", "--once"), ("init",)):
        process = start(monitor, *words, umask=0o022)
        said = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, said
    modes = {
        str(path.relative_to(monitor.home)): stat.S_IMODE(path.stat().st_mode) & 0o077
        for path in monitor.home.rglob("*")
        if path != monitor.home / "seeds"
    }
    assert {name: oct(mode) for name, mode in modes.items() if mode} == {}
    assert {"monitor.db", "daemon.lock"} <= modes.keys()


def test_a_daemon_with_little_memory_sends_and_does_not_fill_the_log(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    url = fault_server.on("/hook", reply(b"", status=204))
    names = [f"hook{number}" for number in range(20)]
    for name in names:
        monitor("add-channel", name, url)
    monitor("add-rule", "Hanoi Convention", *(f"--notify={name}" for name in names))
    for number in range(5):
        text = f"Country {number} signs\n\nThe Hanoi Convention was signed in week {number}.\n"
        (monitor.home / "seeds" / f"{number}.txt").write_text(text)
    few = 600 * 1024 * 1024
    process = start(
        monitor, "run", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (few, few))
    )
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and len(fault_server.seen("/hook")) < 100:
        time.sleep(0.2)
    process.terminate()
    _, said = process.communicate(timeout=PATIENCE_S)
    assert len({seen.headers["webhook-id"] for seen in fault_server.seen("/hook")}) == 100
    assert b"MemoryError" not in said
