"""One POST, bounded in time and size, whose failure says whether the receiver may have it."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from notifiers.answers import Answer
from notifiers.channel import DeliveryError, Failure

DEADLINE_SECONDS = 30.0
CONNECT_SECONDS = 10.0
MOST_READ_BYTES = 64 * 1024


class _Call:
    """Watches one request: what has happened so far, and when it must end.

    httpx bounds each read, not their sum: a receiver that sends a byte a second would keep us
    for ever. So the socket itself is shut when the time is up; whoever waits on it wakes.
    """

    def __init__(self, seconds: float) -> None:
        self.body_sent = False
        self.traced = False
        self.overdue = False
        self._stream: Any = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of what the transport does (httpcore's `trace` extension)."""
        self.traced = True
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            with self._lock:
                self._stream = info.get("return_value")
            if self.overdue:
                self._end()
        elif event.endswith("send_request_body.complete"):
            self.body_sent = True

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        self._timer.start()
        try:
            yield
        finally:
            self._timer.cancel()
            with self._lock:
                self._stream = None

    def _end(self) -> None:
        self.overdue = True
        with self._lock:
            stream = self._stream
            sock = stream.get_extra_info("socket") if stream is not None else None
            if sock is not None:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)


def post(
    client: httpx.Client,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float = DEADLINE_SECONDS,
) -> Answer:
    """Send the body and return the answer, whatever it is; follow no redirect.

    Raises:
        DeliveryError: There was no answer: RETRY when the receiver cannot have it, UNKNOWN
            when it may, DISABLED when this address must not or cannot be sent to at all.
    """
    call = _Call(seconds)
    failure: DeliveryError | None = None
    try:
        request = client.build_request(
            "POST",
            url,
            content=body,
            headers={
                "accept": "*/*",
                "accept-encoding": "identity",
                "connection": "close",
                "content-type": "application/json",
                **headers,
            },
            timeout=httpx.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS)),
            extensions={"trace": call.trace},
        )
        with call.running():
            response = client.send(request, stream=True, follow_redirects=False)
            try:
                text = _beginning(response, call)
            finally:
                response.close()
            return Answer(
                status=response.status_code,
                headers={name.lower(): value for name, value in response.headers.items()},
                text=text,
                host=request.url.host,
                scheme=request.url.scheme,
            )
    except (httpx.TransportError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
        failure = _failure(error, call)
    # Raised out here, so that the error which quotes the URL is not even its context.
    raise failure


def _beginning(response: httpx.Response, call: _Call) -> str:
    """Read the start of the body; an answer whose status we know is one, however it ends."""
    read = bytearray()
    try:
        for chunk in response.iter_raw(4096):
            read += chunk
            if len(read) >= MOST_READ_BYTES:
                break
    except httpx.TransportError:
        pass
    return bytes(read[:MOST_READ_BYTES]).decode("utf-8", "replace")


def _failure(error: Exception, call: _Call) -> DeliveryError:
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol)):
        return DeliveryError(
            "the channel's address is no http or https URL: add the channel again",
            Failure.DISABLED,
        )
    refusal = _refusal(error)
    if refusal is not None:
        return refusal
    maybe = (
        call.body_sent
        if call.traced
        else isinstance(error, (httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError))
    )
    if maybe:
        what = (
            "no answer in time"
            if call.overdue or isinstance(error, httpx.TimeoutException)
            else "the connection was lost before an answer came"
        )
        return DeliveryError(f"{what}; the receiver may have it", Failure.UNKNOWN)
    if call.overdue:
        return DeliveryError("not sent in time", Failure.RETRY)
    return DeliveryError(_cause(error), Failure.RETRY)


def _refusal(error: Exception) -> DeliveryError | None:
    """Recognise our own guard, which refuses an address before anything is sent.

    That concerns the channel and not the message: it is switched off and its alerts are held,
    none is given up. When the name resolves properly again, or the network is allowed,
    `enable-channel` sends them all.
    """
    for each in _chain(error):
        if getattr(each, "is_refusal", False):
            return DeliveryError(str(each), Failure.DISABLED)
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(10):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _cause(error: Exception) -> str:
    """Say why in words of our own: what the libraries say may quote the URL."""
    for each in _chain(error):
        if isinstance(each, ssl.SSLCertVerificationError):
            why = each.verify_message.partition(", certificate is not valid for")[0]
            return f"its certificate is not valid: {why}"
        if isinstance(each, ssl.SSLError):
            return f"no encrypted connection: {(each.reason or 'TLS error').replace('_', ' ')}"
        if isinstance(each, socket.gaierror):
            return "its host name cannot be resolved"
        if isinstance(each, ConnectionRefusedError):
            return "connection refused"
        if isinstance(each, ConnectionResetError):
            return "connection reset"
    if isinstance(error, httpx.TimeoutException):
        return "no connection in time"
    return f"no connection ({type(error).__name__})"
