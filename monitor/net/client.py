"""The one HTTP client: every request goes through the guard, within limits of time and size.

A transport of our own, one connection a request. A request may set its limits in `extensions`:
"head_timeout" and "total_timeout" (seconds, from its start, whatever happens in between) and
"wire_limit" (bytes of the whole answer); "trace" is called with how far it has come. With "keep"
its connection is kept for a moment, for the next request with "keep" to the same place.
"""

import logging
import ssl
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import certifi
import httpx

from ingester.urls.urls import check_feed_url
from monitor.net.backend import HEAD_SECONDS, Exchange, RequestRefused
from monitor.net.guard import AddressGuard
from monitor.net.kept import KeptConnections

_MOST_TARGETS = 2_000
"""So many addresses are read once, and then known."""

for _name in ("httpx", "httpcore"):
    # At INFO they write whole URLs, and webhook URLs are secrets.
    logging.getLogger(_name).setLevel(logging.WARNING)


def make_client(
    guard: AddressGuard, *, user_agent: str, tls: ssl.SSLContext | None = None
) -> "GuardedClient":
    """Return the client for everything that leaves the machine. Safe to use from many threads.

    It follows no redirect, keeps no cookie, asks for no compression (a compressed answer that was
    not asked for is handed on as it is) and ignores proxies in the environment. Errors are
    httpx's: what is not allowed raises `RequestRefused`, what breaks a bound `LocalProtocolError`,
    and the system's own error is the `__cause__` of a `ConnectError`.

    Args:
        tls: What certificates to trust; `tls_context()` if None.
    """
    return GuardedClient(
        GuardedTransport(guard, tls or tls_context()),
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


def tls_context() -> ssl.SSLContext:
    """Return a context that trusts the system's authorities (`SSL_CERT_FILE`) and certifi's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols(["http/1.1"])
    context.load_default_certs()
    context.load_verify_locations(cafile=certifi.where())
    return context


class GuardedClient(httpx.Client):
    """Checks URLs as they were typed; httpx quietly mends some that are traps.

    Requests and answers are httpx's own; what httpx does around each for cookies, redirects,
    authentication and hooks, which nobody of ours has, takes longer than all of an exchange.
    """

    def __init__(self, transport: "GuardedTransport", **options: Any) -> None:
        super().__init__(transport=transport, **options)
        self._guarded = transport

    def end_idle(self) -> None:
        """Close the connections that nobody has used again in time; call it now and then."""
        self._guarded.kept.tidy()

    def build_request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Request:
        try:
            target = _target(str(url))
        except ValueError as error:
            raise RequestRefused(str(error)) from None
        except httpx.InvalidURL:
            raise RequestRefused("the URL cannot be read") from None
        given = httpx.Headers(options.pop("headers", None)).raw
        extensions = dict(options.pop("extensions", None) or {})
        named = {name.lower() for name, _ in given} | {b"host"}
        if extensions.get("keep"):
            named.add(b"connection")  # nothing said means that it stays open
        usual = [header for header in self.headers.raw if header[0].lower() not in named]
        # Without a Host, httpx decodes the host's punycode to see whether there is a host, and
        # fails on names that IDNA 2008 forbids though they resolve (☕.example).
        given = [header for header in given if header[0].lower() != b"host"]
        headers = [(b"Host", target.netloc), *usual, *given]
        timeout = options.pop("timeout", self.timeout)
        if "timeout" not in extensions:
            is_given = isinstance(timeout, (int, float, httpx.Timeout))
            extensions["timeout"] = httpx.Timeout(timeout if is_given else self.timeout).as_dict()
        return httpx.Request(method, target, headers=headers, extensions=extensions, **options)

    def send(
        self, request: httpx.Request, *, stream: bool = False, **options: Any
    ) -> httpx.Response:
        if request.url.userinfo:
            return super().send(request, stream=stream, **options)
        if self.is_closed:
            raise RuntimeError("the client is closed")
        try:
            response = self._transport.handle_request(request)
        except httpx.RequestError as error:
            error.request = request
            raise
        response.request = request
        try:
            if not stream:
                response.read()
        except BaseException:
            response.close()
            raise
        return response


@lru_cache(_MOST_TARGETS)
def _target(url: str) -> httpx.URL:
    return httpx.URL(check_feed_url(url))


class GuardedTransport(httpx.BaseTransport):
    """Implements `httpx.BaseTransport`: guarded connections, one a request but for those kept."""

    def __init__(self, guard: AddressGuard, tls: ssl.SSLContext) -> None:
        self._guard = guard
        self._tls = tls
        self.kept = KeptConnections()

    def close(self) -> None:
        self.kept.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.scheme not in ("http", "https"):
            raise RequestRefused("only http and https are allowed")
        if request.url.port == 0:
            raise RequestRefused("port 0 is not allowed")
        exchange = Exchange(self._guard, request, self._tls, self.kept)
        try:
            answer = exchange.answer()
        except BaseException:
            exchange.close()
            raise
        return _Response(
            status_code=answer.status_code,
            headers=_kept_headers(answer.headers.raw_items(), request),
            stream=_Body(exchange),
            extensions={"http_version": b"HTTP/" + answer.http_version},
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


class _Response(httpx.Response):
    """An answer whose Location httpx leaves alone: it would build a request from it even when
    told not to follow, and fail on hostile ones."""

    @property
    def has_redirect_location(self) -> bool:
        return False


class _Body(httpx.SyncByteStream):
    """The body as it arrives; closing it closes the connection."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def __iter__(self) -> Iterator[bytes]:
        return self._exchange.body()

    def close(self) -> None:
        self._exchange.close()


def user_agent(contact: str | None) -> str:
    """Return how we introduce ourselves: name, version, and whom to ask about us."""
    name = f"newsroom-monitor/{version('newsroom-monitor')}"
    return f"{name} (+{contact})" if contact else name
