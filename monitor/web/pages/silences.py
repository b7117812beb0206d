"""Silences: what is held back, why, until when, and how much that is."""

from collections.abc import Mapping
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from monitor.base.errors import clipped
from monitor.silences.silencing import (
    SENT_TWICE,
    Wanted,
    add_silence,
    silence_named,
    told,
    unsilence,
)
from monitor.web.base.desk import Desk, number
from monitor.web.base.render import counted, filters


def show_all(desk: Desk, request: Request) -> Response:
    """Show the silences that last, and the form for another."""
    now = desk.app.now()
    with desk.app.storage.reading() as tx:
        silences = [told(tx, silence) for silence in tx.silences.all(now=now)]
        rules, sources = desk.lately.rules(tx), tx.sources.all()
    wished = filters(request.query_params, ("rule", "source", "query"))
    values = {
        "silences": silences,
        "rules": rules,
        "sources": sources,
        "wished": wished,
        "now": now,
    }
    return desk.page(request, "silences.html", values=values)


def add(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Silence a rule, a source or what a query matches."""
    days = number(fields, "days", default=1, low=1, high=366)
    now = desk.app.now()
    wanted = Wanted(
        rule=fields.get("rule") or None,
        source=fields.get("source") or None,
        query=fields.get("query", "").strip() or None,
    )
    with desk.app.storage.changing() as tx:
        add_silence(
            tx,
            wanted,
            reason=fields.get("reason", ""),
            until=now + timedelta(days=days),
            now=now,
            made=desk.app.lexicons.made,
            once_in=SENT_TWICE,
        )
    return desk.done(request, "/silences", "Silenced; one digest tells afterwards what it held.")


def end(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """End a silence now."""
    now = desk.app.now()
    with desk.app.storage.changing() as tx:
        ended = silence_named(tx, request.path_params["id"], now=now)
        gathered = unsilence(tx, ended, now=now)
    sentence = f"“{clipped(ended.reason)}” has ended."
    if gathered:
        sentence += f" One digest tells {counted(gathered, 'alert')} that it held."
    return desk.done(request, "/silences", sentence)
