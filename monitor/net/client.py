"""The one HTTP client: every request goes through the guard, within limits of time and size.

A transport of our own, one connection a request; what is posted to channels goes over connections
that are kept for a moment (`exchange`). A request may set its limits in `extensions`:
"head_timeout" and "total_timeout" (seconds, from its start, whatever happens in between) and
"wire_limit" (bytes of the whole answer).
"""

import logging
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any

import certifi
import httpx

from ingester.urls.parts import split_url
from ingester.urls.urls import check_feed_url
from monitor.base.own_version import own_version
from monitor.net.backend import HEAD_SECONDS, Exchange, RequestRefused, Sending, Target
from monitor.net.guard import AddressGuard
from monitor.net.kept import KeptConnections
from monitor.net.ordinary import Headers
from monitor.net.prepared import GetRequest, Listed, ListedHeaders, PlainURL, is_plain
from notifiers.http.post import Answer, Asked

_TARGET = "target"
"""Under this name a request of `GuardedClient` carries where it goes."""

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
        GuardedTransport(guard, tls),
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
        named = [(name.lower().decode(), (name, value)) for name, value in self.headers.raw]
        self._usual = [each for each in named if each[0] not in ("host", "connection")]
        self._listed = [(name, name.lower(), value) for name, value in self.headers.raw]

    def end_idle(self) -> None:
        """Close the connections that nobody has used again in time; call it now and then."""
        self._guarded.kept.tidy()

    def exchange(
        self, asked: Asked, *, seconds: float, most: int, sent: Callable[[], None]
    ) -> Answer:
        """Implements `notifiers.http.post.Poster`, on connections that are kept for a moment."""
        target, login = _checked_target(asked.url)
        # Without a Connection that says otherwise it stays open.
        named = {name.lower() for name in asked.headers}
        usual = [header for name, header in self._usual if name not in named]
        given = [(name.encode(), value.encode()) for name, value in asked.headers.items()]
        length = (b"Content-Length", str(len(asked.body)).encode())
        bounds = {
            "head_timeout": seconds,
            "total_timeout": seconds,
            "wire_limit": 2 * most,
        }
        return self._guarded.exchange(
            Sending(
                method=asked.method,
                target=target,
                headers=[(b"Host", target.host), *usual, *given, length, *login],
                pieces=[asked.body],
                extensions=bounds,
                keep=True,
                sent=sent,
            ),
            most=most,
        )

    def build_request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Request:
        target = _checked_target(str(url))[0]
        given = _written(options.pop("headers", None))
        named = {name for _, name, _ in given}
        usual = [header for header in self._listed if header[1] not in named]
        # Without a Host, httpx decodes the host's punycode to see whether there is a host, and
        # fails on names that IDNA 2008 forbids though they resolve (☕.example).
        given = [header for header in given if header[1] != b"host"]
        headers = ListedHeaders([(b"Host", b"host", target.host), *usual, *given])
        extensions = {**(options.pop("extensions", None) or {}), _TARGET: target}
        timeout = options.pop("timeout", self.timeout)
        if "timeout" not in extensions:
            extensions["timeout"] = _timeouts(timeout, self.timeout)
        if method == "GET" and not options:
            return GetRequest(target.url, headers, extensions)
        return httpx.Request(method, target.url, headers=headers, extensions=extensions, **options)

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


def _written(headers: Any) -> Listed:
    """Return headers as they are sent; most are a few of ours, in ASCII."""
    if type(headers) is dict:
        with suppress(UnicodeEncodeError, AttributeError):
            return [(*_name_sent(name), said.encode("ascii")) for name, said in headers.items()]
    return _listed(httpx.Headers(headers).raw)


@lru_cache(100)
def _name_sent(name: str) -> tuple[bytes, bytes]:
    """Return a header's name as it is sent, and in lower case."""
    sent = name.encode("ascii")
    return sent, sent.lower()


def _listed(headers: Headers) -> Listed:
    return [(name, name.lower(), value) for name, value in headers]


def _timeouts(given: object, usual: httpx.Timeout) -> dict[str, float | None]:
    """Return what httpx makes of a timeout."""
    if isinstance(given, (int, float)):
        return dict.fromkeys(("connect", "read", "write", "pool"), given)
    return (given if isinstance(given, httpx.Timeout) else usual).as_dict()


