"""A short run of the kill harness; docs/operations.md says how to run a long one."""

import subprocess
import sys

import pytest

from tests.places import ROOT


def kills(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench.kills", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_random_kills_lose_nothing_and_make_no_new_ids(
    database: str, request: pytest.FixtureRequest
) -> None:
    is_long = request.config.getoption("--long")
    run = ("8", "--items", "40") if is_long else ("4", "--items", "25")
    done = kills("--database", database, "--longest-life", "2", "--kills", *run)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "lost 0, new ids 0, changed bodies 0" in done.stdout


@pytest.mark.long
def test_the_harness_sees_a_design_that_marks_before_it_sends() -> None:
    lives = ("--kills", "3", "--shortest-life", "5", "--longest-life", "6")
    done = kills("--design", "forgetful", "--items", "60", *lives)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "lost 0," not in done.stdout
