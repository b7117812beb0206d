"""The one HTTP client: every request goes through the guard, within limits of time and size.

A transport of our own over httpcore, one connection a request. A request may set its limits in
`extensions`: "head_timeout" and "total_timeout" (seconds, from its start, whatever happens in
between) and "wire_limit" (bytes of the whole answer).
"""

import logging
import socket
import ssl
from collections.abc import Iterable, Iterator
from typing import Any

import certifi
import httpcore
import httpx

from ingester.urls import check_feed_url
from monitor import clock
from monitor.guard import AddressGuard, AddressRefused

HEAD_SECONDS = 20.0
TOTAL_SECONDS = 60.0
HEAD_LIMIT = 64 * 1024
"""Bytes of status line and headers, informational answers (1xx) included."""
WIRE_LIMIT = 1024 * 1024
"""Bytes of the whole answer, for requests that name no limit."""

for _name in ("httpx", "httpcore"):
    # At INFO they write whole URLs, and webhook URLs are secrets.
    logging.getLogger(_name).setLevel(logging.WARNING)


class RequestRefused(httpx.UnsupportedProtocol):
    """We do not make this request; the text is one sentence without secrets.

    Code that may not import this package catches `httpx.UnsupportedProtocol`.
    """


def make_client(
    guard: AddressGuard, *, user_agent: str, tls: ssl.SSLContext | None = None
) -> httpx.Client:
    """Return the client for everything that leaves the machine. Safe to use from many threads.

    It follows no redirect, keeps no cookie, asks for no compression (a compressed answer that was
    not asked for is handed on as it is) and ignores proxies in the environment. Errors are
    httpx's: what is not allowed raises `RequestRefused`, what breaks a bound `LocalProtocolError`,
    and the system's own error is the `__cause__` of a `ConnectError`.

    Args:
        tls: What certificates to trust; `tls_context()` if None.
    """
    return _Client(
        transport=GuardedTransport(guard, tls or tls_context()),
        headers={
            "User-Agent": user_agent,
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
        },
        timeout=httpx.Timeout(HEAD_SECONDS),
        follow_redirects=False,
        trust_env=False,
    )


class _SharedContext(ssl.SSLContext):
    """A context that threads share: httpcore sets ALPN again at each connection, which is unsafe
    while another thread makes a connection from it."""

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        pass


def tls_context() -> ssl.SSLContext:
    """Return a context that trusts the system's authorities (`SSL_CERT_FILE`) and certifi's."""
    context = _SharedContext(ssl.PROTOCOL_TLS_CLIENT)
    super(_SharedContext, context).set_alpn_protocols(["http/1.1"])
    context.load_default_certs()
    context.load_verify_locations(cafile=certifi.where())
    return context


class _Client(httpx.Client):
    """Checks URLs as they were typed; httpx quietly mends some that are traps."""

    def build_request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Request:
        try:
            checked = check_feed_url(str(url))
        except ValueError as error:
            raise RequestRefused(str(error)) from None
        try:
            return super().build_request(method, checked, **options)
        except httpx.InvalidURL:
            raise RequestRefused("the URL cannot be read") from None


class GuardedTransport(httpx.BaseTransport):
    """Implements `httpx.BaseTransport`: one guarded connection for each request."""

    def __init__(self, guard: AddressGuard, tls: ssl.SSLContext) -> None:
        self._guard = guard
        self._tls = tls

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.scheme not in ("http", "https"):
            raise RequestRefused("only http and https are allowed")
        budget = _Budget(request.extensions)
        connection = httpcore.HTTPConnection(
            httpcore.Origin(
                request.url.raw_scheme,
                request.url.raw_host,
                request.url.port or (443 if request.url.scheme == "https" else 80),
            ),
            ssl_context=self._tls,
            network_backend=_Backend(self._guard, budget),
        )
        assert isinstance(request.stream, httpx.SyncByteStream)
        try:
            answer = connection.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        except httpcore.ProtocolError as error:
            connection.close()
            raise _protocol_error(error) from None
        except BaseException:
            connection.close()
            raise
        budget.head_is_read()
        assert isinstance(answer.stream, Iterable)
        return _Response(
            status_code=answer.status,
            headers=_kept_headers(answer.headers, request),
            stream=_Body(answer.stream, connection),
            extensions={"http_version": answer.extensions.get("http_version", b"HTTP/1.1")},
        )


def _kept_headers(
    headers: list[tuple[bytes, bytes]], request: httpx.Request
) -> list[tuple[bytes, bytes]]:
    # No cookies, and no decoder for bytes that nobody asked to have encoded: a few hundred of
    # them can become a gigabyte.
    dropped = {b"set-cookie", b"set-cookie2"}
    if request.headers.get("accept-encoding", "identity") == "identity":
        dropped.add(b"content-encoding")
    return [(name, value) for name, value in headers if name.lower() not in dropped]


def _protocol_error(error: httpcore.ProtocolError) -> httpx.ProtocolError:
    if isinstance(error, httpcore.LocalProtocolError):
        return httpx.LocalProtocolError(str(error))
    return httpx.RemoteProtocolError(str(error))


class _Response(httpx.Response):
    """An answer whose Location httpx leaves alone: it would build a request from it even when
    told not to follow, and fail on hostile ones."""

    @property
    def has_redirect_location(self) -> bool:
        return False


class _Budget:
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


class _Backend(httpcore.NetworkBackend):
    """Implements `httpcore.NetworkBackend` for one request: connects through the guard."""

    def __init__(self, guard: AddressGuard, budget: _Budget) -> None:
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
            raise httpx.ConnectError(_reason(error)) from error
        return _Stream(sock, self._budget)


class _Stream(httpcore.NetworkStream):
    """Implements `httpcore.NetworkStream` within a budget, on a socket that the guard opened."""

    def __init__(self, sock: socket.socket, budget: _Budget) -> None:
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
            raise httpx.ReadError(_reason(error)) from error
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
            raise httpcore.WriteError(_reason(error)) from error

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
            raise httpx.ConnectError(_reason(error)) from error
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


class _Body(httpx.SyncByteStream):
    """The body as it arrives; closing it closes the connection."""

    def __init__(self, stream: Iterable[bytes], connection: httpcore.HTTPConnection) -> None:
        self._stream = stream
        self._connection = connection

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._stream
        except httpcore.ProtocolError as error:
            raise _protocol_error(error) from None

    def close(self) -> None:
        self._connection.close()


def _reason(error: Exception) -> str:
    """Return what the system calls the trouble, without numbers and file names."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return (error.reason or "TLS failed").replace("_", " ").lower()
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
