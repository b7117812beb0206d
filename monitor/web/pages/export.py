"""Every list as a file: CSV, of which spreadsheets run nothing, and JSON as `--json` has it."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from monitor.base.names import channel_names
from monitor.base.times import show_instant
from monitor.services.alerts import raised
from monitor.services.channels import channel_named
from monitor.services.deliveries import with_channels
from monitor.services.search import Search
from monitor.silences.silencing import told
from monitor.stories.told import told as stories_told
from monitor.views.alert import raised_shape
from monitor.views.article import story_shape
from monitor.views.channel import channel_shape
from monitor.views.delivery import delivery_shape
from monitor.views.hit import hit_shape
from monitor.views.rules.rule import kept_rule_shape
from monitor.views.silence import silence_shape
from monitor.views.sources.source import source_shape
from monitor.web.base.desk import Desk
from monitor.web.base.lately import first
from monitor.web.base.render import filters
from monitor.web.pages import overview, rules, search, sources, story, today
from notifiers.content.wording import why
from storage.model import DeliveryState, Evidence

MOST_ROWS = 5_000
"""A file has at most so many rows of a list that grows; the newest."""

_MOST_HITS = 200
_MOST_STORIES = 1_000
_ACTS = ("=", "+", "-", "@", "\t", "\r")
"""What begins so is a formula to a spreadsheet."""

Row = Mapping[str, object]
Rows = Callable[[Desk, Request], Iterable[Row]]


def show(desk: Desk, request: Request) -> Response:
    """Return a list as the file that is asked for, with the filters of its page."""
    noun, _, form = request.path_params["file"].rpartition(".")
    rows = NOUNS.get(noun)
    if rows is None or form not in ("csv", "json"):
        raise HTTPException(404)
    found = list(rows(desk, request))
    headers = {"Content-Disposition": f'attachment; filename="{noun}.{form}"'}
    if form == "json":
        body = json.dumps(found, ensure_ascii=False, indent=1)
        return Response(body, media_type="application/json", headers=headers)
    return StreamingResponse(_csv(found), media_type="text/csv; charset=utf-8", headers=headers)


def _alerts(desk: Desk, request: Request) -> Iterable[Row]:
    chosen, days = today.asked(request.query_params)
    with desk.app.storage.reading() as tx:
        choice = today.choice_of(desk, tx, chosen, days=days)
        found = tx.alerts.some(first(desk.lately.chosen(tx, choice), MOST_ROWS))
        return [_row(raised_shape(shown)) for shown in raised(tx, reversed(found))]


def _rules(desk: Desk, request: Request) -> Iterable[Row]:
    with desk.app.storage.reading() as tx:
        rows = rules.rows_of(desk, tx, rules.chosen_of(request.query_params))
        names = channel_names(tx, *(row.rule for row in rows))
    return [
        {
            **kept_rule_shape(row.rule, channels=names, alerts=row.alerts),
            "last_alert_at": show_instant(row.last_at),
            "useful": row.useful,
            "noise": row.noise,
        }
        for row in rows
    ]


def _sources(desk: Desk, request: Request) -> Iterable[Row]:
    with desk.app.storage.reading() as tx:
        found = sources.sources_of(tx.sources.all(), sources.chosen_of(request.query_params))
        counts = tx.sources.article_counts()
    return [_row(source_shape(each, articles=counts.get(each.id, 0))) for each in found]


def _stories(desk: Desk, request: Request) -> Iterable[Row]:
    with desk.app.storage.reading() as tx:
        found = story.chosen_of(desk, tx, request.query_params, limit=_MOST_STORIES)
        return [_row(story_shape(each)) for each in stories_told(tx, found)]


def _channels(desk: Desk, request: Request) -> Iterable[Row]:
    with desk.app.storage.reading() as tx:
        return [_row(channel_shape(channel)) for channel in tx.channels.all()]


def _deliveries(desk: Desk, request: Request) -> Iterable[Row]:
    chosen = filters(request.query_params, ("state", "channel"))
    states = [state for state in DeliveryState if state.value == chosen["state"]]
    with desk.app.storage.reading() as tx:
        channel = channel_named(tx, chosen["channel"]) if chosen["channel"] else None
        found = tx.outbox.recent(
            channel_id=channel.id if channel else None, states=states, limit=MOST_ROWS
        )
        return [_row(delivery_shape(owed)) for owed in with_channels(tx, found)]


def _silences(desk: Desk, request: Request) -> Iterable[Row]:
    now = desk.app.now()
    with desk.app.storage.reading() as tx:
        return [
            _row(silence_shape(told(tx, silence), now=now)) for silence in tx.silences.all(now=now)
        ]


def _hits(desk: Desk, request: Request) -> Iterable[Row]:
    chosen, days = search.asked(request)
    wanted = search.request_of(desk, chosen, days)
    found = Search(desk.app.storage, wanted)
    hits = found.best(_MOST_HITS) if chosen["order"] == "best" else found.newest(_MOST_HITS)
    return [_row(hit_shape(hit)) for hit in hits]


def _mentions(desk: Desk, request: Request) -> Iterable[Row]:
    chosen, lines = overview.asked_lines(desk, request)
    return [
        {"day": day.isoformat(), chosen["by"]: name, "alerts": counts[place]}
        for place, day in enumerate(lines.days)
        for name, counts in lines.lines
    ]


NOUNS: dict[str, Rows] = {
    "alerts": _alerts,
    "stories": _stories,
    "rules": _rules,
    "sources": _sources,
    "channels": _channels,
    "deliveries": _deliveries,
    "silences": _silences,
    "search": _hits,
    "mentions": _mentions,
}
"""What can be had as a file, by its name."""


def _row(shape: Mapping[str, object]) -> Row:
    return dict(shape)


def _csv(rows: list[Row]) -> Iterator[str]:
    """Yield the lines, with the mark by which spreadsheets know UTF-8."""
    flat = [dict(_flat(row)) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff"
    for line in [names, *([row.get(name, "") for name in names] for row in flat)]:
        writer.writerow(line)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _flat(row: Row, before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        match value:
            case dict():
                yield from _flat(value, f"{before}{name}.")
            case list() if name == "evidence":
                yield before + name, harmless("; ".join(why(map(_proof, value))))
            case list() if any(isinstance(part, dict) for part in value):
                yield before + name, harmless("; ".join(map(_in_words, value)))
            case list():
                yield before + name, harmless("; ".join(map(str, value)))
            case bool():
                yield before + name, str(value).lower()
            case None:
                yield before + name, ""
            case int() | float():
                yield before + name, str(value)
            case _:
                yield before + name, harmless(str(value))


def _proof(shape: Mapping[str, Any]) -> Evidence:
    return Evidence(**{**shape, "variants": tuple(shape["variants"])})


def _in_words(shape: Row) -> str:
    """Return what an entry of a list says, without what it leaves open."""
    return ", ".join(f"{name} {value}" for name, value in _flat(shape) if value)


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_ACTS) or text.startswith(_ACTS) else text
