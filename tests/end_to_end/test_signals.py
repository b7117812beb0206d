"""What the daemon makes of a hang-up, which a terminal and an administrator mean differently."""

import fcntl
import os
import pty
import signal
import sqlite3
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import pytest

from tests.end_to_end.home import PATIENCE_S, Daemon, Home


def test_a_service_that_is_told_to_read_its_settings_anew_goes_on(small_home: Home) -> None:
    with small_home.daemon("--no-starter") as daemon:
        daemon.wait_until(lambda: "started" in daemon.logged)
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_until(lambda: "settings are read at the start" in daemon.logged)
        assert daemon.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_daemon_that_is_told_to_end_while_it_starts_ends_in_good_order(
    small_home: Home, number: int
) -> None:
    small_home.run("list-rules", expect=None)
    lock = small_home.path / "daemon.lock"
    lock.unlink(missing_ok=True)
    with closing(sqlite3.connect(small_home.path / "monitor.db")) as other:
        other.execute("BEGIN IMMEDIATE")  # it cannot go on with what was left
        with small_home.daemon("--no-starter") as daemon:
            daemon.wait_until(lock.exists)
            daemon.process.send_signal(number)
            with pytest.raises(subprocess.TimeoutExpired):
                daemon.process.wait(0.5)
            other.rollback()
            assert daemon.process.wait(PATIENCE_S) == 0
    assert "stopped" in daemon.logged


def test_a_daemon_whose_terminal_is_closed_ends_in_good_order(small_home: Home) -> None:
    with at_a_terminal(small_home) as (daemon, close):
        daemon.wait_until(lambda: "started" in daemon.logged)
        close()
        assert daemon.process.wait(PATIENCE_S) == 0
    assert "stopped" in daemon.logged


def test_a_session_that_ends_with_several_signals_lets_what_is_being_sent_arrive(
    small_home: Home,
) -> None:
    # As systemd ends those of people who log out: by SIGTERM and SIGHUP at once.
    with Receiver() as receiver, at_a_terminal(small_home) as (daemon, _):
        small_home.run("add-channel", "desk", receiver.url)
        small_home.run("add-rule", "ferry strike", "--notify", "desk")
        daemon.wait_until(lambda: "started" in daemon.logged)
        (small_home.seeds / "new.txt").write_text("Ferry strike\n\nThe crews stay at home.")
        daemon.wait_until(receiver.came.is_set)
        daemon.process.send_signal(signal.SIGTERM)
        daemon.process.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            daemon.process.wait(1)
        receiver.answer.set()
        assert daemon.process.wait(PATIENCE_S) == 0
    assert [each["state"] for each in small_home.json("list-deliveries")] == ["delivered"]


class Receiver:
    """Takes one webhook, and answers once it may."""

    def __init__(self) -> None:
        self.came, self.answer = threading.Event(), threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                receiver.came.set()
                receiver.answer.wait(PATIENCE_S)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.answer.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def at_a_terminal(home: Home) -> Iterator[tuple[Daemon, Callable[[], None]]]:
    """Run the daemon at a terminal of its own; yield it, and what closes the terminal."""
    ours, its = pty.openpty()
    log = home.path.parent / "terminal.err"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "run", "--no-starter"],
            env=home.environ,
            cwd=home.path.parent,
            stdin=its,
            stdout=its,
            stderr=stderr,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(its, termios.TIOCSCTTY, 0),
        )
    os.close(its)
    terminal = os.fdopen(ours, "rb", buffering=0)
    daemon = Daemon(process, log, log)
    try:
        yield daemon, terminal.close
    finally:
        daemon.kill()
        terminal.close()
