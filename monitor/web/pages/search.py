"""Searching everything that is stored, with the language of rules."""

from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.base.errors import Refusal
from monitor.services.fields.rule_fields import RuleChanges
from monitor.services.rules.queries import checked_query
from monitor.services.rules.rules import tried_rule
from monitor.services.search import Search, SearchRequest
from monitor.services.sources.sources import source_named
from monitor.views.hit import excerpt_in
from monitor.web.base.desk import Desk, number
from monitor.web.base.render import filters
from storage.model import Rule

FILTERS = ("query", "language", "source", "match", "order")
SHOWN = 30
STRICTNESSES = ("exact", "forms", "all", "broad")
_SLOW = ("all", "broad")


def show(desk: Desk, request: Request) -> Response:
    """Show what the query finds, or the empty form.

    What is looked for in any spelling takes longer than a page may: it comes after the page.
    """
    chosen, days = asked(request)
    is_later = chosen["match"] in _SLOW and "whole" not in request.query_params
    with desk.app.storage.reading() as tx:
        sources = [source.name for source in tx.sources.all()]
    values: dict[str, object] = {"search": None, "problem": "", "hits": ()}
    if chosen["query"] and not is_later:
        values = _found(desk, chosen, days)
    return desk.page(
        request,
        "search.html",
        code=400 if values["problem"] else 200,
        values={
            **values,
            "chosen": chosen,
            "days": days,
            "is_later": is_later,
            "sources": sources,
            "limit": SHOWN,
            "now": desk.app.now(),
        },
    )


def show_hits(desk: Desk, request: Request) -> Response:
    """Show what the query finds, as a part of the page."""
    chosen, days = asked(request)
    values = _found(desk, chosen, days)
    shown = {"chosen": chosen, "days": days, "limit": SHOWN, "now": desk.app.now()}
    return desk.fragment("_hits.html", {**shown, **values})


def asked(request: Request) -> tuple[dict[str, str], int]:
    """Return what is searched for, and in how many days; 0 for all."""
    chosen = filters(request.query_params, FILTERS)
    return chosen, number(request.query_params, "days", default=0, low=0, high=36_500)


def _found(desk: Desk, chosen: dict[str, str], days: int) -> dict[str, object]:
    try:
        search = Search(desk.app.storage, request_of(desk, chosen, days))
        found = search.best(SHOWN) if chosen["order"] == "best" else search.newest(SHOWN)
    except Refusal as refusal:
        return {"search": None, "problem": desk.worded(refusal), "hits": ()}
    hits = [(hit, excerpt_in(hit, "title", width=300), excerpt_in(hit, "text")) for hit in found]
    return {"search": search, "problem": "", "hits": hits}


def request_of(desk: Desk, chosen: dict[str, str], days: int) -> SearchRequest:
    """Return what to search for, of what a page was asked."""
    strictness = chosen["match"] or "forms"
    if strictness not in STRICTNESSES:
        raise Refusal(f"match: expected one of {', '.join(STRICTNESSES)}")
    checked_query(chosen["query"], anything=True)
    now = desk.app.now()
    source_ids: tuple[str, ...] = ()
    if chosen["source"]:
        with desk.app.storage.reading() as tx:
            source_ids = (source_named(tx, chosen["source"]).id,)
    return SearchRequest(
        rule=_rule(desk, chosen["query"], strictness),
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


def show_names(desk: Desk, request: Request) -> Response:
    """Return what rules or sources are called, for fields that choose one of many."""
    noun = request.path_params["noun"]
    with desk.app.storage.reading() as tx:
        if noun == "rules":
            names = [rule.name for rule in desk.lately.rules(tx)]
        elif noun == "sources":
            names = [source.name for source in tx.sources.all()]
        else:
            raise HTTPException(404)
    return desk.fragment("_names.html", {"names": sorted(names, key=str.casefold)})
