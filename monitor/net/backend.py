"""The wire under the HTTP client: one exchange over a guarded socket, within its limits."""

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from typing import TYPE_CHECKING, Any

import httpx

from common.network_causes import in_the_systems_words
from common.records import dataclass
from ingester.urls.parts import DEFAULT_PORTS, Parts
from monitor.base import clock
from monitor.net import ordinary
from monitor.net.guard import AddressGuard, AddressRefused
from monitor.net.kept import KeptConnections, Place
from monitor.net.ordinary import Ordinary

if TYPE_CHECKING:
    import h11  # loaded when something is not ordinary

HEAD_SECONDS = 20.0
TOTAL_SECONDS = 60.0
HEAD_LIMIT = 64 * 1024
"""Bytes of status line and headers, informational answers (1xx) included."""
WIRE_LIMIT = 1024 * 1024
"""Bytes of the whole answer, for requests that name no limit."""

_READ_AT_ONCE = 64 * 1024
_LONGEST_EVENT = 100 * 1024
_MUCH_THE_SAME_S = 0.01


class RequestRefused(httpx.UnsupportedProtocol):
    """We do not make this request; the text is one sentence without secrets.

    Code that may not import this package catches `httpx.UnsupportedProtocol`. Where it is not the
    URL that is refused but the address that its name leads to just now, a `PermissionError` is the
    cause.
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


@dataclass(frozen=True, slots=True)
class Target:
    """A URL, taken apart once for all that is sent to it."""

    url: httpx.URL = field(repr=False)
    place: Place
    host: bytes
    path: bytes = field(repr=False)

    @classmethod
    def of(cls, url: httpx.URL) -> "Target":
        """Return the target that a URL names.

        Raises:
            RequestRefused: It is none that may be asked.
        """
        if url.scheme not in ("http", "https"):
            raise RequestRefused("only http and https are allowed")
        if url.port == 0:
            raise RequestRefused("port 0 is not allowed")
        port = url.port or (443 if url.scheme == "https" else 80)
        return cls(url, (url.scheme, url.raw_host.decode("ascii"), port), url.netloc, url.raw_path)

    @classmethod
    def of_plain(cls, url: httpx.URL, parts: Parts) -> "Target":
        """Return the same of a URL that httpx writes as it stands, from its parts."""
        port = DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
        place = parts.host if parts.port is None else f"{parts.host}:{parts.port}"
        path = parts.path if parts.query is None else f"{parts.path}?{parts.query}"
        return cls(url, (parts.scheme, parts.host, port), place.encode(), path.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A request as it goes out.

    Attributes:
        headers: All of them, in their order.
        pieces: Its body; of one that is kept, asked for more than once.
        extensions: As httpx's requests carry them; `monitor.net.client` says which.
        keep: Whether its connection may be one that was kept, and is kept for the next one.
        sent: Called once all of it has been sent.
    """

    method: str
    target: Target
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
        tls: Returns what to trust, for https.
    """

    def __init__(
        self,
        guard: AddressGuard,
        request: Sending,
        tls: Callable[[], ssl.SSLContext],
        kept: KeptConnections,
    ) -> None:
        self._guard = guard
        self._request = request
        self._tls = tls
        self._budget = Budget(request.extensions)
        self._timeouts: Mapping[str, float | None] = request.extensions.get("timeout") or {}
        self._http: h11.Connection | None = None
        self._socket: socket.socket | None = None
        self._opened_s = 0.0
        self._place = request.target.place
        self._kept = kept if request.keep else None
        self._is_over = False

    def whole(self) -> Ordinary | None:
        """Send the request and return its answer, where both are ordinary.

        None when they are not; `answer` then goes on from where this has come to.
        """
        request = self._request
        head = ordinary.head_of(request.method, request.target.path, request.headers)
        if head is None:
            return None
        self._begin(b"".join((head, *request.pieces)))
        said = self._read()
        answer = ordinary.answer_of(said, is_last=self._kept is None)
        if answer is None:
            self._written_by_h11()  # so that it knows what this is the answer to
            self._hear(said)
        else:
            self._is_over = True
        return answer

    def answer(self) -> "h11.Response":
        """Send the request, where that has not been done, and return the head of the answer."""
        import h11

        if self._http is None:
            self._begin(self._written_by_h11())
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
        import h11

        with _as_httpx():
            while isinstance(event := self._next(), h11.Data):
                yield bytes(event.data)

    def close(self) -> None:
        if self._socket is None:
            return
        if self._kept is not None and self._ends_clean():
            self._kept.give(self._place, self._socket, self._opened_s)
        else:
            self._socket.close()
        self._socket = None

    def _ends_clean(self) -> bool:
        """Whether the answer has been read to its end, and the connection may serve another."""
        if self._is_over or self._http is None:
            return self._is_over
        import h11

        is_read = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        # What is left over would pass for the answer to something that we have not asked yet.
        return is_read and self._http.trailing_data == (b"", False)

    def _begin(self, data: bytes) -> None:
        """Send a request, over a connection that was kept where there is one that takes it all."""
        if not (self._resume() and self._written(data)):
            self._connect()
            if not self._written(data):
                return
        self._request.sent()

    def _resume(self) -> bool:
        """Go on with a connection that was kept, if there is one."""
        kept = self._kept.take(self._place) if self._kept is not None else None
        if kept is None:
            return False
        self._socket, self._opened_s = kept.socket, kept.opened_s
        return True

    def _connect(self) -> None:
        scheme, host, port = self._place
        is_secure = scheme == "https"
        if self._socket is not None:  # was kept, and could not be written to
            self._socket.close()
        self._opened_s = clock.monotonic()
        try:
            seconds = self._budget.seconds(self._timeouts.get("connect"))
            self._socket = self._guard.connect(host, port, timeout=seconds)
            if is_secure:
                self._socket.settimeout(self._budget.seconds(self._timeouts.get("connect")))
                self._socket = self._tls().wrap_socket(self._socket, server_hostname=host)
        except AddressRefused as error:
            raise RequestRefused(str(error)) from error
        except TimeoutError:
            raise httpx.ConnectTimeout("timed out") from None
        except (OSError, ValueError) as error:
            raise httpx.ConnectError(in_the_systems_words(error)) from error

    def _written_by_h11(self) -> bytes:
        """Return the request as h11 writes it, which from now on reads the answer."""
        import h11

        request = self._request
        self._http = http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_EVENT)
        with _as_httpx():
            head = h11.Request(
                method=request.method,
                target=request.target.path,
                headers=list(request.headers),
            )
            pieces = [http.send(head) or b""]
            pieces += [http.send(h11.Data(data=each)) or b"" for each in request.pieces]
            pieces.append(http.send(h11.EndOfMessage()) or b"")
        return b"".join(pieces)

    def _written(self, data: bytes) -> bool:
        """Send as much as the other side takes: it may answer before that is all.

        Whether it has taken all.
        """
        assert self._socket is not None
        left = memoryview(data)
        try:
            while left:
                self._bound(self._socket, "write")
                left = left[self._socket.send(left) :]
        except TimeoutError:
            raise httpx.WriteTimeout("timed out") from None
        except OSError:
            return False  # what it said before it hung up can still be read
        return True

    def _next(self) -> "h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]":
        import h11

        assert self._http is not None
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._hear(self._read())
        return event

    def _hear(self, data: bytes) -> None:
        import h11

        assert self._http is not None
        if not data and self._http.their_state is h11.SEND_RESPONSE:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        self._http.receive_data(data)

    def _read(self) -> bytes:
        assert self._socket is not None
        size = self._budget.next_read(_READ_AT_ONCE)
        try:
            self._bound(self._socket, "read")
            data = self._socket.recv(size)
        except TimeoutError:
            raise httpx.ReadTimeout("timed out") from None
        except OSError as error:
            raise httpx.ReadError(in_the_systems_words(error)) from error
        self._budget.used(len(data))
        return data

    def _bound(self, sock: socket.socket, what: str) -> None:
        """Let the next operation take what is left; it costs a call to the system to say so."""
        seconds = self._budget.seconds(self._timeouts.get(what))
        said = sock.gettimeout()
        if said is None or not -_MUCH_THE_SAME_S < said - seconds < _MUCH_THE_SAME_S:
            sock.settimeout(seconds)


@contextmanager
def _as_httpx() -> Iterator[None]:
    import h11

    try:
        yield
    except h11.LocalProtocolError as error:
        raise httpx.LocalProtocolError(str(error)) from None
    except h11.RemoteProtocolError as error:
        raise httpx.RemoteProtocolError(str(error)) from None
