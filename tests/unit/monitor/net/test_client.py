"""The one client: what it sends, what it refuses to do with an answer, what it leaves behind."""

import logging
import socket
from collections.abc import Iterator
from ipaddress import ip_network

import httpx
import pytest

from monitor.net.client import make_client
from monitor.net.guard import AddressGuard, open_tcp
from tests.answers import redirect, reply
from tests.servers import FaultServer

LOCAL = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with make_client(AddressGuard(LOCAL), user_agent="tests/1") as client:
        yield client


def test_a_body_in_an_encoding_nobody_asked_for_is_not_decoded(client: httpx.Client) -> None:
    with FaultServer() as server:
        server.on("/", reply(b"\x1f\x8b rubbish", headers={"Content-Encoding": "gzip"}))
        assert client.get(server.url("/")).content == b"\x1f\x8b rubbish"
        assert server.requests[0].headers["accept-encoding"] == "identity"


def test_a_request_without_a_limit_of_its_own_is_limited(client: httpx.Client) -> None:
    with FaultServer() as server:
        server.on("/", reply(bytes(3 << 20)))
        with pytest.raises(httpx.LocalProtocolError, match="too large"):
            client.get(server.url("/"))


@pytest.mark.parametrize("location", ["javascript:alert(1)", "data:,x", "http://[::1", "//"])
def test_a_hostile_location_is_a_plain_header(client: httpx.Client, location: str) -> None:
    with FaultServer() as server:
        server.on("/", redirect(location))
        assert client.post(server.url("/")).headers["location"] == location


@pytest.mark.parametrize(
    ("host", "sent"),
    [
        ("☕.test", "xn--53h.test"),
        ("xn--a.test", "xn--a.test"),
        ("bücher.test", "xn--bcher-kva.test"),
    ],
)
def test_names_that_only_resolvers_understand_are_asked_for(host: str, sent: str) -> None:
    guard = AddressGuard(LOCAL, resolve=lambda host, timeout: ["127.0.0.1"])
    with FaultServer() as server, make_client(guard, user_agent="tests") as client:
        server.on("/", reply("here"))
        assert client.get(f"http://{host}:{server.port}/").text == "here"
        assert server.requests[0].headers["host"] == f"{sent}:{server.port}"


def test_a_body_is_sent_whole(client: httpx.Client) -> None:
    with FaultServer() as server:
        server.on("/", reply(status=204))
        assert client.post(server.url("/"), content=b"x" * 500_000).status_code == 204
        assert len(server.requests[0].body) == 500_000


def test_an_early_refusal_is_read_although_the_body_was_not_taken(client: httpx.Client) -> None:
    with FaultServer() as server:
        server.on("/", reply("too long", status=413))
        assert client.post(server.url("/"), content=b"x" * 5_000_000).status_code == 413


def test_urls_are_not_logged() -> None:
    for name in ("httpx", "httpcore"):
        assert logging.getLogger(name).level >= logging.WARNING


@pytest.mark.parametrize("close", [False, True])
def test_no_connection_stays_open(close: bool) -> None:
    opened: list[socket.socket] = []

    def remember(ip: str, port: int, timeout: float) -> socket.socket:
        opened.append(open_tcp(ip, port, timeout))
        return opened[-1]

    guard = AddressGuard(LOCAL, open_socket=remember)
    with FaultServer() as server, make_client(guard, user_agent="t") as own:
        server.on("/", reply(b"x" * 100))
        if close:
            with own.stream("GET", server.url("/")):
                pass
        else:
            own.get(server.url("/"))
    assert [sock.fileno() for sock in opened] == [-1]
