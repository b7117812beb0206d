"""Fetching what sources publish: conditional GET, redirects hop by hop, everything bounded."""

import errno
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from http import HTTPStatus
from typing import TypeGuard

import httpx

from common.retry_after import retry_after
from ingester.entry import FetchError
from ingester.fetch.headers import LONGEST, content_type
from ingester.fetch.inflate import CannotDecode, Inflater, TooLarge
from ingester.fetch.ports import DEFAULT_LIMITS, FEEDS, Fetched, Limits, NotModified
from ingester.urls.parts import DEFAULT_PORTS, Parts, split_url
from ingester.urls.urls import check_feed_url

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_LONGEST_VALIDATOR = 1_024
_NO_RESOLVER = frozenset({socket.EAI_AGAIN, socket.EAI_SYSTEM, socket.EAI_MEMORY})
_NO_WAY_OUT = frozenset(
    {
        errno.ENETUNREACH,
        errno.ENETDOWN,
        errno.EADDRNOTAVAIL,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOBUFS,
        errno.ENOMEM,
    }
)
_KEPT_URLS = 2_000
"""So many URLs are read once, and then known."""
_KEPT_HEADERS = {
    name.encode(): name
    for name in (
        "age",
        "cache-control",
        "content-language",
        "content-type",
        "date",
        "etag",
        "expires",
        "last-modified",
        "link",
    )
}


