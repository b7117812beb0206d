"""The wire under the HTTP client: one exchange over a guarded socket, within its limits."""

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import h11
import httpx

from common.network_causes import in_the_systems_words
from monitor.base import clock
from monitor.net.guard import AddressGuard, AddressRefused
from monitor.net.kept import KeptConnections

HEAD_SECONDS = 20.0
TOTAL_SECONDS = 60.0
HEAD_LIMIT = 64 * 1024
"""Bytes of status line and headers, informational answers (1xx) included."""
WIRE_LIMIT = 1024 * 1024
"""Bytes of the whole answer, for requests that name no limit."""

_READ_AT_ONCE = 64 * 1024
_LONGEST_EVENT = 100 * 1024


class RequestRefused(httpx.UnsupportedProtocol):
    """We do not make this request; the text is one sentence without secrets.

    Code that may not import this package catches `httpx.UnsupportedProtocol`.
    """


class Budget:
    """What one request may still use of time and bytes."""

    def __init__(self, extensions: Mapping[str, Any]) -> None:
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
        """Return how long the next operation may take.

        Raises:
            TimeoutError: Time is up.
        """
        end = self._head_end if self._in_head else self._end
        left = end - clock.monotonic()
        if wished is not None and wished < left:
            left = wished
        if left <= 0:
            raise TimeoutError
        return left

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A request as it goes out.

    Attributes:
        headers: All of them, in their order.
        pieces: Its body.
        extensions: As httpx's requests carry them; `monitor.net.client` says which.
        keep: Whether its connection may be one that was kept, and is kept for the next one.
        sent: Called once all of it has been sent.
    """

    method: str
    url: httpx.URL
    headers: Sequence[tuple[bytes, bytes]]
    pieces: Iterable[bytes]
    extensions: Mapping[str, Any]
    keep: bool = False
    sent: Callable[[], object] = lambda: None


class Exchange:
    """One request and its answer; to be closed.

    They have a connection of their own, but where one may be kept. What goes wrong is raised as
    httpx raises it.

    Args:
        tls: What to trust, for https.
    """

    def __init__(
        self,
        guard: AddressGuard,
        request: Sending,
        tls: ssl.SSLContext,
        kept: KeptConnections,
    ) -> None:
        self._guard = guard
        self._request = request
        self._tls = tls
        self._budget = Budget(request.extensions)
        self._timeouts: Mapping[str, float | None] = request.extensions.get("timeout") or {}
        self._http = _new_http()
        self._socket: socket.socket | None = None
        self._opened_s = 0.0
        url = request.url
        port = url.port or (443 if url.scheme == "https" else 80)
        self._place = url.scheme, url.raw_host.decode("ascii"), port
        self._kept = kept if request.keep else None

    def answer(self) -> h11.Response:
        """Send the request and return the head of the answer."""
        if not (self._resume() and self._send()):
            self._connect()
            self._send()
        with _as_httpx():
            event = self._next()
            while isinstance(event, h11.InformationalResponse) and event.status_code != 101:
                event = self._next()
        if not isinstance(event, h11.Response):
            raise httpx.RemoteProtocolError("the answer changes to another protocol")
        self._budget.head_is_read()
        return event

    def body(self) -> Iterator[bytes]:
        """Yield the body of the answer as it arrives."""
        with _as_httpx():
            while isinstance(event := self._next(), h11.Data):
                yield bytes(event.data)

    def close(self) -> None:
        if self._socket is None:
            return
        if self._kept is not None:
            self._kept.give(self._place, self._socket, self._http, self._opened_s)
        else:
            self._socket.close()
        self._socket = None

    def _resume(self) -> bool:
        """Go on with a connection that was kept, if there is one."""
        kept = self._kept.take(self._place) if self._kept is not None else None
        if kept is None:
            return False
        self._socket, self._http, self._opened_s = kept.socket, kept.http, kept.opened_s
        return True

    def _connect(self) -> None:
        scheme, host, port = self._place
        is_secure = scheme == "https"
        if self._socket is not None:  # was kept, and could not be written to
            self._socket.close()
            self._http = _new_http()
        self._opened_s = clock.monotonic()
        try:
            seconds = self._budget.seconds(self._timeouts.get("connect"))
            self._socket = self._guard.connect(host, port, timeout=seconds)
            if is_secure:
                self._socket.settimeout(self._budget.seconds(self._timeouts.get("connect")))
                self._socket = self._tls.wrap_socket(self._socket, server_hostname=host)
        except AddressRefused as error:
            raise RequestRefused(str(error)) from None
        except TimeoutError:
            raise httpx.ConnectTimeout("timed out") from None
        except (OSError, ValueError) as error:
            raise httpx.ConnectError(in_the_systems_words(error)) from error

    def _send(self) -> bool:
        """Send the request, as far as the other side takes it: it may answer before all is sent.

        Whether it has taken all.
        """
        request = self._request
        with _as_httpx():
            head = h11.Request(
                method=request.method,
                target=request.url.raw_path,
                headers=list(request.headers),
            )
            pieces = [self._http.send(head) or b""]
            pieces += [self._http.send(h11.Data(data=each)) or b"" for each in request.pieces]
            pieces.append(self._http.send(h11.EndOfMessage()) or b"")
        is_whole = self._written(b"".join(pieces))
        if is_whole:
            request.sent()
        return is_whole

    def _written(self, data: bytes) -> bool:
        assert self._socket is not None
        left = memoryview(data)
        try:
            while left:
                self._socket.settimeout(self._budget.seconds(self._timeouts.get("write")))
                left = left[self._socket.send(left) :]
        except TimeoutError:
            raise httpx.WriteTimeout("timed out") from None
        except OSError:
            return False  # what it said before it hung up can still be read
        return True

    def _next(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            data = self._read()
            if not data and self._http.their_state is h11.SEND_RESPONSE:
                raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
            self._http.receive_data(data)
        return event

    def _read(self) -> bytes:
        assert self._socket is not None
        size = self._budget.next_read(_READ_AT_ONCE)
        try:
            self._socket.settimeout(self._budget.seconds(self._timeouts.get("read")))
            data = self._socket.recv(size)
        except TimeoutError:
            raise httpx.ReadTimeout("timed out") from None
        except OSError as error:
            raise httpx.ReadError(in_the_systems_words(error)) from error
        self._budget.used(len(data))
        return data


def _new_http() -> h11.Connection:
    return h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_EVENT)


@contextmanager
def _as_httpx() -> Iterator[None]:
    try:
        yield
    except h11.LocalProtocolError as error:
        raise httpx.LocalProtocolError(str(error)) from None
    except h11.RemoteProtocolError as error:
        raise httpx.RemoteProtocolError(str(error)) from None
