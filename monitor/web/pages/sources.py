"""Sources: how they are, each by itself and all of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from starlette.requests import Request
from starlette.responses import Response

from common.records import dataclass
from ingester.kinds import spec_of
from monitor.base.errors import Refusal, clipped
from monitor.base.times import show_duration
from monitor.services.fields.source_fields import READING, SourceField
from monitor.services.sources import sources as book
from monitor.web.api.writes import source_changes
from monitor.web.base.charts import last_days, midnights
from monitor.web.base.desk import Desk
from monitor.web.base.listing import page_of
from monitor.web.base.render import filters
from monitor.web.pages.overview import spread
from storage.api.storage import Transaction
from storage.model import Article, Source, SourceState

DAYS = 14
DAYS_OF_ONE = 30
FILTERS = ("query", "tag", "state", "order")
FAILING = "failing"
NEVER = "never read"
ORDERS = {
    "": "those in trouble first",
    "name": "by name",
    "late": "longest without news first",
    "new": "newest first",
}
_SHOWN = 20
_MOST_TIMED = 200
"""From so many of its newest articles is told how late a source's news are seen."""

STATES = {
    "pause": SourceState.PAUSED,
    "resume": SourceState.ACTIVE,
    "remove": SourceState.REMOVED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A source, and how much it gives.

    Attributes:
        days: How many articles a day, oldest first.
    """

    source: Source
    articles: int
    days: tuple[int, ...]


def show_all(desk: Desk, request: Request) -> Response:
    """Show all sources, those in trouble first, or those that are asked for."""
    chosen = chosen_of(request.query_params)
    with desk.app.storage.reading() as tx:
        every = tx.sources.all()
        listing = page_of(sources_of(every, chosen), request.query_params)
        rows = rows_about(desk, tx, listing.rows, DAYS)
    unread = [each for each in every if _waits_for_its_first_poll(each)]
    return desk.page(
        request,
        "sources.html",
        values={
            "listing": listing,
            "rows": rows,
            "count": len(every),
            "unread": len(unread),
            "tags": sorted({tag for source in every for tag in source.tags}),
            "states": [state.value for state in SourceState if state is not SourceState.REMOVED],
            "failing": FAILING,
            "never": NEVER,
            "orders": ORDERS,
            "chosen": chosen,
            "days": DAYS,
            "url": request.query_params.get("url", "")[:1000],
            "now": desk.app.now(),
        },
    )


def show_progress(desk: Desk, request: Request) -> Response:
    """Show how many sources have not been read yet, for as long as there are any."""
    with desk.app.storage.reading() as tx:
        every = tx.sources.all()
    unread = sum(map(_waits_for_its_first_poll, every))
    return desk.fragment("_progress.html", {"unread": unread, "count": len(every)})


def _waits_for_its_first_poll(source: Source) -> bool:
    is_new = source.last_ok_at is None and not source.failures
    return is_new and source.state is SourceState.ACTIVE


def chosen_of(params: Mapping[str, str]) -> dict[str, str]:
    """Return by what sources are chosen."""
    chosen = filters(params, FILTERS)
    if chosen["order"] not in ORDERS:
        raise Refusal(f"order: expected one of {', '.join(filter(None, ORDERS))}")
    return chosen


def sources_of(every: Sequence[Source], chosen: Mapping[str, str]) -> list[Source]:
    """Return the sources that are asked for, in the order that is asked for."""
    asked = chosen["query"].casefold()
    found = [
        source
        for source in every
        if (not asked or asked in source.name.casefold() or asked in source.url.casefold())
        and (not chosen["tag"] or chosen["tag"] in source.tags)
        and _is_in(source, chosen["state"])
    ]
    by_name = sorted(found, key=lambda source: source.name.casefold())
    match chosen["order"]:
        case "name":
            return by_name
        case "late":
            return sorted(by_name, key=lambda s: (s.last_entry_at or s.added_at).timestamp())
        case "new":
            return sorted(by_name, key=lambda source: -source.added_at.timestamp())
        case _:
            return sorted(by_name, key=_trouble, reverse=True)


def _trouble(source: Source) -> tuple[bool, int]:
    """Return how much a source needs somebody: one that asked not to be polled most of all."""
    return source.state is SourceState.GONE, source.failures


def _is_in(source: Source, state: str) -> bool:
    if state == FAILING:
        return source.failures > 0
    if state == NEVER:
        return source.last_ok_at is None
    return state in ("", source.state.value)


def rows_about(desk: Desk, tx: Transaction, sources: Sequence[Source], count: int) -> list[Row]:
    """Return sources with how much they give."""
    zone = desk.app.config.zone
    days = last_days(desk.app.now(), count, zone)
    bounds = [*midnights(days, zone), desk.app.now() + timedelta(days=1)]
    ids = [source.id for source in sources]
    by_day = [tx.figures.articles(ids, since=a, until=b) for a, b in pairwise(bounds)]
    every = tx.sources.article_counts()
    return [
        Row(
            source=source,
            articles=every.get(source.id, 0),
            days=tuple(counts.get(source.id, 0) for counts in by_day),
        )
        for source in sources
    ]


def show_one(desk: Desk, request: Request) -> Response:
    """Show a source, its notices, what it gave last, and how it is read."""
    with desk.app.storage.reading() as tx:
        source = book.source_named(tx, request.path_params["id"])
        notices = tx.sources.notices(source.id)
        newest = tx.articles.recent(source_ids=[source.id], limit=_MOST_TIMED)
        [row] = rows_about(desk, tx, [source], DAYS_OF_ONE)
    return desk.page(
        request,
        "source.html",
        values={
            "source": source,
            "notices": notices,
            "articles": newest[:_SHOWN],
            "row": row,
            "gap": _longest_gap(row.days[-_days_followed(desk, source) :]),
            "lag": spread(_lags(newest)),
            "lags": _lags(newest)[::-1],
            "days": DAYS_OF_ONE,
            "reading": [_choice(each, source) for each in READING],
            "every": show_duration(source.every),
            "now": desk.app.now(),
        },
    )


def _choice(row: SourceField, source: Source) -> dict[str, object]:
    """Return a field of the form that says how a source is read."""
    return {
        "name": row.name,
        "can": row.name in spec_of(source.kind).options,
        "value": source.options.get(row.name, ""),
        "switches": row.switches,
        "purpose": row.purpose or (row.switches[0].purpose if row.switches else ""),
    }


def _days_followed(desk: Desk, source: Source) -> int:
    """Return on how many days a source was followed, today included."""
    zone = desk.app.config.zone
    first, last = (at.astimezone(zone).date() for at in (source.added_at, desk.app.now()))
    return max((last - first).days, 0) + 1


def _longest_gap(days: Sequence[int]) -> int:
    """Return how many days in a row gave nothing, at most; the last, today, is not over."""
    over = days if days[-1] else days[:-1]
    return max(
        (len(list(run)) for nothing, run in groupby(over, key=bool) if not nothing), default=0
    )


def _lags(articles: Sequence[Article]) -> list[float]:
    """Return how long after it was published each was seen, newest first, in seconds."""
    lags = []
    for article in articles:
        published_at: datetime | None = article.published_at
        if published_at is not None and not article.baseline:
            lags.append(max(0.0, (article.first_seen_at - published_at).total_seconds()))
    return lags


def edit(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Change how a source is called, read and grouped."""
    given: dict[str, object] = {
        name: text for name in ("name", "every") if (text := fields.get(name, "").strip())
    }
    if "tags" in fields:
        given["tags"] = [tag.strip() for tag in fields["tags"].split(",") if tag.strip()]
    for row in READING:
        if row.name in fields:
            given[row.name] = fields[row.name].strip()
    with desk.app.storage.changing() as tx:
        source = book.source_named(tx, request.path_params["id"])
        changes = source_changes(given, tags=source.tags)
        source = book.edit(tx, source, changes, now=desk.app.now())
    return desk.done(
        request, f"/sources/{source.id}", f"Source “{clipped(source.name)}” is changed."
    )


def set_state(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Pause, resume or remove a source, or have it polled now."""
    asked = fields.get("to", "")
    with desk.app.storage.changing() as tx:
        source = book.source_named(tx, request.path_params["id"])
        if asked == "poll":
            source = book.set_state(tx, source, source.state, now=desk.app.now())
        elif asked in STATES:
            source = book.set_state(tx, source, STATES[asked], now=desk.app.now())
        else:
            raise Refusal(f"to: expected one of poll, {', '.join(STATES)}")
    where = "/sources" if asked == "remove" else f"/sources/{source.id}"
    what = "is polled next" if asked == "poll" else f"is {source.state.value}"
    return desk.done(request, where, f"Source “{clipped(source.name)}” {what}.")
