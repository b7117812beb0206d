"""Overview: mentions over time, who makes them, how fast they came, and what needs a person."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from common.country_names import country_of
from common.language_names import language_name
from common.records import dataclass
from monitor.base.errors import Refusal
from monitor.services.alerts import raised
from monitor.services.health import Finding, examine_nouns, in_short
from monitor.services.machine import space_left
from monitor.web.base.charts import last_days, midnights
from monitor.web.base.desk import Desk, number
from monitor.web.base.lately import MOST, Choice, Outline
from monitor.web.base.remedies import remedy_words
from monitor.web.base.render import filters
from monitor.web.pages.today import Story, choice_of, most_told, together_with
from storage.api.storage import Transaction
from storage.model import DeliveryState, Rule

SHOWN = 8
"""So many rules, languages, sources or countries have a line of their own; the rest is "others"."""

TOP_STORIES = 5
MOST_FINDINGS = 20
_MOST_WAITS = 1_000
"""From so many of the newest is told how fast they came."""

_MOST_COMPARED = 300
_OLD_NEWS = timedelta(days=2)
"""What was published longer before it was seen was no news then: a first poll, an old page."""

BY = ("rule", "language", "source", "country")
FILTERS = ("by", "rule", "tag", "language", "source", "country", "channel", "from", "to")
OTHERS = "others"
NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """How many alerts a day, a line for each thing that is compared.

    Attributes:
        days: Oldest first.
        lines: The name and its count a day, most first.
    """

    days: tuple[date, ...]
    lines: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """The alerts that are asked for.

    Attributes:
        days: Which days they are of, oldest first.
        is_whole: Whether none is missing for being too old to be remembered.
        names: What each is compared by, in the order of `alerts`.
    """

    days: tuple[date, ...]
    alerts: tuple[Outline, ...]
    is_whole: bool
    names: tuple[str, ...]


def show(desk: Desk, request: Request) -> Response:
    """Show the overview."""
    chosen, days = _asked(request)
    with desk.app.storage.reading() as tx:
        choice = _choice(desk, tx, chosen, days)
        mentions = _mentions(desk, tx, chosen, choice, days)
        top = _top(tx, desk, choice)
        rules = desk.lately.rules(tx)
        waits = [wait.total_seconds() for wait in tx.figures.waits(limit=_MOST_WAITS)]
    return desk.page(
        request,
        "overview.html",
        values={
            "by": chosen["by"],
            "names": BY,
            "chosen": chosen,
            "days": days,
            "lines": lines_of(mentions),
            "count": len(mentions.alerts),
            "is_whole": mentions.is_whole,
            "lag": spread(_lags(mentions.alerts)),
            "wait": spread(waits),
            "top": top,
            "findings": _wrong(desk, rules),
            "now": desk.app.now(),
        },
    )


def data(desk: Desk, request: Request) -> Response:
    """Return what the chart draws, for uPlot: instants of days, then a row of counts a line."""
    _, lines = asked_lines(desk, request)
    stamps = [int(at.timestamp()) for at in midnights(lines.days, desk.app.config.zone)]
    return JSONResponse(
        {
            "names": [name for name, _ in lines.lines],
            "rows": [stamps, *(counts for _, counts in lines.lines)],
            "days": [day.isoformat() for day in lines.days],
        },
        headers={"Cache-Control": "no-cache"},
    )


def asked_lines(desk: Desk, request: Request) -> tuple[dict[str, str], Lines]:
    """Return how alerts are chosen and compared, and how many a day there were."""
    chosen, days = _asked(request)
    with desk.app.storage.reading() as tx:
        choice = _choice(desk, tx, chosen, days)
        return chosen, lines_of(_mentions(desk, tx, chosen, choice, days))


def _asked(request: Request) -> tuple[dict[str, str], int]:
    chosen = filters(request.query_params, FILTERS)
    chosen["by"] = chosen["by"] or "rule"
    if chosen["by"] not in BY:
        raise Refusal(f"by: expected one of {', '.join(BY)}")
    for name in ("from", "to"):
        if chosen[name]:
            _day(name, chosen[name])
    return chosen, number(request.query_params, "days", default=30, low=1, high=366)


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"{name}: expected a day such as 2026-12-31") from None


def _choice(desk: Desk, tx: Transaction, chosen: Mapping[str, str], days: int) -> Choice:
    return choice_of(desk, tx, chosen, days=days + 1)


def _mentions(
    desk: Desk, tx: Transaction, chosen: Mapping[str, str], choice: Choice, days: int
) -> Mentions:
    span = _span(desk, chosen, days)
    inside = set(span)
    alerts = [each for each in desk.lately.chosen(tx, choice) if each.day in inside]
    name = _namer(desk, tx, chosen["by"])
    if chosen["country"]:
        country = _namer(desk, tx, "country")
        alerts = [each for each in alerts if country(each) == chosen["country"]]
    every = desk.lately.read(tx)
    return Mentions(
        days=span,
        alerts=tuple(alerts),
        is_whole=len(every) < MOST or every[-1].day < span[0],
        names=tuple(map(name, alerts)),
    )


def _span(desk: Desk, chosen: Mapping[str, str], days: int) -> tuple[date, ...]:
    span = last_days(desk.app.now(), days, desk.app.config.zone)
    first = _day("from", chosen["from"]) if chosen["from"] else span[0]
    last = _day("to", chosen["to"]) if chosen["to"] else span[-1]
    return tuple(day for day in span if first <= day <= last) or span[-1:]


def _namer(desk: Desk, tx: Transaction, by: str) -> Callable[[Outline], str]:
    """Return what says by what name an alert is counted."""
    if by == "language":
        return lambda each: language_name(each.alert.language) or NOT_KNOWN
    if by == "rule":
        rules = {rule.id: rule.name for rule in desk.lately.rules(tx)}
        return lambda each: rules.get(each.alert.rule_id, "removed rules")
    sources = {source.id: source for source in tx.sources.all()}
    if by == "source":
        names = {id_: source.name for id_, source in sources.items()}
        return lambda each: names.get(each.alert.source_id, "removed sources")
    countries = {id_: country_of(source.url) or NOT_KNOWN for id_, source in sources.items()}
    return lambda each: countries.get(each.alert.source_id, NOT_KNOWN)


def lines_of(mentions: Mentions) -> Lines:
    """Return how many alerts a day there were of each of the things that had most."""
    places = {day: place for place, day in enumerate(mentions.days)}
    most = [name for name, _ in Counter(mentions.names).most_common(SHOWN)]
    rows = {name: [0] * len(places) for name in most}
    others = [0] * len(places)
    for outline, name in zip(mentions.alerts, mentions.names, strict=True):
        rows.get(name, others)[places[outline.day]] += 1
    lines = [(name, tuple(row)) for name, row in rows.items()]
    if any(others):
        lines.append((OTHERS, tuple(others)))
    return Lines(days=mentions.days, lines=tuple(lines))


def spread(seconds: Sequence[float]) -> tuple[float, float] | None:
    """Return the median and the 95th percentile; None of nothing."""
    if not seconds:
        return None
    ordered = sorted(max(0.0, each) for each in seconds)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def _lags(alerts: Sequence[Outline]) -> list[float]:
    """Return how long after it was published each was seen and matched, in seconds."""
    lags: list[timedelta] = []
    for each in alerts[:_MOST_WAITS]:
        published_at: datetime | None = each.alert.published_at
        if published_at is not None and each.alert.raised_at - published_at < _OLD_NEWS:
            lags.append(each.alert.raised_at - published_at)
    return [lag.total_seconds() for lag in lags]


def _top(tx: Transaction, desk: Desk, choice: Choice) -> list[Story]:
    alerts = most_told(desk, tx, choice, shown=TOP_STORIES, among=_MOST_COMPARED)
    return together_with(tx, raised(tx, alerts), now=desk.app.now())


def _wrong(desk: Desk, rules: Sequence[Rule]) -> list[tuple[str, str, bool, str]]:
    """Return what needs a person: about what, what is wrong, whether it works anyway, its page."""
    wrong = [
        (
            found.what,
            found.trouble + remedy_words(found.remedy),
            found.harmless,
            _page_of(found),
        )
        for found in (
            space_left(desk.app.config.home),
            *in_short(examine_nouns(desk.app.config, desk.app.storage, rules)),
        )
        if found.trouble is not None
    ]
    wrong.sort(key=lambda each: each[2])
    if len(wrong) > MOST_FINDINGS:
        rest = f"{len(wrong) - MOST_FINDINGS} more like these; Sources and Channels show them"
        wrong[MOST_FINDINGS:] = [("and", rest, True, "")]
    return wrong


def _page_of(found: Finding) -> str:
    if found.noun == "deliveries":
        return f"/deliveries?state={DeliveryState.DEAD.value}"
    return f"/{found.noun}/{found.id}".rstrip("/") if found.noun else ""