class HttpFetcher:
    """Implements `ingester.fetch.ports.Fetcher` through the one client."""

    def __init__(
        self,
        client: httpx.Client,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._now = now
        self._monotonic = monotonic

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = FEEDS,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Fetched | NotModified:
        """Get a URL, following redirects; a user name in it becomes basic authentication.

        The user name is sent to no other host, and never in the clear after TLS.
        """
        asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        validators = {name: value for name, value in asked.items() if _can_be_sent(value)}
        headers = {"Accept": accept, "Accept-Encoding": "gzip, deflate", **validators}
        end = self._monotonic() + limits.total.total_seconds()
        here = _checked(url)
        visited: set[str] = set()
        all_permanent = True
        while True:
            visited.add(here.text())
            try:
                response = self._answer(here, headers, limits, end)
                try:
                    if response.status_code not in _REDIRECTS:
                        moved = here.text() if all_permanent and len(visited) > 1 else None
                        return self._taken(response, here, moved, limits, bool(validators))
                finally:
                    response.close()
            except httpx.TransportError as error:
                raise _fetch_error(error, here, is_led_on=len(visited) > 1, limits=limits) from None
            all_permanent = all_permanent and response.status_code in _PERMANENT
            here = _followed(here, response)
            if here.text() in visited:
                raise FetchError("it redirects in a circle", kind="redirect")
            if len(visited) > limits.redirects:
                raise FetchError(f"more than {limits.redirects} redirects", kind="redirect")

    def _answer(
        self, here: Parts, headers: Mapping[str, str], limits: Limits, end: float
    ) -> httpx.Response:
        left = max(0.0, end - self._monotonic())
        extensions = {
            "head_timeout": limits.head.total_seconds(),
            "total_timeout": left,
            # Chunks and headers need room beside the body.
            "wire_limit": limits.size_bytes * 5 // 4 + (256 << 10),
        }
        request = self._client.build_request(
            "GET", here.text(), headers=dict(headers), extensions=extensions, timeout=left
        )
        return self._client.send(request, stream=True)

    def _taken(
        self,
        response: httpx.Response,
        here: Parts,
        permanent_url: str | None,
        limits: Limits,
        is_conditional: bool,
    ) -> Fetched | NotModified:
        status = response.status_code
        shown = replace(here, userinfo="").text() if here.userinfo else here.text()
        kept = _kept(response.headers)
        if status == 304 and is_conditional:
            return NotModified(url=shown, permanent_url=permanent_url, headers=kept)
        if not 200 <= status < 300:
            raise self._refusal(response)
        kind, charset = content_type(response.headers.get("content-type"))
        body, truncated = _body(response, limits)
        return Fetched(
            url=shown,
            permanent_url=permanent_url,
            headers=kept,
            status=status,
            content_type=kind,
            charset=charset,
            body=body,
            truncated=truncated or status == 206,
        )

    def _refusal(self, response: httpx.Response) -> FetchError:
        status = response.status_code
        try:
            phrase = f"HTTP {status} {HTTPStatus(status).phrase}"
        except ValueError:
            phrase = f"HTTP {status}"
        asked = response.headers.get("retry-after")
        wait = retry_after(asked, now=self._now(), longest=LONGEST)
        text = phrase + _meaning(response, wait)
        kind = "gone" if status == 410 else "http"
        return FetchError(text, kind=kind, status=status, retry_after=wait)


def _meaning(response: httpx.Response, wait: timedelta | None) -> str:
    """Return what a refusal means for a source, to stand behind its status; "" if no more."""
    status = response.status_code
    is_challenge = response.headers.get("cf-mitigated") == "challenge"
    if is_challenge and status not in _SAYS_IT_ITSELF:
        return ": a check for robots stands before it"
    if status in _MEANINGS:
        return _MEANINGS[status]
    return f"; it asks to wait {_shown(wait)}" if wait else ""


_MEANINGS = {
    304: ", though nothing was known of it yet",
    401: ": it wants a login, which cannot be given: ask for an address without",
    403: ": it refuses programs, or this one; its owner can let it in, and sees in its log whom "
    "the setting user_agent_contact names",
    410: ": it asks not to be polled again",
}
_SAYS_IT_ITSELF = (304, 410)
"""These come from the site itself, whatever stands before it."""


def _kept(headers: httpx.Headers) -> dict[str, str]:
    """Return of headers what somebody asks for; those that come several times in one."""
    kept: dict[str, str] = {}
    encoding = headers.encoding
    for sent, value in headers.raw:
        if name := _KEPT_HEADERS.get(sent.lower()):
            said = value.decode(encoding)
            kept[name] = f"{kept[name]}, {said}" if name in kept else said
    return kept


def _can_be_sent(validator: str | None) -> TypeGuard[str]:
    """Whether a site would take back what it has sent as a validator."""
    if not validator or len(validator) > _LONGEST_VALIDATOR:
        return False
    return validator.isascii() and validator.isprintable()


def _checked(url: str) -> Parts:
    try:
        return _parts(url)
    except ValueError as error:
        raise FetchError(str(error), kind="address") from None


@lru_cache(_KEPT_URLS)
def _parts(url: str) -> Parts:
    return split_url(check_feed_url(url))


def _followed(here: Parts, response: httpx.Response) -> Parts:
    location = response.headers.get("location", "")
    if not location:
        raise FetchError(
            f"HTTP {response.status_code} without saying where it moved",
            kind="redirect",
            status=response.status_code,
        )
    try:
        there = split_url(location, here.text())
    except ValueError as error:
        raise FetchError(f"it redirects to where we cannot go: {error}", kind="redirect") from None
    keeps = _same_party(here, there)
    return replace(there, userinfo=here.userinfo if keeps else "", fragment=None)


def _same_party(here: Parts, there: Parts) -> bool:
    """Whether what was told to one may be told to the other: same origin, or its https."""
    if here.host != there.host:
        return False
    ports = [parts.port or DEFAULT_PORTS[parts.scheme] for parts in (here, there)]
    if here.scheme == there.scheme:
        return ports[0] == ports[1]
    return here.scheme == "http" and ports == [80, 443]


def _body(response: httpx.Response, limits: Limits) -> tuple[bytes, bool]:
    declared = response.headers.get("content-length", "")
    try:
        inflater = Inflater(
            response.headers.get("content-encoding", ""),
            limit=limits.size_bytes,
            ratio=limits.ratio,
            keeps_start=limits.keeps_start,
        )
        is_known = declared.isdecimal() and len(declared) < 20 and not limits.keeps_start
        if is_known and int(declared) > limits.size_bytes:
            raise TooLarge(f"size over {limits.size_bytes / (1 << 20):.3g} MiB")
        arrived, cut = _read_into(inflater, response)
        body, unfinished = inflater.finish()
    except CannotDecode as error:
        raise FetchError(str(error), kind="encoding") from None
    except TooLarge as error:
        raise FetchError(str(error), kind="too-large") from None
    if cut and not arrived:
        raise FetchError("the connection was closed before the body", kind="connect")
    return body, cut or unfinished


def _read_into(inflater: Inflater, response: httpx.Response) -> tuple[int, bool]:
    """Return how many bytes arrived, and whether there should have been more."""
    arrived = 0
    try:
        for piece in response.iter_raw():
            arrived += len(piece)
            inflater.add(piece)
            if inflater.is_full:
                return arrived, True
    except (httpx.RemoteProtocolError, httpx.ReadError):
        return arrived, True
    return arrived, False


def _fetch_error(
    error: httpx.TransportError, here: Parts, *, is_led_on: bool, limits: Limits
) -> FetchError:
    """Say what happened, and where, if a redirect led there.

    The client's errors mean: UnsupportedProtocol, the guard refused; LocalProtocolError, one of
    our bounds; a ConnectError has its cause in `__cause__`.
    """
    match error:
        case httpx.UnsupportedProtocol():
            kind, text = "address", str(error)
        case httpx.LocalProtocolError():
            kind, text = "too-large", str(error)
        case httpx.ConnectTimeout():
            kind, text = "timeout", f"no connection to {_place(here)} within {_shown(limits.head)}"
        case httpx.TimeoutException():
            head, total = _shown(limits.head), _shown(limits.total)
            kind, text = "timeout", f"no answer within {head}, or not all of it within {total}"
        case httpx.ConnectError():
            kind, text = _connect_trouble(error, here)
        case httpx.RemoteProtocolError() if "disconnected" in str(error):
            kind, text = "connect", "the connection was closed without an answer"
        case httpx.RemoteProtocolError():
            kind, text = "http", "the answer is not HTTP"
        case _:
            kind, text = "connect", f"the connection broke: {str(error) or 'no reason given'}"
    where = f"redirected to {here.host}: " if is_led_on else ""
    return FetchError(where + text, kind=kind, is_led_on=is_led_on)


def _connect_trouble(error: httpx.ConnectError, here: Parts) -> tuple[str, str]:
    cause = error.__cause__
    if isinstance(cause, socket.gaierror):
        kind = "offline" if cause.errno in _NO_RESOLVER else "dns"
        return kind, f"the host name {here.host} cannot be looked up: {error}"
    if isinstance(cause, ssl.SSLError):
        return "tls", f"no secure connection to {_place(here)}: {error}"
    is_ours = isinstance(cause, OSError) and cause.errno in _NO_WAY_OUT
    return "offline" if is_ours else "connect", f"no connection to {_place(here)}: {error}"


def _place(here: Parts) -> str:
    return f"{here.host}:{here.port or DEFAULT_PORTS[here.scheme]}"


def _shown(wait: timedelta) -> str:
    seconds = wait.total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"
