"""One request, bounded in time and size, whose failure says if the receiver may have it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Protocol
from urllib.parse import urlsplit

import httpx

from common.network_causes import in_our_words
from common.records import dataclass
from notifiers.api import DEADLINE_SECONDS, DeliveryError, Failure
from notifiers.http.redact import redacted
from notifiers.http.responses import HELD_AFTER, Response

MOST_READ_BYTES = 64 * 1024

_HEADERS = {"accept-encoding": "identity", "content-type": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request. Never logged: its URL and headers may be secret."""

    method: str
    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back.

    Attributes:
        host, scheme: Whom we asked, and how.
        headers: As they were said, in their order.
        body: Its beginning.
    """

    status: int
    host: str
    scheme: str
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes


class Poster(Protocol):
    """Sends requests. Safe to use from many threads."""

    def exchange(
        self, asked: Asked, *, seconds: float, most: int, sent: Callable[[], None]
    ) -> Answer:
        """Send a request and return the answer, whatever it is; follow no redirect.

        Addresses that may not be connected to are refused here. httpx's own clients would not do:
        they bound each read, not their sum, so a receiver that sends a byte a second would keep
        us for ever.

        Args:
            seconds: How long all of it may take.
            most: So many bytes of the body are read, whose end may be cut off.
            sent: Called once all of the request has been sent.

        Raises:
            httpx.UnsupportedProtocol: It is refused; the text is ours and without secrets.
            httpx.InvalidURL: The URL cannot be read.
            httpx.TransportError: There was no answer.
        """
        ...


def post(
    client: Poster,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    method: str = "POST",
    seconds: float = DEADLINE_SECONDS,
) -> Response:
    """Send the body and return the response, whatever it is; follow no redirect.

    Raises:
        DeliveryError: There was no response: RETRY when the receiver cannot have it, for a day
            when we may not connect to it, UNKNOWN when it may, DISABLED when there is no such URL.
    """
    is_sent: list[bool] = []
    asked = Asked(method=method, url=url, body=body, headers={**_HEADERS, **headers})
    try:
        answer = client.exchange(
            asked, seconds=seconds, most=MOST_READ_BYTES, sent=lambda: is_sent.append(True)
        )
    except (httpx.TransportError, httpx.InvalidURL) as error:
        failure = _failure(error, url, may_have_it=bool(is_sent))
    else:
        return Response(
            status=answer.status,
            headers={_text(name).lower(): _text(value) for name, value in answer.headers},
            text=answer.body.decode("utf-8", "replace"),
            host=answer.host,
            scheme=answer.scheme,
        )
    # Raised out here, so that the error which may quote the URL is not even its context.
    raise failure


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace")


def _failure(error: Exception, url: str, *, may_have_it: bool) -> DeliveryError:
    if isinstance(error, httpx.UnsupportedProtocol):
        # Our own guard. What it refuses is the channel's URL and not this message; or the address
        # that its name leads to, which may be elsewhere in a moment: so that is asked again, and
        # after a day its channel is switched off and its alerts are held.
        if isinstance(error.__cause__, PermissionError):
            return DeliveryError(redacted(str(error)), Failure.RETRY, hold_after=HELD_AFTER)
        return DeliveryError(redacted(str(error)), Failure.DISABLED)
    if isinstance(error, httpx.InvalidURL):
        return DeliveryError("the channel's URL cannot be read: add it again", Failure.DISABLED)
    in_time = not isinstance(error, httpx.TimeoutException)
    if may_have_it:
        what = "the connection was lost before an answer came" if in_time else "no answer in time"
        return DeliveryError(f"{what}; the receiver may have it", Failure.UNKNOWN)
    return DeliveryError(_cause(error, url) if in_time else "not reached in time", Failure.RETRY)


def _cause(error: Exception, url: str) -> str:
    """Say why in words of our own: what the libraries say may quote the URL."""
    for cause in _chain(error):
        known = in_our_words(cause, whose="its", name=f"its host name {urlsplit(url).hostname}")
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
