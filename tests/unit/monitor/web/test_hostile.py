"""What browsers never send, sent to the site as it is served: bytes on a socket of this machine."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from monitor.app import App
from monitor.web.listening import Listening
from monitor.web.serve import bound, server_of
from tests.stored import fill
from tests.unit.monitor.web.asking import app

__all__ = ["app"]

HURRIED_S = 0.3
MIB = 1024 * 1024


@pytest.fixture
def port(app: App) -> Iterator[int]:
    """Where the site is served in a thread."""
    fill(app.storage)
    with served(app) as port:
        yield port


@contextmanager
def served(app: App, *, patience_s: float | None = None) -> Iterator[int]:
    place = Listening("127.0.0.1", 0)
    with bound(place) as listener:
        server = server_of(app, place, patience_s=patience_s)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(60)


def said(port: int, *parts: bytes) -> tuple[int, str]:
    """Send bytes as they are; return the code and the whole answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        answer = b""
        try:
            for part in parts:
                connection.sendall(part)
        except OSError:
            pass  # it has answered and closed; what it said can still be read
        try:
            while chunk := connection.recv(65_536):
                answer += chunk
        except OSError:
            pass
    text = answer.decode("utf-8", "replace")
    assert text.startswith("HTTP/1.1 "), text[:100]
    return int(text[9:12]), text


def get(path: str, *headers: str, host: str = "127.0.0.1") -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post(path: str, *headers: str) -> bytes:
    kind = "Content-Type: application/json"
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", kind, *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


RULES = "/api/v1/rules"
PAUSE = f"{RULES}/strike/pause"
"""It is done for whoever asks well: no body is needed."""
SCRIPT = "%3Cscript%3Ealert(1)%3C/script%3E"


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        pytest.param(get(f"/search?query={SCRIPT}"), 200, id="120 script in a query"),
        pytest.param(get(f"/{SCRIPT}"), 404, id="120 script in a path"),
        pytest.param(get("/rules/%3Cscript%3Ealert(1)"), 404, id="120 script in a name"),
        pytest.param(get("/static/../site.py"), 404, id="122 dots"),
        pytest.param(get("/static/%2e%2e/site.py"), 404, id="122 escaped dots"),
        pytest.param(get("/static/..%5csite.py"), 404, id="122 backslash"),
        pytest.param(get("/static//etc/passwd"), 404, id="122 absolute"),
        pytest.param(get("/api/v1/alerts?limit=1e9"), 400, id="124 limit"),
        pytest.param(get("/api/v1/deliveries?state=1;drop"), 400, id="124 state"),
        pytest.param(get("/?days=-1"), 400, id="124 days"),
        pytest.param(get("/api/v1/alerts?token=x"), 401, id="125 token in the address"),
        pytest.param(get(RULES, "Authorization: Bearer x"), 401, id="125 wrong token"),
        pytest.param(
            get("/", "X-Forwarded-For: 127.0.0.1", host="evil.example"), 421, id="126 host"
        ),
        pytest.param(
            get("/", "X-Forwarded-Host: 127.0.0.1", host="evil.example"), 421, id="126 forwarded"
        ),
        pytest.param(
            post(f"{RULES}/strike/pause", "Origin: http://evil.example", "Content-Length: 0"),
            403,
            id="127 another origin",
        ),
        pytest.param(post(RULES, f"Content-Length: {100 * MIB}"), 413, id="123 a body of 100 MB"),
        pytest.param(
            post(RULES, "Transfer-Encoding: chunked")
            + b"300000\r\n"
            + b" " * (3 * MIB)
            + b"\r\n0\r\n\r\n",
            413,
            id="123 a body of which nobody said how long it is",
        ),
        pytest.param(get("/", *(f"X-{n}: 1" for n in range(10_000))), 431, id="123 10,000 headers"),
        pytest.param(
            post(PAUSE, "Content-Length: 4", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
            400,
            id="123 smuggling by two lengths",
        ),
        pytest.param(
            post(RULES, "Content-Length: 4", "Content-Length: 5") + b"{}  ",
            400,
            id="123 smuggling by two numbers",
        ),
        pytest.param(post(RULES, "Content-Length: -1"), 400, id="123 a negative length"),
    ],
)
def test_it_is_answered_as_it_deserves(app: App, port: int, request_: bytes, code: int) -> None:
    answered, text = said(port, request_)
    assert answered == code
    assert "<script>alert" not in text
    assert "root:" not in text
    assert "Traceback" not in text
    assert said(port, get("/healthz"))[0] == 200
    with app.storage.reading() as tx:
        assert [(rule.name, rule.state.value) for rule in tx.rules.all()] == [("strike", "active")]


def test_a_body_that_does_not_come_is_given_up(app: App) -> None:
    with served(app, patience_s=HURRIED_S) as port:
        assert said(port, post(RULES, "Content-Length: 20") + b"{")[0] == 408


def test_a_body_that_drips_is_given_up_as_a_whole(app: App) -> None:
    with (
        served(app, patience_s=HURRIED_S) as port,
        socket.create_connection(("127.0.0.1", port), timeout=60) as connection,
    ):
        connection.sendall(post(RULES, "Content-Length: 1000"))
        connection.settimeout(HURRIED_S / 6)
        answer = b""
        for _ in range(900):
            if answer:
                break
            connection.sendall(b" ")
            try:
                answer = connection.recv(100)
            except TimeoutError:
                continue
    assert answer.startswith(b"HTTP/1.1 408")
