"""What `bench.deliver` sends to and compares with: a sink, bare loops, Alertmanager, a server."""

import json
import multiprocessing
import os
import re
import selectors
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import h11
import httpx
import psycopg
from sqlalchemy import make_url

from tests.postgres import server_url

_ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_ID = re.compile(rb"(?i)\r\nwebhook-id: *([^\r]+)")
_NUMBER = re.compile(rb'"number": ?"?(\d+)')
LATE_S = 1.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Sink:
    """A receiver in a process of its own that takes everything and notes when it came."""

    port: int
    _pipe: Connection

    def ask(self, what: str) -> Any:
        """Ask it for something it has noted, or to forget all of it."""
        self._pipe.send(what)
        return self._pipe.recv()

    def arrivals(self) -> list[tuple[str, float]]:
        """Return ids, or places where none was said, each with when its first byte was read."""
        return [(id_, at) for id_, at, _ in self.ask("all")]

    def numbers(self) -> list[int]:
        """Return the numbers that the bodies carry, as they came."""
        return [number for _, _, number in self.ask("all") if number is not None]


@contextmanager
def running() -> Iterator[Sink]:
    """Run a sink for as long as the block does."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        yield Sink(here.recv(), here)
    finally:
        process.terminate()


def _serve(pipe: Connection) -> None:
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    pipe.send(listening.getsockname()[1])
    chooser = selectors.DefaultSelector()
    chooser.register(listening, selectors.EVENT_READ)
    chooser.register(pipe, selectors.EVENT_READ)
    came: list[tuple[str, float, int | None]] = []
    begun: dict[socket.socket, tuple[bytes, float]] = {}
    late: list[tuple[float, socket.socket]] = []
    while True:
        ready = chooser.select(LATE_S / 20 if late else None)
        while late and late[0][0] <= time.monotonic():
            with suppress(OSError):
                late.pop(0)[1].sendall(_ANSWER)
        for key, _ in ready:
            if key.fileobj is pipe:
                if pipe.recv() == "clear":
                    came.clear()
                pipe.send(came)
            elif key.fileobj is listening:
                connection, _ = listening.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                chooser.register(connection, selectors.EVENT_READ)
            else:
                assert isinstance(key.fileobj, socket.socket)
                _read(key.fileobj, chooser, begun, came, late)


def _read(
    connection: socket.socket,
    chooser: selectors.BaseSelector,
    begun: dict[socket.socket, tuple[bytes, float]],
    came: list[tuple[str, float, int | None]],
    late: list[tuple[float, socket.socket]],
) -> None:
    now = time.monotonic()
    try:
        data = connection.recv(65536)
    except OSError:
        data = b""
    if not data:
        chooser.unregister(connection)
        connection.close()
        begun.pop(connection, None)
        return
    before, since = begun.pop(connection, (b"", now))
    data = before + data
    head, _, body = data.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    if not length or len(body) < int(length[1]):
        begun[connection] = data, since
        return
    named, number = _ID.search(head), _NUMBER.search(body)
    id_ = named[1].decode() if named else str(len(came))
    came.append((id_, since, int(number[1]) if number else None))
    if b" /late " in head:
        late.append((now + LATE_S, connection))
    elif b" /slow " not in head:
        connection.sendall(_ANSWER)


# --- what it is compared with -------------------------------------------------------------


def httpx_loop(port: int, text: bytes, count: int) -> float:
    """Post one after the other with httpx, on one connection; return the CPU seconds."""
    with httpx.Client(trust_env=False) as client:
        url = f"http://127.0.0.1:{port}/floor"
        headers = {"content-type": "application/json"}
        client.post(url, content=text, headers=headers)
        began = time.process_time()
        for _ in range(count - 1):
            assert client.post(url, content=text, headers=headers).status_code == 204
        return time.process_time() - began


def h11_loop(port: int, text: bytes, count: int) -> float:
    """Post with h11 on one socket."""
    headers = [("host", "127.0.0.1"), ("content-length", str(len(text)))]
    began = time.process_time()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        http = h11.Connection(h11.CLIENT)
        for _ in range(count):
            parts = [http.send(h11.Request(method="POST", target="/floor", headers=headers))]
            parts += [http.send(h11.Data(data=text)), http.send(h11.EndOfMessage())]
            connection.sendall(b"".join(part or b"" for part in parts))
            while not isinstance(event := http.next_event(), h11.EndOfMessage):
                if event is h11.NEED_DATA:
                    http.receive_data(connection.recv(65536))
            http.start_next_cycle()
    return time.process_time() - began


def socket_loop(port: int, text: bytes, count: int) -> float:
    """Write the same bytes again and again to one socket: what no client can be below."""
    head = f"POST /floor HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(text)}\r\n\r\n"
    whole = head.encode() + text
    began = time.process_time()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for _ in range(count):
            connection.sendall(whole)
            assert connection.recv(65536).startswith(b"HTTP/1.1 204")
    return time.process_time() - began


FLOORS: dict[str, Callable[[int, bytes, int], float]] = {
    "bare httpx": httpx_loop,
    "bare h11": h11_loop,
    "bare socket": socket_loop,
}

_CONFIGURATION = """
route: {receiver: hook, group_by: ['...'], group_wait: 0s, group_interval: 1h, repeat_interval: 24h}
receivers:
- name: hook
  webhook_configs: [{url: "http://127.0.0.1:%d/hook", send_resolved: false}]
