"""The site: which address answers what."""

from collections.abc import Awaitable, Callable, Collection
from functools import partial
from importlib.resources import files
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from monitor.app import App
from monitor.base.errors import Refusal
from monitor.web import feeds, metrics, probes, slash
from monitor.web.api.table import routes as api_routes
from monitor.web.base.counting import Asked, Counting
from monitor.web.base.desk import MOST_FORM_BYTES, Desk, Handler, form_of
from monitor.web.base.gate import SLASH, Gate
from monitor.web.base.lately import Lately
from monitor.web.base.mounted import Mounted
from monitor.web.base.peers import Tries
from monitor.web.base.problems import problem, refused
from monitor.web.base.render import Renderer
from monitor.web.base.security import (
    CSRF_FIELD,
    CSRF_HEADER,
    PATIENCE_S,
    Guard,
    TooLarge,
    TooSlow,
    is_own_form,
    why_not_own,
)
from monitor.web.live import Live
from monitor.web.pages import (
    about,
    alert,
    article,
    channel,
    channels,
    export,
    following,
    leave,
    login,
    overview,
    report,
    rule_editor,
    rules,
    search,
    silences,
    sources,
    story,
    today,
)
from storage.api.errors import Ambiguous, StorageError
from storage.api.storage import Transaction

Page = Callable[[Desk, Request], Response]
Endpoint = Callable[[Request], Awaitable[Response]]

PAGES: dict[str, Page] = {
    "/": today.show,
    "/alerts/{id}": alert.show,
    "/stories": story.show_all,
    "/stories/{id}": story.show,
    "/articles/{id}": article.show,
    "/search": search.show,
    "/rules": rules.show_all,
    "/rules/new": rule_editor.show_new,
    "/rules/{id}": rule_editor.show_one,
    "/sources": sources.show_all,
    "/sources/{id}": sources.show_one,
    "/channels": channels.show_all,
    "/channels/{id}": channel.show,
    "/deliveries": channels.show_deliveries,
    "/deliveries/{id}": channel.show_delivery,
    "/silences": silences.show_all,
    "/overview": overview.show,
    "/about": about.show,
    "/login": login.show,
    "/account": login.account,
}
"""What GET answers with a page; nothing is changed by it."""

PARTS: dict[str, Page] = {
    "/articles/{id}/rules": article.show_rules,
    "/search/hits": search.show_hits,
    "/names/{noun}": search.show_names,
    "/sources.opml": following.give_list,
    "/sources/progress": sources.show_progress,
    "/overview/data": overview.data,
    "/export/{file}": export.show,
    "/report": report.show,
}
"""What GET answers with a part of a page, or a file."""

FORMS: dict[str, Handler] = {
    "/rules": rule_editor.add,
    "/rules/preview": rule_editor.preview,
    "/rules/try": rule_editor.try_text,
    "/rules/{id}": rule_editor.edit,
    "/rules/{id}/variants": rule_editor.decide,
    "/rules/{id}/state": rules.set_state,
    "/alerts/{id}/wrong": alert.wrong,
    "/alerts/{id}/rate": alert.rated,
    "/alerts/{id}/mute": alert.mute,
    "/alerts/{id}/unmute": alert.unmute,
    "/stories/{id}/split": story.split_off,
    "/stories/{id}/merge": story.merge_with,
    "/silences": silences.add,
    "/silences/{id}/end": silences.end,
    "/sources": following.add,
    "/sources/list": following.take_list,
    "/sources/{id}": sources.edit,
    "/sources/{id}/state": sources.set_state,
    "/channels": channel.add,
    "/channels/{id}": channel.edit,
    "/channels/{id}/remove": channel.remove,
    "/channels/{id}/test": channels.test,
    "/channels/{id}/state": channels.set_state,
    "/deliveries/{id}/retry": channels.retry,
    "/login": login.enter,
    "/logout": login.leave,
    "/account/password": login.change_password,
    "/account/sessions": login.end_others,
}
"""What POST answers, for forms of our own pages only."""

LARGE_FORMS = {"/sources/list": 4 * 1024 * 1024}
"""Forms that may bring more bytes than others: a list of thousands of feeds."""


def desk_of(app: App, *, is_daemon: bool = False) -> Desk:
    """Return what pages and calls are made from."""
    return Desk(
        app=app,
        render=Renderer(zone=app.config.zone, command=app.config.command_name),
        tries=Tries(app.now),
        asked=Asked(),
        lately=Lately(app.config.zone),
        is_daemon=is_daemon,
    )


def make_site(
    app: App,
    *,
    is_daemon: bool = False,
    hosts: Collection[str] = (),
    is_open: bool = True,
    patience_s: float = PATIENCE_S,
) -> Starlette:
    """Return the site.

    Args:
        is_daemon: Whether this process also polls and sends.
        hosts: Names, besides those of this machine itself, under which it may be asked.
        is_open: Whether only this machine can reach it, so that nobody on it needs a token.
        patience_s: A whole body has come after so long, or is given up.
    """
    desk = desk_of(app, is_daemon=is_daemon)
    live = Live(app.storage, warm=partial(_warm, desk))
    return Starlette(
        routes=_most_specific_first(_one_a_path(_routes(desk, live))),
        middleware=[
            Middleware(Counting, asked=desk.asked),
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(Mounted, public_url=app.config.public_url),
            Middleware(Guard, hosts=hosts, patience_s=patience_s),
            Middleware(
                Gate,
                storage=app.storage,
                now=app.now,
                tries=desk.tries,
                is_open=is_open,
                proxy_asks=app.config.web_login == "proxy",
                denied=partial(login.form, desk),
            ),
        ],
        exception_handlers={
            HTTPException: partial(_failed, desk),
            Refusal: partial(_refused, desk),
            StorageError: partial(_store_failed, desk),
            TooLarge: _too_large,
            TooSlow: _too_slow,
            Exception: partial(_failed, desk),
        },
        lifespan=live.lifespan,
    )


