"""What systemd is told: ready, alive while jobs run, stopping."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.daemon.supervision import Supervision


class Systemd:
    """Listens as systemd does, with a clock of its own."""

    def __init__(self, address: str) -> None:
        self.now_s = 0.0
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self.socket.setblocking(False)
        self.environ = {
            "NOTIFY_SOCKET": address,
            "WATCHDOG_USEC": "60000000",
            "WATCHDOG_PID": str(os.getpid()),
        }

    def supervised(self, **changes: str) -> Supervision:
        return Supervision(self.environ | changes, seconds=lambda: self.now_s)

    def told(self) -> list[str]:
        said = []
        try:
            while True:
                said.append(self.socket.recv(1000).decode())
        except BlockingIOError:
            return said


@pytest.fixture(params=["file", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Systemd]:
    made = Systemd(str(tmp_path / "notify") if request.param == "file" else f"@test{os.getpid()}")
    yield made
    made.socket.close()


def test_it_is_told_when_it_begins_and_ends(systemd: Systemd) -> None:
    supervision = systemd.supervised()
    supervision.ready()
    supervision.stopping()
    assert [said.split("\n")[0] for said in systemd.told()] == ["READY=1", "STOPPING=1"]


def test_it_is_told_in_time_that_the_daemon_is_alive_as_long_as_jobs_run(systemd: Systemd) -> None:
    supervision = systemd.supervised()
    alive_at = []
    for second in range(1, 301):
        systemd.now_s = float(second)
        if second <= 200:
            supervision.beat()
        supervision.watch()
        alive_at += [second for said in systemd.told() if said == "WATCHDOG=1"]
    gaps = [later - earlier for earlier, later in zip([0, *alive_at], alive_at, strict=False)]
    assert max(gaps) < 60
    assert alive_at[-1] <= 230  # then it is killed, and started anew


def test_without_a_watchdog_it_is_not_told(systemd: Systemd) -> None:
    for changes in ({"WATCHDOG_USEC": ""}, {"WATCHDOG_PID": "1"}):
        supervision = systemd.supervised(**changes)
        systemd.now_s += 1000
        supervision.beat()
        supervision.watch()
        assert systemd.told() == []


def test_without_systemd_nothing_happens(tmp_path: Path) -> None:
    for environ in ({}, {"NOTIFY_SOCKET": str(tmp_path / "gone")}):
        supervision = Supervision(environ)
        supervision.ready()
        supervision.beat()
        supervision.watch()
        supervision.stopping()
