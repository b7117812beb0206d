"""Files that are kept for a later run: whose they are, and what a killed writer leaves."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from common.own_files import opened_if_ours, replacing

KILLED = """
import os, signal, sys
from pathlib import Path
from common.own_files import replacing
with replacing(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_writer_left_is_taken_away_by_the_next(tmp_path: Path) -> None:
    kept = tmp_path / "rules.index"
    subprocess.run([sys.executable, "-c", KILLED, str(kept)], check=False)
    assert len(list(tmp_path.iterdir())) == 1
    with replacing(kept) as file:
        file.write(b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["rules.index"]


def test_what_somebody_else_is_writing_stays(tmp_path: Path) -> None:
    kept = tmp_path / "rules.index"
    with replacing(kept) as first:
        first.write(b"first")
        with replacing(kept) as second:
            second.write(b"second")
        assert kept.read_bytes() == b"second"
    assert kept.read_bytes() == b"first"


def test_a_pipe_in_place_of_a_file_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rules.index", 0o600)
    with pytest.raises(PermissionError), opened_if_ours(tmp_path / "rules.index"):
        pass
