"""The guard: no spelling of an address that is not public ever leads to a connection."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

import httpx
import pytest

from monitor.net.addresses import is_public
from monitor.net.backend import RequestRefused
from monitor.net.client import make_client, tls_context
from monitor.net.guard import AddressGuard, AddressRefused, look_up, open_tcp
from tests.answers import redirect, reply
from tests.servers import FaultServer
from tests.unit.monitor.net.ssrf_corpus import DECIMAL, HOSTILE_DNS, HOSTS, IPV6, PUBLIC
from tests.unit.monitor.net.ssrf_urls import URLS

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LOCAL = (ip_network("127.0.0.0/8"),)
TLS = tls_context()


@dataclass
class Wire:
    """Stands where sockets are opened, and counts."""

    opened: list[str] = field(default_factory=list)
    leads_to: int | None = None

    def open(self, ip: str, port: int, timeout: float) -> socket.socket:
        self.opened.append(ip)
        return open_tcp("127.0.0.1", self.leads_to or port, timeout)


def hostile(host: str, timeout: float) -> list[str]:
    return list(HOSTILE_DNS.get(host, ())) or look_up(host, timeout)


@pytest.fixture(scope="module")
def trap() -> Iterator[FaultServer]:
    """Listens on the loopback interface; whatever reaches it is a hole."""
    with FaultServer() as server:
        server.otherwise(reply("reached"))
        yield server


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("port", [":{}", ""], ids=["its port", "the usual port"])
def test_an_address_that_is_not_public_is_never_connected_to(
    host: str, port: str, trap: FaultServer
) -> None:
    before = trap.connections
    wire = Wire(leads_to=trap.port)
    guard = AddressGuard(resolve=hostile, open_socket=wire.open)
    with make_client(guard, user_agent="tests", tls=TLS) as client:
        for scheme in ("http", "https"):
            with pytest.raises(RequestRefused) as caught:
                client.get(f"{scheme}://{host}{port.format(trap.port)}/")
            assert "is not public; add it to allow_private" in str(caught.value)
    assert wire.opened == []
    assert trap.connections == before


def test_the_corpus_is_large_and_without_doubles() -> None:
    assert len(set(HOSTS)) == len(HOSTS) >= 300


@pytest.mark.parametrize("host", [*DECIMAL, *IPV6])
def test_a_look_up_that_answers_so_is_refused(host: str) -> None:
    wire = Wire()
    guard = AddressGuard(resolve=lambda name, timeout: [host], open_socket=wire.open)
    with pytest.raises(AddressRefused):
        guard.connect("innocent.test", 80, timeout=60)
    assert wire.opened == []


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ip_address(address))
    AddressGuard().check_address(address, 443)


@pytest.mark.parametrize("url", URLS)
def test_urls_that_programs_disagree_about_are_refused(url: str) -> None:
    wire = Wire()
    guard = AddressGuard(resolve=hostile, open_socket=wire.open)
    refused = pytest.raises((RequestRefused, httpx.ConnectError))  # or there is no such name
    with make_client(guard, user_agent="tests", tls=TLS) as client, refused:
        client.get(url)
    assert wire.opened == []


def test_the_host_of_a_fragment_or_query_is_not_the_host() -> None:
    asked: list[str] = []

    def resolve(host: str, timeout: float) -> list[str]:
        asked.append(host)
        return ["10.0.0.1"]

    with make_client(AddressGuard(resolve=resolve), user_agent="tests", tls=TLS) as client:
        for url in ("http://a.test#@b.test/", "http://a.test?@b.test/", "http://u@a.test/@b.test"):
            with pytest.raises(RequestRefused):
                client.get(url)
    assert asked == ["a.test"] * 3


@pytest.mark.parametrize("port", [1, 22, 25, 81, 6379, 8080, 65535])
def test_only_web_ports_are_allowed_on_public_addresses(port: int) -> None:
    wire = Wire()
    guard = AddressGuard(LOCAL, resolve=lambda host, timeout: ["8.8.8.8"], open_socket=wire.open)
    refused = pytest.raises(RequestRefused, match=f"^port {port} is not allowed, only 80, 443;")
    with make_client(guard, user_agent="tests", tls=TLS) as client, refused:
        client.get(f"http://public.test:{port}/")
    assert wire.opened == []


@pytest.mark.parametrize("host", ["127.0.0.1", "[::ffff:127.0.0.1]", "localhost", "2130706433"])
def test_allowed_networks_may_be_connected_to_at_any_port(host: str, trap: FaultServer) -> None:
    with make_client(AddressGuard(LOCAL), user_agent="tests", tls=TLS) as client:
        assert client.get(f"http://{host}:{trap.port}/").text == "reached"


def test_a_name_that_changes_its_mind_is_looked_up_once_and_checked_as_connected() -> None:
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])
    wire = Wire()

    def unreachable(ip: str, port: int, timeout: float) -> socket.socket:
        wire.opened.append(ip)
        raise ConnectionRefusedError

    guard = AddressGuard(resolve=lambda host, timeout: next(answers), open_socket=unreachable)
    with make_client(guard, user_agent="tests", tls=TLS) as client:
        with pytest.raises(httpx.ConnectError):
            client.get("http://rebinding.test/")
        with pytest.raises(RequestRefused):
            client.get("http://rebinding.test/")
    assert wire.opened == ["8.8.8.8"]


def test_of_a_mixed_answer_only_public_addresses_are_tried() -> None:
    wire = Wire()

    def fails(ip: str, port: int, timeout: float) -> socket.socket:
        wire.opened.append(ip)
        raise ConnectionRefusedError

    mixed = ["127.0.0.1", "8.8.8.8", "::1", "2606:4700::1", "10.0.0.1", "8.8.4.4"]
    guard = AddressGuard(resolve=lambda host, timeout: mixed, open_socket=fails)
    with pytest.raises(ConnectionRefusedError):
        guard.connect("mixed.test", 443, timeout=60)
    assert wire.opened == ["8.8.8.8", "2606:4700::1", "8.8.4.4"]


def test_a_socket_that_ends_up_elsewhere_is_closed_unused(trap: FaultServer) -> None:
    before = len(trap.requests)
    wire = Wire(leads_to=trap.port)
    guard = AddressGuard(resolve=lambda host, timeout: ["8.8.8.8"], open_socket=wire.open)
    with make_client(guard, user_agent="tests", tls=TLS) as client, pytest.raises(RequestRefused):
        client.get("http://public.test/")
    assert wire.opened == ["8.8.8.8"]
    assert len(trap.requests) == before


def test_the_client_follows_no_redirect_by_itself(trap: FaultServer) -> None:
    with (
        FaultServer() as server,
        make_client(AddressGuard(LOCAL), user_agent="tests", tls=TLS) as client,
    ):
        server.on("/", redirect(trap.url("/")))
        assert client.post(server.url("/")).status_code == 302


def test_so_many_addresses_of_a_name_are_tried_and_no_more() -> None:
    wire = Wire()

    def fails(ip: str, port: int, timeout: float) -> socket.socket:
        wire.opened.append(ip)
        raise OSError("no route")

    many = [f"8.8.{number // 256}.{number % 256}" for number in range(500)]
    guard = AddressGuard(resolve=lambda host, timeout: many, open_socket=fails)
    with pytest.raises(OSError, match="no route"):
        guard.connect("many.test", 80, timeout=60)
    assert len(wire.opened) == 4


def test_a_name_without_addresses_is_a_failed_look_up() -> None:
    guard = AddressGuard(resolve=lambda host, timeout: [])
    with pytest.raises(socket.gaierror):
        guard.connect("empty.test", 80, timeout=60)


def test_the_second_address_is_used_when_the_first_is_dead(trap: FaultServer) -> None:
    guard = AddressGuard(LOCAL, resolve=lambda host, timeout: ["127.0.0.2", "127.0.0.1"])
    with guard.connect("two.test", trap.port, timeout=60) as sock:
        assert sock.getpeername()[0] == "127.0.0.1"


# --- what others ask the guard -------------------------------------------------------------------


def test_mail_ports_are_a_matter_of_the_caller() -> None:
    mail = frozenset({25, 465, 587})
    guard = AddressGuard(LOCAL)
    guard.check_address("8.8.8.8", 587, ports=mail)
    guard.check_address("127.0.0.1", 1025, ports=mail)
    with pytest.raises(AddressRefused, match="port 80 is not allowed"):
        guard.check_address("8.8.8.8", 80, ports=mail)
    with pytest.raises(AddressRefused, match=r"address 10\.0\.0\.1 is not public"):
        guard.check_address("10.0.0.1", 587, ports=mail)


def test_a_port_that_no_address_may_have_is_refused_though_the_name_is_not_found() -> None:
    def unknown(host: str, timeout: float) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(AddressRefused, match=r"port 25 is not allowed, only 80, 443; add its"):
        AddressGuard(resolve=unknown).check_host("news.test", 25)
    for guard, port in (
        (AddressGuard(resolve=unknown), 443),
        (AddressGuard(LOCAL, resolve=unknown), 25),
    ):
        with pytest.raises(socket.gaierror):  # what the operator allowed may have any port
            guard.check_host("news.test", port)


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "x" * 500, "1.2.3.4/8"])
def test_only_addresses_are_checked_as_addresses(text: str) -> None:
    with pytest.raises(AddressRefused, match="not an IP address"):
        AddressGuard(LOCAL).check_address(text, 80)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("[::ffff:127.0.0.1]", True),
        ("both.test", False),
        ("local.test", True),
        ("8.8.8.8", False),
        ("10.0.0.1", False),
        ("unknown.test", False),
        ("", False),
        ("a" * 300, False),
    ],
)
def test_a_host_is_allowed_as_private_only_with_all_its_addresses(
    host: str, expected: bool
) -> None:
    known = {"both.test": ["127.0.0.1", "10.0.0.1"], "local.test": ["127.0.0.9"]}

    def resolve(name: str, timeout: float) -> list[str]:
        if name not in known:
            raise socket.gaierror
        return known[name]

    assert AddressGuard(LOCAL, resolve=resolve).is_allowed_private(host) is expected


def test_a_typed_host_can_be_checked_before_it_is_used() -> None:
    guard = AddressGuard(resolve=hostile)
    with pytest.raises(AddressRefused, match=r"address 10\.0\.0\.5 is not public"):
        guard.check_host("inside.test", 443)
    guard.check_host("8.8.8.8", 443)


def test_a_look_up_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def hang(*arguments: object, **options: object) -> list[object]:
        release.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    with pytest.raises(TimeoutError):
        look_up("slow.test", 0.05)
    release.set()
