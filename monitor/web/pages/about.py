"""How it is, what needs somebody, and what this is made of."""

from functools import cache
from importlib.metadata import distributions, version

from starlette.requests import Request
from starlette.responses import Response

from monitor.services.health import status_of
from monitor.web.base.desk import Desk
from monitor.web.base.gate import SESSION_COOKIE

PACKAGE = "newsroom-monitor"


def show(desk: Desk, request: Request) -> Response:
    """Show the state of the whole, versions and licences."""
    app = desk.app
    status = status_of(app.config, app.storage, now=app.now(), with_latency=False)
    return desk.page(
        request,
        "about.html",
        values={
            "status": status,
            "config": app.config,
            "version": version(PACKAGE),
            "parts": _parts(),
            "is_in": SESSION_COOKIE in request.cookies,
            "now": app.now(),
        },
    )


@cache
def _parts() -> tuple[tuple[str, str, str], ...]:
    """Return what this is made of: name, version, licence; it stays so while it runs."""
    parts = {
        (part.metadata["Name"], part.version, _licence(part.metadata))
        for part in distributions()
        if part.metadata["Name"]
    }
    return tuple(sorted(parts, key=lambda part: part[0].casefold()))


def _licence(metadata: object) -> str:
    get = getattr(metadata, "get", lambda name: None)
    text = get("License-Expression") or get("License") or ""
    return text.split("\n")[0][:60]
