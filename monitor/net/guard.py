"""The guard on every outgoing connection: which address may be connected to, and the connecting.

The address that is checked is the address that is connected to, and the socket is asked for its
peer once more afterwards; a name is never looked up twice. HTTP and SMTP both connect through
`AddressGuard.connect`.
"""

import queue
import socket
import threading
from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network

from ingester.urls.hosts import ascii_host
from monitor.base import clock
from monitor.net.addresses import Address, inner_ipv4, is_public, read_address

Network = IPv4Network | IPv6Network
Resolver = Callable[[str, float], Sequence[str]]
"""Host and seconds → addresses, best first; raises `socket.gaierror` or `TimeoutError`."""
Opener = Callable[[str, int, float], socket.socket]
"""Address, port and seconds → a connected TCP socket; raises OSError."""

WEB_PORTS = frozenset({80, 443})
MOST_ADDRESSES = 4
"""So many addresses of a name are tried, in turn."""
_LOOKUPS = threading.BoundedSemaphore(64)


class AddressRefused(PermissionError):
    """The guard does not allow a connection; the text is one sentence without secrets."""


class AddressGuard:
    """Decides which addresses may be connected to, and connects. Safe to use from many threads."""

    def __init__(
        self,
        allow_private: Sequence[Network] = (),
        *,
        resolve: Resolver | None = None,
        open_socket: Opener | None = None,
    ) -> None:
        """Make a guard.

        Args:
            allow_private: Networks that may be connected to though they are not public, and at
                any port.
        """
        self._allowed = tuple(allow_private)
        self._resolve = look_up if resolve is None else resolve
        self._open = open_tcp if open_socket is None else open_socket

    def check_address(self, ip: str, port: int, *, ports: frozenset[int] = WEB_PORTS) -> None:
        """Return if this address and port may be connected to.

        Raises:
            AddressRefused: They may not; the text says why and what to do.
        """
        try:
            address = read_address(ip)
        except ValueError:
            raise AddressRefused(f"{ip[:80]!r} is not an IP address") from None
        if self._is_allowed(address):
            return
        if not is_public(address):
            shown = inner_ipv4(address) or address
            raise AddressRefused(
                f"address {shown} is not public; "
                "add it to allow_private (MONITOR_ALLOW_PRIVATE) to use it"
            )
        if port not in ports:
            raise _not_allowed(port, ports)

    def is_allowed_private(self, host: str) -> bool:
        """Whether all addresses of a host lie in the networks that the operator allowed.

        False when it cannot be looked up.
        """
        try:
            addresses = self.addresses(host, timeout=5)
        except OSError:
            return False
        return bool(addresses) and all(self._is_allowed(read_address(ip)) for ip in addresses)

    def check_host(
        self, host: str, port: int, *, ports: frozenset[int] = WEB_PORTS, timeout: float = 5
    ) -> None:
        """Return if some address of a host may be connected to at this port now.

        A courtesy to whoever types a URL. `connect` decides for itself, each time.

        Raises:
            AddressRefused: It may not.
            OSError: The name cannot be looked up: `socket.gaierror` or `TimeoutError`.
        """
        self._permitted(host, port, ports=ports, timeout=timeout)

    def connect(
        self, host: str, port: int, *, timeout: float, ports: frozenset[int] = WEB_PORTS
    ) -> socket.socket:
        """Open a TCP connection to a host, if one of its addresses may be connected to.

        Args:
            timeout: Seconds for the look-up and all attempts together.

        Raises:
            AddressRefused: None of its addresses is allowed.
            OSError: The look-up (`socket.gaierror`) or the last attempt failed.
        """
        end = clock.monotonic() + timeout
        permitted = self._permitted(host, port, ports=ports, timeout=timeout)
        failure: OSError = TimeoutError("timed out")
        for place, ip in enumerate(permitted):
            left = end - clock.monotonic()
            if left <= 0:
                break
            try:
                sock = self._open(ip, port, left / (len(permitted) - place))
            except OSError as error:
                failure = error
                continue
            try:
                self._check_peer(sock, ip, port, ports=ports)
            except BaseException:
                sock.close()
                raise
            return sock
        raise failure

    def addresses(self, host: str, *, timeout: float) -> list[str]:
        """Look a host up; an address is its own answer.

        Raises:
            OSError: It cannot be looked up.
        """
        host = host.strip("[]")
        try:
            read_address(host)
        except ValueError:
            pass
        else:
            return [host]
        try:
            name = ascii_host(host)
        except ValueError as error:
            raise socket.gaierror(socket.EAI_NONAME, str(error)) from None
        return list(self._resolve(name, timeout))

    def _permitted(
        self, host: str, port: int, *, ports: frozenset[int], timeout: float
    ) -> list[str]:
        try:
            addresses = self.addresses(host, timeout=timeout)
        except OSError:
            if port not in ports and not self._allowed:
                raise _not_allowed(port, ports) from None  # wherever the name would lead
            raise
        permitted: list[str] = []
        refusal: AddressRefused | None = None
        for ip in addresses:
            try:
                self.check_address(ip, port, ports=ports)
            except AddressRefused as error:
                refusal = refusal or error
            else:
                permitted.append(ip)
        if permitted:
            return _families_in_turn(permitted)[:MOST_ADDRESSES]
        raise refusal or socket.gaierror(socket.EAI_NONAME, "the name has no address")

    def _check_peer(
        self, sock: socket.socket, ip: str, port: int, *, ports: frozenset[int]
    ) -> None:
        peer, peer_port = sock.getpeername()[:2]
        if (peer, peer_port) == (ip, port):
            return  # just what was checked
        self.check_address(peer, peer_port, ports=ports)
        if read_address(peer) != read_address(ip) or peer_port != port:
            raise AddressRefused(f"connected to {peer} instead of {ip}")

    def _is_allowed(self, address: Address) -> bool:
        inner = inner_ipv4(address)
        return any(
            address in network or (inner is not None and inner in network)
            for network in self._allowed
        )


