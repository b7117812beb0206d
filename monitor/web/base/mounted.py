"""The site under a path of another, such as `https://example.org/news`, and behind its TLS.

Inside, every address is as the site has it at its root. What leads back to it is told once, here:
in the HTML, the headers and the cookies that leave.
"""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PREFIX_HEADER = "x-forwarded-prefix"

_ROOT = "monitor.root"
_IS_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
_LED = re.compile(rb'(\s(?:href|src|action|formaction|hx-get|hx-post|data-from|data-here)=")/(?!/)')
"""What in our HTML leads to a place of this site. Quotes in what others wrote are escaped there, so
that nothing of theirs can look like this."""


def root_of(request: Request) -> str:
    """Return the path under which the site was asked for, such as "/news"; "" at its root."""
    root: str = request.scope.get(_ROOT, "")
    return root


class Mounted:
    """Serves the site at its root as well as under a path.

    Whoever asks for the name in `public_url` is given its path and scheme; the server that stands
    between may take that path off, or leave it. Another path may be named by `X-Forwarded-Prefix`:
    no page elsewhere can make a browser send that, and it leads nowhere but into this host.

    Args:
        public_url: Where readers reach the page; None when nobody has said.
    """

    def __init__(self, app: ASGIApp, *, public_url: str | None) -> None:
        self._app = app
        public = urlsplit(public_url or "")
        self._scheme = public.scheme
        self._names = {public.netloc.lower(), public.hostname} - {"", None}
        self._path = public.path.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_public = headers.get("host", "").lower() in self._names
        if is_public:
            scope["scheme"] = self._scheme
        root = headers.get(PREFIX_HEADER, "").rstrip("/")
        if not _IS_PREFIX.fullmatch(root):
            root = self._path if is_public else ""
            path = scope["path"]
            if root and (path == root or path.startswith(f"{root}/")):
                scope["path"] = path[len(root) :] or "/"
        scope[_ROOT] = root
        is_secure = scope["scheme"] == "https"
        is_plain = not root and not is_secure
        await self._app(scope, receive, send if is_plain else _leading(send, root, is_secure))


def _leading(send: Send, root: str, is_secure: bool) -> Send:
    """Return what sends answers on whose addresses of this site begin with `root`.

    Args:
        is_secure: Whether browsers show cookies over TLS only.
    """
    start: Message | None = None

    async def sending(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            _lead_headers(headers, root, is_secure)
            if root and headers.get("content-type", "").startswith("text/html"):
                start = message  # its length is not known before its body
                return
        elif start is not None:
            message["body"] = _LED.sub(rb"\1%s/" % root.encode(), message.get("body", b""))
            MutableHeaders(scope=start)["content-length"] = str(len(message["body"]))
            begun, start = start, None
            await send(begun)
        await send(message)

    return sending


def _lead_headers(headers: MutableHeaders, root: str, is_secure: bool) -> None:
    for name in ("location", "x-where"):
        where = headers.get(name, "")
        if where.startswith("/") and not where.startswith("//"):
            headers[name] = root + where
    cookies = headers.getlist("set-cookie")
    del headers["set-cookie"]
    for cookie in cookies:
        led = cookie.replace("; Path=/", f"; Path={root or '/'}", 1)
        headers.append("set-cookie", f"{led}; Secure" if is_secure else led)
