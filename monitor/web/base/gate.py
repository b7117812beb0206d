"""Who asks, and whether they may: a token of a program, the session of a browser, this machine."""

from collections.abc import Callable, Iterable
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from monitor.access.sessions import session_shown
from monitor.access.tokens import token_shown
from monitor.web.base.passed_on import is_passed_on
from monitor.web.base.peers import TRIES_LAST, Tries, peer_of
from monitor.web.base.problems import problem
from monitor.web.base.security import SAFE
from storage.access import Holder, Role, User
from storage.access import Scope as Allowed
from storage.api.errors import StorageError
from storage.api.storage import Storage

SESSION_COOKIE = "monitor_session"
HOLDER = "monitor.holder"
"""Under which a request knows who has shown who they are."""

LOGIN = "/login"
SLASH = "/slash"
FEEDS = "/feeds/"
OPEN = ("/static/", "/leave/")
"""Our own scripts and styles, which say nothing about what is stored (the login needs them), and
links that carry in themselves what they are for."""

_ADMIN = ("/channels", "/api/v1/channels")
_ABOUT_ACCESS = ("/api/v1/tokens", "/api/v1/users")
"""Who may ask is told to, and changed by, only those who have shown who they are."""
_READING_FORMS = (
    "/rules/preview",
    "/rules/try",
    "/logout",
    "/account/password",
    "/account/sessions",
)
"""Forms that change nothing but for who sends them."""

Denied = Callable[[Request, int, str], Response]
"""Makes a page that says why not: (request, status, sentence)."""


class Gate:
    """Lets only those through who may do what they ask for.

    Args:
        is_open: Whether only this machine can be reached: who asks from it may do everything.
        proxy_asks: Whether whoever is passed on by a server on this machine may, too: it has asked
            them who they are.
        denied: Makes the page that says why not, with the form to log in.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        storage: Storage,
        now: Callable[[], datetime],
        tries: Tries,
        is_open: bool,
        proxy_asks: bool = False,
        denied: Denied,
    ) -> None:
        self._app = app
        self._storage = storage
        self._now = now
        self._tries = tries
        self._is_open = is_open
        self._proxy_asks = proxy_asks
        self._denied = denied

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer 401, 403 or 429."""
        if scope["type"] != "http" or scope["path"].startswith(OPEN) or _asks_itself(scope):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            why_not = await self._why_not(request)
        except StorageError as error:
            why_not = 503, f"The store cannot be used now: {error}"
        answer = self._app if why_not is None else self._refused(request, *why_not)
        await answer(scope, receive, send)

    async def _why_not(self, request: Request) -> tuple[int, str] | None:
        is_let_in = self._is_let_in(request)
        secret = _secret_of(request)
        if secret == "" and is_let_in and self._proxy_asks:
            secret = None  # what the server between was shown, such as a name and its password
        cookie = request.cookies.get(SESSION_COOKIE, "")
        is_open = is_let_in and not _is_under(request.url.path, _ABOUT_ACCESS)
        if secret is None and not cookie:
            return None if is_open else (401, "a token is needed")
        peer = peer_of(request)
        holder = await run_in_threadpool(self._holder, secret, cookie)
        if holder is None:
            # A right one is let in whoever else comes from there: behind a server that speaks TLS
            # all come from one place, and a secret that is drawn cannot be guessed.
            if secret is not None and self._tries.are_too_many(peer):
                return 429, "too many wrong tokens; wait a minute"
            if secret is not None:
                self._tries.failed(peer)
                return 401, "there is no such token"
            return None if is_open else (401, "the session has ended")
        self._tries.recognise(peer, holder.id)
        needed = needed_for(request.method, request.url.path)
        if not holder.scope.covers(needed):
            return 403, _too_little(holder, needed)
        request.scope[HOLDER] = holder
        return None

    def _is_let_in(self, request: Request) -> bool:
        """Whether somebody may ask who shows nothing."""
        if not self._is_open or self._proxy_asks:
            return self._is_open
        return not is_passed_on(request)

    def _holder(self, secret: str | None, cookie: str) -> Holder | None:
        with self._storage.reading() as tx:
            if secret is not None:
                return token_shown(tx, secret)
            return session_shown(tx, cookie, now=self._now())

    def _refused(self, request: Request, status: int, why: str) -> Response:
        headers = {"WWW-Authenticate": 'Bearer realm="monitor"'} if status == 401 else {}
        if status == 429:
            headers["Retry-After"] = str(int(TRIES_LAST.total_seconds()))
        is_script = "hx-request" in request.headers  # of a page, and shows it part of one
        wants_page = is_script or "text/html" in request.headers.get("accept", "")
        is_call = request.url.path.startswith(("/api/", FEEDS))
        answer = self._denied(request, status, why) if wants_page and not is_call else None
        answer = answer or problem(status, why)
        answer.headers.update(headers)
        return answer


def holder_of(request: Request) -> Holder | None:
    """Return who has shown who they are; None for whoever is let in without."""
    holder: Holder | None = request.scope.get(HOLDER)
    return holder


def needed_for(method: str, path: str) -> Allowed:
    """Return what somebody must be allowed who asks for this."""
    if _is_under(path, _ABOUT_ACCESS):
        return Allowed.ADMIN
    if method in SAFE or path in _READING_FORMS:
        return Allowed.READ
    return Allowed.ADMIN if _is_under(path, _ADMIN) else Allowed.WRITE


def _is_under(path: str, places: Iterable[str]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)


def _too_little(holder: Holder, needed: Allowed) -> str:
    if isinstance(holder, User):
        role = next(role for role in Role if role.scope is needed)
        return f"{holder.name} is {holder.role}; this needs {role}"
    return f"token {holder.name} is for {holder.scope}; this needs {needed}"


def _asks_itself(scope: Scope) -> bool:
    """Whether what answers asks who it is: the login, and commands that chats sign."""
    return scope["path"] in (LOGIN, SLASH) and scope["method"] == "POST"


def _secret_of(request: Request) -> str | None:
    """Return what is shown as a token, "" for what is none; None when nothing is shown."""
    shown = request.headers.get("authorization")
    if shown is not None:
        scheme, _, secret = shown.partition(" ")
        return secret.strip() if scheme.lower() == "bearer" else ""
    if request.url.path.startswith(FEEDS):
        return request.query_params.get("token")
    return None
