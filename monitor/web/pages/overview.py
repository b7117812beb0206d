"""Overview: mentions over time, who makes them, how fast they came, and what needs a person."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from common.language_names import language_name
from monitor.base.remedies import remedy_words
from monitor.services.alerts import Raised, raised
from monitor.services.health import examine_nouns
from monitor.web.base.desk import Desk, number
from monitor.web.base.render import filters
from storage.model import DeliveryState

MOST_ALERTS = 20_000
"""So many of the newest alerts are counted; the page says when there are more."""

SHOWN = 8
"""So many rules, languages or sources have a line of their own; the rest is "others"."""

BY: dict[str, Callable[[Raised], str]] = {
    "rule": lambda shown: shown.rule_name,
    "language": lambda shown: (
        language_name(shown.article.language)
        if shown.article and shown.article.language
        else "not known"
    ),
    "source": lambda shown: shown.source_name or "not known",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """How many alerts a day, a line for each thing that is compared.

    Attributes:
        days: Oldest first.
        lines: The name and its count a day, most first.
    """

    days: tuple[date, ...]
    lines: tuple[tuple[str, tuple[int, ...]], ...]


def show(desk: Desk, request: Request) -> Response:
    """Show the overview."""
    chosen, days, alerts, is_whole = _asked(desk, request)
    by = chosen["by"] or "rule"
    lines = lines_of(alerts, BY[by], now=desk.app.now(), days=days, zone=desk.app.config.zone)
    totals = {name: Counter(map(key, alerts)).most_common(SHOWN) for name, key in BY.items()}
    with desk.app.storage.reading() as tx:
        delivered = tx.outbox.recent(states=[DeliveryState.DELIVERED], limit=1_000)
    waits = [
        (delivery.delivered_at - delivery.created_at).total_seconds()
        for delivery in delivered
        if delivery.delivered_at is not None
    ]
    lags = [
        (shown.alert.raised_at - shown.article.published_at).total_seconds()
        for shown in alerts
        if shown.article is not None and shown.article.published_at is not None
        if shown.alert.raised_at - shown.article.published_at < timedelta(days=2)
    ]
    return desk.page(
        request,
        "overview.html",
        values={
            "by": by,
            "names": list(BY),
            "days": days,
            "lines": lines,
            "totals": totals,
            "count": len(alerts),
            "is_whole": is_whole,
            "lag": spread(lags),
            "wait": spread(waits),
            "findings": _wrong(desk),
            "now": desk.app.now(),
        },
    )


def data(desk: Desk, request: Request) -> Response:
    """Return what the chart draws, for uPlot: instants of days, then a row of counts a line."""
    chosen, days, alerts, _ = _asked(desk, request)
    key = BY[chosen["by"] or "rule"]
    zone = desk.app.config.zone
    lines = lines_of(alerts, key, now=desk.app.now(), days=days, zone=zone)
    stamps = [int(datetime(d.year, d.month, d.day, tzinfo=zone).timestamp()) for d in lines.days]
    return JSONResponse(
        {
            "names": [name for name, _ in lines.lines],
            "rows": [stamps, *(c for _, c in lines.lines)],
        },
        headers={"Cache-Control": "no-cache"},
    )


def lines_of(
    alerts: Sequence[Raised],
    key: Callable[[Raised], str],
    *,
    now: datetime,
    days: int,
    zone: tzinfo | None,
) -> Lines:
    """Return how many alerts a day there were of each of the things that had most."""
    today = now.astimezone(zone).date()
    span = tuple(today - timedelta(days=ago) for ago in range(days - 1, -1, -1))
    places = {day: place for place, day in enumerate(span)}
    most = [name for name, _ in Counter(map(key, alerts)).most_common(SHOWN)]
    rows = {name: [0] * days for name in most}
    others = [0] * days
    for shown in alerts:
        place = places.get(shown.alert.raised_at.astimezone(zone).date())
        if place is not None:
            rows.get(key(shown), others)[place] += 1
    lines = [(name, tuple(row)) for name, row in rows.items()]
    if any(others):
        lines.append(("others", tuple(others)))
    return Lines(days=span, lines=tuple(lines))


def spread(seconds: list[float]) -> tuple[float, float] | None:
    """Return the median and the 95th percentile; None of nothing."""
    if not seconds:
        return None
    ordered = sorted(max(0.0, each) for each in seconds)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def _asked(desk: Desk, request: Request) -> tuple[dict[str, str], int, list[Raised], bool]:
    chosen = filters(request.query_params, ("by",))
    if chosen["by"] not in ("", *BY):
        chosen["by"] = ""
    days = number(request.query_params, "days", default=30, low=1, high=366)
    since = desk.app.now() - timedelta(days=days)
    with desk.app.storage.reading() as tx:
        newest = tx.alerts.recent(since=since, limit=MOST_ALERTS)
        alerts = raised(tx, newest)
    return chosen, days, alerts, len(newest) < MOST_ALERTS


def _wrong(desk: Desk) -> list[tuple[str, str, bool]]:
    """Return what needs a person: what it is about, what is wrong, whether it works anyway."""
    command = desk.app.config.command_name
    return [
        (found.what, found.trouble + remedy_words(found.remedy, command=command), found.harmless)
        for found in examine_nouns(desk.app.config, desk.app.storage)
        if found.trouble is not None
    ]
