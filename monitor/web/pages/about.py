"""How it is, what needs somebody, and what this is made of."""

from functools import cache
from importlib.metadata import distributions, version

from starlette.requests import Request
from starlette.responses import Response

from ingester.kinds import FOLDER
from monitor.config.load import Config
from monitor.services.health import status_of
from monitor.web.base.desk import Desk
from monitor.web.base.gate import SESSION_COOKIE
from storage.api.storage import Transaction
from storage.model import SourceState, stable_id

PACKAGE = "newsroom-monitor"


def show(desk: Desk, request: Request) -> Response:
    """Show the state of the whole, versions and licences."""
    app = desk.app
    with app.storage.reading() as tx:
        seeds = _folder(app.config, tx)
    status = status_of(app.config, app.storage, now=app.now(), with_latency=False)
    return desk.page(
        request,
        "about.html",
        values={
            "status": status,
            "config": app.config,
            "seeds": seeds,
            "version": version(PACKAGE),
            "parts": _parts(),
            "is_in": SESSION_COOKIE in request.cookies,
            "now": app.now(),
        },
    )


def _folder(config: Config, tx: Transaction) -> str:
    """Return what becomes of the seed folder: the samples are followed only by a new home."""
    if config.seeds is None:
        return ""
    kept = tx.sources.get(stable_id("source", FOLDER, str(config.seeds.absolute())))
    if kept is None or kept.state is SourceState.REMOVED:
        return "not followed"
    return "followed" if kept.state is SourceState.ACTIVE else kept.state.value


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
