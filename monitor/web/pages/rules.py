"""Rules: what they find and what readers think of it, in a list that can be searched."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from common.records import dataclass
from monitor.base.errors import Refusal, clipped
from monitor.base.names import channel_names
from monitor.services.rules import rules as rulebook
from monitor.silences.silencing import SENT_TWICE, Wanted, add_silence
from monitor.web.base.charts import last_days
from monitor.web.base.desk import Desk, number
from monitor.web.base.lately import Choice
from monitor.web.base.listing import page_of
from monitor.web.base.render import counted, filters
from storage.api.storage import Transaction
from storage.model import Rule, RuleState

DAYS = 14
FILTERS = ("query", "tag", "state", "order")

STATES = {"pause": RuleState.PAUSED, "resume": RuleState.ACTIVE, "remove": RuleState.REMOVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A rule, and what it has raised.

    Attributes:
        rule: Without its variants.
        alerts: How many it has raised.
        days: How many alerts a day, oldest first.
        useful, noise: How many of its alerts readers called so.
    """

    rule: Rule
    channels: tuple[str, ...]
    alerts: int
    last_at: datetime | None
    days: tuple[int, ...]
    useful: int = 0
    noise: int = 0

    @property
    def share_useful(self) -> float | None:
        """Which share of what was rated was useful; None when nothing was."""
        rated = self.useful + self.noise
        return self.useful / rated if rated else None


_LONG_AGO = datetime.min.replace(tzinfo=UTC)
ORDERS: dict[str, tuple[str, Callable[[Row], tuple[object, ...]]]] = {
    "": ("by age", lambda row: ()),
    "name": ("by name", lambda row: (row.rule.name.casefold(),)),
    "last": ("last alert first", lambda row: (-(row.last_at or _LONG_AGO).timestamp(),)),
    "busy": ("busiest first", lambda row: (-sum(row.days), -row.alerts)),
    "noise": ("most noise first", lambda row: (-row.noise, row.useful)),
    "quiet": ("longest silent first", lambda row: ((row.last_at or _LONG_AGO).timestamp(),)),
}


def show_all(desk: Desk, request: Request) -> Response:
    """Show all rules, or those that are asked for."""
    chosen = chosen_of(request.query_params)
    with desk.app.storage.reading() as tx:
        rows = rows_of(desk, tx, chosen)
        rules = desk.lately.rules(tx)
    return desk.page(
        request,
        "rules.html",
        values={
            "listing": page_of(rows, request.query_params),
            "has_rules": bool(rules),
            "tags": sorted({tag for rule in rules for tag in rule.tags}),
            "states": [state.value for state in RuleState if state is not RuleState.REMOVED],
            "orders": {name: label for name, (label, _) in ORDERS.items()},
            "chosen": chosen,
            "days": DAYS,
            "now": desk.app.now(),
        },
    )


def chosen_of(params: Mapping[str, str]) -> dict[str, str]:
    """Return by what rules are chosen."""
    chosen = filters(params, FILTERS)
    if chosen["order"] not in ORDERS:
        raise Refusal(f"order: expected one of {', '.join(filter(None, ORDERS))}")
    return chosen


def rows_of(desk: Desk, tx: Transaction, chosen: Mapping[str, str]) -> list[Row]:
    """Return the rules that are asked for, in the order that is asked for."""
    asked = chosen["query"].casefold()
    rules = [
        rule
        for rule in desk.lately.rules(tx)
        if (not asked or asked in rule.name.casefold() or asked in rule.query.casefold())
        and (not chosen["tag"] or chosen["tag"] in rule.tags)
        and chosen["state"] in ("", rule.state.value)
    ]
    _, key = ORDERS[chosen["order"]]
    return sorted(rows_about(desk, tx, rules), key=key)


def rows_about(desk: Desk, tx: Transaction, rules: list[Rule]) -> list[Row]:
    """Return rules with what they have raised."""
    now, zone = desk.app.now(), desk.app.config.zone
    days = last_days(now, DAYS, zone)
    counts = _by_day(desk, tx, now)
    raised, verdicts = tx.figures.raised(), tx.figures.verdicts()
    names = channel_names(tx, *rules)
    rows = []
    for rule in rules:
        alerts, last_at = raised.get(rule.id, (0, None))
        useful, noise = verdicts.get(rule.id, (0, 0))
        rows.append(
            Row(
                rule=rule,
                channels=tuple(names.get(id_, id_) for id_ in rule.channel_ids),
                alerts=alerts,
                last_at=last_at,
                days=tuple(counts[rule.id, day] for day in days),
                useful=useful,
                noise=noise,
            )
        )
    return rows


def _by_day(desk: Desk, tx: Transaction, now: datetime) -> Counter[tuple[str, date]]:
    lately = desk.lately.chosen(tx, Choice(since=now - timedelta(days=DAYS)))
    return Counter((outline.alert.rule_id, outline.day) for outline in lately)


def set_state(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Pause, resume or remove a rule; with a number of days, be quiet about it for so long."""
    app, asked = desk.app, fields.get("to", "")
    if asked == "silence":
        return _silence(desk, request, fields)
    state = STATES.get(asked)
    if state is None:
        raise Refusal(f"to: expected one of {', '.join((*STATES, 'silence'))}")
    with app.storage.changing() as tx:
        named = rulebook.rule_named(tx, request.path_params["id"])
        rule, gathered = rulebook.set_state(tx, named, state, now=app.now())
    where = "/rules" if state is RuleState.REMOVED else f"/rules/{rule.id}"
    sentence = f"Rule “{clipped(rule.name)}” is {state.value}."
    if gathered:
        sentence += f" A digest tells {counted(gathered, 'alert')} that came meanwhile."
    return desk.done(request, where, sentence)


def _silence(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Pause a rule until a day: it is silenced, so that one digest tells what came meanwhile."""
    app, now = desk.app, desk.app.now()
    until = now + timedelta(days=number(fields, "days", default=7, low=1, high=366))
    with app.storage.changing() as tx:
        rule = rulebook.rule_named(tx, request.path_params["id"])
        wanted = Wanted(rule=rule.id)
        add_silence(
            tx,
            wanted,
            reason="paused on the page",
            until=until,
            now=now,
            made=app.lexicons.made,
            once_in=SENT_TWICE,
        )
    sentence = f"Rule “{clipped(rule.name)}” is quiet until {desk.render.local(until)}"
    return desk.done(request, f"/rules/{rule.id}", f"{sentence}; then one digest tells.")
