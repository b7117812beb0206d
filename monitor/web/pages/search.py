"""Searching everything that is stored, with the language of rules."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from monitor.base.errors import Refusal
from monitor.base.remedies import worded
from monitor.services.queries import checked_query
from monitor.services.rule_fields import RuleChanges
from monitor.services.rules import tried_rule
from monitor.services.search import Search, SearchRequest
from monitor.services.sources import source_named
from monitor.views.hit import excerpt_in
from monitor.web.base.desk import Desk, number
from monitor.web.base.render import filters
from storage.model import Rule

FILTERS = ("q", "language", "source", "match", "order")
SHOWN = 30
STRICTNESSES = ("exact", "forms", "all", "broad")


def show(desk: Desk, request: Request) -> Response:
    """Show what the query finds, or the empty form."""
    chosen = filters(request.query_params, FILTERS)
    days = number(request.query_params, "days", default=0, low=0, high=36_500)
    with desk.app.storage.reading() as tx:
        sources = [source.name for source in tx.sources.all()]
    hits, search, problem = [], None, ""
    if chosen["q"]:
        try:
            search = Search(desk.app.storage, request_of(desk, chosen, days))
            found = search.best(SHOWN) if chosen["order"] == "best" else search.newest(SHOWN)
            hits = [
                (hit, excerpt_in(hit, "title", width=300), excerpt_in(hit, "text")) for hit in found
            ]
        except Refusal as refusal:
            problem = worded(refusal, command=desk.app.config.command_name)
    return desk.page(
        request,
        "search.html",
        code=400 if problem else 200,
        values={
            "chosen": chosen,
            "days": days,
            "hits": hits,
            "search": search,
            "problem": problem,
            "sources": sources,
            "strictnesses": STRICTNESSES,
            "limit": SHOWN,
            "now": desk.app.now(),
        },
    )


def request_of(desk: Desk, chosen: dict[str, str], days: int) -> SearchRequest:
    """Return what to search for, of what a page was asked."""
    strictness = chosen["match"] or "forms"
    if strictness not in STRICTNESSES:
        raise Refusal(f"match: expected one of {', '.join(STRICTNESSES)}")
    checked_query(chosen["q"], anything=True)
    now = desk.app.now()
    source_ids: tuple[str, ...] = ()
    if chosen["source"]:
        with desk.app.storage.reading() as tx:
            source_ids = (source_named(tx, chosen["source"]).id,)
    return SearchRequest(
        rule=_rule(desk, chosen["q"], strictness),
        since=now - timedelta(days=days) if days else None,
        source_ids=source_ids,
        languages=(chosen["language"],) if chosen["language"] else (),
    )


def _rule(desk: Desk, text: str, strictness: str) -> Rule:
    now = desk.app.now()
    if strictness in ("all", "broad"):
        made = desk.app.lexicons.made(text)
        return tried_rule(text, made, now=now, changes=RuleChanges(strictness=strictness))
    return Rule(id="search", name=text, query=text, created_at=now, strictness=strictness)
