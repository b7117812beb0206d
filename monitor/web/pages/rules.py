"""Rules: what they find, and the editor that shows what one would find while it is typed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from monitor.backtest.run import stored_backtest
from monitor.base.errors import Refusal, clipped
from monitor.base.remedies import worded
from monitor.services import rules as rulebook
from monitor.services.queries import advice_on, checked_query
from monitor.services.rule_fields import RuleChanges
from monitor.services.save_rule import save_edited, save_new
from monitor.web.base.desk import Desk
from monitor.web.base.render import counted
from storage.api import Transaction
from storage.model import Rule, RuleState, Variant

DAYS = 14
_MOST_ALERTS = 5_000
PREVIEW_SECONDS = 1.5
"""A preview reads as much of the archive as it can in so long."""

STATES = {"pause": RuleState.PAUSED, "resume": RuleState.ACTIVE, "remove": RuleState.REMOVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A rule, and what it has raised.

    Attributes:
        days: How many alerts a day, oldest first.
    """

    rule: Rule
    channels: tuple[str, ...]
    alerts: int
    last_at: datetime | None
    days: tuple[int, ...]

    @property
    def most(self) -> int:
        """How many on the busiest day, at least one."""
        return max(1, *self.days)


def show_all(desk: Desk, request: Request) -> Response:
    """Show all rules."""
    now = desk.app.now()
    with desk.app.storage.reading() as tx:
        rows = [_row(tx, rule, counts, now) for rule, counts in _with_days(desk, tx, now)]
    return desk.page(
        request,
        "rules.html",
        values={
            "rows": rows,
            "days": DAYS,
            "now": now,
        },
    )


def _with_days(desk: Desk, tx: Transaction, now: datetime) -> list[tuple[Rule, Counter[date]]]:
    days: dict[str, Counter[date]] = {}
    since = now - timedelta(days=DAYS)
    for alert in tx.alerts.recent(since=since, limit=_MOST_ALERTS):
        day = alert.raised_at.astimezone(desk.app.config.zone).date()
        days.setdefault(alert.rule_id, Counter())[day] += 1
    return [(rule, days.get(rule.id, Counter())) for rule in tx.rules.all()]


def _row(tx: Transaction, rule: Rule, days: Counter[date], now: datetime) -> Row:
    newest = tx.alerts.recent(rule_id=rule.id, limit=1)
    today = now.date()
    names = rulebook.channel_names(tx, rule)
    return Row(
        rule=rule,
        channels=tuple(names.get(id_, id_) for id_ in rule.channel_ids),
        alerts=tx.alerts.count(rule_id=rule.id),
        last_at=newest[0].raised_at if newest else None,
        days=tuple(days[today - timedelta(days=ago)] for ago in range(DAYS - 1, -1, -1)),
    )


def show_new(desk: Desk, request: Request) -> Response:
    """Show the editor with nothing in it, or with a query that was searched for."""
    query = request.query_params.get("query", "")[:1000]
    with desk.app.storage.reading() as tx:
        channels = tx.channels.all()
    return desk.page(
        request,
        "rule_edit.html",
        values={
            "rule": None,
            "query": query,
            "channels": channels,
            "now": desk.app.now(),
        },
    )


def show_one(desk: Desk, request: Request) -> Response:
    """Show a rule in the editor, with its variants and its alerts."""
    now = desk.app.now()
    with desk.app.storage.reading() as tx:
        rule = rulebook.rule_named(tx, request.path_params["id"])
        [counts] = [counts for other, counts in _with_days(desk, tx, now) if other.id == rule.id]
        row = _row(tx, rule, counts, now)
        uses = tx.rules.variant_uses(rule.id)
        channels = tx.channels.all()
    groups: dict[str, list[Variant]] = {}
    for use in uses:
        groups.setdefault(use.variant.language, []).append(use.variant)
    return desk.page(
        request,
        "rule_edit.html",
        values={
            "rule": rule,
            "row": row,
            "query": rule.query,
            "channels": channels,
            "hits": {use.variant.key: use.hits for use in uses},
            "groups": sorted(groups.items()),
            "now": now,
        },
    )


def add(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Add a rule."""
    saved = save_new(desk.saving(), _changes(fields), forced="force" in fields)
    sentence = f"Rule “{clipped(saved.rule.name)}” is saved."
    return desk.done(request, f"/rules/{saved.rule.id}", sentence)


def edit(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Change a rule."""
    word = request.path_params["id"]
    saved = save_edited(desk.saving(), word, _changes(fields), forced="force" in fields)
    sentence = f"Rule “{clipped(saved.rule.name)}” is changed."
    return desk.done(request, f"/rules/{saved.rule.id}", sentence)


def set_state(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Pause, resume or remove a rule."""
    state = STATES.get(fields.get("to", ""))
    if state is None:
        raise Refusal(f"to: expected one of {', '.join(STATES)}")
    with desk.app.storage.transaction() as tx:
        named = rulebook.rule_named(tx, request.path_params["id"])
        rule, gathered = rulebook.set_state(tx, named, state, now=desk.app.now())
    where = "/rules" if state is RuleState.REMOVED else f"/rules/{rule.id}"
    sentence = f"Rule “{clipped(rule.name)}” is {state.value}."
    if gathered:
        sentence += f" A digest tells {counted(gathered, 'alert')} that came meanwhile."
    return desk.done(request, where, sentence)


def preview(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Show what a query means and what it would have found, without keeping anything."""
    query = fields.get("query", "").strip()
    if not query:
        return desk.fragment("_preview.html", problem="", rule=None, backtest=None)
    try:
        checked_query(query)
        changes = _changes(fields)
        made = desk.app.lexicons.made(query, changes.language or "")
        rule = rulebook.tried_rule(query, made, now=desk.app.now(), changes=changes)
    except Refusal as refusal:
        problem = worded(refusal, command=desk.app.config.command_name)
        return desk.fragment("_preview.html", problem=problem, rule=None, backtest=None)
    backtest = stored_backtest(
        desk.app.storage, rule, now=desk.app.now(), longest_s=PREVIEW_SECONDS
    )
    groups: dict[str, list[str]] = {}
    for variant in rule.variants:
        groups.setdefault(variant.language, []).append(variant.text)
    return desk.fragment(
        "_preview.html",
        problem="",
        rule=rule,
        backtest=backtest,
        groups=sorted(groups.items()),
        advice=list(advice_on(query)),
        now=desk.app.now(),
    )


def _changes(fields: Mapping[str, str]) -> RuleChanges:
    """Return what the editor's fields ask for.

    Raises:
        Refusal: One of them cannot be used.
    """
    from monitor.services.rule_fields import BY_NAME

    try:
        languages = rulebook.languages_of(fields.get("languages", "").strip() or "any")
    except ValueError as error:
        raise Refusal(f"languages: {error}") from None
    given: dict[str, object] = {
        "query": fields.get("query", "").strip() or None,
        "strictness": fields.get("match") or None,
        "languages": languages,
    }
    if "name" in fields and fields["name"].strip():
        given["name"] = fields["name"].strip()
    if "notify" in fields:
        given["notify"] = tuple(filter(None, fields["notify"].split("\n")))
    if "tags" in fields:
        given["tags"] = tuple(tag for part in fields["tags"].split(",") if (tag := part.strip()))
    strictness = given["strictness"]
    if strictness is not None and strictness not in ("exact", "forms", "all", "broad"):
        raise Refusal(f"match: {BY_NAME['strictness'].purpose}")
    return RuleChanges(**{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
