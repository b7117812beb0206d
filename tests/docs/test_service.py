"""The unit of systemd that we give away: it is whole, and shuts in what it runs."""

import shutil
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from monitor.cli.main import COMMANDS, DAMAGED, MISUSE
from monitor.config.home_lock import ANOTHER_DAEMON
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


def test_the_unit_starts_it_anew_soon_and_then_once_a_minute() -> None:
    said = {name: values[-1] for name, values in settings().items()}
    assert said["Restart"] == "on-failure"
    assert delays(said, restarts=8) == [5, 9, 17, 32, 60, 60, 60, 60]
    # Who types something wrong, has another daemon, or must restore, is not helped by any of them.
    kept_down = {*map(int, said["RestartPreventExitStatus"].split())}
    assert kept_down == {MISUSE, ANOTHER_DAEMON, DAMAGED}
    # Starts must not be so many that systemd gives up: five in ten seconds, unless said.
    assert sum(delays(said, restarts=4)) > 10


def delays(said: Mapping[str, str], *, restarts: int) -> list[int]:
    """Return the seconds before each restart in a row, as systemd computes them."""
    first, most = int(said["RestartSec"]), int(said["RestartMaxDelaySec"])
    steps = int(said["RestartSteps"])
    return [
        round(first * (most / first) ** (min(number, steps) / steps)) for number in range(restarts)
    ]


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
