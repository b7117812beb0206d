"""Logging in, with a name and a password or with a token, and out again; one's own account."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.access.passwords import SHORTEST, Crowded, checked_password, is_right, kept_of
from monitor.access.sessions import SESSION, end_session, open_session
from monitor.access.tokens import token_shown
from monitor.access.users import change_user, user_shown
from monitor.base.errors import Refusal
from monitor.web.base.desk import Desk, local_path
from monitor.web.base.gate import LOGIN, SESSION_COOKIE, holder_of
from monitor.web.base.peers import TRIES_LAST, peer_of
from storage.access import Holder, User

_TOO_MANY = "Too many wrong tries; wait a minute."
_IN_PLACE = "You are not logged in any more. Log in in another window, then do this again."
_NOT_DONE = "You were not logged in any more, so that was not done."


def show(desk: Desk, request: Request) -> Response:
    """Show the form."""
    return form(desk, request, 200, "")


def form(desk: Desk, request: Request, code: int, why: str, *, next: str = "/") -> Response:
    """Return the form, or what somebody may not do who is logged in already.

    A script gets a sentence: what was typed on its page stays there.

    Args:
        next: Where to go on, unless the address says it.
    """
    if request.headers.get("hx-request"):
        sentence = _IN_PLACE if code == 401 else why
        return desk.fragment("_refused.html", {"sentence": sentence}, code=code)
    if code not in (200, 401, 429):
        return desk.page(
            request, "refused.html", code=code, values={"sentence": why, "is_missing": False}
        )
    query = f"?{request.url.query}" if request.url.query else ""
    here = request.query_params.get("next", next)
    if request.url.path != LOGIN and request.method == "GET":
        here = request.url.path + query
        if not request.cookies.get(SESSION_COOKIE):
            why = ""  # who comes for the first time has done nothing wrong
    elif request.url.path != LOGIN and code == 401:
        why = _NOT_DONE
    values = {"next": local_path(here), "why": why}
    response = desk.page(request, "login.html", code=code, values=values)
    response.headers["Cache-Control"] = "no-store"
    if code == 429:
        response.headers["Retry-After"] = str(int(TRIES_LAST.total_seconds()))
    return response


def enter(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Begin a session for whoever shows a token, or a name and its password."""
    peer, now, next_ = peer_of(request), desk.app.now(), fields.get("next", "/")
    if desk.tries.are_too_many(peer):
        return form(desk, request, 429, _TOO_MANY, next=next_)
    # Counted before it is looked at, so that many at once are counted as well.
    desk.tries.failed(peer)
    try:
        holder = _holder(desk, fields)
    except Crowded:
        return form(desk, request, 429, _TOO_MANY, next=next_)
    if holder is None:
        what = "token" if fields.get("token") else "name with this password"
        return form(desk, request, 401, f"There is no such {what}.", next=next_)
    desk.tries.forgive(peer, holder.id)
    with desk.app.storage.transaction() as tx:
        secret = open_session(tx, holder, now=now)
        end_session(tx, request.cookies.get(SESSION_COOKIE, ""))
    response = RedirectResponse(local_path(next_), status_code=303)
    _keep(response, secret)
    return response


def _holder(desk: Desk, fields: Mapping[str, str]) -> Holder | None:
    with desk.app.storage.reading() as tx:
        if token := fields.get("token", "").strip():
            return token_shown(tx, token)
        users = tx.users.all()
    return user_shown(users, fields.get("name", ""), fields.get("password", ""))


def _keep(response: Response, secret: str) -> None:
    response.set_cookie(
        SESSION_COOKIE,
        secret,
        max_age=int(SESSION.total_seconds()),
        httponly=True,
        # Not strict: who follows the link of a message is let in.
        samesite="lax",
        path="/",
    )


def leave(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """End the session of this browser."""
    cookie = request.cookies.get(SESSION_COOKIE, "")
    with desk.app.storage.transaction() as tx:
        end_session(tx, cookie)
    response = RedirectResponse(LOGIN, status_code=303)
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def account(desk: Desk, request: Request) -> Response:
    """Show who one is here."""
    return _account(desk, request, 200, "")


def _account(desk: Desk, request: Request, code: int, why: str) -> Response:
    holder = holder_of(request)
    values: dict[str, object] = {"holder": holder, "is_user": isinstance(holder, User)}
    values |= {"why": why, "shortest": SHORTEST}
    response = desk.page(request, "account.html", code=code, values=values)
    response.headers["Cache-Control"] = "no-store"
    return response


def change_password(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Change one's own password; every other browser logs in anew."""
    user, peer = holder_of(request), peer_of(request)
    if not isinstance(user, User):
        raise Refusal("who has shown a token has no password")
    if desk.tries.are_too_many(peer):
        return _account(desk, request, 429, _TOO_MANY)
    desk.tries.failed(peer)
    try:
        is_known = is_right(fields.get("old", ""), user.password)
    except Crowded:
        return _account(desk, request, 429, _TOO_MANY)
    if not is_known:
        return _account(desk, request, 401, "This is not your password.")
    desk.tries.forgive(peer, user.id)
    new = fields.get("new", "")
    if new != fields.get("again", ""):
        return _account(desk, request, 400, "The new password was typed in two ways.")
    try:
        kept = kept_of(checked_password(new, name=user.name))
    except Refusal as refusal:
        return _account(desk, request, 400, str(refusal))
    with desk.app.storage.transaction() as tx:
        changed = change_user(tx, user, password=kept)
        secret = open_session(tx, changed, now=desk.app.now())
    response = desk.done(request, "/account", "Your password is changed.")
    _keep(response, secret)
    return response


def end_others(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """End all sessions of who asks but this browser's."""
    holder = holder_of(request)
    if holder is None:
        raise Refusal("nobody is logged in here")
    with desk.app.storage.transaction() as tx:
        tx.sessions.end_all(holder.id)
        secret = open_session(tx, holder, now=desk.app.now())
    response = desk.done(request, "/account", "All other browsers are logged out.")
    _keep(response, secret)
    return response
