"""What starts often, or is waited for, imports little: what it does not need yet comes later."""

import subprocess
import sys
from pathlib import Path

import pytest

DEAR = frozenset(
    {"alembic", "feedparser", "httpx", "jinja2", "lxml.html", "numpy", "starlette", "wasmtime"}
    | {"trafilatura", "uvicorn"}
)


def _imported(code: str) -> set[str]:
    """Return the modules that a process has imported that ran the code."""
    code = f"import sys\n{code}\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_the_daemon_can_send_what_it_owes_before_it_can_fetch_or_show_anything() -> None:
    needed = {"numpy"}  # with which rules are matched
    imported = _imported("import monitor.daemon.daemon, monitor.web.serve, monitor.web.listening")
    assert DEAR & imported <= needed


@pytest.mark.parametrize("command", ["list-rules", "list-channels"])
def test_a_list_of_what_is_stored_needs_no_rules_to_be_read(tmp_path: Path, command: str) -> None:
    run = f"run(['--home', {str(tmp_path)!r}, {command!r}], new_session())"
    code = f"from monitor.cli.main import new_session, run\n{run}"
    _imported(code)  # which makes the tables
    imported = _imported(code)
    assert not DEAR & imported
    assert not {"rules.query.parsed", "storage.sql.articles", "storage.sql.stories"} & imported