def _not_allowed(port: int, ports: frozenset[int]) -> AddressRefused:
    known = ", ".join(map(str, sorted(ports)))
    return AddressRefused(
        f"port {port} is not allowed, only {known}; "
        "add its network to allow_private (MONITOR_ALLOW_PRIVATE) to use it"
    )


def look_up(host: str, timeout: float) -> list[str]:
    """Implements `Resolver` with the system's resolver, which knows no time limit of its own."""
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()
    if not _LOOKUPS.acquire(timeout=timeout):
        raise TimeoutError("the look-up timed out")

    def ask() -> None:
        try:
            addresses = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
            # The system's order (RFC 6724) is kept; a name may be given twice.
            answers.put(list(dict.fromkeys(str(address[4][0]) for address in addresses)))
        except OSError as error:
            answers.put(error)
        finally:
            _LOOKUPS.release()

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=timeout)
    except queue.Empty:
        raise TimeoutError("the look-up timed out") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def open_tcp(ip: str, port: int, timeout: float) -> socket.socket:
    """Implements `Opener`."""
    if "%" in ip:
        sock = socket.create_connection((ip, port), timeout)  # which knows what a scope is
    else:
        sock = socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET)
        try:
            sock.settimeout(timeout)
            sock.connect((ip, port))
        except BaseException:
            sock.close()
            raise
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _families_in_turn(addresses: list[str]) -> list[str]:
    """Alternate between IPv6 and IPv4, so that a dead family does not use up all attempts."""
    if len(addresses) == 1:
        return addresses
    first = [ip for ip in addresses if (":" in ip) == (":" in addresses[0])]
    other = [ip for ip in addresses if (":" in ip) != (":" in addresses[0])]
    mixed: list[str] = []
    for place in range(max(len(first), len(other))):
        mixed += first[place : place + 1] + other[place : place + 1]
    return mixed
