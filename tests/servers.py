"""A real HTTP(S) server for tests: scripted answers, a record of requests, and every fault.

    with FaultServer() as server:
        server.on("/feed", reply(b"<rss/>", content_type="application/rss+xml"))
        server.on("/hook", reply(status=500), reply(status=204))  # in turn; the last one repeats
        ...
        assert server.seen("/hook")[0].headers["webhook-id"] == "msg_1"

The answers are in `tests.answers`. A path without one is 404. Every connection carries one request
and is then closed. With TLS (`FaultServer(tls="good")`, or "expired", "wrong-host", "unknown-ca")
a client trusts the good one after `tests.certificates.trust(context)`, and another process with
`SSL_CERT_FILE` set to `tests.certificates.ca_file(folder)`.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import pytest

from tests.answers import BIG, Answer, Connection, Seen, redirect, reply
from tests.certificates import TlsKind, server_context


@dataclass
class _Route:
    answers: list[Answer] = field(default_factory=list)

    def next(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class FaultServer:
    """Serves until its `with` block ends.

    Attributes:
        requests: All requests, in the order in which they had arrived in full.
        connections: Accepted connections, whether or not they brought a request.
        most_at_once: The most requests that were being answered at the same time.
    """

    def __init__(
        self, *, host: str = "127.0.0.1", tls: TlsKind | None = None, deaf: bool = False
    ) -> None:
        """Listen at a free port.

        Args:
            deaf: Accept connections and never read from them (a TLS handshake hangs too).
        """
        self.requests: list[Seen] = []
        self.connections = 0
        self.most_at_once = 0
        self._answering = 0
        self._routes: dict[str, _Route] = {}
        self._default: Answer = reply(b"not here", status=404, content_type="text/plain")
        self._tls = None if tls is None else server_context(tls)
        self._deaf = deaf
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._socket = socket.create_server((host, 0), backlog=256)
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, name="fault-server", daemon=True)

    def __enter__(self) -> Self:
        self._acceptor.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening and drop every connection; closing twice is fine."""
        if self._closing.is_set():
            return
        self._closing.set()
        # close() alone does not wake a thread that is inside accept().
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with self._lock:
            still_open = list(self._open)
        for connection in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        if self._acceptor.ident is not None:
            self._acceptor.join(5)
        for thread in self._threads:
            thread.join(5)

    def url(self, path: str = "/", *, host: str | None = None, user: str | None = None) -> str:
        """Return the address of a path; `host` puts another name in it, `user` "name:password"."""
        scheme = "http" if self._tls is None else "https"
        name = host or (f"[{self.host}]" if ":" in self.host else self.host)
        return f"{scheme}://{'' if user is None else user + '@'}{name}:{self.port}{path}"

    def on(self, path: str, *answers: Answer) -> str:
        """Answer a path (without its query) so, each in turn, the last for ever; return its URL."""
        if not answers:
            raise ValueError("no answer given")
        with self._lock:
            self._routes[path] = _Route(list(answers))
        return self.url(path)

    def otherwise(self, answer: Answer) -> None:
        """Answer all paths that have no answer of their own so, instead of with 404."""
        self._default = answer

    def chain(self, path: str, hops: int, to: str, *, status: int = 302) -> str:
        """Redirect `hops` times before `to`; return where to begin."""
        for hop in range(hops):
            here = path if hop == 0 else f"{path}-{hop}"
            following = to if hop == hops - 1 else self.url(f"{path}-{hop + 1}")
            self.on(here, redirect(following, status=status))
        return self.url(path)

    def seen(self, path: str) -> list[Seen]:
        """Return the requests for a path, whatever their query, oldest first."""
        with self._lock:
            return [request for request in self.requests if request.path.partition("?")[0] == path]

    def wait_for(self, count: int, *, path: str | None = None, seconds: float = 300) -> list[Seen]:
        """Wait until so many requests have come (for a path); return them.

        Raises:
            AssertionError: They did not come in time.
        """
        end = time.monotonic() + seconds
        while True:
            requests = list(self.requests) if path is None else self.seen(path)
            if len(requests) >= count:
                return requests
            assert time.monotonic() < end, f"{len(requests)} of {count} requests in {seconds} s"
            time.sleep(0.01)

    # --- inside ---

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                sock, _ = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            with self._lock:
                self.connections += 1
                self._open.add(sock)
                self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        plain = sock
        try:
            if self._deaf:
                self._closing.wait()
                return
            sock.settimeout(30)
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
                with self._lock:
                    self._open.discard(plain)
                    self._open.add(sock)
            self._answer(Connection(sock, self._closing))
        except OSError:
            pass  # the client went away, or did not like our certificate
        finally:
            with self._lock:
                self._open.discard(plain)
                self._open.discard(sock)
            _close_gently(sock)

    def _answer(self, connection: Connection) -> None:
        seen = _read_request(connection.socket)
        if seen is None:
            return
        with self._lock:
            self.requests.append(seen)
            route = self._routes.get(seen.path.partition("?")[0])
            answer = self._default if route is None else route.next()
            self._answering += 1
            self.most_at_once = max(self.most_at_once, self._answering)
        try:
            answer(connection, seen)
        finally:
            with self._lock:
                self._answering -= 1


def _close_gently(sock: socket.socket) -> None:
    """Close so that unread input does not turn our last answer into a reset."""
    try:
        sock.settimeout(0.2)
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(BIG):
            pass
    except (OSError, ValueError):
        pass
    finally:
        sock.close()


def _read_request(sock: socket.socket) -> Seen | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = sock.recv(BIG)
        if not more:
            return None
        data += more
    top, _, body = data.partition(b"\r\n\r\n")
    first, *lines = top.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines)
    }
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = _read_chunks(sock, body)
    else:
        while len(body) < int(headers.get("content-length", "0")):
            more = sock.recv(BIG)
            if not more:
                return None
            body += more
    return Seen(method=method, path=path, headers=headers, body=body, at=time.monotonic())


def _read_chunks(sock: socket.socket, data: bytes) -> bytes:
    def more() -> bytes:
        received = sock.recv(BIG)
        if not received:
            raise OSError("the request ended early")
        return received

    body = b""
    while True:
        while b"\r\n" not in data:
            data += more()
        size_line, _, data = data.partition(b"\r\n")
        size = int(size_line.split(b";")[0], 16)
        while len(data) < size + 2:
            data += more()
        body, data = body + data[:size], data[size + 2 :]
        if size == 0:
            return body


def refused_url(path: str = "/") -> str:
    """Return an address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return f"http://127.0.0.1:{sock.getsockname()[1]}{path}"


@pytest.fixture
def fault_server() -> Iterator[FaultServer]:
    """A plain HTTP server that has nothing to say yet."""
    with FaultServer() as server:
        yield server
