"""One request, bounded in time and size, whose failure says if the receiver may have it."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from common.network_causes import in_our_words
from notifiers.api import DEADLINE_SECONDS, DeliveryError, Failure
from notifiers.http.redact import redacted
from notifiers.http.responses import Response
from notifiers.http.urls import host_of

MOST_READ_BYTES = 64 * 1024
_WIRE_LIMIT = 2 * MOST_READ_BYTES
"""The body that we read, and as much again for the headers."""

_HEADERS = {"accept-encoding": "identity", "content-type": "application/json"}


class _Progress:
    """Notes how far a request has come, from what the `trace` extension tells."""

    def __init__(self) -> None:
        self.known = False
        self.body_sent = False

    def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        self.known = True
        self.body_sent |= event.endswith("send_request_body.complete")


def post(
    client: httpx.Client,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    method: str = "POST",
    seconds: float = DEADLINE_SECONDS,
) -> Response:
    """Send the body and return the response, whatever it is; follow no redirect.

    The client refuses addresses by itself and honours the extensions "keep", "head_timeout",
    "total_timeout" and "wire_limit": httpx alone bounds each read, not their sum, so a receiver
    that sends a byte a second would keep us for ever.

    Raises:
        DeliveryError: There was no response: RETRY when the receiver cannot have it, UNKNOWN
            when it may, DISABLED when this address cannot be sent to at all.
    """
    progress = _Progress()
    extensions = {
        "trace": progress,
        "head_timeout": seconds,
        "total_timeout": seconds,
        "wire_limit": _WIRE_LIMIT,
        "keep": True,
    }
    try:
        request = client.build_request(
            method,
            url,
            content=body,
            headers={**_HEADERS, **headers},
            timeout=httpx.Timeout(seconds),
            extensions=extensions,
        )
        return _exchanged(client, request)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        failure = _failure(error, progress)
    # Raised out here, so that the error which may quote the URL is not even its context.
    raise failure


def _exchanged(client: httpx.Client, request: httpx.Request) -> Response:
    response = client.send(request, stream=True, follow_redirects=False)
    try:
        text = _beginning(response)
    finally:
        response.close()
    return Response(
        status=response.status_code,
        headers={name.lower(): value for name, value in response.headers.items()},
        text=text,
        host=host_of(request.url),
        scheme=request.url.scheme,
    )


def _beginning(response: httpx.Response) -> str:
    """Read the start of the body; however it ends, the status has been said."""
    read = bytearray()
    try:
        for chunk in response.iter_raw(4096):
            read += chunk
            if len(read) >= MOST_READ_BYTES:
                break
    except httpx.TransportError:
        pass
    return bytes(read[:MOST_READ_BYTES]).decode("utf-8", "replace")


def _failure(error: Exception, progress: _Progress) -> DeliveryError:
    if isinstance(error, httpx.UnsupportedProtocol):
        # Our own guard. What it refuses is the channel's address and not this message: so the
        # channel is switched off and its alerts are held, and `enable-channel` sends them all
        # once the address is public, or allowed.
        return DeliveryError(redacted(str(error)), Failure.DISABLED)
    if isinstance(error, httpx.InvalidURL):
        return DeliveryError("the channel's URL cannot be read: add it again", Failure.DISABLED)
    in_time = not isinstance(error, httpx.TimeoutException)
    if _may_have_arrived(error, progress):
        what = "the connection was lost before an answer came" if in_time else "no answer in time"
        return DeliveryError(f"{what}; the receiver may have it", Failure.UNKNOWN)
    return DeliveryError(_cause(error) if in_time else "not reached in time", Failure.RETRY)


def _may_have_arrived(error: Exception, progress: _Progress) -> bool:
    if progress.known:
        return progress.body_sent
    return isinstance(
        error,
        httpx.ReadTimeout | httpx.ReadError | httpx.RemoteProtocolError | httpx.LocalProtocolError,
    )


def _cause(error: Exception) -> str:
    """Say why in words of our own: what the libraries say may quote the URL."""
    for cause in _chain(error):
        known = in_our_words(cause, whose="its", name="its host name")
        if known:
            return known
        if isinstance(cause, ConnectionResetError):
            return "connection reset"
    return f"no connection ({type(error).__name__})"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(10):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
