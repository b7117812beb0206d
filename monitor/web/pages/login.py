"""Logging in with a token, and out again."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.access.tokens import SESSION, end_session, open_session, token_shown
from monitor.web.base.desk import Desk, local_path
from monitor.web.base.gate import LOGIN, SESSION_COOKIE, peer_of


def show(desk: Desk, request: Request) -> Response:
    """Show the form."""
    return form(desk, request, 200, "")


def form(desk: Desk, request: Request, code: int, why: str) -> Response:
    """Return the form, or what somebody may not do who is logged in already."""
    if code not in (200, 401, 429):
        return desk.page(request, "refused.html", code=code, values={"sentence": why})
    query = f"?{request.url.query}" if request.url.query else ""
    here = request.query_params.get("next", "/")
    if request.url.path != LOGIN and request.method == "GET":
        here = request.url.path + query
    values = {"next": local_path(here), "why": why}
    response = desk.page(request, "login.html", code=code, values=values)
    response.headers["Cache-Control"] = "no-store"
    return response


def enter(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Begin a session for whoever shows a token."""
    peer = peer_of(request)
    if desk.tries.are_too_many(peer):
        response = form(desk, request, 429, "Too many wrong tokens; wait a minute.")
        response.headers["Retry-After"] = "60"
        return response
    now = desk.app.now()
    with desk.app.storage.transaction() as tx:
        token = token_shown(tx, fields.get("token", "").strip())
        secret = open_session(tx, token, now=now) if token else ""
    if token is None:
        desk.tries.failed(peer)
        return form(desk, request, 401, "There is no such token.")
    response = RedirectResponse(local_path(fields.get("next", "/")), status_code=303)
    response.set_cookie(
        SESSION_COOKIE,
        secret,
        max_age=int(SESSION.total_seconds()),
        httponly=True,
        # Not strict: who follows the link of a message is let in.
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
    )
    return response


def leave(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """End the session of this browser."""
    cookie = request.cookies.get(SESSION_COOKIE, "")
    with desk.app.storage.transaction() as tx:
        end_session(tx, cookie)
    response = RedirectResponse(LOGIN, status_code=303)
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response
