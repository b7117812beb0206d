"""What other programs ask to know whether this one is well."""

from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from monitor.base.times import show_instant
from monitor.services.health import status_of
from monitor.web.base.desk import Desk

OVERDUE = timedelta(minutes=15)
"""A delivery that could go out and is still owed after so long is a trouble."""


async def health(request: Request) -> Response:
    """Answer that the process answers."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def ready(desk: Desk, request: Request) -> Response:
    """Answer whether news is read and alerts go out: 200, or 503 with what is in the way."""
    now = desk.app.now()
    status = status_of(desk.app.config, desk.app.storage, now=now)
    troubles = []
    if status.daemon_pid is None and not desk.is_daemon:
        troubles.append("the daemon does not run")
    if status.oldest_open_at is not None and now - status.oldest_open_at > OVERDUE:
        troubles.append(f"a delivery is owed since {show_instant(status.oldest_open_at)}")
    shape = {
        "status": "ready" if not troubles else "not ready",
        "troubles": troubles,
        "last_poll_at": show_instant(status.last_poll_at),
        "last_alert_at": show_instant(status.last_alert_at),
        "oldest_open_at": show_instant(status.oldest_open_at),
        "ages_s": {
            "last_poll": _age(status.last_poll_at, now),
            "last_alert": _age(status.last_alert_at, now),
            "oldest_open": _age(status.oldest_open_at, now),
        },
        "deliveries": status.deliveries,
    }
    return JSONResponse(
        shape, status_code=503 if troubles else 200, headers={"Cache-Control": "no-store"}
    )


def _age(instant: datetime | None, now: datetime) -> int | None:
    return None if instant is None else int((now - instant).total_seconds())
