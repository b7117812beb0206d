"""The unit of systemd that we give away: it is whole, and shuts in what it runs."""

import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

from monitor.cli.main import COMMANDS
from tests.places import ROOT

UNIT = ROOT / "docs" / "ops" / "newsroom-monitor.service"


def settings() -> dict[str, list[str]]:
    found = defaultdict(list)
    for line in UNIT.read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found[name].append(value)
    return found


def test_the_unit_runs_what_speaks_to_systemd() -> None:
    said = settings()
    assert said["Type"] == ["notify"]
    assert int(said["WatchdogSec"][0]) >= 30
    program, command = said["ExecStart"][0].split()
    assert Path(program).name == "monitor"
    assert command in COMMANDS
    assert said["RestartPreventExitStatus"] == ["2 3"]


def test_the_unit_gives_it_nothing_that_it_does_not_need() -> None:
    said = settings()
    for name in (
        *("DynamicUser", "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome"),
        *("ProtectKernelModules", "ProtectKernelTunables", "RestrictNamespaces"),
    ):
        assert said[name] == ["yes"], name
    assert said["CapabilityBoundingSet"] == [""]
    assert said["ProtectSystem"] == ["strict"]
    assert said["UMask"] == ["0077"]


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:  # it is not everywhere, and what it says is the same everywhere
        return
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/monitor/bin/monitor", "/bin/true"))
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert ours == []
