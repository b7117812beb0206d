"""Calls that look without changing anything: a search, and a rule that is tried."""

from starlette.requests import Request

from monitor.base.errors import Refusal
from monitor.base.times import show_instant
from monitor.preview.trying import rule_tried, tried
from monitor.services.queries import checked_query
from monitor.services.rule_fields import BY_NAME
from monitor.services.search import Search, SearchRequest
from monitor.services.sources import source_named
from monitor.views.backtest import backtest_shape
from monitor.views.hit import hit_shape
from monitor.web.api.nouns import Body, limit_of, since_of
from monitor.web.base.desk import Desk
from storage.model import Rule

STRICTNESSES = BY_NAME["strictness"].choices


def _query(request: Request) -> str:
    query = request.query_params.get("query", "").strip()
    if not query:
        raise Refusal("query: it is needed")
    return query


def _strictness(request: Request) -> str | None:
    word = request.query_params.get("match")
    if word is not None and word not in STRICTNESSES:
        raise Refusal(f"match: expected one of {', '.join(STRICTNESSES)}")
    return word


def search(desk: Desk, request: Request) -> Body:
    """Search what is stored with the language of rules, newest first."""
    params, query, limit = request.query_params, _query(request), limit_of(request)
    app, strictness = desk.app, _strictness(request) or "forms"
    checked_query(query, anything=True)
    if strictness in ("all", "broad"):
        rule = rule_tried(app.lexicons, query, now=app.now(), strictness=strictness)
    else:
        now = app.now()
        rule = Rule(id="search", name=query, query=query, created_at=now, strictness=strictness)
    source_ids: tuple[str, ...] = ()
    if params.get("source"):
        with app.storage.reading() as tx:
            source_ids = (source_named(tx, params["source"]).id,)
    language = params.get("language")
    wanted = SearchRequest(
        rule=rule,
        since=since_of(desk, request),
        source_ids=source_ids,
        languages=(language,) if language else (),
    )
    looking = Search(app.storage, wanted)
    hits = looking.newest(limit)
    return {
        "hits": [hit_shape(hit) for hit in hits],
        "more": len(hits) == limit,
        "unread_before": show_instant(looking.unread_before),
    }


def try_rule(desk: Desk, request: Request) -> Body:
    """Say what a rule would have found in the last 30 days, without adding it."""
    app, strictness = desk.app, _strictness(request)
    rule, backtest = tried(
        app.storage, app.lexicons, _query(request), now=app.now(), strictness=strictness
    )
    return dict(backtest_shape(backtest, rule))