def _checked_target(url: str) -> tuple[Target, Headers]:
    """Return where a request goes, and the header that carries the URL's name and password."""
    try:
        return _target(url)
    except RequestRefused:
        raise
    except ValueError as error:
        raise RequestRefused(str(error)) from None
    except httpx.InvalidURL:
        raise RequestRefused("the URL cannot be read") from None


@lru_cache(_MOST_TARGETS)
def _target(url: str) -> tuple[Target, Headers]:
    checked = check_feed_url(url)
    if is_plain(checked):
        return Target.of_plain(PlainURL(checked), split_url(checked)), ()
    read = httpx.URL(checked)
    if not read.userinfo:
        return Target.of(read), ()
    said = b64encode(f"{read.username}:{read.password}".encode())
    return Target.of(read), [(b"Authorization", b"Basic " + said)]


class GuardedTransport(httpx.BaseTransport):
    """Implements `httpx.BaseTransport`: guarded connections, one a request but for those kept."""

    def __init__(self, guard: AddressGuard, tls: ssl.SSLContext | None = None) -> None:
        self._guard = guard
        self._tls = tls
        self._reading = threading.Lock()
        self.kept = KeptConnections()

    def close(self) -> None:
        self.kept.close()

    def _trusted(self) -> ssl.SSLContext:
        """Return what to trust; read for the first https address, which takes a while."""
        with self._reading:
            self._tls = self._tls or tls_context()
        return self._tls

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        asked = request.headers.raw
        sending = Sending(
            method=request.method,
            target=request.extensions.get(_TARGET) or Target.of(request.url),
            headers=asked,
            pieces=request.stream,
            extensions=request.extensions,
        )
        exchange = Exchange(self._guard, sending, self._trusted, self.kept)
        try:
            # What is no bytes is read but once, and h11 might have to begin again.
            whole = exchange.whole() if isinstance(request.stream, httpx.ByteStream) else None
            answer = exchange.answer() if whole is None else None
        except BaseException:
            exchange.close()
            raise
        if whole is not None:
            exchange.close()
            return _Response(
                status_code=whole.status,
                headers=ListedHeaders(_listed(_kept_headers(whole.headers, asked))),
                stream=httpx.ByteStream(whole.body),
                extensions={"http_version": b"HTTP/1.1"},
            )
        assert answer is not None
        return _Response(
            status_code=answer.status_code,
            headers=ListedHeaders(_listed(_kept_headers(answer.headers.raw_items(), asked))),
            stream=_Body(exchange),
            extensions={"http_version": b"HTTP/" + answer.http_version},
        )

    def exchange(self, sending: Sending, *, most: int) -> Answer:
        """Send a request and return the answer with the beginning of its body."""
        exchange = Exchange(self._guard, sending, self._trusted, self.kept)
        try:
            answer = exchange.whole()
            if answer is not None:
                return _answer(sending, answer.status, answer.headers, answer.body[:most])
            begun = exchange.answer()
            body = _beginning(exchange.body(), most)
            return _answer(sending, begun.status_code, begun.headers.raw_items(), body)
        finally:
            exchange.close()


def _beginning(body: Iterator[bytes], most: int) -> bytes:
    """Return what can be read of a body; however it ends, the status has been said."""
    read = bytearray()
    with suppress(httpx.TransportError):
        for piece in body:
            read += piece
            if len(read) >= most:
                break
    return bytes(read[:most])


def _answer(sending: Sending, status: int, headers: Headers, body: bytes) -> Answer:
    scheme, host, _ = sending.target.place
    kept = _kept_headers(headers, sending.headers)
    return Answer(status=status, host=host, scheme=scheme, headers=kept, body=body)


_LEFT_OUT = frozenset({b"set-cookie", b"set-cookie2", b"content-encoding"})


def _kept_headers(headers: Headers, asked: Headers) -> Headers:
    if _LEFT_OUT.isdisjoint([name.lower() for name, _ in headers]):
        return headers
    # No cookies, and no decoder for bytes that nobody asked to have encoded: a few hundred of
    # them can become a gigabyte.
    wanted = [value for name, value in asked if name.lower() == b"accept-encoding"]
    dropped = _LEFT_OUT if wanted in ([], [b"identity"]) else _LEFT_OUT - {b"content-encoding"}
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
    name = f"newsroom-monitor/{own_version()}"
    return f"{name} (+{contact})" if contact else name
