"""What stands before every page and call: who may ask, from where, and what a browser may do."""

import asyncio
import hmac
import ipaddress
import secrets
from collections.abc import Collection
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.web.base.loopback import is_loopback

CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"
CSRF_COOKIE = "monitor_csrf"

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

MOST_BODY_BYTES = 4 * 1024 * 1024
MOST_HEADERS = 100
PATIENCE_S = 20.0

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""No script or style but our own files, and nothing from elsewhere."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": a browser then calls the origin of our own forms "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}


def token_of(request: Request) -> str:
    """Return the token that forms of this browser carry."""
    token: str = request.scope["monitor.csrf"]
    return token


class Guard:
    """Lets only requests through that are meant for this site, and names what browsers may do.

    Args:
        hosts: Names, besides those of this machine itself, under which the site may be asked. A
            page elsewhere whose name leads to this machine is refused (DNS rebinding).
        patience_s: A whole body has come after so long, or is given up.
    """

    def __init__(
        self, app: ASGIApp, *, hosts: Collection[str] = (), patience_s: float = PATIENCE_S
    ) -> None:
        self._app = app
        self._patience_s = patience_s
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cookies = cookie_parser(headers.get("cookie", ""))
        given = cookies.get(CSRF_COOKIE, "")
        is_known = len(given) == _TOKEN_LETTERS and given.isascii()
        scope["monitor.csrf"] = given if is_known else secrets.token_urlsafe(32)
        refusal = self._refusal(scope, headers)
        answer: ASGIApp = self._app
        if refusal is not None:
            answer = PlainTextResponse(refusal[1] + "\n", status_code=refusal[0])

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    own.setdefault(name, value)
                if not is_known and "text/html" in own.get("content-type", ""):
                    own.append(
                        "set-cookie",
                        f"{CSRF_COOKIE}={scope['monitor.csrf']}; Path=/; HttpOnly; SameSite=Strict",
                    )
            await send(message)

        await answer(scope, _bounded(receive, self._patience_s), sending)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        if len(scope["headers"]) > MOST_HEADERS:
            return 431, "too many headers"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 12:
            return 400, "Content-Length is not a number"
        if "transfer-encoding" in headers and "content-length" in headers:
            return 400, "a body has one length"
        if int(length) > MOST_BODY_BYTES:
            return 413, f"the body is larger than {MOST_BODY_BYTES:,} bytes"
        host = _host_of(headers.get("host", ""))
        if host is None or not (
            is_loopback(host) or host in self._hosts or _is_own_address(host, scope)
        ):
            return 421, "this site is not served under that name; see web_hosts in docs/web.md"
        query = scope.get("query_string", b"").decode("latin-1")
        if (
            "token=" in query
            and "token" in parse_qs(query)
            and not scope["path"].startswith("/feeds/")
        ):
            return 401, "a token in a URL is refused: send it as Authorization: Bearer"
        return None


def _is_own_address(host: str, scope: Scope) -> bool:
    """Whether a request names the very address that it came to; no name elsewhere can feign that.

    A name that leads here, whose owner is another, is a name and no address.
    """
    own = (scope.get("server") or ("", 0))[0]
    try:
        return ipaddress.ip_address(host) == ipaddress.ip_address(own)
    except ValueError:
        return False


def is_own_form(request: Request, given: str) -> bool:
    """Whether a form or call that changes something was made by a page of ours.

    Args:
        given: The token that it carries.
    """
    if is_from_elsewhere(request):
        return False
    cookie = request.cookies.get(CSRF_COOKIE, "")
    return bool(cookie) and hmac.compare_digest(cookie.encode(), given.encode())


def why_not_own(request: Request) -> str:
    """Return why something was not taken for sent by a page of this site, and what to do."""
    origin, host = request.headers.get("origin"), request.headers.get("host")
    if origin and origin != "null" and is_from_elsewhere(request):
        return (
            f"this was sent by a page of {origin}, and {host} was asked: a server that stands "
            "between must pass the Host header on (docs/web.md)"
        )
    return "this was not sent by a page of this site; reload it"


def is_from_elsewhere(request: Request) -> bool:
    """Whether a browser says that a page of another site has sent this."""
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return True
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


_TOKEN_LETTERS = len(secrets.token_urlsafe(32))


def _host_of(header: str) -> str | None:
    """Return the host name of a Host header; None when it has none that can be read."""
    try:
        return urlsplit(f"//{header}").hostname
    except ValueError:
        return None


class TooSlow(Exception):
    """A body has not come whole in time."""


class TooLarge(Exception):
    """A body goes on after what a body may hold."""


def _bounded(receive: Receive, patience_s: float) -> Receive:
    """Return what receives at most `MOST_BODY_BYTES`, whatever the headers have said, and soon."""
    left = MOST_BODY_BYTES
    until: float | None = None
    is_whole = False

    async def receiving() -> Message:
        nonlocal left, until, is_whole
        if is_whole:  # what comes now is that the other side has gone
            return await receive()
        until = until or asyncio.get_running_loop().time() + patience_s
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise TooSlow from None
        is_whole = not message.get("more_body", False)
        left -= len(message.get("body", b""))
        if left < 0:
            raise TooLarge
        return message

    return receiving
