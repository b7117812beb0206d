"""The one HTTP client: every request goes through the guard, within limits of time and size.

A transport of our own over httpcore, one connection a request. A request may set its limits in
`extensions`: "head_timeout" and "total_timeout" (seconds, from its start, whatever happens in
between) and "wire_limit" (bytes of the whole answer).
"""

import logging
import ssl
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any

import certifi
import httpcore
import httpx

from ingester.urls.urls import check_feed_url
from monitor.net.backend import HEAD_SECONDS, Backend, Budget, RequestRefused
from monitor.net.guard import AddressGuard

for _name in ("httpx", "httpcore"):
    # At INFO they write whole URLs, and webhook URLs are secrets.
    logging.getLogger(_name).setLevel(logging.WARNING)


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
            # Without a Host, httpx decodes the host's punycode to see whether there is a host, and
            # fails on names that IDNA 2008 forbids though they resolve (☕.example).
            host = (b"Host", httpx.URL(checked).netloc)
            headers = {**httpx.Headers(options.pop("headers", None)), "Host": host[1].decode()}
            request = super().build_request(method, checked, headers=headers, **options)
        except httpx.InvalidURL:
            raise RequestRefused("the URL cannot be read") from None
        others = (header for header in request.headers.raw if header[0].lower() != b"host")
        request.headers = httpx.Headers([host, *others])
        return request


class GuardedTransport(httpx.BaseTransport):
    """Implements `httpx.BaseTransport`: one guarded connection for each request."""

    def __init__(self, guard: AddressGuard, tls: ssl.SSLContext) -> None:
        self._guard = guard
        self._tls = tls

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.scheme not in ("http", "https"):
            raise RequestRefused("only http and https are allowed")
        if request.url.port == 0:  # which httpcore takes for none
            raise RequestRefused("port 0 is not allowed")
        budget = Budget(request.extensions)
        connection = httpcore.HTTPConnection(
            httpcore.Origin(
                request.url.raw_scheme,
                request.url.raw_host,
                request.url.port or (443 if request.url.scheme == "https" else 80),
            ),
            ssl_context=self._tls,
            network_backend=Backend(self._guard, budget),
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


def user_agent(contact: str | None) -> str:
    """Return how we introduce ourselves: name, version, and whom to ask about us."""
    name = f"newsroom-monitor/{version('newsroom-monitor')}"
    return f"{name} (+{contact})" if contact else name
