"""The wire under the HTTP client: sockets that the guard opens, within one request's limits."""

import socket
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from common.network_causes import in_the_systems_words
from monitor.base import clock
from monitor.net.guard import AddressGuard, AddressRefused

HEAD_SECONDS = 20.0
TOTAL_SECONDS = 60.0
HEAD_LIMIT = 64 * 1024
"""Bytes of status line and headers, informational answers (1xx) included."""
WIRE_LIMIT = 1024 * 1024
"""Bytes of the whole answer, for requests that name no limit."""


class RequestRefused(httpx.UnsupportedProtocol):
    """We do not make this request; the text is one sentence without secrets.

    Code that may not import this package catches `httpx.UnsupportedProtocol`.
    """


class Budget:
    """What one request may still use of time and bytes."""

    def __init__(self, extensions: dict[str, Any]) -> None:
        begun = clock.monotonic()
        total = float(extensions.get("total_timeout", TOTAL_SECONDS))
        self._end = begun + total
        self._head_end = begun + min(total, float(extensions.get("head_timeout", HEAD_SECONDS)))
        self._wire_left = int(extensions.get("wire_limit", WIRE_LIMIT))
        self._head_left = HEAD_LIMIT
        self._in_head = True

    def head_is_read(self) -> None:
        self._in_head = False

    def seconds(self, wished: float | None) -> float:
        """Return how long the next operation may take; at most 0 when time is up."""
        end = self._head_end if self._in_head else self._end
        left = end - clock.monotonic()
        return left if wished is None else min(left, wished)

    def next_read(self, wished: int) -> int:
        """Return how many bytes may be read next."""
        if self._wire_left <= 0:
            # httpx has no kind for our own bounds; this one is about our side of the exchange.
            raise httpx.LocalProtocolError("the answer is too large")
        if not self._in_head:
            return wished
        if self._head_left <= 0:
            raise httpx.LocalProtocolError("headers over 64 KiB")
        return min(wished, self._head_left)

    def used(self, size: int) -> None:
        self._wire_left -= size
        self._head_left -= size


class Backend(httpcore.NetworkBackend):
    """Implements `httpcore.NetworkBackend` for one request: connects through the guard."""

    def __init__(self, guard: AddressGuard, budget: Budget) -> None:
        self._guard = guard
        self._budget = budget

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            sock = self._guard.connect(host, port, timeout=self._budget.seconds(timeout))
        except AddressRefused as error:
            raise RequestRefused(str(error)) from None
        except TimeoutError:
            raise httpx.ConnectTimeout("timed out") from None
        except OSError as error:
            raise httpx.ConnectError(in_the_systems_words(error)) from error
        return _Stream(sock, self._budget)


class _Stream(httpcore.NetworkStream):
    """Implements `httpcore.NetworkStream` within a budget, on a socket that the guard opened."""

    def __init__(self, sock: socket.socket, budget: Budget) -> None:
        self._socket = sock
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        size = self._budget.next_read(max_bytes)
        try:
            self._wait_at_most(timeout)
            data = self._socket.recv(size)
        except TimeoutError:
            raise httpx.ReadTimeout("timed out") from None
        except OSError as error:
            raise httpx.ReadError(in_the_systems_words(error)) from error
        self._budget.used(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            while buffer:
                self._wait_at_most(timeout)
                buffer = buffer[self._socket.send(buffer) :]
        except TimeoutError:
            raise httpx.WriteTimeout("timed out") from None
        except OSError as error:
            # httpcore's own kind: it then reads what the server said before it hung up.
            raise httpcore.WriteError(in_the_systems_words(error)) from error

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            self._wait_at_most(timeout)
            secured = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except TimeoutError:
            self.close()
            raise httpx.ConnectTimeout("timed out") from None
        except (OSError, ValueError) as error:
            self.close()
            raise httpx.ConnectError(in_the_systems_words(error)) from error
        return _Stream(secured, self._budget)

    def close(self) -> None:
        self._socket.close()

    def get_extra_info(self, info: str) -> Any:
        # httpcore asks for "ssl_object" to see whether HTTP/2 was agreed; we never offer it.
        return None

    def _wait_at_most(self, timeout: float | None) -> None:
        left = self._budget.seconds(timeout)
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