"""


def alertmanager(binary: Path, sink: Sink, count: int, *, port: int = 18093) -> float:
    """Have Alertmanager notify the sink of so many alerts; return its CPU seconds."""
    with tempfile.TemporaryDirectory(prefix="deliver-am-") as folder:
        Path(folder, "am.yml").write_text(_CONFIGURATION % sink.port)
        process = subprocess.Popen(
            [
                str(binary),
                f"--config.file={folder}/am.yml",
                f"--storage.path={folder}/data",
                f"--web.listen-address=127.0.0.1:{port}",
                "--cluster.listen-address=",
                "--log.level=error",
            ]
        )
        try:
            time.sleep(2.0)
            before = tree_cpu(process.pid)
            for start in range(0, count, 64):
                _post_alerts(port, range(start, min(count, start + 64)))
            until = time.monotonic() + 60
            while len(sink.arrivals()) < count and time.monotonic() < until:
                time.sleep(0.2)
            return tree_cpu(process.pid) - before
        finally:
            process.terminate()
            process.wait()


def _post_alerts(port: int, numbers: range) -> None:
    alerts = [
        {
            "labels": {"alertname": f"rule{number % 100}", "article": str(number)},
            "annotations": {"title": "x" * 90, "summary": "y" * 900},
        }
        for number in numbers
    ]
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v2/alerts",
        json.dumps(alerts).encode(),
        {"content-type": "application/json"},
    )
    urllib.request.urlopen(request).read()


# --- the database's server ----------------------------------------------------------------


@contextmanager
def postgres(shared: Path) -> Iterator[str]:
    """Start a server, as the tests do."""
    with server_url(shared) as url:
        yield url


def new_database(server: str) -> str:
    """Make a database; return its URL."""
    name = f"deliver_{time.monotonic_ns()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def server_cpu(server: str) -> float:
    """Return the CPU seconds of a server's processes, ended ones included."""
    with psycopg.connect(server) as session:
        head = _parent(Path(f"/proc/{session.info.backend_pid}/stat").read_text())
    total = _seconds(Path(f"/proc/{head}/stat").read_text(), with_children=True)
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = status.read_text()
        except OSError:
            continue
        if _parent(text) == head:
            total += _seconds(text, with_children=False)
    return total


def _parent(status: str) -> int:
    return int(status.rpartition(")")[2].split()[1])


def tree_cpu(pid: int) -> float:
    """Return the CPU seconds that a process has used, all of its threads."""
    return _seconds(Path(f"/proc/{pid}/stat").read_text(), with_children=False)


def _seconds(status: str, *, with_children: bool) -> float:
    fields = status.rpartition(")")[2].split()
    return sum(int(field) for field in fields[11 : 15 if with_children else 13]) / _TICKS
