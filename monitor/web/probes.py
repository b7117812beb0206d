"""What other programs ask to know whether this one is well."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from monitor.base.times import show_instant
from monitor.canary.canary import last_heard
from monitor.services.health import Status, status_of
from monitor.web.base.desk import Desk
from storage.api.errors import StorageError
from storage.api.storage import Storage, Transaction
from storage.model import DeliveryState

OVERDUE = timedelta(minutes=15)
"""A delivery that could go out and is still owed after so long is a trouble."""

HEALTH = ("last_poll", "last_commit", "last_delivery")
"""What `/healthz` tells the age of."""


def health(desk: Desk, request: Request) -> Response:
    """Answer whether this process can do its work: 200, or 503 while its store cannot be used."""
    trouble = desk.trouble
    instants: dict[str, datetime | None] = {}
    try:
        instants = instants_of(status_now(desk), desk.app.storage)
    except StorageError as error:
        trouble = trouble or f"the store cannot be used now: {error}"
    ages = {name: _age(instants.get(name), desk.app.now()) for name in HEALTH}
    return _answer({"status": "failing" if trouble else "ok"}, [trouble] if trouble else [], ages)


def ready(desk: Desk, request: Request) -> Response:
    """Answer whether news is read and alerts go out: 200, or 503 with what is in the way."""
    app, now = desk.app, desk.app.now()
    status = status_now(desk)
    with app.storage.reading() as tx:
        heard = last_heard(tx)
    troubles = []
    if status.daemon_pid is None and not desk.is_daemon:
        troubles.append("the daemon does not run")
    if desk.trouble:
        troubles.append(desk.trouble)
    if status.oldest_open_at is not None and now - status.oldest_open_at > OVERDUE:
        troubles.append(f"a delivery is owed since {show_instant(status.oldest_open_at)}")
    if desk.is_daemon and app.config.canary_every and app.sending.canary.trouble:
        troubles.append(app.sending.canary.trouble)
    elif heard is not None and not troubles and (silent := heard.trouble(now)):
        troubles.append(silent)
    instants = instants_of(status, app.storage)
    shape = {
        "status": "ready" if not troubles else "not ready",
        **{f"{name}_at": show_instant(instant) for name, instant in instants.items()},
        "deliveries": status.deliveries,
    }
    return _answer(shape, troubles, {name: _age(at, now) for name, at in instants.items()})


def _answer(
    shape: Mapping[str, object], troubles: Sequence[str], ages_s: Mapping[str, int | None]
) -> Response:
    return JSONResponse(
        {**shape, "troubles": troubles, "ages_s": ages_s},
        status_code=503 if troubles else 200,
        headers={"Cache-Control": "no-store"},
    )


def status_now(desk: Desk) -> Status:
    """Return what is going on, without how long alerts took."""
    app = desk.app
    return status_of(app.config, app.storage, now=app.now(), with_latency=False)


def instants_of(status: Status, storage: Storage) -> dict[str, datetime | None]:
    """Return when each step of the way was last gone, and what is owed longest was made."""
    with storage.reading() as tx:
        heard = last_heard(tx)
        delivered_at = last_delivered(tx)
    heard_at = heard.at if heard else None
    return {
        "last_poll": status.last_poll_at,
        "last_commit": newest(status.last_poll_at, status.last_alert_at, heard_at),
        "last_alert": status.last_alert_at,
        "last_delivery": delivered_at,
        "last_canary": heard_at,
        "oldest_open": status.oldest_open_at,
    }


def last_delivered(tx: Transaction) -> datetime | None:
    """Return when something last arrived, of what was made last."""
    recent = tx.outbox.recent(states=[DeliveryState.DELIVERED], limit=1)
    attempts = tx.outbox.attempts(recent[0].id) if recent else []
    return newest(*(attempt.ended_at for attempt in attempts))


def newest(*instants: datetime | None) -> datetime | None:
    """Return the newest of some instants; None of none."""
    return max((instant for instant in instants if instant is not None), default=None)


def _age(instant: datetime | None, now: datetime) -> int | None:
    """Return seconds since then: 0 where a clock has been set back behind it."""
    return None if instant is None else max(0, int((now - instant).total_seconds()))