def _routes(desk: Desk, live: Live) -> list[BaseRoute]:
    """Return who answers at which path, several of them at one."""
    return [
        *(
            Route(path, _page(desk, page), methods=["GET"])
            for path, page in (PAGES | PARTS).items()
        ),
        *(
            Route(path, _form(desk, form, LARGE_FORMS.get(path)), methods=["POST"])
            for path, form in FORMS.items()
        ),
        *(Route(path, _page(desk, page), methods=["GET"]) for path, page in feeds.PAGES.items()),
        *api_routes(desk, live.alerts),
        # Nothing but the link is asked for: mail programs post to it without having seen a form.
        Route(leave.PATH + "{token}", _page(desk, leave.show), methods=["GET"]),
        Route(leave.PATH + "{token}", _page(desk, leave.leave), methods=["POST"]),
        Route("/live", live.stream, methods=["GET"]),
        Route(SLASH, slash.Slash(desk).answer, methods=["POST"]),
        Route("/healthz", _page(desk, probes.health), methods=["GET"]),
        Route("/readyz", _page(desk, probes.ready), methods=["GET"]),
        Route("/metrics", _page(desk, metrics.show), methods=["GET"]),
        Mount("/static", Assets(directory=Path(str(files("monitor.web") / "static")))),
    ]


def _warm(desk: Desk, tx: Transaction) -> None:
    """Read what the first page would have to wait for."""
    desk.lately.read(tx)
    desk.lately.rules(tx)
    desk.render.warm()


class Assets(StaticFiles):
    """Our own files; their addresses change with their content, so browsers keep them."""

    def file_response(self, *args: object, **keywords: object) -> Response:
        response = super().file_response(*args, **keywords)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    def lookup_path(self, path: str) -> tuple[str, object]:  # type: ignore[override]
        """Find files by name only: there are no folders below."""
        return ("", None) if "/" in path or "\\" in path else super().lookup_path(path)


def _one_a_path(routes: list[BaseRoute]) -> list[BaseRoute]:
    """Join the routes of one path, so that who asks otherwise is told of all methods there are."""
    made: dict[str, dict[str, Endpoint]] = {}
    others: list[BaseRoute] = []
    for route in routes:
        if isinstance(route, Route):
            methods = made.setdefault(route.path, {})
            methods |= dict.fromkeys(route.methods or (), route.endpoint)
        else:
            others.append(route)
    joined = [Route(path, _by_method(ways), methods=[*ways]) for path, ways in made.items()]
    return [*joined, *others]


def _by_method(ways: dict[str, Endpoint]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await ways[request.method](request)

    return endpoint


def _most_specific_first(routes: list[BaseRoute]) -> list[BaseRoute]:
    def is_general(route: BaseRoute) -> bool:
        return isinstance(route, Route) and route.path.endswith("{id}")

    return sorted(routes, key=is_general)


def _page(desk: Desk, page: Page) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(page, desk, request)

    return endpoint


def _form(desk: Desk, handler: Handler, most_bytes: int | None) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        body_is_form = request.headers.get("content-type", "").partition(";")[0].strip()
        if body_is_form != "application/x-www-form-urlencoded":
            raise HTTPException(415, "expected a form")
        fields = await form_of(request, most_bytes=most_bytes or MOST_FORM_BYTES)
        in_form = fields.pop(CSRF_FIELD, "")
        if not is_own_form(request, request.headers.get(CSRF_HEADER) or in_form):
            raise HTTPException(403, why_not_own(request))
        return await run_in_threadpool(_answered, desk, handler, request, fields)

    return endpoint


def _answered(desk: Desk, handler: Handler, request: Request, fields: dict[str, str]) -> Response:
    try:
        return handler(desk, request, fields)
    except Refusal as refusal:
        return desk.refused(request, refusal)


def _failed(desk: Desk, request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    sentence = error.detail if isinstance(error, HTTPException) else "internal error"
    if request.url.path.startswith("/api/"):
        headers = error.headers if isinstance(error, HTTPException) else None
        return problem(status, sentence, headers=headers)
    if status == 404:
        sentence = "There is nothing at this address."
    values = {"sentence": sentence, "is_missing": status == 404}
    return desk.page(request, "refused.html", code=status, values=values)


def _refused(desk: Desk, request: Request, error: Exception) -> Response:
    refusal = error if isinstance(error, Refusal) else Refusal(str(error))
    if request.url.path.startswith("/api/"):
        named = str(request.path_params.get("id", ""))
        is_reading = request.method == "GET"
        return refused(refusal, named=named, is_reading=is_reading)
    return desk.refused(request, refusal)


def _store_failed(desk: Desk, request: Request, error: Exception) -> Response:
    if isinstance(error, Ambiguous):
        return _refused(desk, request, Refusal(str(error), misuse=False))
    return _failed(desk, request, HTTPException(503, f"The store cannot be used now: {error}"))


def _too_large(request: Request, error: Exception) -> Response:
    return PlainTextResponse("the body is too large\n", status_code=413)


def _too_slow(request: Request, error: Exception) -> Response:
    headers = {"Connection": "close"}
    return PlainTextResponse("the body did not come in time\n", status_code=408, headers=headers)
