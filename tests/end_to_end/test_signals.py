"""What the daemon makes of a hang-up, which a terminal and an administrator mean differently."""

import fcntl
import os
import pty
import signal
import subprocess
import sys
import termios

from tests.end_to_end.home import PATIENCE_S, Daemon, Home


def test_a_service_that_is_told_to_read_its_settings_anew_goes_on(small_home: Home) -> None:
    with small_home.daemon("--no-starter") as daemon:
        daemon.wait_until(lambda: "started" in daemon.logged)
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_until(lambda: "settings are read at the start" in daemon.logged)
        assert daemon.stop() == 0


def test_a_daemon_whose_terminal_is_closed_ends_in_good_order(small_home: Home) -> None:
    ours, its = pty.openpty()
    log = small_home.path.parent / "terminal.err"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "run", "--no-starter"],
            env=small_home.environ,
            cwd=small_home.path.parent,
            stdin=its,
            stdout=its,
            stderr=stderr,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(its, termios.TIOCSCTTY, 0),
        )
    daemon = Daemon(process, log, log)
    try:
        daemon.wait_until(lambda: "started" in daemon.logged)
        os.close(its)
        os.close(ours)
        assert process.wait(PATIENCE_S) == 0
    finally:
        daemon.kill()
    assert "stopped" in daemon.logged
